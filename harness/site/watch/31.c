/* SPDX-License-Identifier: MIT
 *
 * 31: what lab 31 has in memory, see watch.h.
 */
#include "watch.h"

/* NOLINTBEGIN(bugprone-suspicious-include): the lab as it is */
#ifdef CURE
#include "../../../solutions/31-lock-nobody-holds.c"
#else
#include "../../../labs/31-lock-nobody-holds.c"
#endif
/* NOLINTEND(bugprone-suspicious-include) */

static void memory(struct watch *watch)
{
    watch_number(watch, "orders", orders);
    watch_number(watch, "bills", bills);
#ifdef __GLIBC__
    watch_owner(watch, "lock", lock.__data.__owner);
#endif
}

/* SPDX-License-Identifier: MIT
 *
 * 36: what lab 36 has in memory, see watch.h.
 */
#include "watch.h"

/* NOLINTBEGIN(bugprone-suspicious-include): the lab as it is */
#ifdef CURE
#include "../../../solutions/36-half-a-transfer.c"
#else
#include "../../../labs/36-half-a-transfer.c"
#endif
/* NOLINTEND(bugprone-suspicious-include) */

static void memory(struct watch *watch)
{
    watch_number(watch, "savings", savings);
    watch_number(watch, "purse", purse);
    watch_owner(watch, "the lock", owner);
}

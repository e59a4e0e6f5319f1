/* SPDX-License-Identifier: MIT
 *
 * 34: what lab 34 has in memory, see watch.h: its threads. The C library has no
 * name for its lock.
 */
#include "watch.h"

/* NOLINTBEGIN(bugprone-suspicious-include): the lab as it is */
#ifdef CURE
#include "../../../solutions/34-no-name-resolves.c"
#else
#include "../../../labs/34-no-name-resolves.c"
#endif
/* NOLINTEND(bugprone-suspicious-include) */

static void memory(struct watch *watch)
{
    (void)watch;
}

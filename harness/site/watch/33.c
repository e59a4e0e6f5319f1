/* SPDX-License-Identifier: MIT
 *
 * 33: what lab 33 has in memory, see watch.h: its threads. The C library has no
 * name for its lock.
 */
#include "watch.h"

/* NOLINTBEGIN(bugprone-suspicious-include): the lab as it is */
#ifdef CURE
#include "../../../solutions/33-time-stands-still.c"
#else
#include "../../../labs/33-time-stands-still.c"
#endif
/* NOLINTEND(bugprone-suspicious-include) */

static void memory(struct watch *watch)
{
    (void)watch;
}

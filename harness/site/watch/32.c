/* SPDX-License-Identifier: MIT
 *
 * 32: what lab 32 has in memory, see watch.h: its threads. The C library has no
 * name for its lock.
 */
#include "watch.h"

/* NOLINTBEGIN(bugprone-suspicious-include): the lab as it is */
#ifdef CURE
#include "../../../solutions/32-malloc-in-the-child.c"
#else
#include "../../../labs/32-malloc-in-the-child.c"
#endif
/* NOLINTEND(bugprone-suspicious-include) */

static void memory(struct watch *watch)
{
    (void)watch;
}

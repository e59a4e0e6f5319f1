/* SPDX-License-Identifier: MIT
 *
 * 35: what lab 35 has in memory, see watch.h.
 */
#include "watch.h"

/* NOLINTBEGIN(bugprone-suspicious-include): the lab as it is */
#ifdef CURE
#include "../../../solutions/35-stream-stays-locked.c"
#else
#include "../../../labs/35-stream-stays-locked.c"
#endif
/* NOLINTEND(bugprone-suspicious-include) */
#include <stdio_ext.h>

static void memory(struct watch *watch)
{
    watch_number(watch,
                 "bytes in the buffer of stdout:", (long)__fpending(stdout));
#ifdef __GLIBC__
    /* The first word of its lock; flockfile(3) names no owner. */
    bool held = *(const volatile int *)stdout->_lock != 0;
    watch_text(watch, "; its lock is ");
    watch_text(watch, held ? "held" : "free");
#endif
}

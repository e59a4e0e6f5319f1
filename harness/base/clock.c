/* SPDX-License-Identifier: MIT
 *
 * clock: see clock.h.
 */
#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_cpu(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

struct timespec clock_span(int64_t span)
{
    return (struct timespec){.tv_sec = span > 0 ? span / 1000000000 : 0,
                             .tv_nsec = span > 0 ? span % 1000000000 : 0};
}

/* SPDX-License-Identifier: MIT
 *
 * awake: see awake.h.
 */
#define _GNU_SOURCE
#include "run/awake.h"

#include <time.h>

#include "base/clock.h"

#define US INT64_C(1000)
/* So long it waits awake; a fork and its end take half of that. */
#define SOON (200 * US)
/* The calls of a lot, by which the two ways are compared; and after how many
 * lots the other way is tried again: a lot may have taken long by accident. */
#define LOT 64
#define TRY_AWAKE 4
#define TRY_ASLEEP 32

/* Is it worth it? A processor is not to be used up for nothing. */
static bool is_better_awake(const struct awake *awake)
{
    return awake->took[true] < awake->took[false] - awake->took[false] / 8;
}

/* The way for the next lot. */
static bool next_way(const struct awake *awake, size_t lots)
{
    if (awake->took[false] == 0 || awake->took[true] == 0)
        return awake->took[false] != 0;
    bool better = is_better_awake(awake);
    return lots % (better ? TRY_ASLEEP : TRY_AWAKE) == 0 ? !better : better;
}

void awake_after_call(struct awake *awake, size_t calls, int64_t now)
{
    if (awake->never || calls == 0) {
        *awake = (struct awake){.never = awake->never, .began = now};
    } else if (calls % LOT == 0) {
        awake->took[awake->on] = now - awake->began;
        awake->began = now;
        awake->on = next_way(awake, calls / LOT);
    }
}

int awake_poll(struct pollfd *fds, nfds_t count, int64_t called, int64_t end)
{
    const struct timespec at_once = {0};
    int news;

    if (end > called + SOON)
        end = called + SOON;
    do
        news = ppoll(fds, count, &at_once, NULL);
    while (news == 0 && clock_now() < end);
    return news;
}

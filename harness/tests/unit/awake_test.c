/* SPDX-License-Identifier: MIT
 *
 * Whether the runner waits awake, by a clock that the test sets: as long as
 * calls come sooner then, and clearly so.
 */
#include "base/clock.h"
#include "run/awake.h"
#include "tap.h"

#define US INT64_C(1000)

/* So many calls, each `asleep` after the last one where the runner waits asleep
 * for it, else `awake`. Returns of how many in a hundred it waited awake. */
static int share(struct awake *awake, int calls, int64_t asleep, int64_t awakes)
{
    int64_t now = awake->called;
    int count = 0;

    for (int i = 0; i < calls; i++) {
        count += awake->on;
        now += awake->on ? awakes : asleep;
        awake_after_call(awake, now);
    }
    return 100 * count / calls;
}

static struct awake begun(void)
{
    struct awake awake = {0};

    awake_after_call(&awake, 5000 * US);
    return awake;
}

int main(void)
{
    struct awake awake = begun();

    ok(share(&awake, 60, 200 * US, 100 * US) == 0, "a few calls: asleep");
    ok(share(&awake, 10000, 200 * US, 100 * US) > 90,
       "many, that come sooner when it is awake: awake");
    ok(share(&awake, 10000, 200 * US, 400 * US) < 35,
       "... until they come later then: asleep, but for a try");
    ok(share(&awake, 10000, 200 * US, 100 * US) > 85, "... and sooner again");
    awake = begun();
    ok(share(&awake, 10000, 200 * US, 190 * US) < 35,
       "hardly sooner: a processor is not used up for that");
    awake = begun();
    share(&awake, 1000, 200 * US, 100 * US);
    ok(awake.on && !awake_after_call(&awake, awake.called + 1200 * US),
       "a row of calls that has ended: asleep");
    awake = begun();
    ok(share(&awake, 10000, 2000 * US, 100 * US) == 0,
       "calls that come seldom: asleep");
    awake = begun();
    awake.never = true;
    ok(share(&awake, 10000, 200 * US, 100 * US) == 0,
       "on one processor it would be in the way");

    struct pollfd nothing = {.fd = -1};
    int64_t start = clock_now();
    awake.called = start;
    ok(awake_poll(&awake, &nothing, 1, start + INT64_C(3600000) * 1000 * US) ==
               0 &&
           clock_now() - start >= 200 * US,
       "it falls asleep when no call comes");
    printf("1..%d\n", tests);
    return failures > 0;
}

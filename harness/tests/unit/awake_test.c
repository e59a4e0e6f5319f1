/* SPDX-License-Identifier: MIT
 *
 * Whether the runner waits awake, by a clock that the test sets: as long as
 * calls come sooner then, and clearly so.
 */
#include "base/clock.h"
#include "run/awake.h"
#include "run/pace.h"
#include "tap.h"

#define US INT64_C(1000)

/* So many calls, each `asleep` after the last one where the runner waits asleep
 * for it, else `awakes`. Returns of how many in a hundred it waited awake. */
static int share(struct awake *awake, struct pace *pace, int calls,
                 int64_t asleep, int64_t awakes)
{
    int count = 0;

    for (int i = 0; i < calls; i++) {
        count += awake->on;
        pace_note_call(pace, pace->called + (awake->on ? awakes : asleep));
        awake_after_call(awake, pace->calls, pace->called);
    }
    return 100 * count / calls;
}

int main(void)
{
    struct awake awake = {0};
    struct pace pace = {.called = 5000 * US};

    ok(share(&awake, &pace, 60, 200 * US, 100 * US) == 0,
       "a few calls: asleep");
    ok(share(&awake, &pace, 10000, 200 * US, 100 * US) > 90,
       "many, that come sooner when it is awake: awake");
    ok(share(&awake, &pace, 10000, 200 * US, 400 * US) < 35,
       "... until they come later then: asleep, but for a try");
    ok(share(&awake, &pace, 10000, 200 * US, 100 * US) > 85,
       "... and sooner again");
    bool was_awake = awake.on;
    share(&awake, &pace, 1, 1200 * US, 1200 * US);
    ok(was_awake && !awake.on, "a row of calls that has ended: asleep");
    ok(share(&awake, &pace, 10000, 200 * US, 190 * US) < 35,
       "hardly sooner: a processor is not used up for that");
    share(&awake, &pace, 1, 1200 * US, 1200 * US);
    ok(share(&awake, &pace, 10000, 2000 * US, 100 * US) == 0,
       "calls that come seldom: asleep");
    awake.never = true;
    ok(share(&awake, &pace, 10000, 200 * US, 100 * US) == 0,
       "on one processor it would be in the way");

    struct pollfd nothing = {.fd = -1};
    int64_t start = clock_now();
    ok(awake_poll(&nothing, 1, start, start + INT64_C(3600000) * 1000 * US) ==
               0 &&
           clock_now() - start >= 200 * US,
       "it falls asleep when no call comes");
    printf("1..%d\n", tests);
    return failures > 0;
}

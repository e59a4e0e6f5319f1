/* SPDX-License-Identifier: MIT
 *
 * How often the watcher looks, by a clock that the test sets: whole looks take
 * at most a tenth of the time, whatever one of them costs, and whether there is
 * another sign of life or not; where they cost little, they come often.
 */
#include "base/clock.h"
#include "run/pace.h"
#include "tap.h"

/* Runs the loop of the watcher for so many ms of the test's clock, where a
 * whole look costs `cost`, and any other nothing. `beats`: there is another
 * sign of life. Returns the percentage that whole looks took, without the first
 * ones. */
static double share(int64_t cost, bool beats, int64_t ms, long *wholes)
{
    struct pace pace;
    int64_t now = 5 * MS, end = now + ms * MS;

    pace_start(&pace, now);
    *wholes = 0;
    while (now < end) {
        int64_t began = now;
        if (!(pace_sign_is_enough(&pace, now) && beats)) {
            now += cost;
            pace_note_whole(&pace, began, cost);
            pace.last_sign = began;
            ++*wholes;
        }
        pace.last_look = began;
        now += pace_pause(&pace, now);
    }
    int64_t counted = pace.looked - (beats ? 0 : 300 * MS);
    return 100 * (double)(counted > 0 ? counted : 0) /
           (double)(now - pace.start);
}

static void dear_looks(void)
{
    const int64_t costs[] = {MS / 10, 2 * MS, 15 * MS, 60 * MS};
    long wholes;

    for (size_t i = 0; i < 4; i++) {
        ok(share(costs[i], true, 60000, &wholes) <= 5.5,
           "beside a sign of life, whole looks of %d us take a twentieth",
           (int)(costs[i] / 1000));
        ok(share(costs[i], false, 60000, &wholes) <= 10.5,
           "without one, those of %d us take a tenth", (int)(costs[i] / 1000));
        ok(wholes > 60, "they do come");
    }
}

static void cheap_looks(void)
{
    long wholes;

    share(MS / 100, true, 1000, &wholes);
    ok(wholes >= 30, "cheap ones come each 25 ms");
    share(MS / 100, false, 400, &wholes);
    ok(wholes >= 300, "without a sign of life, each ms");
    share(20 * MS, false, 200, &wholes);
    ok(wholes >= 9, "the first ones do not wait, whatever they cost");
}

static void soon(void)
{
    struct pace pace;

    pace_start(&pace, 0);
    pace.last_full = pace.last_look = 7 * MS;
    pace.in_flight_since = 7 * MS;
    ok(pace_pause(&pace, 8 * MS) == 9 * MS,
       "what is in flight is looked at when it has held for 10 ms");
    pace.close_looks = 1;
    ok(pace_pause(&pace, 8 * MS) == CLOSE_PAUSE &&
           !pace_sign_is_enough(&pace, 8 * MS),
       "after a change of a number the whole is looked at soon");
}

/* Stuck to verdict is to be 4 ms at most, with a look of half a one. */
static void old_and_quiet(void)
{
    struct pace pace;

    pace_start(&pace, 0);
    pace_note_whole(&pace, 59950 * MS, MS / 2);
    pace.last_look = 59997 * MS;
    ok(pace_pause(&pace, 60000 * MS) <= 2900000,
       "the pause stays short, however long a program has been quiet");
    pace.look_cost = MS / 20;
    ok(pace_pause(&pace, 60000 * MS) == 3600000,
       "... and is longer where two looks take no time");
    pace.look_cost = 30 * MS;
    ok(pace_pause(&pace, 60000 * MS) == 3600000,
       "... or far more than there is");
}

static void calls(void)
{
    struct pace pace;

    pace_start(&pace, 0);
    pace_note_whole(&pace, 0, 5 * MS);
    pace.called = 6 * MS;
    ok(pace_calls_are_sign(&pace, 6 * MS + 1) &&
           !pace_calls_are_sign(&pace, 8 * MS),
       "a call just heard is a sign of life where looks are dear");
}

/* Those of a storm are further apart than others, now and then. */
static void after_calls(void)
{
    struct pace pace;
    int64_t now = 10 * MS;

    pace_start(&pace, now);
    pace_note_call(&pace, now);
    ok(pace_after_call(&pace, now + MS / 10) == now + MS / 4,
       "after a call, the next look comes a quarter of a ms later");
    ok(pace_after_call(&pace, now + MS) == now + MS,
       "... or when it was due, if that is later");
    for (int i = 0; i < 200; i++)
        pace_note_call(&pace, now += MS / 100);
    ok(pace_after_call(&pace, now) == now + MS,
       "in a storm of calls it waits for longer");
    for (int i = 0; i < 1000; i++)
        pace_note_call(&pace, now += MS / 20);
    ok(pace_after_call(&pace, now) == now,
       "but there is one each 5 ms, however many calls there are");
    pace_note_call(&pace, now += 2 * MS);
    pace.last_look = now;
    ok(pace_after_call(&pace, now) == now + MS / 4, "a storm ends");
}

/* ppoll(2) refuses a second and more in nanoseconds alone. */
static void spans(void)
{
    struct timespec long_one = clock_span(1700 * MS), past = clock_span(-MS);

    ok(long_one.tv_sec == 1 && long_one.tv_nsec == 700 * MS,
       "a pause may be longer than a second");
    ok(past.tv_sec == 0 && past.tv_nsec == 0, "what is over is no pause");
}

int main(void)
{
    dear_looks();
    cheap_looks();
    soon();
    old_and_quiet();
    calls();
    after_calls();
    spans();
    printf("1..%d\n", tests);
    return failures != 0;
}

/* SPDX-License-Identifier: MIT
 *
 * pace: see pace.h.
 */
#include "run/pace.h"

/* For FULL_LOOK after two seconds, or when nothing moved for one. */
#define RARE_LOOK (100 * MS)
/* While there is another sign of life, whole looks take at most a twentieth of
 * the time; in any case a tenth, once they have taken LOOKS_AT_FIRST: a verdict
 * that comes soon does not wait for that. */
#define SELDOM 20
#define OFTEN 10
/* A verdict comes so long after the last thread has stopped, or sooner: after a
 * pause, two looks, and what is between them. A pulse takes some 15 us, and the
 * timer as much: more than one each MOST_PAUSE is more than 2 % of a processor.
 */
#define VERDICT (4 * MS)
#define MOST_PAUSE (36 * MS / 10)
#define LOOKS_AT_FIRST (300 * MS)
/* So many calls in a row are a storm. Looks wait for calls, but not for longer:
 * that may be a fork bomb. */
#define STORM 100
#define MOST_DELAY (5 * MS)

void pace_start(struct pace *pace, int64_t now)
{
    *pace = (struct pace){
        .start = now, .last_sign = now, .last_full = now, .last_look = now};
}

void pace_note_whole(struct pace *pace, int64_t began, int64_t cost)
{
    pace->last_full = began;
    pace->look_cost = cost;
    pace->looked += cost;
}

bool pace_sign_is_enough(const struct pace *pace, int64_t now)
{
    bool young = now - pace->start < 2000 * MS;
    bool moves = now - pace->last_sign < 1000 * MS;
    int64_t often = young && moves ? FULL_LOOK : RARE_LOOK;

    if (often < SELDOM * pace->look_cost)
        often = SELDOM * pace->look_cost;
    return pace->close_looks == 0 && now - pace->last_full < often;
}

bool pace_calls_are_sign(const struct pace *pace, int64_t now)
{
    return pace->look_cost > CHEAP_LOOK && now - pace->called < MS;
}

void pace_note_call(struct pace *pace, int64_t now)
{
    pace->calls = now - pace->called < MS ? pace->calls + 1 : 0;
    pace->called = now;
}

int64_t pace_after_call(const struct pace *pace, int64_t next)
{
    int64_t later = pace->called + (pace->calls < STORM ? MS / 4 : MS);
    int64_t latest = pace->last_look + MOST_DELAY;

    if (later > latest)
        later = latest;
    return next < later ? later : next;
}

/* A tree in which nothing has moved for long. Whose looks are so dear that a
 * verdict cannot come in time has the pause of the others. */
static int64_t long_pause(const struct pace *pace)
{
    int64_t left = VERDICT - 5 * pace->look_cost / 2;

    return left < MS || left > MOST_PAUSE ? MOST_PAUSE : left;
}

int64_t pace_pause(const struct pace *pace, int64_t now)
{
    int64_t quiet = now - pace->last_sign, age = now - pace->start;

    if (pace->looked - LOOKS_AT_FIRST > age / OFTEN &&
        pace->last_full == pace->last_look)
        return OFTEN * pace->look_cost;
    if (pace->close_looks > 0)
        return CLOSE_PAUSE;
    if (pace->in_flight_since != 0) {
        int64_t left = pace->in_flight_since + IN_FLIGHT_PAUSE - now;
        return left > MS ? left : MS;
    }
    if (quiet < 20 * MS && age < 500 * MS)
        return 1 * MS;
    return age < 2000 * MS ? 2 * MS : long_pause(pace);
}

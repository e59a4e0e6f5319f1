/* SPDX-License-Identifier: MIT
 *
 * pace: when the watcher looks. A program that has just moved is looked at each
 * millisecond, a quiet one more rarely; and looks at the whole tree take a part
 * of the time that does not grow with what one of them costs. Pure: all times
 * are given, in clock_now()'s nanoseconds. It decides nothing about a verdict.
 */
#ifndef FORKLAB_PACE_H
#define FORKLAB_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MS ((int64_t)1000000)
/* How long a wait on something in flight must hold before it counts. */
#define IN_FLIGHT_PAUSE (10 * MS)
#define FULL_LOOK (25 * MS) /* at least this often the whole tree is read */
#define CLOSE_PAUSE                                                            \
    (2 * MS)                /* between looks while a number's meaning changes */
#define CHEAP_LOOK (3 * MS) /* a look that costs more is dear */

struct pace {
    int64_t start;
    int64_t last_sign;            /* of life */
    int64_t last_full, last_look; /* when the last one began: whole; any */
    int64_t look_cost;            /* CPU time of the last whole one, */
    int64_t looked;               /* and all of them */
    int64_t called;               /* when the witness last heard a call, */
    size_t calls;    /* and how many came before it, no two of them further
                        apart than a millisecond */
    int close_looks; /* so many are left; see changes_pending() */
    /* Since then the tree has been stuck or idle, if what is in flight changes
     * nothing; 0: it is not. */
    int64_t in_flight_since;
};

void pace_start(struct pace *pace, int64_t now);

/* A whole look began then, and took so much CPU time: on a busy machine it
 * lasts longer, but takes nobody more. */
void pace_note_whole(struct pace *pace, int64_t began, int64_t cost);

/* Is a sign of life enough now that costs less than a whole look? */
bool pace_sign_is_enough(const struct pace *pace, int64_t now);

/* While a program makes many threads, their calls wait for the looks, and are
 * sign enough. */
bool pace_calls_are_sign(const struct pace *pace, int64_t now);

/* The witness has heard a call. */
void pace_note_call(struct pace *pace, int64_t now);

/* When the next look is due then, which was due at `next`. Many calls are as
 * good a sign of life as a look, and who makes them needs the processor. */
int64_t pace_after_call(const struct pace *pace, int64_t next);

/* From the end of a look until the next one, in nanoseconds. */
int64_t pace_pause(const struct pace *pace, int64_t now);

#endif

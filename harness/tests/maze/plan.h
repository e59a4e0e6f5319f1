/* SPDX-License-Identifier: MIT
 *
 * plan: what plan.c and pairs.c share, see maze.h.
 */
#ifndef MAZE_PLAN_H
#define MAZE_PLAN_H

#include "maze.h"

/* A random number from 0 to limit - 1; true in so many of 100 cases. */
int below(int limit);
bool percent(int chance);

/* Puts a step into a script: at that place, or somewhere and at times with a
 * short sleep before it, or at its beginning. Nothing if the script is full. */
void insert(int actor, int at, struct step step);
void put(int actor, struct step step);
void put_first(int actor, struct step step);

/* The two actors of a pair. */
struct two {
    int waiter, waker;
    bool woken; /* the second half is there */
};

/* Puts one pair, of a random kind. */
void pair_put(const struct two *two);

#endif

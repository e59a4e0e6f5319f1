/* SPDX-License-Identifier: MIT
 *
 * spin: where the running threads are of processes that we did not start.
 *
 * A thread that spins looks to /proc like one that computes. Two looks at its
 * stack tell where it is, and what both have in common; that it will never
 * leave that place is not said.
 */
#ifndef FORKLAB_SPIN_H
#define FORKLAB_SPIN_H

#include "proof/snapshot.h"
#include "report/report.h"

/* Looks twice, 5 ms apart, at each thread that was asked for and runs; at most
 * at 8 of them. Adds its stack, function, place and sentence to the report. */
void spin_look(const struct snapshot *shot, struct report *report);

/* The sentence of the first of them; NULL where there is none. The caller frees
 * it. */
char *spin_why(const struct report *report);

#endif

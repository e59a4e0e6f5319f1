/* SPDX-License-Identifier: MIT
 *
 * processors: those that a process may run on, sched_setaffinity(2).
 */
#ifndef FORKLAB_PROCESSORS_H
#define FORKLAB_PROCESSORS_H

#include <sched.h>
#include <sys/types.h>

struct processors {
    cpu_set_t set; /* none: not known, or more than the set has room for */
};

/* Those that the caller may use. */
struct processors processors_read(void);

/* How many there are, at least 1. */
int processors_count(const struct processors *processors);

/* Has a process, our child, run on others than the one that we are on: a new
 * one may else wait there until we sleep, although another processor is idle.
 * Does nothing where there is no other. processors_give() takes it back. */
void processors_part(pid_t pid, const struct processors *processors);

/* Lets a process run on these; 0 is the caller. An error is no matter. */
void processors_give(pid_t pid, const struct processors *processors);

#endif

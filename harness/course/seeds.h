/* SPDX-License-Identifier: MIT
 *
 * seeds: the runs of one check, several at a time.
 *
 * A run mostly waits, so runs beside each other take less time than one after
 * the other. They are made by processes of their own, workers, each of which
 * takes the next seed when it has made a run, and says by its exit status
 * whether all of its runs were safe. What a run means is the caller's.
 */
#ifndef FORKLAB_SEEDS_H
#define FORKLAB_SEEDS_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

struct seeds {
    int from, to; /* the first seed and the last */
    int jobs;     /* so many at a time; at least 1 */
    /* Called once in each worker, before its runs: false, it can make none. Or
     * NULL. */
    bool (*begin)(void *context);
    /* Called in a worker: was the run with this seed safe? If not, it writes
     * what is to be said of it to `told`. */
    bool (*run)(void *context, int seed, FILE *told);
    void *context;
    volatile sig_atomic_t *interrupted; /* or NULL */
    int failed; /* out: the lowest seed whose run was not safe; 0: none */
    int told;   /* out: a file with what was written of it, which the caller
                   closes; -1 */
};

/* Begins them in the order of their numbers. After a failure no further run is
 * begun, and those with a higher seed are ended by SIGTERM, which the workers
 * handle as their parent did. So are all when the caller is interrupted. False
 * with errno: a worker could not be made, or
 * ended in another way than by returning from run(). */
bool seeds_run(struct seeds *seeds);

#endif

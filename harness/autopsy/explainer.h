/* SPDX-License-Identifier: MIT
 *
 * explainer: what the files that explain a snapshot share. Internal to
 * autopsy/: read explain.h first.
 *
 *   explain.c   the wait, stack, lock and owner of each thread
 *   owner.c     where the owner of a lock is
 *   others.c    who else has what a thread waits for
 *   roots.c     which threads are the cause
 *   sentence.c  the sentence for a thread that is proved stuck
 *   state.c     ... and for any other one of a process that we did not start,
 *               with the files of teller.h
 */
#ifndef FORKLAB_EXPLAINER_H
#define FORKLAB_EXPLAINER_H

#include "autopsy/explain.h"

/* How much a wait says about the cause of a hang. */
enum weight {
    POOL,    /* a thread of a pool, beside one that waits for another process */
    DERIVED, /* it waits for another stuck thread or process */
    WEAK,    /* it waits for no particular thread: a condition, a signal */
    STRONG,  /* nothing is left that could ever end its wait */
};

struct explainer {
    const struct snapshot *shot;
    const struct diagnosis *diagnosis;
    struct report *report;
    enum weight *weight; /* for each thread of the snapshot */
    bool *awaits_other;  /* ... it waits for another process */
};

/* The report of a thread of the snapshot, by its index there; or NULL. */
struct thread_report *thread_report_of(const struct explainer *x, size_t index);

/* ---- owner.c ---- */

/* `owner` is the number that the lock has, of the waiter's PID namespace. */
enum owner_is classify_owner(const struct snapshot *shot,
                             const struct thread_shot *waiter, pid_t owner);

/* ---- others.c ---- */

/* Adds to the report of a thread that waits on descriptors or shared memory who
 * else can end that wait: processes of the snapshot and outside of it. */
void see_others(const struct explainer *x, size_t index,
                struct thread_report *report);

/* Is what it waits on among the few descriptors of which it is asked who else
 * has them? */
bool others_are_known(const struct thread_shot *thread);

/* Does the thread wait for room in what it has a single descriptor of, not for
 * data? poll(2) of the write end of a pipe does. */
bool waits_for_room(const struct explainer *x,
                    const struct thread_shot *thread);

/* ---- roots.c ---- */

/* Marks the causes: `root` of threads that are stuck; `suspect` of those that
 * are not proved to be, in processes that we did not start. */
void find_roots(struct explainer *x);

/* ---- state.c ---- */

/* What a thread does, or waits for, and what could wake it, of a process that
 * we did not start. No full stop. The caller frees it. */
char *state_sentence(const struct explainer *x, size_t index,
                     const struct thread_report *report);

#endif

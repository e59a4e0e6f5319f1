/* SPDX-License-Identifier: MIT
 *
 * verdict: is it stuck for good, and why?
 *
 * autopsy_judge() is the proof: a pure function of an explored snapshot. It
 * computes the least fixpoint of "can still go on": it begins with the threads
 * that run, sleep until a time, are in the kernel's hands, have a timer or a
 * signal on its way, or could be woken from outside; a thread that one of these
 * can wake joins them. What is left can never run again. Lock words are not
 * trusted: any live thread of a process counts as able to wake its private
 * futexes.
 */
#ifndef FORKLAB_VERDICT_H
#define FORKLAB_VERDICT_H

#include "proof/snapshot.h"

enum condition {
    CONDITION_ENDED,   /* there is no thread */
    CONDITION_ALIVE,   /* something can still go on */
    CONDITION_STOPPED, /* only a signal from outside could go on with it */
    CONDITION_IDLE,    /* at rest; only a new client could wake it */
    CONDITION_STUCK,   /* no thread can ever run again */
};

/* Why a thread can go on (static text), or that it cannot. */
struct diagnosis {
    enum condition condition;
    /* It leans on what the kernel may still deliver (TCP, timerfd): it must
     * hold again 10 ms later with nothing changed. */
    bool in_flight;
    bool *live;        /* for each thread of the snapshot */
    const char **help; /* what will or may wake it; NULL if nothing ever will */
    /* Stuck for good although others live: every thread of its process sleeps
     * on a futex that only this process can reach, and it catches no signal
     * that one of the others could send. */
    bool *stuck_for_good;
    size_t thread_count, stuck_for_good_count;
};

void autopsy_judge(const struct snapshot *shot, struct diagnosis *diagnosis);
/* The second look at what is stuck for good: takes back what has changed since.
 * Returns whether any is left. */
bool autopsy_confirm_stuck(const struct snapshot *shot,
                           const struct snapshot *again,
                           struct diagnosis *diagnosis);

void diagnosis_free(struct diagnosis *diagnosis);

#endif

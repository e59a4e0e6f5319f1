/* SPDX-License-Identifier: MIT
 *
 * verdict: can any thread of a snapshot ever run again?
 *
 * This is the proof, a pure function of an explored snapshot: it asks neither
 * the kernel nor the clock. (Why something is stuck is told by
 * autopsy/explain.h; no proof depends on that.)
 *
 * Theory. Think of the wait-for graph: a node for each thread, and an edge from
 * each blocked thread to every thread that could end its wait. In the AND
 * model, where a thread needs all of its edges, a cycle is a deadlock. Most
 * waits here are of the OR model, where one waker is enough: any thread that
 * has the write end of the pipe, any thread of the process, anybody who may
 * send a signal. Then it takes a knot, a set of blocked threads from which no
 * edge leads out (R. C. Holt, Some Deadlock Properties of Computer Systems, ACM
 * Computing Surveys 4(3), 1972; K. M. Chandy, J. Misra and L. M. Haas,
 * Distributed Deadlock Detection, ACM TOCS 1(2), 1983). Who is outside of the
 * tree has no node, so that an edge could lead there unseen: the world must be
 * closed. A wait that somebody outside, the kernel or the clock could end is
 * therefore no wait at all.
 *
 * What is proved. Say that a thread has help if it runs, or if the clock, the
 * kernel by itself (a timer, a signal or data on their way) or a process
 * outside of the tree could end its wait.
 *
 *   1. The tree (CONDITION_STUCK). If no thread of the tree has help, none ever
 *      runs again: the first one that did would have been woken by one that had
 *      run before it. The set of all threads is closed and all of it is
 *      blocked, so that each way through the graph ends in a knot. No single
 *      edge has to be known for that, nor whether it is an AND or an OR.
 *   2. A part of it (stuck_for_good). If no thread of one process has help,
 *      each of them waits for a futex word that only this process can reach,
 *      and the process catches no signal that somebody could send, then no edge
 *      leads out of it: none of its threads ever runs again, whatever the rest
 *      of the tree does. (A signal that is not caught can end it.)
 *
 * What is not proved: a knot of several processes, or one of descriptors, while
 * any other thread of the tree has help. Edges between processes are not
 * followed; such a run is VERDICT_NO_PROGRESS at its deadline. Nor is any proof
 * drawn from the words of locks, which a program may change without a lock.
 */
#ifndef FORKLAB_VERDICT_H
#define FORKLAB_VERDICT_H

#include "proof/snapshot.h"

enum condition {
    CONDITION_ENDED,   /* there is no thread */
    CONDITION_ALIVE,   /* some thread has help */
    CONDITION_STOPPED, /* only by SIGCONT from outside could it run again */
    CONDITION_IDLE,    /* only a new client from outside could wake it */
    CONDITION_STUCK,   /* no thread can ever run again: theorem 1 */
};

/* The arrays have one element for each thread of the snapshot. */
struct diagnosis {
    enum condition condition;
    /* A thread waits for something that the kernel may still have to deliver
     * (TCP, timerfd): this must hold again 10 ms later, nothing changed. */
    bool in_flight;
    const char **help;    /* what will or may wake it (static text), or NULL */
    bool *stuck_for_good; /* theorem 2 */
    size_t thread_count, stuck_for_good_count;
};

/* Judges an explored snapshot. The caller calls diagnosis_free(). It holds for
 * one instant only if a second snapshot is the same, see snapshot_same(). */
void autopsy_judge(const struct snapshot *shot, struct diagnosis *diagnosis);

/* The second look at the processes that are stuck for good: takes back those
 * that have changed in `again`. Returns whether any is left. */
bool autopsy_confirm_stuck(const struct snapshot *shot,
                           const struct snapshot *again,
                           struct diagnosis *diagnosis);

/* Frees the arrays, not *diagnosis. */
void diagnosis_free(struct diagnosis *diagnosis);

#endif

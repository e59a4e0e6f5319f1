/* SPDX-License-Identifier: MIT
 *
 * verdict: can any thread of a snapshot ever run again?
 *
 * This is the proof, a pure function of an explored snapshot: it asks neither
 * the kernel nor the clock. (Why something is stuck is told by
 * autopsy/explain.h; no proof depends on that.)
 *
 * Theory. Think of the wait-for graph: a node for each thread, and an edge from
 * each blocked thread to everything that could end its wait, its wakers: a
 * thread, time, the kernel (something in flight), or the outside. In the AND
 * model, where a thread needs all of its edges, a cycle is a deadlock. Most
 * waits here are of the OR model, where one waker is enough: any thread that
 * has the write end of the pipe, any thread of the process, anybody who may
 * send a signal (R. C. Holt, Some Deadlock Properties of Computer Systems, ACM
 * Computing Surveys 4(3), 1972; K. M. Chandy, J. Misra and L. M. Haas,
 * Distributed Deadlock Detection, ACM TOCS 1(2), 1983). Counting every wait as
 * one of the OR model is the safe side.
 *
 * The theorem. Let Live be the least set of threads that holds
 *
 *   - each thread that runs, of which something is unknown, or that has help:
 *     time, the kernel or the outside among its wakers;
 *   - each thread that has a thread of Live among its wakers.
 *
 * No thread outside of Live ever runs again. For the first one that did would
 * have been woken by one of its wakers, and that one would have run, rung or
 * come before it: then it is in Live. (Holt calls the rest a set of knots.)
 *
 *   1. If nobody is live, the whole tree hangs (CONDITION_STUCK). No single
 *      edge has to be known for that: there is nobody to be led to.
 *   2. Else the threads that are not live are a part that is stuck for good,
 *      while the rest goes on. Here the edges decide.
 *
 * The edges. A thread can do to another thread of its process whatever ends its
 * wait, so there is an edge between any two of them. What one process may do to
 * another: send it a signal for which it has a handler; use the other end of a
 * pipe or socket; write to memory that both map; end a third process, and so
 * close what that one had, unlock what it held, or be waited for. All of that
 * takes something on the side of the thread that waits (it is exposed), and
 * then every process that lives counts as a waker: it may end any other. The
 * last way takes nothing there: ptrace(2), process_vm_writev(2),
 * pidfd_getfd(2), /proc/PID/mem and /proc/PID/fd. A process that lives and may
 * do that (it reaches) is a waker of everybody; may do it in the future, so
 * that it is no use to know that it has not done it yet.
 *
 * What is not a waker: a signal that would end the thread that waits. A live
 * watchdog may kill a part that is stuck, which is why a part is announced at
 * the deadline only.
 *
 * What is not proved: a part of several processes of which one waits for
 * another, since one that lives might end that other one. Nor is any proof
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
    CONDITION_STUCK,   /* no thread can ever run again: nobody is live */
};

/* The arrays have one element for each thread of the snapshot. */
struct diagnosis {
    enum condition condition;
    /* A thread waits for something that the kernel may still have to deliver
     * (TCP, timerfd): this must hold again 10 ms later, nothing changed. */
    bool in_flight;
    const char **help;    /* what will or may wake it (static text), or NULL */
    bool *live;           /* it is in the least fixpoint */
    bool *stuck_for_good; /* it is not, nor has autopsy_confirm_stuck() seen it
                             change */
    size_t thread_count, stuck_for_good_count;
};

/* Judges an explored snapshot. The caller calls diagnosis_free(). It holds for
 * one instant only if a second snapshot is the same, see snapshot_same(). */
void autopsy_judge(const struct snapshot *shot, struct diagnosis *diagnosis);

/* The second look at the processes that are stuck for good: if one of them has
 * changed in `again`, none is. What lives may change. Returns whether any is
 * left. */
bool autopsy_confirm_stuck(const struct snapshot *shot,
                           const struct snapshot *again,
                           struct diagnosis *diagnosis);

/* Is this help no more than a signal, of those that the process handles, or one
 * that would end it? */
bool autopsy_help_is_signal(const char *help);

/* The signals for which a process has a handler that one of its threads would
 * run; bit 0 is signal 1. */
uint64_t autopsy_handled(const struct snapshot *shot, size_t process);

/* Frees the arrays, not *diagnosis. */
void diagnosis_free(struct diagnosis *diagnosis);

#endif

/* SPDX-License-Identifier: MIT
 *
 * roots: which of the threads are the cause, see explainer.h.
 *
 * Strong causes hide weak ones. In a deadlock, a cycle of waits, all threads
 * are DERIVED and all are roots; in processes that we did not start, where
 * others may wait for one of them, they are STRONG. The same rules apply where
 * a process is stuck and others of the tree are alive.
 */
#include "autopsy/explainer.h"

#define LONGEST_RING 16

/* Does a thread of the same process wait for another process? Then a thread
 * with a WEAK wait is not the cause: its sibling would have woken it. */
static bool sibling_awaits_other(const struct explainer *x, size_t index)
{
    const struct process_shot *process =
        &x->shot->process[x->shot->thread[index].process];

    for (size_t i = 0; i < process->thread_count; i++)
        if (x->awaits_other[process->first_thread + i])
            return true;
    return false;
}

/* Has a thread of the same process help beyond a signal? Then who waits inside
 * of the process may only be idle. */
static bool sibling_has_help(const struct explainer *x, size_t index)
{
    const struct process_shot *process =
        &x->shot->process[x->shot->thread[index].process];

    for (size_t i = 0; i < process->thread_count; i++) {
        const char *help = x->diagnosis->help[process->first_thread + i];
        if (process->first_thread + i != index && help != NULL &&
            !autopsy_help_is_signal(help))
            return true;
    }
    return false;
}

static bool can_go_on(enum wait_kind wait)
{
    return wait == WAIT_NOTHING || wait == WAIT_TIME || wait == WAIT_KERNEL ||
           wait == WAIT_STOPPED || wait == WAIT_TRACED || wait == WAIT_CLIENT;
}

/* May it be the cause? With a proof, only what is proved to be stuck. */
static bool is_candidate(const struct explainer *x, size_t index,
                         const struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];

    if (report == NULL)
        return false;
    if (report->stuck || x->report->proved || !x->shot->open_world)
        return report->stuck;
    /* A lock of a language may be looked at again now and then. */
    return !x->shot->process[thread->process].unasked &&
           (!can_go_on(thread->wait) || waits_is_lock(report->waits));
}

/* Marks the candidates of this weight as causes. Returns whether there is any.
 */
static bool mark_roots(struct explainer *x, enum weight weight,
                       bool also_waiting_for_children)
{
    bool any = false;

    for (size_t i = 0; i < x->shot->thread_count; i++) {
        struct thread_report *report = thread_report_of(x, i);
        enum wait_kind wait = x->shot->thread[i].wait;
        bool child = wait == WAIT_CHILD || wait == WAIT_VFORK;
        if (!is_candidate(x, i, report) || x->weight[i] != weight ||
            (child && !also_waiting_for_children))
            continue;
        report->root = report->stuck;
        report->suspect = !report->stuck;
        any = true;
    }
    return any;
}

/* The thread of the same process that has the lock for which this one waits;
 * `index` itself where there is none. */
static size_t owner_inside(const struct explainer *x, size_t index)
{
    const struct thread_report *report = thread_report_of(x, index);
    const struct process_shot *process =
        &x->shot->process[x->shot->thread[index].process];

    for (size_t i = 0; report != NULL && report->owner_is == OWNER_THREAD &&
                       i < process->thread_count;
         i++)
        if (x->shot->thread[process->first_thread + i].nspid == report->owner)
            return process->first_thread + i;
    return index;
}

/* Is it one of threads that wait for each other in a ring? */
static bool in_ring(const struct explainer *x, size_t index)
{
    size_t at = index;

    for (int steps = 0; steps < LONGEST_RING; steps++) {
        size_t next = owner_inside(x, at);
        if (next == at)
            return false;
        if (next == index)
            return true;
        at = next;
    }
    return false;
}

void find_roots(struct explainer *x)
{
    for (size_t i = 0; x->shot->open_world && i < x->shot->thread_count; i++)
        if (x->weight[i] == DERIVED && in_ring(x, i))
            x->weight[i] = STRONG;
    for (size_t i = 0; i < x->shot->thread_count; i++)
        if (x->weight[i] == WEAK && !x->awaits_other[i] &&
            (sibling_awaits_other(x, i) ||
             (x->shot->open_world && !x->report->proved &&
              x->shot->thread[i].wait == WAIT_FUTEX && sibling_has_help(x, i))))
            x->weight[i] = POOL;
    if (!mark_roots(x, STRONG, false) && !mark_roots(x, WEAK, false) &&
        !mark_roots(x, DERIVED, false) &&
        !(x->report->proved && mark_roots(x, POOL, false)))
        mark_roots(x, DERIVED, true);
}

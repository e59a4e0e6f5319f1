/* SPDX-License-Identifier: MIT
 *
 * owner: where the owner of a lock is, see explainer.h.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "autopsy/explainer.h"

/* Is `nspid` the tid of the parent's thread that called fork? That thread has a
 * new tid in the child, which a lock taken before the fork does not name. The
 * child may be the first process of a new PID namespace. */
static bool is_forker(const struct snapshot *shot, size_t process, pid_t nspid)
{
    for (size_t i = 0; i < shot->thread_count; i++)
        if (shot->thread[i].tid == shot->process[process].forked_by)
            return shot->thread[i].nspid == nspid;
    return false;
}

/* May a thread with this number have been in the parent when it called fork?
 * The kernel hands out tids in rising order: an owner whose tid is below the
 * pid of the process was there before. A process of a new PID namespace has
 * inherited all numbers that are none of its own threads'. */
static bool before_fork(const struct snapshot *shot,
                        const struct process_shot *process, pid_t nspid)
{
    const struct process_shot *parent = snapshot_process(shot, process->parent);

    if (parent != NULL && !snapshot_same_numbers(parent, process))
        return snapshot_thread_by_nspid(shot, parent, nspid) != NULL;
    return nspid < process->nspid;
}

/* When the thread was made, in clock ticks since boot; 0: unknown. */
static unsigned long long start_of(pid_t process, pid_t tid)
{
    char text[1024];

    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/stat", (int)process,
                  (int)tid) <= 0)
        return 0;
    const char *at = proc_stat_field(text, 22);
    return at ? strtoull(at, NULL, 10) : 0;
}

/* Was this thread in an ancestor of the process when that was forked? Numbers
 * are used again: a thread that has the owner's may be another one. */
static bool stayed_behind(const struct snapshot *shot,
                          const struct process_shot *process,
                          const struct thread_shot *thread)
{
    const struct process_shot *ancestor = process;

    while (ancestor != NULL && ancestor != &shot->process[thread->process])
        ancestor = snapshot_process(shot, ancestor->parent);
    return ancestor != NULL && ancestor != process &&
           start_of(ancestor->pid, thread->tid) <= process->start;
}

enum owner_is classify_owner(const struct snapshot *shot,
                             const struct thread_shot *waiter, pid_t owner)
{
    const struct process_shot *process = &shot->process[waiter->process];
    const struct thread_shot *thread =
        snapshot_thread_by_nspid(shot, process, owner);

    if (owner == waiter->nspid)
        return OWNER_SELF;
    if (thread != NULL && thread->process == waiter->process)
        return OWNER_THREAD;
    if (waiter->reach != REACH_PROCESS && thread != NULL)
        return OWNER_PROCESS;
    if (is_forker(shot, waiter->process, owner))
        return OWNER_FORKER;
    /* Numbers tell nothing about processes of which we have not seen all. */
    if (shot->open_world)
        return thread != NULL && stayed_behind(shot, process, thread)
                   ? OWNER_VANISHED
                   : OWNER_DEAD;
    if (thread != NULL || before_fork(shot, process, owner))
        return OWNER_VANISHED;
    return OWNER_DEAD;
}

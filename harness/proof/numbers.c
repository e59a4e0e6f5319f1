/* SPDX-License-Identifier: MIT
 *
 * numbers: who has a tid or pid, by the number that a program knows, see
 * snapshot.h: that of its own PID namespace, pid_namespaces(7). What is in
 * memory, such as the owner of a lock, and the arguments of system calls are
 * such numbers.
 */
#include "proof/snapshot.h"

bool snapshot_same_numbers(const struct process_shot *a,
                           const struct process_shot *b)
{
    return a == b || (a->levels == b->levels &&
                      (a->pid_namespace == b->pid_namespace ||
                       a->pid_namespace == 0 || b->pid_namespace == 0));
}

const struct thread_shot *
snapshot_thread_by_nspid(const struct snapshot *shot,
                         const struct process_shot *of, pid_t nspid)
{
    const struct thread_shot *found = NULL;

    for (size_t i = 0; i < shot->thread_count; i++) {
        const struct thread_shot *thread = &shot->thread[i];
        const struct process_shot *process = &shot->process[thread->process];
        if (thread->nspid != nspid || !snapshot_same_numbers(process, of))
            continue;
        if (process == of)
            return thread;
        if (found == NULL)
            found = thread;
    }
    return found;
}

const struct process_shot *
snapshot_process_by_nspid(const struct snapshot *shot,
                          const struct process_shot *of, pid_t nspid)
{
    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *process = &shot->process[i];
        bool below = of->levels > 0 && process->levels > of->levels &&
                     process->at_level[of->levels - 1] == nspid;
        if (below ||
            (process->nspid == nspid && snapshot_same_numbers(process, of)))
            return process;
    }
    return NULL;
}

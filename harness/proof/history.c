/* SPDX-License-Identifier: MIT
 *
 * history: since when each thread may have been in the system call in which it
 * sleeps now, and what that call has read from memory.
 *
 * A thread that is seen in another call, or with other arguments, has begun its
 * present one since. Context switch counters do not tell that: a thread that
 * was woken in vain goes on sleeping in the same call, with the open file that
 * it had before.
 */
#include <poll.h>

#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/snapshot.h"

/* ---- what a call reads from memory ---- */

size_t call_regions(const struct thread_shot *thread,
                    struct region regions[CALL_REGIONS])
{
    const unsigned long *args = thread->args;
    size_t count = 0;

    if (thread->call == SYS_futex_waitv) {
        regions[0] =
            (struct region){args[0], args[1] * sizeof(struct futex_of_many)};
        return 1;
    }
    switch (call_fd_source(thread)) {
    case FDS_POLL:
        regions[count++] =
            (struct region){args[0], args[1] * sizeof(struct pollfd)};
        break;
    case FDS_SELECT: /* the kernel copies whole words */
        for (int i = 1; i <= 3; i++)
            if (args[i] != 0)
                regions[count++] =
                    (struct region){args[i], (args[0] + 63) / 64 * 8};
        break;
    case FDS_OPEN:
        regions[count++] =
            (struct region){args[thread->call == SYS_openat ? 1 : 0], 1};
        break;
    default:
        break;
    }
    return count;
}

/* ---- the same call ---- */

/* As FNV-1a, of whole words; never 0. Where a thread runs, its call is not
 * known. */
static uint64_t key_of_call(const struct thread_shot *thread)
{
    const unsigned long words[] = {(unsigned long)thread->call,
                                   thread->args[0],
                                   thread->args[1],
                                   thread->args[2],
                                   thread->args[3],
                                   thread->args[4],
                                   thread->args[5],
                                   thread->sp,
                                   thread->pc};
    uint64_t key = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        key = (key ^ words[i]) * 0x100000001b3ULL;
        key ^= key >> 32;
    }
    return key | 1;
}

/* The thread as it was; mostly it has the same place in its process. */
static const struct thread_shot *thread_before(const struct snapshot *before,
                                               const struct process_shot *was,
                                               size_t place, pid_t tid)
{
    const struct thread_shot *threads = before->thread + was->first_thread;

    if (place < was->thread_count && threads[place].tid == tid)
        return &threads[place];
    for (size_t i = 0; i < was->thread_count; i++)
        if (threads[i].tid == tid)
            return &threads[i];
    return NULL;
}

static void follow_thread(struct thread_shot *thread,
                          const struct thread_shot *was, int64_t since,
                          int64_t now)
{
    thread->call_key = thread->state != 'R' ? key_of_call(thread)
                       : was != NULL        ? was->call_key
                                            : 0;
    thread->awake_at = was != NULL && thread->call_key == was->call_key
                           ? was->awake_at
                           : since;
    thread->absent_at = was != NULL ? was->absent_at : since;
    thread->still_since = thread->state != 'S' ? 0
                          : was != NULL && was->still_since != 0 &&
                                  snapshot_same_thread(was, thread)
                              ? was->still_since
                              : now;
}

/* The process as it was; mostly it has the same index. A number may have been
 * used again. */
static const struct process_shot *process_before(const struct snapshot *before,
                                                 size_t index,
                                                 const struct process_shot *now)
{
    const struct process_shot *was =
        index < before->process_count ? &before->process[index] : NULL;

    if (was == NULL || was->pid != now->pid)
        was = snapshot_process(before, now->pid);
    return was != NULL && was->start == now->start ? was : NULL;
}

void snapshot_follow(struct snapshot *shot, const struct snapshot *before)
{
    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *now = &shot->process[i];
        const struct process_shot *was = process_before(before, i, now);
        for (size_t k = 0; k < now->thread_count; k++) {
            struct thread_shot *thread = &shot->thread[now->first_thread + k];
            follow_thread(
                thread, was ? thread_before(before, was, k, thread->tid) : NULL,
                before->time, shot->time);
        }
    }
    shot->followed = true;
}

/* SPDX-License-Identifier: MIT
 *
 * history: since when each thread has slept as it does now, and what its call
 * found in memory when it was first seen asleep.
 *
 * A thread cannot wake, nor fall asleep, without a change of its context switch
 * counters. If they are the same in two snapshots, it is the same sleep; if
 * not, the thread was awake at some time since the earlier one was begun.
 */
#include <poll.h>
#include <stddef.h>
#include <string.h>

#include "linux/remote.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/snapshot.h"

#define MAX_BYTES 8192

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

/* FNV-1a. */
static uint64_t add_to_hash(uint64_t hash, const unsigned char *bytes,
                            size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
    return hash;
}

/* What the kernel writes when poll(2) returns is no part of the set. */
static void clear_results(const struct thread_shot *thread,
                          unsigned char *bytes, size_t size)
{
    struct pollfd item;

    if (call_fd_source(thread) != FDS_POLL)
        return;
    for (size_t at = 0; at + sizeof(item) <= size; at += sizeof(item))
        memset(bytes + at + offsetof(struct pollfd, revents), 0,
               sizeof(item.revents));
}

/* A string has no size: as much as can be read of its page. */
static size_t size_of(const struct thread_shot *thread,
                      const struct region *region)
{
    return call_fd_source(thread) == FDS_OPEN ? 256 - region->address % 256
                                              : region->size;
}

uint64_t call_memory_hash(const struct thread_shot *thread)
{
    unsigned char bytes[MAX_BYTES];
    struct region regions[CALL_REGIONS];
    size_t count = call_regions(thread, regions);
    uint64_t hash = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < count; i++) {
        size_t size = size_of(thread, &regions[i]);
        if (size > sizeof(bytes) ||
            !remote_read(thread->tid, regions[i].address, bytes, size))
            return 0;
        clear_results(thread, bytes, size);
        hash = add_to_hash(hash, bytes, size);
    }
    return count == 0 ? 0 : hash;
}

/* ---- the same call ---- */

/* Never 0. Where a thread runs, its call is not known. */
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

    return add_to_hash(0xcbf29ce484222325ULL, (const unsigned char *)words,
                       sizeof(words)) |
           1;
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

static bool sleeps_on_memory(const struct thread_shot *thread)
{
    struct region regions[CALL_REGIONS];

    enum wait_kind wait = call_waits_for(thread, NULL);

    return thread->state == 'S' && (wait == WAIT_FDS || wait == WAIT_FUTEX) &&
           call_regions(thread, regions) > 0;
}

static void follow_thread(struct thread_shot *thread,
                          const struct thread_shot *was, int64_t since)
{
    bool known = thread->state != 'R';

    thread->call_key = known ? key_of_call(thread) : was ? was->call_key : 0;
    if (was != NULL && thread->call_key == was->call_key) {
        thread->awake_at = was->awake_at;
        thread->memory_seen = was->memory_seen;
    } else {
        thread->awake_at = since;
    }
    if (known && thread->memory_seen == 0 && sleeps_on_memory(thread))
        thread->memory_seen = call_memory_hash(thread);
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
                before->time);
        }
    }
    shot->followed = true;
}

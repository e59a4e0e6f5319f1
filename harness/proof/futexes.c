/* SPDX-License-Identifier: MIT
 *
 * futexes: who can reach the word for which a thread waits, see explorer.h and
 * futex(2).
 */
#include <linux/futex.h>

#include "linux/remote.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/changes.h"
#include "proof/explorer.h"

/* May a thread of the process wait for a word in memory that was mapped with
 * MAP_SHARED, or with `world` of a file that others may map? */
static bool may_map(const struct changes *changes,
                    const struct process_shot *process, bool world)
{
    const struct mappers *mappers = &changes->mappers;

    if (changes->requeued || changes->common_memory)
        for (size_t i = 0; i < mappers->count; i++)
            if (!world || mappers->item[i].world_at != INT64_MAX)
                return true;
    return mappers_may_have(mappers, process->pid, process->start, world);
}

/* Which processes can reach the word for which a thread waits, wherever that is
 * by now? A thread that waits without FUTEX_PRIVATE_FLAG may have been moved to
 * another word, by FUTEX_REQUEUE, or other memory may have been mapped where
 * its word was: it still waits for the file that was there. It can only be
 * memory that its own process has mapped with MAP_SHARED; after a
 * FUTEX_REQUEUE, or where processes share memory, some process. */
static enum reach reach_of_moved(struct explorer *x, size_t index)
{
    const struct process_shot *process = &x->shot->process[index];
    const struct changes *changes = x->known->changes;
    const struct passed *passed = x->known->passed;
    bool left = passed != NULL && (passed->any || passed->files.count > 0);

    if (x->known->numbers_heard && !changes->requeued &&
        !changes->common_memory &&
        mappers_all_there(&changes->mappers, process->pid, process->start,
                          shared_bytes(x, index)))
        return REACH_PROCESS;
    if (!x->known->changes_heard || may_map(changes, process, true) ||
        (left && may_map(changes, process, false)))
        return REACH_WORLD;
    return may_map(changes, process, false) || changes->requeued
               ? REACH_TREE
               : REACH_PROCESS;
}

/* Which processes can reach a futex word for which the thread waits? A futex in
 * private memory can only be reached by its own process, even without
 * FUTEX_PRIVATE_FLAG: futex(2). */
static enum reach reach_of_futex(struct explorer *x,
                                 const struct thread_shot *thread,
                                 unsigned long address, bool private)
{
    const struct changes *changes = x->known->changes;

    if (private)
        return REACH_PROCESS;
    enum reach now = reach_of(x, thread->process, address);
    if (changes == NULL ||
        (!changes->requeued && always_alone(x, thread->process)))
        return now;
    enum reach moved = reach_of_moved(x, thread->process);
    return moved > now ? moved : now;
}

/* futex_waitv(2): any of several words may end the wait. The widest reach among
 * them counts. */
static void explore_futexes(struct explorer *x, struct thread_shot *thread)
{
    struct futex_of_many all[MAX_FUTEXES];
    unsigned long count = thread->args[1];

    thread->reach = REACH_WORLD;
    if (count == 0 || count > MAX_FUTEXES || !memory_holds(x, thread) ||
        !remote_read(living_tid(x, thread->process), thread->args[0], all,
                     count * sizeof(all[0])))
        return;
    thread->futex = (unsigned long)all[0].address;
    thread->reach = REACH_PROCESS;
    for (unsigned long i = 0; i < count; i++) {
        enum reach reach =
            reach_of_futex(x, thread, (unsigned long)all[i].address,
                           all[i].flags & FUTEX2_IS_PRIVATE);
        if (reach > thread->reach)
            thread->reach = reach;
    }
}

void explore_futex(struct explorer *x, struct thread_shot *thread)
{
    if (thread->call == SYS_futex_waitv) {
        explore_futexes(x, thread);
        return;
    }
    bool private = (thread->args[1] & FUTEX_PRIVATE_FLAG) != 0;

    thread->futex = thread->args[0];
    thread->reach = reach_of_futex(x, thread, thread->futex, private);
}

/* SPDX-License-Identifier: MIT
 *
 * mappers: see mappers.h.
 */
#define _GNU_SOURCE
#include "proof/mappers.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/proc.h"
#include "linux/syscalls.h"

#define MAX_KEPT 1024
#define NS_PER_S 1000000000ULL

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * (int64_t)NS_PER_S + time.tv_nsec;
}

/* Is it about the program that a process with this stack executes? What another
 * one had mapped is gone since execve(2). */
static bool is_of_program(const struct mapper *mapper, unsigned long stack)
{
    return mapper->stack == stack || mapper->stack == 0 || stack == 0;
}

static struct mapper *find(const struct mappers *mappers, pid_t pid,
                           unsigned long stack)
{
    for (size_t i = 0; i < mappers->count; i++)
        if (mappers->item[i].pid == pid &&
            is_of_program(&mappers->item[i], stack))
            return &mappers->item[i];
    return NULL;
}

static void note_one(struct mappers *mappers, pid_t pid, pid_t parent,
                     bool world, uint64_t bytes)
{
    unsigned long stack = proc_stack(pid);
    struct mapper *mapper = find(mappers, pid, stack);

    if (mapper == NULL && mappers->count >= MAX_KEPT) {
        mappers->any = true;
        return;
    }
    if (mapper == NULL) {
        GROW(mappers->item, mappers->count);
        mapper = &mappers->item[mappers->count++];
        *mapper = (struct mapper){.pid = pid,
                                  .parent = parent,
                                  .stack = stack,
                                  .shared_at = now(),
                                  .world_at = INT64_MAX};
    }
    mapper->bytes += bytes;
    mapper->moved |= bytes == 0;
    if (world && mapper->world_at == INT64_MAX)
        mapper->world_at = now();
}

/* Do they have one memory? Yes also where nobody may know. */
static bool share_memory(pid_t pid, pid_t other)
{
    return syscall(SYS_kcmp, pid, other, 1 /* KCMP_VM */, 0, 0) <= 0;
}

void mappers_note(struct mappers *mappers, pid_t pid, bool world,
                  uint64_t bytes)
{
    bool same = true;

    while (pid > 1 && same) {
        pid_t parent = proc_parent(pid);
        same = share_memory(pid, parent);
        note_one(mappers, pid, parent, world, same ? 0 : bytes);
        pid = parent;
        bytes = 0;
    }
}

void mappers_note_move(struct mappers *mappers, pid_t pid)
{
    for (size_t i = 0; i < mappers->count; i++)
        mappers->item[i].moved |= mappers->item[i].pid == pid ||
                                  share_memory(mappers->item[i].pid, pid);
}

bool mappers_know_world(const struct mappers *mappers, pid_t pid)
{
    const struct mapper *mapper = find(mappers, pid, proc_stack(pid));

    return mappers->any || (mapper != NULL && mapper->world_at != INT64_MAX);
}

/* May a process, or one that it is a copy of, be the mapper? `began` is when it
 * was made, rounded down by less than `tick`; all in nanoseconds. */
static bool may_be_from(const struct mapper *mapper, pid_t pid, int64_t since,
                        int64_t began, int64_t tick)
{
    if (since == INT64_MAX || mapper->pid == pid)
        return since != INT64_MAX;
    bool made_later = since <= began + 2 * tick;
    /* A number is not given to another process within that time. */
    bool is_parent = mapper->parent == pid && began <= since;

    return made_later && !is_parent;
}

bool mappers_may_have(const struct mappers *mappers, pid_t pid,
                      unsigned long long start, bool world)
{
    int64_t tick = (int64_t)NS_PER_S / sysconf(_SC_CLK_TCK);
    unsigned long stack = proc_stack(pid);
    bool may = mappers->any;

    for (size_t i = 0; !may && i < mappers->count; i++) {
        const struct mapper *mapper = &mappers->item[i];
        int64_t since = world ? mapper->world_at : mapper->shared_at;
        may = is_of_program(mapper, stack) &&
              may_be_from(mapper, pid, since, (int64_t)start * tick, tick);
    }
    return may;
}

bool mappers_all_there(const struct mappers *mappers, pid_t pid,
                       unsigned long long start, uint64_t bytes)
{
    int64_t tick = (int64_t)NS_PER_S / sysconf(_SC_CLK_TCK);
    unsigned long stack = proc_stack(pid);
    const struct mapper *own = find(mappers, pid, stack);
    bool all =
        !mappers->any && own != NULL && !own->moved && own->bytes == bytes;

    for (size_t i = 0; all && i < mappers->count; i++) {
        const struct mapper *mapper = &mappers->item[i];
        all = mapper == own || !is_of_program(mapper, stack) ||
              !may_be_from(mapper, pid, mapper->shared_at,
                           (int64_t)start * tick, tick);
    }
    return all;
}

void mappers_free(struct mappers *mappers)
{
    free(mappers->item);
    *mappers = (struct mappers){0};
}

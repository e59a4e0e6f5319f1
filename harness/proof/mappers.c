/* SPDX-License-Identifier: MIT
 *
 * mappers: see mappers.h.
 */
#define _GNU_SOURCE
#include "proof/mappers.h"

#include <stdlib.h>
#include <string.h>
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

static struct mapper *find(const struct mappers *mappers, pid_t pid)
{
    for (size_t i = 0; i < mappers->count; i++)
        if (mappers->item[i].pid == pid)
            return &mappers->item[i];
    return NULL;
}

/* Where the stack of its program begins: field 28 of /proc/PID/stat, of which
 * only prctl(PR_SET_MM), which is heard, can make another number without an
 * exec. 0: it is not known. */
static unsigned long stack_of(pid_t pid)
{
    char text[1024], *at;

    if (proc_read(text, sizeof(text), "/proc/%d/stat", (int)pid) <= 0 ||
        (at = strrchr(text, ')')) == NULL)
        return 0;
    for (int field = 3; at != NULL && field <= 28; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoul(at, NULL, 10) : 0;
}

/* Has it called exec since that was noted? */
static bool is_another(const struct mapper *mapper, unsigned long stack)
{
    return stack != 0 && mapper->stack != 0 && stack != mapper->stack;
}

/* What it had before an exec is not there any more. */
static void renew(struct mapper *mapper)
{
    unsigned long stack = stack_of(mapper->pid);

    if (is_another(mapper, stack)) {
        mapper->bytes = 0;
        mapper->moved = false;
    }
    if (stack != 0)
        mapper->stack = stack;
}

static void note_one(struct mappers *mappers, pid_t pid, pid_t parent,
                     bool world, uint64_t bytes)
{
    struct mapper *mapper = find(mappers, pid);

    if (mapper == NULL && mappers->count >= MAX_KEPT) {
        mappers->any = true;
        return;
    }
    if (mapper == NULL) {
        GROW(mappers->item, mappers->count);
        mapper = &mappers->item[mappers->count++];
        *mapper = (struct mapper){.pid = pid,
                                  .parent = parent,
                                  .shared_at = now(),
                                  .world_at = INT64_MAX};
    }
    renew(mapper);
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
    for (size_t i = 0; i < mappers->count; i++) {
        struct mapper *mapper = &mappers->item[i];
        if (mapper->pid != pid && !share_memory(mapper->pid, pid))
            continue;
        renew(mapper);
        mapper->moved = true;
    }
}

bool mappers_know_world(const struct mappers *mappers, pid_t pid)
{
    const struct mapper *mapper = find(mappers, pid);

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
    bool may = mappers->any;

    for (size_t i = 0; !may && i < mappers->count; i++) {
        const struct mapper *mapper = &mappers->item[i];
        int64_t since = world ? mapper->world_at : mapper->shared_at;
        may = may_be_from(mapper, pid, since, (int64_t)start * tick, tick);
    }
    return may;
}

bool mappers_all_there(const struct mappers *mappers, pid_t pid,
                       unsigned long long start, uint64_t bytes)
{
    int64_t tick = (int64_t)NS_PER_S / sysconf(_SC_CLK_TCK);
    const struct mapper *own = find(mappers, pid);
    bool all =
        !mappers->any && own != NULL &&
        (is_another(own, stack_of(pid)) ? bytes == 0
                                        : !own->moved && own->bytes == bytes);

    for (size_t i = 0; all && i < mappers->count; i++) {
        const struct mapper *mapper = &mappers->item[i];
        all = mapper == own || !may_be_from(mapper, pid, mapper->shared_at,
                                            (int64_t)start * tick, tick);
    }
    return all;
}

void mappers_free(struct mappers *mappers)
{
    free(mappers->item);
    *mappers = (struct mappers){0};
}

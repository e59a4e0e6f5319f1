/* SPDX-License-Identifier: MIT
 *
 * mappers: which processes were heard to map memory that others may map, too.
 *
 * A thread that waits for a futex without FUTEX_PRIVATE_FLAG may wait for a
 * word in such memory of its own process, even where its address shows other
 * memory by now. What another process has mapped does not matter to it, unless
 * it is one that its process was copied from by fork(2) since. Each process
 * counts anew after execve(2), which takes all of its memory away.
 */
#ifndef FORKLAB_MAPPERS_H
#define FORKLAB_MAPPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* CLOCK_BOOTTIME, as the start of a process in /proc; INT64_MAX: never. */
struct mapper {
    pid_t pid, parent;   /* its parent then: that is no copy of it */
    unsigned long stack; /* proc_stack(): of which program; 0: not known. What
                            could change that, prctl(PR_SET_MM), is heard, and
                            nothing is proved then */
    int64_t shared_at;   /* it first mapped memory with MAP_SHARED, */
    int64_t world_at;    /* ... and a file that somebody outside may map */
    uint64_t bytes; /* that it mapped by calls of its own, in whole pages */
    bool moved;     /* ... or by others, of unknown size; or it moved some */
};

struct mappers {
    struct mapper *item;
    size_t count;
    bool any; /* there were more than are kept */
};

/* Notes that a process is about to map so many bytes; 0: it is not known how
 * many. In a vfork(2) child, that is memory of its parent. */
void mappers_note(struct mappers *mappers, pid_t pid, bool world,
                  uint64_t bytes);

/* A process is about to move memory, mremap(2): maybe what it has mapped. */
void mappers_note_move(struct mappers *mappers, pid_t pid);

/* Was it heard of this process that it has mapped a file that somebody outside
 * may map? Then more need not be noted. */
bool mappers_know_world(const struct mappers *mappers, pid_t pid);

/* May a process have such memory, which began `start` clock ticks after the
 * machine? With `world`: of a file that somebody outside may map. */
bool mappers_may_have(const struct mappers *mappers, pid_t pid,
                      unsigned long long start, bool world);

/* Is all that the process has ever mapped with MAP_SHARED where it was mapped,
 * if `bytes` of such memory are there now? Then no other memory is where a word
 * in it was. Not known of what it may be a copy of. */
bool mappers_all_there(const struct mappers *mappers, pid_t pid,
                       unsigned long long start, uint64_t bytes);

/* Frees all that it has; it is empty then. */
void mappers_free(struct mappers *mappers);

#endif

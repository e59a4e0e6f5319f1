/* SPDX-License-Identifier: MIT
 *
 * explorer: what the files that explore a snapshot share. Internal to proof/:
 * read snapshot.h first.
 *
 *   descriptors.c  who has what open
 *   objects.c      what it is that they have open
 *   memory.c       who can reach a word of memory, and who may have changed it
 *   waited_on.c    which descriptors a thread waits on
 *   waits.c        the other kinds of wait, and snapshot_explore()
 *   part.c         what a proof of a part takes
 */
#ifndef FORKLAB_EXPLORER_H
#define FORKLAB_EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

#include "linux/sockets.h"
#include "proof/snapshot.h"

/* One descriptor of one process: a link in /proc/PID/fd. */
struct link {
    size_t process;
    int fd;
    dev_t device;
    ino_t inode;
    mode_t mode; /* of the object */
    bool can_read, can_write;
    char target[80]; /* "pipe:[123]", "anon_inode:[eventfd]", a path */
};

/* A line of /proc/PID/maps. */
struct mapping {
    unsigned long from, to;
    enum reach reach; /* REACH_PROCESS: it is private */
    bool writable;
};

/* One run of snapshot_explore(). */
struct explorer {
    struct snapshot *shot;
    const struct knowledge *known;
    struct link *links;
    size_t link_count;
    struct sockets sockets;
    struct mapping *mappings; /* of one process, the last that was asked for */
    size_t mapping_count, mapping_process;
};

/* ---- descriptors.c ---- */

/* A thread of the process that has not ended; its pid if there is none.
 * /proc/PID/fd and maps are empty once the first thread has exited. */
pid_t living_tid(const struct explorer *x, size_t process);

/* Lists all descriptors of all processes: x->links, which the caller frees. */
void list_descriptors(struct explorer *x);

/* The descriptor of that number; NULL if the process does not have it. */
const struct link *find_link(const struct explorer *x, size_t process, int fd);

/* Reads /proc/PID/fdinfo/FD into text, cut at size - 1. False if it cannot be
 * read. */
bool read_fdinfo(const struct explorer *x, size_t process, int fd, char *text,
                 size_t size);

/* Can only the tree reach files of this file system, or this file? True for
 * file systems that were mounted for this run, and below its own directory. */
bool private_device(const struct explorer *x, dev_t device);
bool private_file(const struct explorer *x, const char *path, dev_t device);

/* Does the text start with the other one? */
static inline bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* ---- objects.c ---- */

/* Appends an object, and returns its index. */
size_t add_object(struct snapshot *shot, const struct object *object);

/* The index in the snapshot of the object that a descriptor leads to, which is
 * added where it is new. The descriptors of one pipe or socket have one object;
 * each of those with an anonymous inode (eventfd, timerfd ...) has its own,
 * since they all share one inode number. */
size_t object_of(struct explorer *x, const struct link *link);

/* ---- memory.c ---- */

/* Which processes can reach the word at this address of a process? */
enum reach reach_of(struct explorer *x, size_t process, unsigned long address);

/* Has the process never had another thread than the one that it has, nor shared
 * its memory? Then nobody can have changed anything while that one sleeps.
 * False where this cannot be told. */
bool always_alone(const struct explorer *x, size_t process);

/* Is what the kernel copied from memory when the thread's call began still
 * there (call_regions())? False where somebody may have written there since. */
bool memory_holds(struct explorer *x, const struct thread_shot *thread);

/* ---- waited_on.c ---- */

/* Adds a descriptor to those that the thread waits on: for an epoll descriptor,
 * the members of its set. What the number meant when the thread fell asleep
 * counts: where that is not known, something unknown is added. */
void wait_on(struct explorer *x, struct thread_shot *thread, int fd);

/* Adds all descriptors that the thread's call names. Changes thread->wait where
 * they tell more: WAIT_CLIENT, WAIT_SIGNAL. */
void explore_fds(struct explorer *x, struct thread_shot *thread);

/* ---- part.c ---- */

/* Adds process_shot.reaches, thread_shot.word_shared and
 * snapshot.fds_in_flight. */
void explore_part(struct explorer *x);

#endif

/* SPDX-License-Identifier: MIT
 *
 * explorer: what the files that explore a snapshot have in common. Internal to
 * proof/: a reader begins with snapshot.h.
 *
 *   descriptors.c  who has what open
 *   objects.c      what it is that they have open
 *   waited_on.c      which descriptors a thread waits on
 *   waits.c        the other kinds of wait, and snapshot_explore()
 */
#ifndef FORKLAB_EXPLORER_H
#define FORKLAB_EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

#include "linux/sockets.h"
#include "proof/snapshot.h"

/* One descriptor of one process: all of them are listed once. */
struct link {
    size_t process;
    int fd;
    dev_t device;
    ino_t inode;
    mode_t mode; /* of the object */
    bool can_read, can_write;
    char target[80]; /* "pipe:[123]", "anon_inode:[eventfd]", a path */
};

struct explorer {
    struct snapshot *shot;
    const struct knowledge *known;
    struct link *links;
    size_t link_count;
    struct sockets sockets;
};

/* ---- descriptors.c ---- */

/* By whom a process can be looked into: where its first thread has ended, what
 * /proc shows below its number is empty. */
pid_t living_tid(const struct explorer *x, size_t process);

/* Lists all descriptors of all processes: x->links, which the caller frees. */
void list_descriptors(struct explorer *x);

/* The descriptor of that number; NULL if the process has none. */
const struct link *find_link(const struct explorer *x, size_t process, int fd);

/* Reads /proc/PID/fdinfo/FD. False if that is not possible. */
bool read_fdinfo(const struct explorer *x, size_t process, int fd, char *text,
                 size_t size);

/* What lies in a file system that was mounted for this run, or below its own
 * folder, is out of others' reach. */
bool private_device(const struct explorer *x, dev_t device);
bool private_file(const struct explorer *x, const char *path, dev_t device);

static inline bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* ---- objects.c ---- */

/* Appends an object, and returns its index. */
size_t add_object(struct snapshot *shot, const struct object *object);

/* The object that a descriptor leads to, as index into the snapshot's: two
 * descriptors of one pipe or socket have one. */
size_t object_of(struct explorer *x, const struct link *link);

/* ---- waited_on.c ---- */

/* Adds a descriptor to those that the thread waits on. */
void wait_on(struct explorer *x, struct thread_shot *thread, int fd, int depth);

/* Adds all that the thread's call names. */
void explore_fds(struct explorer *x, struct thread_shot *thread);

#endif

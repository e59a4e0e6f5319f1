/* SPDX-License-Identifier: MIT
 *
 * link: what one descriptor of a process leads to, as its link in /proc/PID/fd
 * tells, proc(5).
 */
#ifndef FORKLAB_LINK_H
#define FORKLAB_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct link {
    size_t process; /* index in the snapshot, if there is one */
    int fd;         /* -1: no process has it any more */
    dev_t device;
    ino_t inode;
    mode_t mode; /* of the object */
    bool can_read, can_write;
    char target[80]; /* "pipe:[123]", "anon_inode:[eventfd]", a path */
};

/* The descriptor of a thread, now; `process` is 0. False if it is not open, or
 * we may not look. */
bool link_read(pid_t tid, int fd, struct link *link);

/* Do both lead to the same file, opened in the same way? Of anonymous inodes
 * (eventfd ...): to the same kind. */
bool link_same(const struct link *a, const struct link *b);

#endif

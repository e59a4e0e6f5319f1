/* SPDX-License-Identifier: MIT
 *
 * fileid: which file a descriptor of another process leads to, and sets of such
 * files. Pipes and sockets have an inode, too; eventfds, timerfds and the like
 * share one: see `anonymous`.
 */
#ifndef FORKLAB_FILEID_H
#define FORKLAB_FILEID_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct fileid {
    dev_t device;
    ino_t inode;
    bool socket;
    bool anonymous; /* "anon_inode:", has no inode of its own */
    bool ring;      /* of io_uring(7) */
};

/* The file that a descriptor refers to of a thread. False if there is none, or
 * we may not look. */
bool fileid_of(pid_t tid, int fd, struct fileid *id);

/* Is it a file of a file system whose files are always ready for poll(2), other
 * than those of /proc? False where that is unknown. */
bool fileid_is_regular(pid_t tid, int fd);

/* The device of what memfd_create(2) makes, and of anonymous shared memory; 0
 * where that is unknown. */
dev_t fileid_memory_device(void);

/* An empty set is {0}; fileids_free() leaves one. */
struct fileids {
    struct fileid *item;
    size_t count;
};
void fileids_add(struct fileids *set, struct fileid id);
void fileids_free(struct fileids *set);

/* Is a file with this inode in the set? Its device is not looked at: maps(5)
 * and stat(2) may name different ones. */
bool fileids_have(const struct fileids *set, ino_t inode);

#endif

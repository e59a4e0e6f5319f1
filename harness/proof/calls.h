/* SPDX-License-Identifier: MIT
 *
 * calls: what a thread waits for, by the system call that it sleeps in.
 */
#ifndef FORKLAB_CALLS_H
#define FORKLAB_CALLS_H

#include "proof/snapshot.h"

/* Judges by state, number and arguments of the call alone: no memory is read.
 * A call that is not known is WAIT_KERNEL: it may end by itself, for all we
 * know. *name (may be NULL) gets the name of the call (static). */
enum wait_kind call_waits_for(const struct thread_shot *thread,
                              const char **name);

/* For WAIT_FDS and WAIT_CLIENT: the call waits for room to write, not for
 * data. */
bool call_writes(const struct thread_shot *thread);

/* How a call names its descriptors. */
enum fd_source {
    FDS_FIRST,  /* the first argument is the descriptor */
    FDS_SPLICE, /* the first and the third */
    FDS_TEE,    /* the first and the second */
    FDS_POLL,   /* an array of struct pollfd, its length */
    FDS_SELECT, /* the highest number + 1, and three sets */
    FDS_EPOLL,  /* the first argument is an epoll descriptor */
    FDS_OPEN,   /* a path: a named pipe that is being opened */
};
enum fd_source call_fd_source(const struct thread_shot *thread);

/* Does it sleep in a futex whose owner the kernel knows, FUTEX_LOCK_PI? */
bool call_by_owner(const struct thread_shot *thread);

#endif

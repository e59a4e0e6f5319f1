/* SPDX-License-Identifier: MIT
 *
 * calls: what a thread waits for, by the system call in which it sleeps.
 */
#ifndef FORKLAB_CALLS_H
#define FORKLAB_CALLS_H

#include <stdint.h>

#include "proof/snapshot.h"

/* Decides by the thread's state and the number and arguments of its call alone:
 * no memory is read. An unknown call is WAIT_KERNEL, since it may end by
 * itself. *name (may be NULL) gets the name of the call (static text), NULL if
 * unknown.
 */
enum wait_kind call_waits_for(const struct thread_shot *thread,
                              const char **name);

/* For WAIT_FDS and WAIT_CLIENT: does the call wait for space to write, not for
 * data? */
bool call_writes(const struct thread_shot *thread);

/* Where the arguments of a call have its descriptors. */
enum fd_source {
    FDS_FIRST,   /* the first argument is the descriptor */
    FDS_SPLICE,  /* the first and the third */
    FDS_TEE,     /* the first and the second */
    FDS_POLL,    /* an array of struct pollfd, its length */
    FDS_SELECT,  /* the highest number + 1, and three sets */
    FDS_EPOLL,   /* the first argument is an epoll descriptor */
    FDS_OPEN,    /* a path: a named pipe that is being opened */
    FDS_CONNECT, /* the first; it waits for the one who accepts */
};
enum fd_source call_fd_source(const struct thread_shot *thread);

/* Does it wait for a futex whose owner the kernel knows, FUTEX_LOCK_PI? For a
 * thread whose `wait` is set. */
bool call_by_owner(const struct thread_shot *thread);

/* An element of the array that futex_waitv(2) takes, linux/futex.h of Linux
 * 5.16. */
struct futex_of_many {
    uint64_t value, address;
    uint32_t flags, reserved;
};
#define MAX_FUTEXES 128 /* FUTEX_WAITV_MAX */
#define FUTEX2_IS_PRIVATE 128

#endif

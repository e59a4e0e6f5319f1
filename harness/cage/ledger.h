/* SPDX-License-Identifier: MIT
 *
 * ledger: containment where there are no namespaces, as in a container by
 * default.
 *
 * What outlives all processes is written down before it is made: entries of
 * /tmp, /var/tmp and /dev/shm, System V IPC, POSIX message queues. The witness
 * (witness.h) hears of each call; after the run all of it is removed. And a
 * program may only have so many tasks: as root, RLIMIT_NPROC is no limit,
 * setrlimit(2).
 *
 * Not seen: files that io_uring makes, and System V objects of a program that
 * has changed its user. What a program moves out of /tmp is its own affair.
 */
#ifndef FORKLAB_LEDGER_H
#define FORKLAB_LEDGER_H

#include <stdbool.h>
#include <sys/types.h>

#include "cage/witness.h"

struct ledger;

/* An empty list, in memory that processes made later share. It lives as long
 * as one of them. NULL: no memory, with errno. */
struct ledger *ledger_new(void);

/* A thread below `keeper` is about to make something, or a process: how its
 * call shall be answered. */
struct call_answer ledger_answer(struct ledger *ledger, pid_t keeper,
                                 const struct testimony *testimony);

/* Removes all that is on the list. When no process of the program is left; for
 * any process that shares the list. Returns NULL; or what is left, and why,
 * which the caller frees. */
char *ledger_remove_all(struct ledger *ledger);

/* Gives the memory back. NULL is fine. */
void ledger_free(struct ledger *ledger);

#endif

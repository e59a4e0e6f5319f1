/* SPDX-License-Identifier: MIT
 *
 * ledger: containment where there are no namespaces, as in a container by
 * default.
 *
 * Files and IPC objects that outlive their processes are recorded before they
 * are made, and removed after the run: entries of /tmp, /var/tmp and /dev/shm,
 * System V IPC, POSIX message queues, control groups. The witness (witness.h)
 * hears of each call. The ledger also limits the number of tasks: for root,
 * RLIMIT_NPROC is no limit, setrlimit(2). Nothing is moved or linked out of the
 * run's directory, as if it were a mount point. Limits of processes that are
 * not the program's stay.
 *
 * Not recorded: files that io_uring makes, System V objects of a program that
 * has changed its user, files that a program moves out of /tmp, names in which
 * the last part is a link.
 */
#ifndef FORKLAB_LEDGER_H
#define FORKLAB_LEDGER_H

#include <stdbool.h>
#include <sys/types.h>

#include "cage/witness.h"

struct ledger;

/* An empty ledger, in memory that is shared with processes that are forked
 * later. `directory` is the run's. With `only_own` the program makes no file
 * below HOME and the current directory but there. ledger_free() unmaps it. NULL
 * with errno: no memory. */
struct ledger *ledger_new(const char *directory, bool only_own);

/* A descendant of `keeper` waits in a call of the kind HEARD_MAKING: records
 * what it will make, and returns how the call is to be answered. Errors: ENOSPC
 * if the ledger is full, EAGAIN if there are too many tasks, EROFS, EXDEV and
 * EPERM for what is kept out. */
struct call_answer ledger_answer(struct ledger *ledger, pid_t keeper,
                                 const struct testimony *call);

/* Removes all that is recorded. Call it when no process of the program is left,
 * from any process that shares the ledger. Returns NULL, or the first thing
 * that could not be removed, and why, which the caller frees. */
char *ledger_remove_all(struct ledger *ledger);

/* Frees the memory. Does nothing for NULL. */
void ledger_free(struct ledger *ledger);

#endif

/* SPDX-License-Identifier: MIT
 *
 * command/all: `forklab run --all`, each lab and its solution as a row of a
 * table.
 *
 * Most of a run is waiting, so several labs run at once, each in a process of
 * its own; those that need a MariaDB server share one, and run one after the
 * other. One that measures has the machine for itself.
 */
#ifndef FORKLAB_COMMAND_ALL_H
#define FORKLAB_COMMAND_ALL_H

#include "call.h"

/* `forklab run`. With --all: prints the table, in the order of the labs, as the
 * rows get done, and a line of progress below it on a terminal. --jobs: so many
 * labs at once; default: one for each CPU. Else as command_run(). Returns the
 * exit status. */
int command_run_or_all(const struct call *call);

#endif

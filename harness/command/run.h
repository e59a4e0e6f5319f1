/* SPDX-License-Identifier: MIT
 *
 * command/run: the commands that run programs or look at processes.
 */
#ifndef FORKLAB_COMMAND_RUN_H
#define FORKLAB_COMMAND_RUN_H

#include "call.h"

int command_autopsy(const struct call *call);
int command_cage(const struct call *call);
int command_run(const struct call *call);
int command_stress(const struct call *call);

/* Ends forklab if a process number is below 0: getopt_long(3) would take it for
 * an option. */
void command_refuse_negative(char **argv);

#endif

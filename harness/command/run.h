/* SPDX-License-Identifier: MIT
 *
 * command/run: the commands that run programs or look at processes.
 */
#ifndef FORKLAB_COMMAND_RUN_H
#define FORKLAB_COMMAND_RUN_H

#include <stdio.h>

#include "call.h"
#include "oracle/lab.h"
#include "report/report.h"

int command_autopsy(const struct call *call);
int command_cage(const struct call *call);
int command_run(const struct call *call);
int command_stress(const struct call *call);

struct mariadb_shared;

/* Runs a lab, or its solution, as the options want it; `shared` as in run.h.
 * Ends forklab if it could not. The caller frees the report. */
void command_run_lab(const struct call *call, const struct lab *lab,
                     enum variant variant, struct mariadb_shared *shared,
                     struct report *report);

/* Prints what was seen, as the options want it. lab is NULL if none was run;
 * `json` is NULL without --json. */
void command_show(const struct call *call, const struct report *report,
                  const struct lab *lab, FILE *json);

/* Writes a report into the file of --json. */
void command_write_json(FILE *stream, const char *path,
                        const struct report *report);

/* Ends forklab if a process number is below 0: getopt_long(3) would take it for
 * an option. */
void command_refuse_negative(char **argv);

#endif

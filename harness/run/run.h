/* SPDX-License-Identifier: MIT
 *
 * run: one lab, or one command, from its start to a complete report.
 */
#ifndef FORKLAB_RUN_H
#define FORKLAB_RUN_H

#include <signal.h>
#include <stdbool.h>

#include "oracle/labs.h"
#include "linux/proc.h"
#include "report/report.h"

struct cage_limits;
struct mariadb_shared;

struct run_options {
    double deadline_s;
    double falsify_s;    /* see watcher.h */
    bool musl;           /* the programs in build/musl */
    bool bare;           /* no number is handed over: {n} is as in a bare run */
    bool proves_nothing; /* of a command: how it ends is all that matters */
    const struct cage_limits *limits; /* of a command; or NULL */
    char *const *more_env; /* of a command: NAME=VALUE strings, NULL at the end;
                              or NULL */
    int seed;              /* FORKLAB_SEED of the program, see lab.h; 0: none */
    struct mariadb_shared *shared; /* by several runs, for labs that need it; or
                                      NULL: each has a server of its own */
    volatile sig_atomic_t *interrupted;
    const struct hold *hold; /* of hold.h, or NULL */
    struct crash *crash; /* of trace.h: this run only looks for one, and notes
                            it there; its report counts for nothing. Or NULL */
};

/* Runs one of a lab's programs and judges it. `program` is for VARIANT_PROGRAM
 * only; options->musl takes those that were built with musl instead. Returns
 * NULL and a complete report (also for a skip), or why there is none: the
 * program is not there, or cannot be started (the caller frees it). In either
 * case the caller calls report_free(). */
char *run_lab(const char *root, const struct lab *lab, enum variant variant,
              const char *program, const struct run_options *options,
              struct report *report);

/* Runs any command in the cage, in the present directory. */
char *run_command(char *const *argv, const struct run_options *options,
                  struct report *report);

/* Why are these processes, with all below them, not going on? A thread's number
 * stands for its process. Looks from outside and disturbs nothing. If one of
 * them cannot be looked at, the report has nothing but the reason. The caller
 * calls report_free(). */
void run_autopsy(const struct pids *numbers, struct report *report);

/* Did the run show what was wanted: the hazard from the lab, unless its C
 * library has cured it; safety from all others? */
bool run_as_wanted(const struct report *report);

/* The C library of the program at `path`, below the directory `root`, takes the
 * place of ours in the report, where it can be told. */
void run_read_libc(const char *path, const char *root, struct report *report);

#endif

/* SPDX-License-Identifier: MIT
 *
 * watcher: looks at a program from its start until the verdict.
 *
 * It reads what the program writes, hears the witness, and samples the tree
 * until it has ended, is proved stuck, or the deadline comes. A look at a tree
 * in which one thread is known to be able to go on costs one small file.
 */
#ifndef FORKLAB_WATCHER_H
#define FORKLAB_WATCHER_H

#include <signal.h>
#include <stdbool.h>

#include "cage/cage.h"
#include "report/report.h"

struct watch_options {
    double deadline_s;   /* seconds; the verdict then is not a proof */
    double falsify_s;    /* so long a proof is watched on: falsify.h; 0: no */
    bool notes_leaving;  /* see leaving.h */
    bool ends_idle;      /* a server at rest ends the run (labs); else it goes
                            on until the deadline (commands in the cage) */
    bool explain;        /* stacks and owners; without, only the verdict */
    bool ends_listener;  /* so does a seccomp listener of the program: then
                            report->wants_listener is set */
    bool proves_nothing; /* nobody hears what /proc does not tell, or asks for
                            a proof: looks are rare */
    bool ends_flood;     /* more output than is kept ends the run, too */
    struct crash *crash; /* see run.h; or NULL */
    const struct hold *hold;            /* of hold.h, or NULL */
    size_t max_processes;               /* more than that end the run */
    volatile sig_atomic_t *interrupted; /* a signal to us asks for the end */
};

/* Lets the program in the cage run and watches it; the cage is cleared when
 * this returns. Fills the report but for what the judge adds. Returns NULL, or
 * why the program could not be executed (the caller frees it). */
char *watch_program(struct cage *cage, const struct watch_options *watch,
                    const char *program, struct report *report);

#endif

/* SPDX-License-Identifier: MIT
 *
 * bugreport: what somebody who is to mend forklab must know of a machine, as a
 * text to paste: attempts/bug-report.md. Paths of the user are shortened; it
 * has no name, no host and no file of theirs.
 */
#ifndef FORKLAB_BUGREPORT_H
#define FORKLAB_BUGREPORT_H

#include <stdio.h>

/* Both are owned by the caller. */
struct bug_report {
    char *doctor; /* what `forklab doctor` says */
    char *run;    /* the JSON of the lab in question, or NULL */
};

/* Writes it below root, and says on stream where it is. Returns NULL, or what
 * is wrong, which the caller frees. */
char *bug_report_write(FILE *stream, const char *root,
                       const struct bug_report *bug);

#endif

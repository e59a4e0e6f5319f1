/* SPDX-License-Identifier: MIT
 *
 * grade: all attempts of one student are checked, and what came of it is shown
 * as a table and written for those who read grades: see results.h.
 *
 * Each attempt is a stranger's program: it is compiled and run in a view (see
 * view.h), by a process of its own that hands back what it saw and ends. The
 * grader itself never runs a line of it.
 */
#ifndef FORKLAB_GRADE_H
#define FORKLAB_GRADE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "course/check.h"
#include "course/marks.h"
#include "oracle/labs.h"

struct grade_options {
    const char *submission; /* directory, see submission_place(); NULL: root's
                               attempts/ */
    const char *out;        /* directory; NULL: root's build/grade */
    int runs;
    double deadline_s;
    int jobs; /* runs of a lab at a time */
    const char
        *base;         /* directory: BASE/NN/results.json are the grades of lab
                          NN's solution, whose time gives the deadline; or NULL */
    const char *kept;  /* directory: an attempt that somebody else has handed
                          in, too, is checked once; or NULL. See kept.h */
    const char *stamp; /* of what grades: it is written when all is done, see
                          submission_stamp(); or NULL */
    bool pages;        /* a page for each attempt, too: see pages.h */
    bool quiet;        /* no table, only what went wrong */
    const char *sarif; /* file for SARIF, "-": the stream; or NULL */
    bool autolab;      /* the last line on the stream is Autolab's */
    volatile sig_atomic_t *interrupted;
};

/* What a check is worth, as grading would say it. `graded` points into the
 * check but for message and verdict, which the caller frees. */
void grade_of_check(const struct check *check, const struct lab *lab,
                    struct graded *graded);

/* Grades all labs; after each attempt all files are written anew, with a stamp
 * only at the end. Returns NULL, or why it could not be done, which the caller
 * frees. */
char *grade(FILE *stream, const char *root, const struct lab_list *labs,
            const struct grade_options *options);

#endif

/* SPDX-License-Identifier: MIT
 *
 * marks: what came of grading one student: a mark for each lab, its word and
 * its letter, and the score.
 */
#ifndef FORKLAB_MARKS_H
#define FORKLAB_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "oracle/labs.h"

enum mark {
    MARK_PENDING, /* its turn has not come */
    MARK_PASS,
    MARK_HAZARD,      /* the hazard is still there */
    MARK_BROKEN,      /* it does something else */
    MARK_COMPILER,    /* it does not compile */
    MARK_NOT_STARTED, /* no file */
    MARK_SKIP,        /* this machine lacks what the lab needs: no mark */
    MARK_ERROR,       /* it could not be checked: no fault of the student's */
    MARK_UNCHANGED,   /* the lab as it is */
};

/* One lab of one student. Texts are valid UTF-8, owned, and may be NULL. */
struct graded {
    const struct lab *lab;
    enum mark mark;
    char *verdict; /* "HANG (proved)", "EXIT 7", NULL: nothing was run */
    char *message; /* why, and what to do: a few sentences */
    char *output;  /* how what it wrote begins, or the compiler */
    char *flag;    /* why a person should look at a pass; NULL: nothing */
    char *file;    /* "attempts/31-x.c" */
    int line;      /* where it is stuck; 0: unknown */
    int seed;      /* of the run that was not safe; 0: none */
    double seconds;
    int slowest_ms; /* the longest of its runs; 0: nothing was run */
};

struct grades {
    struct graded *item; /* one for each lab, in their order */
    size_t count;
    double seconds;
    bool seen_whole; /* no view could be made here: the programs could read
                        what their user can */
};

/* "pass", "hang", "hazard", "broken", "not compiled" ... Static. */
const char *grade_word(const struct graded *graded);

/* One letter for a table of a class: P pass, H hazard, B broken, C compiler,
 * - not started, U unchanged, S skipped, E could not be checked, ? pending. */
char grade_letter(enum mark mark);

/* Passed labs, and those that could be had here. */
int grade_score(const struct grades *grades);
int grade_most(const struct grades *grades);

#endif

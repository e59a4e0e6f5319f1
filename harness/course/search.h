/* SPDX-License-Identifier: MIT
 *
 * search: from what somebody sees - an error, a line of a stack, of strace(1),
 * of ps(1) - to the labs that show it.
 *
 * Words are compared, not sentences, and a rare one tells more than a common
 * one. What fits best comes first; among equals a famous string (famous.h), a
 * symptom of a page, a line of its "You see". Where none of them fits, the
 * nearest of all that the pages say; where not even half of the words are
 * known, nothing.
 */
#ifndef FORKLAB_SEARCH_H
#define FORKLAB_SEARCH_H

#include "course/passages.h"
#include "oracle/labs.h"

/* A lab that shows it. */
struct answer {
    const struct lab *lab;
    const struct passage *passage; /* what fits best of all that leads there */
    double score;                  /* 0 to 1 */
};

enum certainty {
    SEARCH_NONE,    /* nothing of it is about a fork */
    SEARCH_NEAREST, /* one answer, a guess */
    SEARCH_FITS
};

struct answers {
    struct answer *item; /* the best one first */
    size_t count;
    enum certainty certainty;
};

/* The caller frees the answers, before the passages. */
struct answers search_find(const struct passages *passages, const char *text);
void answers_free(struct answers *answers);

#endif

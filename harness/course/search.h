/* SPDX-License-Identifier: MIT
 *
 * search: from what somebody sees - an error, a line of a stack, of strace(1),
 * of ps(1) - to the labs that show it.
 *
 * What the labs show stands in their pages, under "Symptoms" and in "You see".
 * Words are compared, not sentences: a rare one tells more than a common one.
 */
#ifndef FORKLAB_SEARCH_H
#define FORKLAB_SEARCH_H

#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"

/* A lab that shows it. */
struct answer {
    const struct lab *lab;
    char *symptom; /* the line of its page that fits best */
    double score;  /* 0 to 1 */
};

struct answers {
    struct answer *item; /* the best one first */
    size_t count;
};

/* Looks in all pages. Returns NULL and the answers, which may be none, or what
 * is wrong, which the caller frees; answers_free() in any case. */
char *why_find(const char *root, const struct lab_list *labs, const char *words,
               struct answers *answers);
void answers_free(struct answers *answers);

/* `forklab why "STRING"`: says it. *found: is there any? Returns NULL or what
 * is wrong, which the caller frees. */
char *why_print(FILE *stream, const char *root, const struct lab_list *labs,
                const char *words, bool *found);

#endif

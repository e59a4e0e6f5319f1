/* SPDX-License-Identifier: MIT
 *
 * progress: what a student has cured so far, in attempts/progress: a text file
 * with a line for each lab that was checked, "31 safe 2026-11-23".
 *
 * It is theirs: they may read, change and delete it. Nothing depends on it but
 * the marks in `forklab list`.
 */
#ifndef FORKLAB_PROGRESS_H
#define FORKLAB_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "course/check.h"
#include "oracle/labs.h"

enum progress {
    PROGRESS_NONE,
    PROGRESS_TRIED, /* there is an attempt; it is not known to be safe */
    PROGRESS_SAFE,  /* so the last check said */
};

/* Writes down how a check has ended, by its word, with today's date. False
 * where it cannot be written (errno tells); it is never half written. */
bool progress_set(const char *root, const struct lab *lab, enum check_end end);

/* How far is it? */
enum progress progress_get(const char *root, const struct lab *lab);

/* How far somebody is with all labs. */
struct standing {
    size_t safe, tried;
    const struct lab *open; /* the first that was tried, and is not safe */
    const struct lab *next; /* the first that is not safe; NULL: all are */
};

struct standing progress_standing(const char *root,
                                  const struct lab_list *labs);

/* One line below the list of labs: how many are cured, and which is next. */
void progress_print(FILE *stream, const char *root,
                    const struct lab_list *labs);

#endif

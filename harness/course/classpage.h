/* SPDX-License-Identifier: MIT
 *
 * classpage: the table of a class as a page, class.html, that needs no server:
 * a cell leads to the attempt's report and its source (see pages.h), a click on
 * a column's head sorts by it, and it can be printed. Without scripts all but
 * the sorting is there.
 */
#ifndef FORKLAB_CLASSPAGE_H
#define FORKLAB_CLASSPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "oracle/labs.h"

struct cell {
    char letter;   /* see grade_letter(); E: could not be checked */
    bool page;     /* students/NAME/NN.html is there */
    char *verdict; /* "HANG (proved)", "not compiled": what it did; NULL: no
                      attempt */
    char *message;
    char *flag; /* why a person should look at a pass; NULL: nothing */
};

struct student {
    char *name;
    bool graded; /* there is a file, and it can be read */
    int score;
    struct cell *cells; /* one for each lab */
};

struct class
{
    const char *root; /* the directory of the project */
    const struct lab_list *labs;
    struct student *student;
    size_t count;
};

/* How many have passed that lab, by its place in the list. */
size_t class_passed(const struct class *class, size_t lab);

/* The verdict that most of those have who did not pass; NULL: there are none.
 * *most is how many. */
const char *class_most_common(const struct class *class, size_t lab,
                              size_t *most);

void classpage_write(FILE *stream, const struct class *class);

#endif

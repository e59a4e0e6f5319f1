/* SPDX-License-Identifier: MIT
 *
 * list: the labs, with what a student has cured of them: a line for each
 * chapter, which fits on a screen, or the labs of one chapter, or all of them.
 */
#ifndef FORKLAB_LIST_H
#define FORKLAB_LIST_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"
#include "oracle/labs.h"

/* `forklab list`: a chapter a line, with the numbers of its labs. root, or
 * NULL, is where the progress of a student is: "+" marks what is cured, "."
 * what was tried. */
void print_chapters(FILE *stream, struct style style,
                    const struct lab_list *list, const char *root);

#define LIST_ALL (-1)

/* `forklab list 3`, or LIST_ALL: number, name and title of each lab, grouped by
 * chapter. A title that is too long for the line goes on in the next one.
 * False, and nothing is printed, if that chapter has no labs. */
bool print_list(FILE *stream, struct style style, const struct lab_list *list,
                int chapter, const char *root);

#endif

/* SPDX-License-Identifier: MIT
 *
 * list: all labs on one screen, with what a student has cured of them.
 */
#ifndef FORKLAB_LIST_H
#define FORKLAB_LIST_H

#include <stdio.h>

#include "base/text.h"
#include "oracle/labs.h"

/* `forklab list`: number, name and title, grouped by chapter. A title that is
 * too long for the line goes on in the next one. root, or NULL, is where the
 * progress of a student is: "+" marks what is cured, "." what was tried. */
void print_list(FILE *stream, struct style style, const struct lab_list *list,
                const char *root);

#endif

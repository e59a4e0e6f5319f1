/* SPDX-License-Identifier: MIT
 *
 * start: what `make` alone says: where the reader is in the course, and the one
 * command that comes next. It runs nothing.
 */
#ifndef FORKLAB_START_H
#define FORKLAB_START_H

#include <stdio.h>

#include "oracle/labs.h"

void print_start(FILE *stream, const char *root, const struct lab_list *labs);

#endif

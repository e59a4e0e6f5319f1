/* SPDX-License-Identifier: MIT
 *
 * why: what a search has found, on the terminal.
 */
#ifndef FORKLAB_WHY_H
#define FORKLAB_WHY_H

#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"

/* `forklab why "STRING"`: says which labs show it. *found: is there one, be it
 * only the nearest? Returns NULL or what is wrong, which the caller frees. */
char *why_print(FILE *stream, const char *root, const struct lab_list *labs,
                const char *words, bool *found);

/* `forklab explain "STRING"`: the lab that it leads to, NULL if there is none;
 * says which string or symptom that is. The same errors. */
char *why_lab(FILE *stream, const char *root, const struct lab_list *labs,
              const char *words, const struct lab **lab);

#endif

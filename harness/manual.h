/* SPDX-License-Identifier: MIT
 *
 * manual: what there is to say on forklab's commands and options, said once: for
 * --help, for the manual pages and for completion in bash.
 */
#ifndef FORKLAB_MANUAL_H
#define FORKLAB_MANUAL_H

#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"

/* forklab --help */
void usage_print(FILE *stream);

/* Is that one of the commands? */
bool usage_knows(const char *command);

/* forklab(1), in the language of man(7). */
void usage_manual(FILE *stream);

/* forklab-labs(7): all labs, from their pages. Returns NULL, or what is wrong,
 * which the caller frees. */
char *usage_manual_of_labs(FILE *stream, const char *root,
                           const struct lab_list *labs);

/* A script for bash: source <(build/forklab completion) */
void usage_completion(FILE *stream);

#endif

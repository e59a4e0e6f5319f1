/* SPDX-License-Identifier: MIT
 *
 * manual: --help, the manual pages and completion in bash, all from the tables
 * of commands.c.
 */
#ifndef FORKLAB_MANUAL_H
#define FORKLAB_MANUAL_H

#include <stdio.h>

#include "call.h"

/* forklab --help */
void manual_help(const struct command_table *table, FILE *stream);

/* forklab(1), in the roff of man(7). */
void manual_command(const struct command_table *table, FILE *stream);

/* forklab-labs(7): all labs, from their pages. Returns NULL, or what is wrong,
 * which the caller frees. */
char *manual_labs(FILE *stream, const char *root, const struct lab_list *labs);

/* A script for bash: source <(build/forklab completion) */
void manual_completion(const struct command_table *table, FILE *stream);

#endif

/* SPDX-License-Identifier: MIT
 *
 * attempts: what a student has in attempts/.
 *
 * attempts/NN-name.c is the copy of a lab that the student changes, and
 * attempts/NN-name.c.1, .2 ... are older ones. No function here overwrites or
 * removes what a student has written.
 *
 * Beside them are two text files that only ever grow, a line at a time:
 * attempts/progress has a line for each lab that is done, attempts/.hints one
 * for each hint that was shown. Deleting them forgets just that.
 */
#ifndef FORKLAB_ATTEMPTS_H
#define FORKLAB_ATTEMPTS_H

#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"
#include "report/report.h"

/* How somebody who stands in the present directory names a file of the project:
 * the path below root if that is the present directory, else the whole path.
 * The caller frees it. */
char *project_path(const char *root, const char *name);

/* Is there an attempt at that lab? */
bool attempt_exists(const char *root, const struct lab *lab);

/* "there is no attempt at lab 31 yet; start one: make try-31". The caller frees
 * it. */
char *attempt_missing(const struct lab *lab);

/* Copies the lab to attempts/ unless an attempt is there, and says on stream
 * what to do with it. Returns NULL, or what is wrong and what to do about it in
 * one line, which the caller frees. */
char *attempt_try(FILE *stream, const char *root, const struct lab *lab);

/* Puts a fresh copy of the lab in place of the attempt, which is kept as
 * attempts/NN-name.c.1 or the next number that is free. Returns as
 * attempt_try() does; after an error the attempt is what it was. */
char *attempt_reset(FILE *stream, const char *root, const struct lab *lab);

#endif

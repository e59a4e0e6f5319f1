/* SPDX-License-Identifier: MIT
 *
 * class: the grades of many students become one table, class.csv, and one page,
 * class.html, that needs neither a server nor a script.
 *
 * It reads what `forklab grade` has written for each of them (results.json);
 * harness/scripts/class.sh runs that for a directory of submissions.
 */
#ifndef FORKLAB_CLASS_H
#define FORKLAB_CLASS_H

#include <stdio.h>

#include "oracle/labs.h"

/* Reads DIR/students/NAME/results.json for all names, in the order of their
 * bytes, and writes DIR/class.csv and DIR/class.html, each whole or not
 * at all. A student whose file is missing or damaged stands there with "E" for
 * every lab. Says on the stream how many there are. Returns NULL, or why it
 * could not be done, which the caller frees. */
char *class_write(FILE *stream, const char *root, const char *directory,
                  const struct lab_list *labs);

#endif

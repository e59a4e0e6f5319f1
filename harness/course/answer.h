/* SPDX-License-Identifier: MIT
 *
 * answer: may the solution of a lab be shown?
 *
 * Yes, once the lab is cured or its last hint was shown. Before, somebody at a
 * terminal is asked, once for each lab: a solution that was read cannot be
 * found any more. Nobody is asked where stdin or stdout is no terminal, or
 * where YES=1 is in the environment.
 */
#ifndef FORKLAB_ANSWER_H
#define FORKLAB_ANSWER_H

#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"

/* Can somebody answer a question on stdin that is asked on stdout? */
bool somebody_is_there(void);

/* Asks on stream where that is needed. attempts/.answers notes a yes. After a
 * no the stream says what to do instead. */
bool answer_allowed(FILE *stream, const char *root, const struct lab *lab);

/* Why the lab's own cure works: the comment after FIX: in its solution, in one
 * line. NULL: there is none. The caller frees it. */
char *answer_reason(const char *root, const struct lab *lab);

#endif

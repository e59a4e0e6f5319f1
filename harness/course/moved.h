/* SPDX-License-Identifier: MIT
 *
 * moved: statements of a lab that its solution takes away, or has elsewhere.
 * Where that is the whole cure, an attempt is compared by it.
 */
#ifndef FORKLAB_MOVED_H
#define FORKLAB_MOVED_H

#include <stdbool.h>

#include "base/memory.h"

/* The statements of a text without comments, without their blanks. The caller
 * calls strings_free(). */
struct strings moved_statements(const char *text);

/* Is a statement of ours that the solution (its statements) takes away or moves
 * no longer where it was in theirs, and there as often as in the solution? */
bool moved_alike(const char *ours, const struct strings *solution,
                 const char *theirs);

#endif

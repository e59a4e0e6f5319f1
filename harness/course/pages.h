/* SPDX-License-Identifier: MIT
 *
 * pages: a page of HTML for each attempt of a class: what its check said, and
 * its source.
 *
 * It is static, has no script and loads nothing. What a student wrote, or a
 * program of theirs, stands in it as text only.
 */
#ifndef FORKLAB_PAGES_H
#define FORKLAB_PAGES_H

#include <stddef.h>

#include "course/marks.h"

/* Writes DIRECTORY/NN.html, whole or not at all. `report` is the text of the
 * check's page, NULL: nothing was run. `source` has `size` bytes; NULL: it was
 * not read. Returns NULL, or why not, which the caller frees. */
char *pages_write(const char *directory, const struct graded *graded,
                  const char *report, const char *source, size_t size);

/* Removes the page of that lab, if there is one. */
void pages_remove(const char *directory, int lab);

#endif

/* SPDX-License-Identifier: MIT
 *
 * pieces: the texts of a page of labs/ that are translated, one after the
 * other. A piece is a paragraph, a point of a list or a cell of a table, its
 * lines joined; code between fences, folded parts and all other sections are
 * none.
 *
 * It knows as much of Markdown as the pages use. What it does not know stays as
 * it is.
 */
#ifndef FORKLAB_PIECES_H
#define FORKLAB_PIECES_H

#include <stdbool.h>

/* What a piece becomes: a text that lives until the next call. `section` is the
 * heading that it stands below; NULL: it is the title, or above all headings.
 */
typedef const char *piece_turn(const char *piece, const char *section,
                               void *data);

/* The page with each piece turned, and what is folded marked as English; the
 * caller frees it. The headings of sections are turned for
 * what that does, but stay, as pages are read by them. */
char *pieces_turn(const char *page, piece_turn *turn, void *data);

/* The page in the language of tongue.h; the caller frees it. */
char *pieces_translate(const char *page);

/* Is a section of that name of a lab's page translated? */
bool pieces_of_lab(const char *section);

/* Is a section of that name translated? In WHICH.md all are; a page of a lab
 * begins with a number, "# 31 lock-nobody-holds: ...". */
bool pieces_section(const char *page, const char *section);

#endif

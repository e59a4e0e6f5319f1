/* SPDX-License-Identifier: MIT
 *
 * text: what a terminal may show, how wide it is, and how a page may look.
 *
 * A text is "clean" when all of it can be printed: text_clean() makes it so,
 * whatever bytes it is given, and the other functions expect it. Widths are in
 * columns of the terminal, by wcwidth(3).
 */
#ifndef FORKLAB_TEXT_H
#define FORKLAB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/memory.h"

/* How a page may look. */
struct style {
    int columns; /* 80 where nothing says otherwise; at least 40 */
    int lines;   /* at most this many lines: 22, so that the command above and
                    the prompt below fit on a screen of 24, too */
    bool color;  /* tints words; never the only carrier of a meaning */
    bool plain;  /* to be read aloud: no columns, no marks, a thing a line */
};

/* Is a switch in the environment on (YES=1, PLAIN=1): there, and neither empty
 * nor "0"? */
bool switched_on(const char *name);

/* The style for a stream. Colour only on a terminal, and there not if TERM is
 * "dumb"; FORCE_COLOR turns it on for stdout and stderr (never for another
 * file), NO_COLOR turns it off; empty, both mean nothing, and NO_COLOR wins. A
 * narrow terminal narrows the page, a wide one does not widen it; COLUMNS and
 * LINES in the environment do either. PLAIN=1 is for screen readers: no colour,
 * and lines as long as what they say. */
struct style style_for(FILE *stream);

/* The same text with only printable characters: other bytes become \xNN (in a
 * locale with UTF-8 also characters without a width of their own, which may
 * turn the direction of a line), tabs become spaces. The caller frees it. */
char *text_clean(const char *text, size_t length);

/* How many columns a clean text takes. */
size_t text_width(const char *clean);

/* The first `width` columns of a clean text; if it is longer, with ".." as the
 * last two. The caller frees it. */
char *text_cut(const char *clean, size_t width);

/* How many bytes of a clean text go into one line of that width, at least one
 * character: up to a space where there is one. */
size_t text_break(const char *clean, size_t width);

/* Adds a clean text to the lines, wrapped: the second line and all others are
 * indented. The last of `most` lines is cut if there is more. */
void text_wrap(struct strings *lines, const char *clean, size_t width,
               size_t indent, size_t most);

/* The number of spaces at its start. */
size_t text_skip_blanks(const char *text);

/* Does a text end with that, and begin with something else? */
bool text_ends(const char *text, const char *end);

/* Is the text of that length equal to the other one? */
bool text_same(const char *text, size_t length, const char *other);

#endif

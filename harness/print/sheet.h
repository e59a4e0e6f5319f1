/* SPDX-License-Identifier: MIT
 *
 * sheet: the page in memory, line by line.
 *
 * Every line passes sheet_add_line(), which lets nothing through that a
 * terminal could take for a command, and nothing that is too long.
 */
#ifndef FORKLAB_SHEET_H
#define FORKLAB_SHEET_H

#include "print/printers.h"

/* Colours of sheet_tint(), as numbers of an escape sequence. */
#define BOLD "1"
#define RED "1;31"
#define GREEN "32"
#define YELLOW "1;33"
#define CYAN "36"
struct span {
    size_t from, length; /* bytes */
    const char *color;
};

struct sheet_line {
    char *text;
    struct span span[2]; /* color NULL: none */
};

struct sheet {
    struct style style;
    struct sheet_line *line;
    size_t count;
};

/* Adds a line, and owns text from now on. The line that is returned lives until
 * the next one is added. */
struct sheet_line *sheet_add_line(struct sheet *page, char *text);

/* An empty line, unless the last one is empty. */
void sheet_add_blank(struct sheet *page);

/* Colours a part of the line, in bytes; which is 0 or 1, from left to right. */
void sheet_tint(struct sheet_line *line, int which, size_t from, size_t length,
                const char *color);

/* left and, at the right margin, right; two lines where one is too short. */
struct sheet_line *sheet_add_sides(struct sheet *page, const char *left,
                                   const char *right);

/* "    make check-31": a command to type next. */
void sheet_add_command(struct sheet *page, const char *command);

/* "  label   text", cut where it is too long. */
void sheet_add_row_line(struct sheet *page, size_t label_width,
                        const char *label, const char *text);

/* "  label   text", wrapped below text; at most `most` lines. The lines of the
 * text stay apart. */
void sheet_add_row(struct sheet *page, size_t label_width, const char *label,
                   const char *text, size_t most);

/* A list under one label, an item a line. */
void sheet_add_rows(struct sheet *page, size_t label_width, const char *label,
                    const struct strings *list, size_t most);

void sheet_print(FILE *stream, const struct sheet *page);
void sheet_free(struct sheet *page);

#endif

/* SPDX-License-Identifier: MIT
 *
 * printers: a report as a terminal page, as JSON, as a row of a table.
 *
 * Printers decide nothing: whatever they show stands in the report.
 */
#ifndef FORKLAB_PRINTERS_H
#define FORKLAB_PRINTERS_H

#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"
#include "report/report.h"

/* How a page may look. */
struct style {
    int columns; /* 80 where nobody says otherwise; at least 40 */
    int lines;   /* at most this many lines: 22, so that the command above and
                    the prompt below fit on a screen of 24, too */
    bool color;  /* tints words; never the only carrier of a meaning */
};

/* The style for a stream. Colour only on a terminal, and there not if TERM is
 * "dumb"; FORCE_COLOR turns it on for stdout and stderr (never for another
 * file), NO_COLOR turns it off; empty, both mean nothing, and NO_COLOR wins. A
 * narrow terminal narrows the page, a wide one does not widen it; COLUMNS and
 * LINES in the environment do either. */
struct style style_for(FILE *stream);

/* The page of one run (make lab-31): one sentence on what is shown, the
 * timeline with a column for each process or thread, the verdict with who,
 * where, lock, owner and why, what was left behind, and the next command.
 * Bytes of the program that are not printable are shown as \xNN.
 * lab may be NULL (a command in the cage). next is the next command, or NULL.
 *
 * In the timeline, "> text" was written on stdout, plain text on stderr, and
 * what stands in [brackets] is what the runner saw. Talk that starts with the
 * name of a thread or process stands in its column, without the name.
 *
 * A skip (and a run that could not start: outcome none or broken, no process,
 * a reason) is shown as its reason and what to do about it.
 */
void print_page(FILE *stream, struct style style, const struct report *report,
                const struct lab *lab, const char *next);

/* One row of `make labs`, and the head of that table. A report may be NULL: not
 * run. What is not as wanted stands out by a word in capitals before it:
 * BROKEN, SAFE (a lab without its hazard), HAZARD (a solution with it). */
void print_table_head(FILE *stream, struct style style);
void print_table_row(FILE *stream, struct style style, const struct lab *lab,
                     const struct report *hazard, const struct report *safe);

/* JSON of one run by DESIGN 4 and run.schema.json; ends with a newline. False
 * if it could not be written (errno tells). Text of the program that is no
 * UTF-8 is replaced by U+FFFD byte by byte, so that the file is always valid;
 * so is a NUL, which cJSON cannot hold. */
bool print_json(FILE *stream, const struct report *report);

/* JSON array of all labs: number, name, title, needs, hazard, safe, and what
 * differs with musl. */
bool print_json_list(FILE *stream, const struct lab_list *list);

/* `forklab list`: number, name and title, grouped by chapter. A title that is
 * too long for the line goes on in the next one. root, or NULL, is where the
 * progress of a student is: "+" marks what is cured, "." what was tried. */
void print_list(FILE *stream, struct style style, const struct lab_list *list,
                const char *root);

/* Valid UTF-8 in the place of any bytes, with U+FFFD for what is none, and for
 * NUL. The caller frees it. */
char *text_valid(const char *text, size_t length);

/* cJSON uses xcalloc() from now on. Call it before cJSON. */
void json_use_our_memory(void);

/* ---- text for a terminal, whatever bytes it came from ---- */

/* Only printable characters, the others as \xNN (in a locale with UTF-8 also
 * what has no width of its own, which may turn the direction of a line), tabs
 * as spaces. The caller frees it. */
char *text_clean(const char *text, size_t length);

/* How many columns a clean text takes. */
size_t text_width(const char *clean);

/* The first `width` columns of a clean text; if it is longer, with ".." as the
 * last two. The caller frees it. */
char *text_cut(const char *clean, size_t width);

/* How many bytes of a clean text go into one line of that width, at least one
 * character: up to a space where there is one. */
size_t text_break(const char *clean, size_t width);

/* Wraps a clean text: the second line and all others are indented. The last of
 * `most` lines is cut if there is more. */
void text_wrap(struct strings *lines, const char *clean, size_t width,
               size_t indent, size_t most);

/* How many blanks it starts with. */
size_t text_skip_blanks(const char *text);

/* Is the text of that length equal to the other one? */
bool text_same(const char *text, size_t length, const char *other);

#endif

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

#include "labs.h"
#include "report.h"

/* How a page may look. */
struct style {
    int columns; /* 80 where nobody says otherwise; at least 40 */
    int lines;   /* at most this many lines: 24 */
    bool color;  /* tints words; never the only carrier of a meaning */
};

/* The style for a stream: colour only on a terminal, and there not if NO_COLOR
 * is set and not empty or TERM is "dumb"; FORCE_COLOR turns it on. */
struct style style_for(FILE *stream);

/* The page of one run (make lab-31): one sentence on what is shown, the
 * timeline with a column for each process or thread, the verdict with who,
 * where, lock, owner and why, what was left behind, and the next command.
 * Bytes of the program that are not printable are shown as \xNN.
 * lab may be NULL (a command in the cage). next is the next command, or NULL. */
void print_page(FILE *stream, struct style style, const struct report *report,
                const struct lab *lab, const char *next);

/* One row of `make labs`, and the head of that table. */
void print_table_head(FILE *stream, struct style style);
void print_table_row(FILE *stream, struct style style, const struct lab *lab,
                     const struct report *hazard, const struct report *safe);

/* JSON of one run by DESIGN 4; ends with a newline. False if it could not be
 * written (errno tells). Text of the program that is no UTF-8 is replaced by
 * U+FFFD byte by byte, so that the file is always valid. */
bool print_json(FILE *stream, const struct report *report);

/* JSON array of all labs: number, name, title, needs, hazard, safe. */
bool print_json_list(FILE *stream, const struct lab_list *list);

/* `forklab list`: number, name and title, a line each, grouped by chapter. */
void print_list(FILE *stream, struct style style, const struct lab_list *list);

#endif

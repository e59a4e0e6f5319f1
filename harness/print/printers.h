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

#include "base/text.h"
#include "oracle/labs.h"
#include "report/report.h"

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

/* JSON of one run by run.schema.json; ends with a newline. False
 * if it could not be written (errno tells). Text of the program that is no
 * UTF-8 is replaced by U+FFFD byte by byte, so that the file is always valid;
 * so is a NUL, which cJSON cannot hold. */
bool print_json(FILE *stream, const struct report *report);

/* JSON array of all labs: number, name, title, needs, hazard, safe, and what
 * differs with musl. */
bool print_json_list(FILE *stream, const struct lab_list *list);

#endif

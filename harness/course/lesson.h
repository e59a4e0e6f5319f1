/* SPDX-License-Identifier: MIT
 *
 * lesson: what a lab's page, labs/NN-name.md, says to a student.
 *
 * Read from the page are the sections "You see" and "In short", and two parts
 * that its readers can fold away, each a list with a line for each point:
 *
 *      <details><summary>Symptoms</summary>
 *      <details><summary>Three hints to cure it yourself</summary>
 */
#ifndef FORKLAB_LESSON_H
#define FORKLAB_LESSON_H

#include <stdio.h>

#include "oracle/labs.h"
#include "print/printers.h"
#include "report/report.h"

struct lesson {
    char *page;     /* "labs/31-lock-nobody-holds.md" */
    char *heading;  /* "31 lock-nobody-holds: the child hangs in ..." */
    char *you_see;  /* Markdown, without the symptoms */
    char *in_short; /* Markdown */
    struct strings symptoms; /* plain text */
    struct strings hints;    /* plain text, code between backquotes */
};

/* Reads the page of a lab. Returns NULL, or why not, which the caller frees;
 * *lesson is then empty. What the page does not have is empty. */
char *lesson_read(const char *root, const struct lab *lab,
                  struct lesson *lesson);

/* The same for a page in memory. */
void lesson_parse(const char *text, struct lesson *lesson);

void lesson_free(struct lesson *lesson);

/* Text without the marks of Markdown: emphasis, code, links, escapes. The
 * caller frees it. */
char *markdown_plain(const char *text, size_t length);

/* `forklab explain N`: the page's "In short". Returns NULL or what is wrong,
 * which the caller frees; so do the others. */
char *lesson_explain(FILE *stream, const char *root, const struct lab *lab);

/* `forklab hint N`: the next of the hints, which attempts/.hints counts. When
 * all were shown, or where they cannot be counted, all of them. */
char *lesson_hint(FILE *stream, const char *root, const struct lab *lab);

/* How many of its hints were shown; *hints: how many there are. */
size_t lesson_hints_shown(const char *root, const struct lab *lab,
                          size_t *hints);

/* How often the text has a line of that number and nothing else. */
size_t lesson_count_lines(const char *text, int number);

#endif

/* SPDX-License-Identifier: MIT
 *
 * markdown: a page of labs/ as its sections, read and written by libcmark-gfm
 * (https://github.com/github/cmark-gfm). Nothing here parses Markdown by
 * itself.
 */
#ifndef FORKLAB_MARKDOWN_H
#define FORKLAB_MARKDOWN_H

#include <stdbool.h>
#include <stdio.h>
#include <cmark-gfm.h>

/* What stands below one heading of the second level. */
struct section {
    char *name; /* "You see" */
    cmark_node *body;
};

struct document {
    char *title;        /* of the first level, as text */
    cmark_node *before; /* what stands between it and the first section */
    struct section *section;
    size_t count;
};

/* Dies with a message where the file cannot be read. Comments are left out,
 * links to pages lead to their HTML, and "lab 31" in a text is such a link. */
struct document *document_read(const char *root, const char *name);
void document_free(struct document *document);

/* NULL: the page has none of that name. */
struct section *document_section(const struct document *document,
                                 const char *name);

/* Writes it as HTML. Tables and code can be scrolled by key, where they are
 * wider than the screen. */
void markdown_write(FILE *stream, cmark_node *body);

/* As text, in one line; the caller frees it. */
char *markdown_text(cmark_node *node);

/* HTML of the inlines of a node; the caller frees it. */
char *markdown_inlines(cmark_node *node);

/* The name of a heading in an address, as GitHub makes it: "Who waits?" is
 * "who-waits". The caller frees it. */
char *markdown_anchor(const char *heading);

#endif

/* SPDX-License-Identifier: MIT
 *
 * frame: what stands around each page of the site: head, header and footer.
 */
#ifndef FORKLAB_FRAME_H
#define FORKLAB_FRAME_H

#include "base/files.h"
#include "site/site.h"

struct frame {
    const char *file;        /* "31-lock-nobody-holds.html" */
    const char *title;       /* as text */
    const char *description; /* as text */
    const char *picture;     /* of Open Graph, below the base; NULL: none */
    bool article;            /* what a lab's page is, for search engines */
    bool translated;         /* it is there in the other languages, too */
};

/* Opens the file, up to <main>. Dies where it cannot be written. */
FILE *frame_begin(const struct site *site, const struct frame *frame,
                  struct fresh_file *file);

/* From </main> on; closes it. */
void frame_end(struct fresh_file *file);

/* An address on the site, as the base has it; "" without a base. Caller frees.
 */
char *frame_address(const struct site *site, const char *name);

/* The same in that language; NULL: English. */
char *frame_address_in(const struct site *site, const char *language,
                       const char *name);

/* Opens a file below the site, and closes it. Dies where it cannot be written.
 */
FILE *site_open(const struct site *site, const char *name,
                struct fresh_file *file);
void site_close(struct fresh_file *file);

/* Writes text, escaped for HTML, with `code` as code. */
void write_text(FILE *stream, const char *text);

#endif

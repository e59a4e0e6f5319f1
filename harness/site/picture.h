/* SPDX-License-Identifier: MIT
 *
 * picture: a trace as SVG, and the same as sentences for those who do not see
 * it. Both are drawn from one value, so that neither says more than the other.
 */
#ifndef FORKLAB_PICTURE_H
#define FORKLAB_PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include "site/trace.h"

/* In a page: its colours are the page's. */
void picture_write(FILE *stream, const struct trace *trace, const char *title);

/* Is there a lock in it that somebody holds, or that nobody can unlock? */
bool picture_has_locks(const struct trace *trace);

/* The verdict of the run, and why; "good" or "bad" is its class. */
void picture_verdict(FILE *stream, const struct trace *trace,
                     const char *class);

/* An ordered list, a moment each. */
void picture_tell(FILE *stream, const struct trace *trace);

/* A file of its own, in colours of its own, of 1200 by 630 at most: for what
 * shows a link. */
void picture_alone(FILE *stream, const struct trace *trace, const char *title);

#endif

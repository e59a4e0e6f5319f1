/* SPDX-License-Identifier: MIT
 *
 * svg: the start, the end and the texts of a picture, as
 * https://www.w3.org/TR/SVG11/ has them. What is between is written to the
 * stream by the one who draws.
 */
#ifndef FORKLAB_SVG_H
#define FORKLAB_SVG_H

#include <stdbool.h>
#include <stdio.h>

/* Opens path for a picture of that size in pixels, on a white ground. NULL with
 * errno if it cannot be written. */
FILE *svg_begin(const char *path, int width, int height, const char *title);

/* Text whose line starts ("start"), ends ("end") or has its middle ("middle")
 * at x and y. */
void svg_text(FILE *svg, double x, double y, const char *anchor,
              const char *text);

/* Ends and closes it; false with errno if not all of it could be written. */
bool svg_end(FILE *svg);

#endif

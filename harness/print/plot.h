/* SPDX-License-Identifier: MIT
 *
 * plot: what a lab measures, as a table for its page and as a picture.
 *
 * A lab whose header has
 *
 *      * Plot:    us at MiB
 *
 * says its measurements on stderr, one line each, as
 *
 *      parent: fork, 4 KiB pages: 356 us at 4 MiB
 *
 * who measured, the curve, and a point of it: the number and the unit of each
 * axis, the upright one first. So they can be read without a runner. They are
 * talk: never evidence, and no part of a verdict.
 */
#ifndef FORKLAB_PLOT_H
#define FORKLAB_PLOT_H

#include <stdbool.h>

#include "report/report.h"

/* Is "UNIT at UNIT" what stands behind Plot:? */
bool plot_declared(const char *text);

/* Takes the measurements among the report's records into report->plot, and
 * marks those records. A measurement is a record of its own. */
void plot_read(struct report *report, const char *declared);

/* Draws report->plot to path, both axes linear and from 0. False with errno if
 * the file cannot be written. */
bool plot_draw(const struct report *report, const char *path);

/* The lines of a table, a row for each curve and a column for each place on
 * the level axis, at most `width` wide: columns that do not fit are left out.
 * The name of the picture stands above the names of the curves. The caller
 * calls strings_free(). */
struct strings plot_table(const struct plot *plot, int width);

void plot_free(struct plot *plot);

#endif

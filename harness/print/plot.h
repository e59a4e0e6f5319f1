/* SPDX-License-Identifier: MIT
 *
 * plot: what a lab measures, as a table for its page and as a picture.
 *
 * What a lab says of its measurements, and how that is read, is in
 * report/measured.h.
 */
#ifndef FORKLAB_PLOT_H
#define FORKLAB_PLOT_H

#include <stdbool.h>

#include "report/report.h"

/* Draws report->plot to path, both axes linear and from 0. False with errno if
 * the file cannot be written. */
bool plot_draw(const struct report *report, const char *path);

/* The lines of a table, a row for each curve and a column for each place on
 * the level axis, at most `width` wide: columns that do not fit are left out.
 * The name of the picture stands above the names of the curves. The caller
 * calls strings_free(). */
struct strings plot_table(const struct plot *plot, int width);

#endif

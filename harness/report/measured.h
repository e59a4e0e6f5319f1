/* SPDX-License-Identifier: MIT
 *
 * measured: what a lab has measured, read from what it says on stderr.
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
 * axis, y first, then x. So they can be read without a runner. They are talk:
 * never evidence, and no part of a verdict.
 */
#ifndef FORKLAB_MEASURED_H
#define FORKLAB_MEASURED_H

#include <stdbool.h>

#include "report/report.h"

/* Is the text "UNIT at UNIT", as it stands after Plot:? */
bool plot_declared(const char *text);

/* Reads the measurements among the report's records into report->plot, and
 * marks those records as measured. A measurement is a record of its own.
 * `declared` is what stands after Plot:; NULL: nothing is measured. */
void plot_read(struct report *report, const char *declared);

/* Frees what a plot owns and leaves an empty one. */
void plot_free(struct plot *plot);

#endif

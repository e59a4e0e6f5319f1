/* SPDX-License-Identifier: MIT
 *
 * judge: compares what was seen with what the lab's header says.
 *
 * The facts of a run are its evidence (lines on stdout) and its findings (what
 * the runner saw from outside). They must match the header's Hazard: or Safe:
 * list completely, each with its count, in any order. Anything else is broken.
 */
#ifndef FORKLAB_JUDGE_H
#define FORKLAB_JUDGE_H

#include "oracle/labs.h"
#include "report/report.h"

/* Sets report->outcome, ->nearest, ->missing and ->unexpected; the counts
 * of missing and unexpected say how many too few or too many. An outcome that
 * is already OUTCOME_SKIP stays; without a lab it is OUTCOME_NONE. The lists
 * are those of the C library that the program ran with (report->machine.libc);
 * where that has cured the hazard, ->cured is true, and only Safe: can be met.
 *
 * A run that the deadline ended is broken whatever it showed, and so is one
 * whose output did not fit: ->reason then says so (unless it is taken). */
void judge(struct report *report, const struct lab *lab);

#endif

/* SPDX-License-Identifier: MIT
 *
 * likely: the likely reason why an attempt is broken, in a sentence or two.
 *
 * A pure function of a report that was judged: the verdict first, then what
 * differs from Safe:, by the kind of the finding. It is advice, no evidence.
 */
#ifndef FORKLAB_LIKELY_H
#define FORKLAB_LIKELY_H

#include "oracle/labs.h"
#include "report/report.h"

/* For a report whose outcome is OUTCOME_BROKEN. Never NULL; the caller frees
 * it. */
char *likely_broken(const struct report *report, const struct lab *lab);

/* May a process have crashed that nobody saw? Then it was to exit, and was not
 * there at any look. */
bool likely_unseen(const struct report *report);

/* The first process that such a signal ended although Safe: does not say so;
 * NULL if there is none. */
const struct process_report *likely_crashed(const struct report *report);

#endif

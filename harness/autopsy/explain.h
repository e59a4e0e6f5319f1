/* SPDX-License-Identifier: MIT
 *
 * explain: what each thread of a snapshot waits for, in terms of the program's
 * source, and which thread is the root cause of a hang. The header to read
 * first in this directory.
 *
 * Everything here is explanation: stacks, locks, owners, one sentence for each
 * thread. No proof depends on it: proof/ does not include this directory.
 */
#ifndef FORKLAB_EXPLAIN_H
#define FORKLAB_EXPLAIN_H

#include "proof/verdict.h"
#include "report/report.h"

/* Adds to the report what every thread waits for: fills the threads of the
 * report's processes (which exist already, with their roles) and report->why.
 * The processes of the snapshot must still be there: their stacks and locks are
 * read now. What cannot be read stays NULL or 0. */
void autopsy_explain(const struct snapshot *shot,
                     const struct diagnosis *diagnosis, struct report *report);

#endif

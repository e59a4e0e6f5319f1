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

#include "labs.h"
#include "report.h"

/* Derives report->findings from the processes, in words of the vocabulary
 * below. Call it once, when the run is over.
 *
 *   [role] exit N                 every process; exit 0 of the first goes
 *                                 without saying
 *   [role] killed by SIGX         every process
 *   [role] hang in FUNCTION       stuck, and not only because another one is;
 *                                 ", owner vanished" (self, dead) is added
 *                                 where the lock says who holds it
 *   [role] idle in FUNCTION       waits for a client who will not come
 *   [role] zombie child           one for each child nobody has waited for
 *   [role] socket CLOSE_WAIT      one for each
 *   [role] descriptor leaked      open behind exec, beyond 0, 1 and 2
 *   [role] left behind            alive when the first process had ended,
 *                                 and not stuck
 *   [role] deadline               neither ended nor proved stuck
 */
void judge_findings(struct report *report);

/* Sets report->outcome, ->missing and ->unexpected. An outcome that is already
 * OUTCOME_SKIP stays. */
void judge(struct report *report, const struct lab *lab);

/* NULL if `finding` (with its "[role] ") is made of words of the vocabulary,
 * else what is wrong with it (static). lab_read() refuses such a header. */
const char *finding_error(const char *finding);

#endif

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

/* Derives report->findings from the processes, in words of the vocabulary
 * below. Call it once, when the run is over.
 *
 * The role of a finding is the process's. It is the thread's own name where a
 * thread that is not its process's first one has taken a name.
 *
 *   [role] exit N                 every process; exit 0 of the first goes
 *                                 without saying
 *   [role] killed by SIGX         every process; "signal 99" has no name
 *   [role] hang in FUNCTION       stuck, and not only because another one is;
 *                                 ", owner vanished" (self, forker, dead) is
 *                                 added where the lock says who holds it
 *   [role] idle in FUNCTION       waits for a client who will not come
 *   [role] zombie child           one for each child that its parent, which is
 *                                 among the processes, has not waited for
 *   [role] left behind            alive when the first process had ended,
 *                                 and not stuck
 *   [role] deadline               neither ended nor proved stuck
 *   [role] gone                   ended without exit_group(2), hence by a
 *                                 signal (or its last thread left by exit(2)),
 *                                 and the kernel does not say by which; no
 *                                 header may expect these two: no evidence
 *
 * and, from process->extra (with the role before it) and report->extra (as it
 * is):
 *
 *   [role] socket CLOSE_WAIT      one for each; or another state of TCP
 *   [role] descriptor leaked      open behind exec, beyond 0, 1 and 2
 *   [role] connection of A and B  one for each connection of a server: who
 *                                 asked on it; "connection of A" as it should
 *
 * A FUNCTION that nobody knows is "?", which no header may expect either.
 */
void judge_findings(struct report *report);

/* True if the thread goes by a name of its own, not by its process's role. */
bool thread_has_own_name(const struct report *report,
                         const struct process_report *process,
                         const struct thread_report *thread);

/* Sets report->outcome, ->nearest, ->missing and ->unexpected; in missing and
 * unexpected a count above 1 stands in front, as in a header. An outcome that
 * is already OUTCOME_SKIP stays; without a lab it is OUTCOME_NONE. The lists
 * are those of the C library that the program ran with (report->machine.libc);
 * where that has cured the hazard, ->cured is true, and only Safe: can be met.
 *
 * A run that the deadline ended is broken whatever it showed, and so is one
 * whose output did not fit: ->reason then says so (unless it is taken). */
void judge(struct report *report, const struct lab *lab);

/* NULL if `finding` (with its "[role] ") is made of words of the vocabulary,
 * else what is wrong with it (static). lab_read() refuses such a header. */
const char *finding_error(const char *finding);

/* The vocabulary, for whoever prints it: word number `index` with what follows
 * it ("hang in FUNCTION[, owner WHO]"), and its meaning in one line. False
 * behind the last. */
bool finding_word(size_t index, const char **form, const char **meaning);

#endif

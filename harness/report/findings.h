/* SPDX-License-Identifier: MIT
 *
 * findings: what the runner saw of a run from outside, as the facts that a
 * lab's header can ask for: "[child] exit 42".
 */
#ifndef FORKLAB_FINDINGS_H
#define FORKLAB_FINDINGS_H

#include <stdbool.h>

#include "report/report.h"

/* Fills report->findings from the processes. Call it when the run is over; a
 * second call starts again.
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
 *   [role] descriptor leaked      open after exec, beyond 0, 1 and 2
 *   [role] connection of A and B  one for each connection of a server: who
 *                                 asked on it; "connection of A" as it should
 *
 * A FUNCTION that nobody knows is "?", which no header may expect either.
 */
void report_findings(struct report *report);

/* True if the thread goes by a name of its own, not by its process's role. */
bool thread_has_own_name(const struct report *report,
                         const struct process_report *process,
                         const struct thread_report *thread);

/* The owners that a finding names: "vanished", "self", "forker", "dead"; NULL
 * for all others: in a cycle of waits the numbers of its threads say more than
 * words do. Static. */
const char *finding_owner(enum owner_is owner);

/* Did a time limit end this run? A process that was only looked at had none. */
bool report_ended_by_deadline(const struct report *report);

#endif

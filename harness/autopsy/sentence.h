/* SPDX-License-Identifier: MIT
 *
 * sentence: why a thread makes no progress, in one sentence for a student.
 */
#ifndef FORKLAB_SENTENCE_H
#define FORKLAB_SENTENCE_H

#include "proof/verdict.h"
#include "report/report.h"

/* The sentence for thread `index` of the snapshot, whose report is complete but
 * for `why`: "child waits for the mutex lock, locked by ...", without a full
 * stop. NULL where there is nothing to say. The caller frees it. */
char *sentence_why(const struct snapshot *shot,
                   const struct diagnosis *diagnosis,
                   const struct report *report, size_t index,
                   const struct thread_report *thread);

#endif

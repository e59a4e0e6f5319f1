/* SPDX-License-Identifier: MIT
 *
 * sentence: why a thread does not go on, in one sentence for a student.
 */
#ifndef FORKLAB_SENTENCE_H
#define FORKLAB_SENTENCE_H

#include "proof/verdict.h"
#include "report/report.h"

/* The sentence for a thread of the snapshot, whose report has all but `why`:
 * "child waits for the mutex lock, locked by ...", with no full stop. NULL
 * where there is nothing to say. The caller frees it. */
char *sentence_why(const struct snapshot *shot,
                   const struct diagnosis *diagnosis,
                   const struct report *report, size_t index,
                   const struct thread_report *thread);

#endif

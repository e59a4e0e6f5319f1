/* SPDX-License-Identifier: MIT
 *
 * explainer: see explainer.h.
 */
#define _GNU_SOURCE
#include "autopsy/explainer.h"

#include "proof/snapshot.h"
#include "report/report.h"

struct thread_report *thread_report_of(const struct explainer *x, size_t index)
{
    const struct thread_shot *shot = &x->shot->thread[index];
    struct process_report *process =
        report_process(x->report, x->shot->process[shot->process].pid);
    size_t same = index - x->shot->process[shot->process].first_thread;

    if (process != NULL && same < process->thread_count &&
        process->threads[same].tid == shot->tid)
        return &process->threads[same]; /* nearly always */
    for (size_t i = 0; process != NULL && i < process->thread_count; i++)
        if (process->threads[i].tid == shot->tid)
            return &process->threads[i];
    return NULL;
}

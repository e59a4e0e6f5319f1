/* SPDX-License-Identifier: MIT
 *
 * threads: the threads of processes that we did not start, each with what it
 * waits for and its stack; many with the same stack are one entry.
 */
#ifndef FORKLAB_THREADS_H
#define FORKLAB_THREADS_H

#include "print/sheet.h"
#include "report/report.h"

/* Adds them to the page, in at most so many lines: the likely causes first,
 * then those that are alone in their place. Of the thread `told` the page has
 * told already what it waits for. */
void threads_add(struct sheet *page, const struct report *report,
                 const struct thread_report *told, size_t most);

#endif

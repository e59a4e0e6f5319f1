/* SPDX-License-Identifier: MIT
 *
 * timeline: what happened, in the order in which it happened, with a column for
 * each process or thread; see print_page() in printers.h.
 */
#ifndef FORKLAB_TIMELINE_H
#define FORKLAB_TIMELINE_H

#include "print/sheet.h"

/* Adds the timeline to the page, in at most `room` lines. */
void timeline_add(struct sheet *page, const struct report *report, size_t room);

#endif

/* SPDX-License-Identifier: MIT
 *
 * hold: after the verdict, what is left of the program is not ended at once, so
 * that somebody can look into it by other means. Nothing that happens then
 * changes the verdict.
 */
#ifndef FORKLAB_HOLD_H
#define FORKLAB_HOLD_H

#include <stdbool.h>

#include "report/report.h"

struct hold {
    double seconds; /* at most */
    /* Called once; report->processes are all there, by their pid here. */
    void (*begin)(const struct report *report, double seconds);
    bool (*over)(void); /* called now and then: is it enough? */
};

#endif

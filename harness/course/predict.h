/* SPDX-License-Identifier: MIT
 *
 * predict: PREDICT=1. Somebody at a terminal says what a lab will do before it
 * runs; afterwards they are told whether it was so.
 */
#ifndef FORKLAB_PREDICT_H
#define FORKLAB_PREDICT_H

#include <stdio.h>

#include "oracle/labs.h"
#include "report/report.h"

/* What a run does, in the words of the question. */
enum happening {
    HAPPENS_NOTHING, /* no prediction */
    HAPPENS_RIGHT,
    HAPPENS_WRONG,
    HAPPENS_HANG,
    HAPPENS_LEFT,
    HAPPENS_COST,
};

/* Asks on stream and reads stdin. HAPPENS_NOTHING where PREDICT is not on,
 * nobody is at the terminal, or no answer was given. */
enum happening predict_ask(FILE *stream, const struct lab *lab);

/* What the report shows: a lab's hazard is what its header declares. */
enum happening predict_seen(const struct report *report, const struct lab *lab);

/* Says whether it was so, and notes it in attempts/.predictions. */
void predict_tell(FILE *stream, const char *root, const struct lab *lab,
                  enum happening said, enum happening seen);

#endif

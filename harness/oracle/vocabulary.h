/* SPDX-License-Identifier: MIT
 *
 * vocabulary: reads a finding of a lab's header. Its words (exit, killed by,
 * hang in ...) are those of report/fact.h; what each of them means for a run is
 * in report/findings.h.
 */
#ifndef FORKLAB_VOCABULARY_H
#define FORKLAB_VOCABULARY_H

#include "report/fact.h"

/* Reads "[role] word operand" into the kind, role, operand and text of fact,
 * which the caller frees by fact_free(). Returns NULL, or what is wrong with
 * the text (static), and then fact is as it was. lab_read() refuses a header
 * with such a text. */
const char *finding_read(const char *text, struct fact *fact);

#endif

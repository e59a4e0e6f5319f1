/* SPDX-License-Identifier: MIT
 *
 * vocabulary: the words that a finding in a lab's header is made of: exit,
 * killed by, hang in ... What each of them means for a run is in
 * report/findings.h.
 */
#ifndef FORKLAB_VOCABULARY_H
#define FORKLAB_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

/* NULL if `finding` (with its "[role] ") is made of words of the vocabulary,
 * else what is wrong with it (static). lab_read() refuses such a header. */
const char *finding_error(const char *finding);

/* The vocabulary, for whoever prints it: word number `index` with what follows
 * it ("hang in FUNCTION[, owner WHO]"), and its meaning in one line. False
 * behind the last. */
bool finding_word(size_t index, const char **form, const char **meaning);

#endif

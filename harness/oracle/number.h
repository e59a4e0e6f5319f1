/* SPDX-License-Identifier: MIT
 *
 * number: the number of a run, {n} in a header's facts.
 *
 * A line that is the same in every run can be typed. So the runner chooses a
 * number anew for each run and hands it to the program, in FORKLAB_N; what the
 * program prints must follow from it. A bare run has the value of the header's
 * Number: line instead, a number or a word.
 *
 *   {n}                      the number
 *   {n+7} {n-7} {3*n} {3*n-7} {n*n}   what follows from it, in decimal
 *   {}                       any number: what it is does not matter
 */
#ifndef FORKLAB_NUMBER_H
#define FORKLAB_NUMBER_H

#include <stdbool.h>

#include "report/fact.h"

/* The variable that hands it to the program. */
#define NUMBER_VARIABLE "FORKLAB_N"

/* What is wrong with the braces of a line, NULL: nothing. Static. */
const char *number_error(const char *text);

/* Does it have {n} in one of its forms? */
bool number_is_in(const char *text);

/* The text with the number in the place of its braces, but for {}. The caller
 * frees it. */
char *number_fill(const char *text, const char *n);

/* A copy of the list, each line filled. */
void number_fill_facts(const struct facts *list, const char *n,
                       struct facts *filled);

/* Is the line what the pattern says, with a number for each {} of it? */
bool number_matches(const char *pattern, const char *line);

/* Is it a line of the list as it is in a bare run, which this is not? Then it
 * was typed, or the program lost its number. */
bool number_is_bare(const struct facts *list, const char *bare, const char *n,
                    const char *line);

/* Another number for each call, as long as the bare value (at least two
 * digits), and never that. A word's has a digit for each of its letters. The
 * caller frees it. */
char *number_choose(const char *bare);

#endif

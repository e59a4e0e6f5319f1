/* SPDX-License-Identifier: MIT
 *
 * base: a deadline that fits a lab.
 *
 * An attempt that never ends costs its whole deadline. What a lab takes at all
 * is measured: its solution was graded before, on the same machine, into
 * BASE/NN/results.json. A fitted deadline only ends a run earlier. It is never
 * evidence: what it ends is STILL RUNNING or NO PROGRESS as with a longer one.
 */
#ifndef FORKLAB_BASE_H
#define FORKLAB_BASE_H

#define BASE_FACTOR 20   /* so many times what the solution took */
#define BASE_LEAST_S 3.0 /* ... but so many seconds at least */

/* The deadline in seconds for that lab: `longest_s`, or less where the base
 * directory (NULL: there is none) has a passed solution of it. */
double base_deadline(const char *directory, int lab, double longest_s);

#endif

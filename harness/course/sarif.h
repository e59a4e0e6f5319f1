/* SPDX-License-Identifier: MIT
 *
 * sarif: findings in attempts as SARIF 2.1.0 (OASIS Static Analysis Results
 * Interchange Format), which code hosts and editors show at the line; and
 * Autolab's line of scores.
 *
 * A rule is a lab, a result an attempt that is not safe, or is to be looked at.
 * What could not be checked is a notification, and the invocation has failed.
 */
#ifndef FORKLAB_SARIF_H
#define FORKLAB_SARIF_H

#include <stdbool.h>
#include <stdio.h>

#include "course/marks.h"

/* Writes one log with one run. False if it could not be written (errno tells).
 */
bool sarif_write(FILE *stream, const struct grades *grades);

/* Writes {"scores": {"lab-31": 1, ...}} on one line, which Autolab reads as the
 * last of an autograder's output. A lab that this machine skips is left out.
 */
bool autolab_write(FILE *stream, const struct grades *grades);

#endif

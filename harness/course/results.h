/* SPDX-License-Identifier: MIT
 *
 * results: the grades of one student in the formats of those who read them.
 *
 *     results.json    Gradescope: autograder_samples, docs/specs.md
 *     junit.xml       JUnit, as bats and CI servers write and read it
 *     results.tap     TAP 13, with the diagnostics that TAP 14 describes
 *     classroom.json  GitHub Classroom: autograding-grading-reporter
 *     exercism.json   Exercism: test runner interface, version 3
 *
 * What a program wrote stands in them as data only: quoted, cut, and without
 * what the format cannot hold.
 */
#ifndef FORKLAB_RESULTS_H
#define FORKLAB_RESULTS_H

#include "course/marks.h"

/* The names of the files, ended by NULL. */
extern const char *const results_files[];

/* Writes all of them into the directory, each one whole or not at all: a new
 * file takes the old one's place (rename(2)). Returns NULL, or why not, which
 * the caller frees. */
char *results_write(const char *directory, const struct grades *grades);

#endif

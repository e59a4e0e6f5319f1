/* SPDX-License-Identifier: MIT
 *
 * environment: what a graded program may inherit of whoever grades it.
 *
 * A grader often runs where secrets are in the environment: tokens of a CI
 * service, passwords, names of hosts. All that it starts inherits the
 * environment, and may read the grader's own in /proc/PID/environ. So grading
 * begins by forgetting it, but for a short list that compiling and running
 * need. It never touches files.
 */
#ifndef FORKLAB_ENVIRONMENT_H
#define FORKLAB_ENVIRONMENT_H

/* Leaves PATH, the language, TMPDIR, the compilers' names, FORKLAB_CAGE and the
 * tests' mark in this process's environment, and in its /proc/PID/environ. What
 * getenv(3) has returned before is no longer valid. Call it while there is one
 * thread. */
void environment_clean(void);

/* Empties /proc/PID/cmdline of this process, too, and so of each that is forked
 * from it. No string of main()'s argv may be used afterwards. */
void environment_hide_arguments(void);

#endif

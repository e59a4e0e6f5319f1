/* SPDX-License-Identifier: MIT
 *
 * command/student: the commands around the exercise: where to begin, the cure
 * and what it changes, a lab as it was, a demonstration, what is handed in.
 */
#ifndef FORKLAB_COMMAND_STUDENT_H
#define FORKLAB_COMMAND_STUDENT_H

#include "call.h"

int command_bug_report(const struct call *call);
int command_demo(const struct call *call);
int command_diff(const struct call *call);
int command_handin(const struct call *call);
int command_restore(const struct call *call);
int command_start(const struct call *call);

#endif

/* SPDX-License-Identifier: MIT
 *
 * command/course: the commands for students and teachers, and those that print
 * the manual.
 */
#ifndef FORKLAB_COMMAND_COURSE_H
#define FORKLAB_COMMAND_COURSE_H

#include "call.h"

int command_check(const struct call *call);
int command_class(const struct call *call);
int command_script(const struct call *call);
int command_completion(const struct call *call);
int command_doctor(const struct call *call);
int command_explain(const struct call *call);
int command_grade(const struct call *call);
int command_hint(const struct call *call);
int command_list(const struct call *call);
int command_manual(const struct call *call);
int command_reset(const struct call *call);
int command_students(const struct call *call);
int command_try(const struct call *call);
int command_watch(const struct call *call);
int command_why(const struct call *call);

/* The lab that the one argument names; ends forklab if there is not just one.
 */
const struct lab *command_one_lab(const struct call *call);

#endif

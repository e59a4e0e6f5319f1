/* SPDX-License-Identifier: MIT
 *
 * commands: the table of forklab's commands and the table of their options.
 * Parsing, --help, the manual pages, completion and dispatch all read these two
 * tables; nothing else lists commands or options. To add a command: one line in
 * commands.c, one function in command/run.c (programs are run or looked at),
 * command/make.c (what the Makefile asks) or command/course.c (the rest).
 */
#ifndef FORKLAB_COMMANDS_H
#define FORKLAB_COMMANDS_H

#include "call.h"

extern const struct command_table command_table;

/* Parses argv, which begins with the name of a command, runs that command and
 * returns the exit status. */
int command_main(int argc, char **argv);

#endif

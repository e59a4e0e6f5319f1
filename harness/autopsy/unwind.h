/* SPDX-License-Identifier: MIT
 *
 * unwind: where a blocked thread is, in the words of its source.
 *
 * Stacks, functions, file:line and names of variables by elfutils' libdw,
 * without attaching: a blocked thread's SP and PC stand in /proc/TID/syscall,
 * its memory is read from outside. Nothing disturbs the program.
 *
 * All of it is explanation. No proof rests on it.
 */
#ifndef FORKLAB_UNWIND_H
#define FORKLAB_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "report/report.h"

/* One process, opened for questions: a libdw session. */
struct stack;

/* Gets ready for the first stack_open(), in a moment when nobody waits for us:
 * libdw takes 0.4 ms to load. */
void stack_prepare(void);

/* Opens the process. Returns NULL where /proc does not let us (no permission,
 * or the process has ended). Reads no debug files of system libraries: they
 * cost 60 ms and only explain the inside of libc. */
struct stack *stack_open(pid_t pid);
void stack_close(struct stack *stack);

/* Unwinds one blocked thread of the process from its stack and program counter
 * (the last two fields of /proc/TID/syscall). Innermost frame first. Returns
 * how many frames; the caller owns *frames and their strings. 0 where the
 * memory cannot be read; never fails otherwise (an unknown function is a frame
 * with function == NULL).
 *
 * Of several names for one address the one that a programmer writes is taken:
 * pthread_mutex_lock, not ___pthread_mutex_lock. */
size_t stack_frames(struct stack *stack, pid_t tid, unsigned long sp,
                    unsigned long pc, struct frame **frames);
/* The same for a thread that is stopped by ptrace(2), so that its frame pointer
 * is known, too. */
size_t stack_frames_from(struct stack *stack, pid_t tid, unsigned long sp,
                         unsigned long pc, unsigned long fp,
                         struct frame **frames);
void frames_free(struct frame *frames, size_t count);

/* The name of the variable at that address, with its member path: "lock",
 * "pool.lock", "forks[2]". Local variables of the frames of a thread are found
 * when frames were unwound before. *type gets the name of its type
 * ("pthread_mutex_t") or NULL. Returns NULL where nothing is known; the caller
 * frees both. */
char *stack_variable(struct stack *stack, unsigned long address, char **type);

/* The frame that a student should look at: the innermost one of the program's
 * own code. Returns NULL if there is none. *library is the outermost library
 * function above it (what the program called: "pthread_mutex_lock",
 * "localtime_r"), or NULL. */
const struct frame *stack_program_frame(const struct frame *frames,
                                        size_t count, const char **library);

#endif

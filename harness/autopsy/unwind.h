/* SPDX-License-Identifier: MIT
 *
 * unwind: the call stack of a blocked thread, with functions and source lines.
 *
 * elfutils' libdw finds stack frames, functions, file:line and the names of
 * variables, without attaching to the process: /proc/TID/syscall gives the
 * stack pointer (SP) and program counter (PC) of a blocked thread, and its
 * memory is read from outside. The program is not stopped or changed.
 *
 * All of this is explanation. No proof depends on it.
 */
#ifndef FORKLAB_UNWIND_H
#define FORKLAB_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "report/report.h"

/* A process whose stacks are read: a libdw session. */
struct stack;
struct scripted;

/* Loads libdw, which takes 0.4 ms, ahead of the first stack_open(): to be
 * called when nothing else is to be done. */
void stack_prepare(void);

/* Opens the process. Returns NULL where its memory map cannot be read (no
 * permission, or the process has ended) or libdw is not installed. Reads no
 * debug files of system libraries: they take 60 ms and explain only the inside
 * of the C library. The caller calls stack_close(). */
struct stack *stack_open(pid_t pid);
void stack_close(struct stack *stack);

/* Unwinds one blocked thread of the process from its stack and program counter
 * (the last two fields of /proc/TID/syscall). Returns the number of frames, the
 * innermost one first; 0 where the memory cannot be read. A frame with an
 * unknown function has function == NULL. The caller frees *frames with
 * frames_free().
 *
 * Of several names for one address it takes the one that a programmer writes:
 * pthread_mutex_lock, not ___pthread_mutex_lock. */
size_t stack_frames(struct stack *stack, pid_t tid, unsigned long sp,
                    unsigned long pc, struct frame **frames);
/* The same for a thread that ptrace(2) has stopped: its frame pointer is known,
 * too. */
size_t stack_frames_from(struct stack *stack, pid_t tid, unsigned long sp,
                         unsigned long pc, unsigned long fp,
                         struct frame **frames);
void frames_free(struct frame *frames, size_t count);

/* The name of the variable at that address, with its member path: "lock",
 * "pool.lock", "forks[2]". A local variable is found only after stack_frames()
 * has unwound the thread that it belongs to. *type gets the name of its type
 * ("pthread_mutex_t") or NULL. Returns NULL where nothing is known. The caller
 * frees both. */
char *stack_variable(struct stack *stack, unsigned long address, char **type);

/* A thread in the script that its interpreter runs, see script.h. *language is
 * static: "Python"; NULL where there is none. */
size_t stack_script(struct stack *stack, const struct scripted *thread,
                    struct frame **frames, const char **language);

/* Does the thread wait for a lock of the script's language? See script.h. */
struct awaited;
bool stack_awaits(struct stack *stack, const struct scripted *thread,
                  struct awaited *awaited);

/* The frame to show first: the innermost one in the program's own code, or NULL
 * if there is none. *library gets the library function that this frame has
 * called ("pthread_mutex_lock", "localtime_r"), or NULL. Both are part of
 * `frames`. */
const struct frame *stack_program_frame(const struct frame *frames,
                                        size_t count, const char **library);

#endif

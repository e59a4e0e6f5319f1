/* SPDX-License-Identifier: MIT
 *
 * trace: the two questions that /proc does not answer, by ptrace(2): where a
 * running thread is, and where a program crashes.
 *
 * It disturbs what it looks at. So the first is asked only after the verdict,
 * and the second only in a run of its own, whose verdict counts for nothing.
 */
#ifndef FORKLAB_TRACE_H
#define FORKLAB_TRACE_H

#include "report/report.h"
#include "proof/snapshot.h"

/* Looks a few times, within about 20 ms, at each thread that was running in the
 * snapshot, and notes in the report in which function of the program, and
 * where, it runs round and round (thread_report: spins, function, file, line,
 * why). What cannot be known stays as it is. */
void trace_running(const struct snapshot *shot, struct report *report);

/* The stack of one thread that runs, of a process that we did not start: it is
 * stopped for some microseconds. Not if it has entered a system call meanwhile,
 * which the stop might end (signal(7)), or has a tracer. Returns the number of
 * frames, 0 on any failure; the caller frees them with frames_free(). */
struct stack;
struct frame;
size_t trace_frames(struct stack *stack, pid_t pid, pid_t tid,
                    struct frame **frames);

/* The place of a crash. */
struct crash {
    pid_t pid;  /* of the process, as the runner sees it */
    int signal; /* that ended it; 0: there was no crash */
    int line;   /* 0: unknown */
    bool null;  /* it touched address 0, or near to it */
    char role[ROLE_SIZE];
    char function[128]; /* of the program; "" unknown */
    char library[128];  /* what that had called, or "" */
    char file[512];     /* "" unknown */
};

/* Follows a process that has not begun, with all that it will make, until the
 * first of them dies of a crash (see signal_is_crash). The tracer is a child of
 * ours; all that it follows dies with it. Returns the descriptor that one
 * struct crash can be read from, or -1: not allowed here. *tracer gets its pid.
 */
int trace_crashes(pid_t first, pid_t *tracer);

/* Ends the tracer, and closes fd. Nothing for a tracer of 0. */
void trace_end(pid_t tracer, int fd);

#endif

/* SPDX-License-Identifier: MIT
 *
 * awake: whether the runner waits awake for the next call.
 *
 * A program that forks all day has each end of a process heard. Is the runner
 * asleep, then the kernel wakes it on the processor of the one that calls, and
 * the program's processes are driven to another one: fork(2) takes three times
 * as long there, with all caches cold. A runner that stays awake, on a
 * processor that would be idle, is not in the way. Where no processor would be
 * idle, it is: so both are tried while many calls come, and that is kept with
 * which they come sooner.
 */
#ifndef FORKLAB_AWAKE_H
#define FORKLAB_AWAKE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct awake {
    bool never;      /* there is one processor only */
    bool on;         /* it waits awake now */
    int64_t began;   /* when the present lot of calls did, clock_now() */
    int64_t took[2]; /* how long the last lot took, asleep and awake; 0: none */
};

/* A call was heard, one of so many in a row, see pace.h; 0: the first of one.
 * Sets awake->on for the next. */
void awake_after_call(struct awake *awake, size_t calls, int64_t now);

/* poll(2) of these until one has news, awake. 0: not even at `end`, or soon
 * after the last call, which was heard then. */
int awake_poll(struct pollfd *fds, nfds_t count, int64_t called, int64_t end);

#endif

/* SPDX-License-Identifier: MIT
 *
 * clock: the time, in nanoseconds.
 */
#ifndef FORKLAB_CLOCK_H
#define FORKLAB_CLOCK_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC. All waiting is on this clock: the wall clock may be set
 * while a program runs. See clock_gettime(2). */
int64_t clock_now(void);

/* CLOCK_REALTIME, the clock of SO_TIMESTAMPNS: only to be compared with times
 * that the kernel has stamped. */
int64_t clock_wall(void);

/* The CPU time that we have used. */
int64_t clock_cpu(void);

/* So many nanoseconds, for calls that wait; none where it is negative. */
struct timespec clock_span(int64_t span);

#endif

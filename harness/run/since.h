/* SPDX-License-Identifier: MIT
 *
 * since: since when threads have been asleep. Looks tell it to a millisecond;
 * the kernel notes when each thread last ran, by the clock of the processor
 * where it did: se.exec_start in /proc/PID/task/TID/sched.
 */
#ifndef FORKLAB_SINCE_H
#define FORKLAB_SINCE_H

#include <stdbool.h>
#include <stdint.h>

#include "proof/snapshot.h"

/* When the last of the threads in a snapshot, or in the part of it, ran for the
 * last time: clock_now() time, to some 20 us; too late by as long as the
 * processor served interrupts or another machine since then. All of them must
 * be asleep. 0: it is not known, or there are so many that it would take long.
 */
int64_t since_last_ran(const struct snapshot *shot, const bool *part);

#endif

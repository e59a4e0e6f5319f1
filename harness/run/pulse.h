/* SPDX-License-Identifier: MIT
 *
 * pulse: is the thread that was alive at the last look still alive? One small
 * file that stays open, /proc/PID/task/TID/syscall, instead of a look at all
 * threads. It never decides that anything hangs: where it does not beat, the
 * whole tree is looked at.
 */
#ifndef FORKLAB_PULSE_H
#define FORKLAB_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "proof/snapshot.h"

struct pulse {
    int file; /* 0: there is none */
    char text[256];
};

/* Takes the pulse of one thread of a snapshot. There is none if what it does
 * now is not what the snapshot shows: it may have gone to sleep for good. */
void pulse_take(struct pulse *pulse, const struct snapshot *shot, size_t who);

/* Does it run, or is it in the same call as when the pulse was taken? *runs
 * tells which. */
bool pulse_is_alive(const struct pulse *pulse, bool *runs);

/* Closes the file. */
void pulse_drop(struct pulse *pulse);

#endif

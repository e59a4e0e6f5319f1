/* SPDX-License-Identifier: MIT
 *
 * targets: the processes that an autopsy is asked about.
 *
 * The numbers come from ps(1), top(1) or pgrep(1): some are threads, zombies,
 * kernel threads, or somebody else's, and any of them may end meanwhile. Each
 * of these is said in one sentence; none of it changes a verdict.
 */
#ifndef FORKLAB_TARGETS_H
#define FORKLAB_TARGETS_H

#include "run/family.h"
#include "report/report.h"
#include "proof/snapshot.h"

struct targets {
    struct pids pids; /* processes, each once, in the order given */
    struct strings notes;
};

/* Finds the process of each number; a thread's number stands for its process.
 * Returns NULL, or why one of them cannot be looked at (the caller frees it).
 * In either case the caller calls targets_free(). */
char *targets_find(struct targets *targets, const struct pids *numbers);

/* Which of them has ended, or is hidden, now that the snapshot was taken: one
 * sentence that the caller frees, or NULL if all can be told about. */
char *targets_missing(const struct targets *targets,
                      const struct snapshot *shot);

/* The path of a process's program (a link below /proc) and its name, without
 * the kernel's " (deleted)"; "" where there is none. The caller frees both. */
char *targets_exe(pid_t pid);
char *targets_program(pid_t pid);

/* The ends of zombies: hides those that the kernel tells as 0 to strangers. */
void targets_ends(struct snapshot *shot);

/* Marks the zombies of a family, and says of those asked for whose they are. */
void targets_zombies(struct targets *targets, const struct snapshot *shot,
                     struct family *family);

/* Why nothing moves, or what does, where the state of a thread tells it: it
 * runs, is stopped, or waits uninterruptibly. The caller frees it; NULL where
 * the autopsy knows better. */
char *targets_state(const struct snapshot *shot, const struct report *report);

void targets_free(struct targets *targets);

#endif

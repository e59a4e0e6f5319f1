/* SPDX-License-Identifier: MIT
 *
 * fatal: by which signal a process was ended, where the kernel does not say it.
 *
 * Before Linux 6.15 only the parent learns how its child ended, and if it reaps
 * the child at once, /proc has lost it. But every signal that a process sends
 * is heard before it arrives, and so is each exit_group(2): a process that has
 * left /proc without one was killed.
 */
#ifndef FORKLAB_FATAL_H
#define FORKLAB_FATAL_H

#include "cage/witness.h"
#include "run/family.h"

/* A signal that was heard (HEARD_KILL) is about to arrive: notes it for each
 * member that it reaches, and that neither catches nor ignores it now:
 * member->doom. */
void fatal_signal(struct family *family, const struct testimony *call);

/* It wants this signal, 0: none, when the thread that made it ends. */
void fatal_parent(struct member *member, int signal);

/* Of each member that has left /proc, and was not seen to end: how it did, as
 * far as the kernel tells, or as what was heard leaves no other way. */
void fatal_resolve_missing(struct family *family);

#endif

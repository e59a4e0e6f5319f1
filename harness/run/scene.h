/* SPDX-License-Identifier: MIT
 *
 * scene: what the processes hold at the end of a run.
 *
 * Looked at from outside, when the first process is about to end or the verdict
 * has come: sockets in CLOSE_WAIT, descriptors that came along over exec.
 */
#ifndef FORKLAB_SCENE_H
#define FORKLAB_SCENE_H

#include "run/family.h"
#include "proof/snapshot.h"

/* Notes for each process of the snapshot whether it is a zombie and what it
 * holds; those that are not in it keep what was noted before. A process that
 * executes another file than the first one has called exec; the snapshot gets
 * these files noted. */
void scene_look(struct family *family, struct snapshot *shot);

#endif

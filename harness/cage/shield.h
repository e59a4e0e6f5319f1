/* SPDX-License-Identifier: MIT
 *
 * shield: what of the machine the program in the cage must not change.
 *
 * Called by the keeper in its own mount namespace, after mounts_make(). The
 * program cannot take the shield away: an ordinary user has no capability to
 * unmount, and root's program is in a user namespace below the keeper's, where
 * these mounts are locked: mount_namespaces(7). Each part is best effort; it
 * needs mount_setattr(2), Linux 5.12.
 */
#ifndef FORKLAB_SHIELD_H
#define FORKLAB_SHIELD_H

#include <stdbool.h>

#include "cage/mounts.h"

/* Pseudoterminals of its own, none of ours; /sys is read-only. For root, the
 * settings of the machine in /proc are read-only as well, and of /dev it can
 * only open what belongs to no hardware. With `only_own`, all is read-only but
 * the run's directory, what mounts_make() has made anew, and /proc. Sets
 * mounts->own_terminals. */
void shield_make(struct mounts *mounts, const char *directory, bool only_own);

#endif

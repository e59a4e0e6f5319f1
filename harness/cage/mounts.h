/* SPDX-License-Identifier: MIT
 *
 * mounts: the file system as the program in the cage sees it.
 *
 * Called by the keeper in its own mount namespace: nobody else sees any of it,
 * and all of it vanishes with the namespace. See mount_namespaces(7).
 */
#ifndef FORKLAB_MOUNTS_H
#define FORKLAB_MOUNTS_H

#include <stdbool.h>

/* What came of it. No pointers: it is sent from process to process. */
struct mounts {
    bool fresh_tmp; /* what is made in /tmp and /var/tmp vanishes */
    bool over[2];   /* ... each of them lies below a tmpfs */
    char note[160]; /* why not, or what of them is hidden; "" where neither */
};

/* Makes /proc show the pids that the program knows, /dev/shm empty, and /tmp
 * and /var/tmp such that whatever is newly made there is gone afterwards; what
 * was there already stays the real thing. Where that are too many entries to
 * bring along, only those are visible that the command `argv`, its environment
 * and its current directory name. The run's `folder` cannot be renamed inside.
 * Returns 0, or errno of what cannot be done without. */
int mounts_make(struct mounts *mounts, const char *folder, char *const *argv);

/* For the caller alone: the folder is again where it was, and can be removed.
 */
void mounts_undo(const struct mounts *mounts, const char *folder);

#endif

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

/* Makes /proc show the pids that the program knows, /dev/shm empty, and /tmp
 * and /var/tmp such that whatever is newly made there is gone afterwards; what
 * was there already stays the real thing. Returns 0, or errno of what cannot be
 * done without. *fresh_tmp tells whether the part with /tmp worked. */
int mounts_make(bool *fresh_tmp);

#endif

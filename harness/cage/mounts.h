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
#include <sys/types.h>

/* What was mounted. Without pointers: the keeper sends it to the runner. */
struct mounts {
    bool fresh_tmp;     /* what is made in /tmp and /var/tmp vanishes */
    bool over[2];       /* /tmp, /var/tmp: it has a tmpfs over it */
    bool own_shm;       /* the same for /dev/shm */
    bool own_terminals; /* it can open none of ours: see shield.h */
    dev_t devices[3];   /* of these: only the program can reach them */
    size_t device_count;
    bool own_directory; /* the run's directory is in one of them */
    char note[160]; /* why not, or what of them is hidden; "" where neither */
};

struct mounts_spec {
    const char *directory; /* the run's */
    bool make_directory;   /* ... which is not made yet */
    char *const *argv;     /* the command */
    char *const *more_env; /* or NULL: NAME=VALUE strings, NULL at the end */
    const char *project;   /* or NULL: a path below what it belongs to */
    bool only_needed;      /* of /tmp and /var/tmp it needs what it names */
};

/* Mounts a /proc of the new PID namespace, an empty /dev/shm, and over /tmp and
 * /var/tmp a tmpfs each, into which their entries are bind-mounted: new files
 * vanish with it, old ones are the real ones. If there are too many entries, or
 * no others are wanted, only those are visible that the command, its
 * environment and its current directory name. The run's directory becomes a
 * mount point, which cannot be renamed. Returns 0, or errno if / or /proc
 * cannot be mounted, or the directory be made; what else fails is in
 * mounts->note. */
int mounts_make(struct mounts *mounts, const struct mounts_spec *spec);

/* Unmounts what lies over the run's directory, in the namespace of the caller,
 * so that the caller can remove it. */
void mounts_undo(const struct mounts *mounts, const char *directory);

#endif

/* SPDX-License-Identifier: MIT
 *
 * mapped: the files that a process has mapped into its memory.
 *
 * /proc/PID/maps, as proc(5) calls them, names each by its path as seen from
 * the reader's root. The process may have another root than the reader, another
 * set of mounts, or a file that has been deleted since.
 */
#ifndef FORKLAB_MAPPED_H
#define FORKLAB_MAPPED_H

#include <limits.h>
#include <sys/types.h>

/* The root directory of the process, as /proc/PID/maps begins its names: ""
 * where they begin with no more than "/", and where it cannot be read. `root`
 * holds PATH_MAX bytes. */
void mapped_root(pid_t pid, char *root);

/* The path of a mapped file as the process itself would write it: a part of
 * `name`, without the root of mapped_root(). */
const char *mapped_inside(const char *root, const char *name);

/* Opens a mapped file for reading: `name` and the range of addresses as one
 * line of /proc/PID/maps has them. An end of 0 is looked up there. Returns a
 * descriptor that the caller closes, or -1: it is no regular file, or cannot be
 * opened (a deleted one, if we are not root). */
int mapped_open(pid_t pid, const char *name, unsigned long start,
                unsigned long end);

#endif

/* SPDX-License-Identifier: MIT
 *
 * tar: regular files in memory, as an archive in the ustar format of POSIX. It
 * says nothing of who packed it: every file belongs to 0:0.
 */
#ifndef FORKLAB_TAR_H
#define FORKLAB_TAR_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* Adds one file. The name has at most 100 bytes; a longer one is refused with
 * ENAMETOOLONG. False with errno. */
bool tar_add(FILE *archive, const char *name, const void *data, size_t size,
             time_t modified);

/* The two empty blocks at the end. False with errno. */
bool tar_end(FILE *archive);

#endif

/* SPDX-License-Identifier: MIT
 *
 * names: which file a system call of the program means, as the runner sees it.
 *
 * The program may change the name, or a directory, while its call waits for our
 * answer: what is decided by a name holds for a program that does not work
 * against it.
 */
#ifndef FORKLAB_NAMES_H
#define FORKLAB_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cage/witness.h"

/* Copies a string of the program. False if it cannot be read, or is too long.
 */
bool name_read(pid_t tid, unsigned long address, char *text, size_t size);

/* The path of a name in an open directory of the program, or AT_FDCWD: the
 * directory without links, the last part as it is. False if there is no such
 * directory, or no room. */
bool name_resolve(pid_t tid, int directory, const char *name, char *path,
                  size_t size);

/* The same for the name that an argument of the call points to. `directory` is
 * the index of the argument with the directory; -1: the call has none. */
bool name_argument(const struct testimony *call, int directory, int name,
                   char *path, size_t size);

/* Is there such a file? A link counts, wherever it leads. */
bool name_exists(const char *path);

/* Is the path below that directory? Both without links. Nothing
 * is below "". */
bool name_below(const char *path, const char *directory);

#endif

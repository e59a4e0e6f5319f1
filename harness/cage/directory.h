/* SPDX-License-Identifier: MIT
 *
 * directory: the temporary directory of one run.
 */
#ifndef FORKLAB_DIRECTORY_H
#define FORKLAB_DIRECTORY_H

#include <stdbool.h>
#include <sys/types.h>

/* Makes an empty directory that only we can enter, below $TMPDIR or /tmp. The
 * caller frees the path. NULL with errno on failure. */
char *directory_make(void);

/* A new path in /tmp, where that is the place for temporary files: for a
 * directory that is made in a /tmp which only the program has. The caller frees
 * it. NULL: another place is wanted. */
char *directory_in_tmp(void);

/* Why no directory could be made, by errno, and what to do: one sentence, which
 * the caller frees. */
char *directory_make_error(int error);

/* Removes a directory with all that is in it, whatever permissions or flags
 * (chattr(1)) its entries have. Never follows a symbolic link, never leaves its
 * file system. True if it is gone; else false with errno. */
bool directory_remove(const char *path);

/* The same for a directory that may have been renamed: `fd` is open on it, or
 * -1. What now has the old name is removed as well. Returns NULL if both are
 * gone; else what is left, and why, which the caller frees. */
char *directory_remove_renamed(const char *path, int fd);

/* A directory that a process of its own, the guard, removes when this process
 * ends, however it ends: even by SIGKILL while the directory is being made. */
struct guarded_directory {
    char *path;
    int life; /* when this is closed, the guard removes the directory and ends
               */
    pid_t guard;
};

/* Makes one below $TMPDIR or /tmp. False with errno. */
bool guarded_directory_make(struct guarded_directory *directory);

/* Another file that the guard removes. Call it before the file is made, and
 * only once. Its path has at most 4095 bytes; a longer one is not removed. */
void guarded_directory_add(struct guarded_directory *directory,
                           const char *file);

/* Removes directory and file, waits for the guard, frees the path. */
void guarded_directory_end(struct guarded_directory *directory);

#endif

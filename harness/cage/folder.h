/* SPDX-License-Identifier: MIT
 *
 * folder: the temporary folder of one run.
 */
#ifndef FORKLAB_FOLDER_H
#define FORKLAB_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

/* Makes an empty folder that only we can enter, below $TMPDIR or /tmp. The
 * caller frees the path. NULL with errno on failure. */
char *folder_make(void);

/* Why no folder could be made, by errno, and what to do: one sentence, which
 * the caller frees. */
char *folder_make_error(int error);

/* Removes a folder with all that is in it, whatever rights were taken from what
 * is in it, and flags (chattr(1)) given to it; never follows a symbolic link,
 * never leaves its file system. True if it is gone; else false with errno. */
bool folder_remove(const char *path);

/* The same for a folder that may have been given another name: `fd` is open on
 * it (-1: it never was). What may now have the old name goes as well. Returns
 * NULL if both are gone; else where something is left, and why, which the
 * caller frees. */
char *folder_remove_renamed(const char *path, int fd);

/* A folder that goes with us: a process of its own removes it when we end,
 * however we do, even by SIGKILL in the middle of making it. */
struct guarded_folder {
    char *path;
    int life; /* when this is closed, the guard removes the folder and ends */
    pid_t guard;
};

/* Makes one below $TMPDIR or /tmp. False with errno. */
bool guarded_folder_make(struct guarded_folder *folder);

/* Another file that goes with the folder. Call it before the file is made, and
 * only once. The guard learns its path, which has at most 4095 bytes. */
void guarded_folder_add(struct guarded_folder *folder, const char *file);

/* Removes all of it, and frees the path. */
void guarded_folder_end(struct guarded_folder *folder);

#endif

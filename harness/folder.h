/* SPDX-License-Identifier: MIT
 *
 * folder: the temporary folder of one run.
 */
#ifndef FORKLAB_FOLDER_H
#define FORKLAB_FOLDER_H

#include <stdbool.h>

/* Makes an empty folder that only we can enter, below $TMPDIR or /tmp. The
 * caller frees the path. NULL with errno on failure. */
char *folder_make(void);

/* Removes a folder with all that is in it, whatever rights were taken from what
 * is in it; never follows a symbolic link, never leaves its file system. True
 * if it is gone. */
bool folder_remove(const char *path);

#endif

/* SPDX-License-Identifier: MIT
 *
 * files: small text files, read and written as a whole.
 */
#ifndef FORKLAB_FILES_H
#define FORKLAB_FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* All of a file up to its first NUL, NUL added; *size (may be NULL) is its
 * length. The caller frees it. NULL with errno if it cannot be read. */
char *file_read(const char *path, size_t *size);

/* All bytes of a regular file, NUL added; *size is their number. The caller
 * frees it. NULL with errno: EINVAL for what is no regular file (it is neither
 * waited for nor read), EFBIG for more than `most` bytes. */
char *file_read_regular(const char *path, size_t most, size_t *size);

/* Makes a directory and those above it, like mkdir -p. False with errno. */
bool directories_make(const char *path);

/* The program of that name in the first directory of a list like PATH that has
 * one: a regular file that may be executed. An empty directory in the list is
 * the present one. The caller frees it; NULL: there is none. */
char *file_in_path(const char *list, const char *name);

/* For scandir(3): in the order of their bytes, where alphasort(3) goes by the
 * locale. */
int files_by_name(const struct dirent **one, const struct dirent **other);

/* A new file with that text, or none at all and errno. EEXIST: there is one,
 * and it is as it was. */
bool file_new(const char *path, const char *text, size_t size);

/* Adds one line to a file, which is made if it is not there. The line has no
 * newline at its end. All of it is written, or nothing and errno. */
bool file_add_line(const char *path, const char *line);

/* A file that takes the place of an old one when it is whole, and not before:
 * who reads it has either the old or the new (rename(2)). Until then it is
 * called PATH.new. */
struct fresh_file {
    FILE *stream; /* NULL: it could not be opened */
    char *path, *fresh;
};

/* False with errno. fresh_close() is called in any case. */
bool fresh_open(struct fresh_file *file, const char *path);

/* False with errno, where something could not be written: the old file is then
 * as it was. */
bool fresh_close(struct fresh_file *file);

#endif

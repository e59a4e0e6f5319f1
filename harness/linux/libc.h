/* SPDX-License-Identifier: MIT
 *
 * libc: which C library a program runs with. Read from the program's file; it
 * is not executed.
 */
#ifndef FORKLAB_LIBC_H
#define FORKLAB_LIBC_H

#include <stdbool.h>

/* "glibc 2.36", "musl 1.2.3"; without a number where the file does not tell,
 * with "(static)" behind it where the library is a part of the program;
 * "unknown" for an ELF file that has neither. NULL: not an ELF file, or not to
 * be read. `root` is where its interpreter's path starts ("" is our own root,
 * else /proc/PID/root). The caller frees the result. */
char *libc_of(const char *path, const char *root);

/* Does the program load a shared object at its start whose file name begins so?
 * False for what is not an ELF file, or not to be read. */
bool libc_loads(const char *path, const char *name);

/* Does one of the program's symbol tables have this name, as its own or as one
 * that it wants of others? False for what is not an ELF file, or not to be
 * read, or has no such table. */
bool libc_has_symbol(const char *path, const char *name);

/* Is that text of libc_of() about musl? NULL is not. */
bool libc_is_musl(const char *libc);

#endif

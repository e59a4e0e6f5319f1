/* SPDX-License-Identifier: MIT
 *
 * imports: what can a program have called, or named?
 *
 * For processes that we did not start: /proc shows no alarm clock and no socket
 * timeout, but a program that does not contain the call cannot have set one.
 */
#ifndef FORKLAB_IMPORTS_H
#define FORKLAB_IMPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Does the program of the process, or one of its libraries other than libc
 * itself, import one of the functions (a list that ends with NULL)? Also true
 * where that is unknown: stripped static programs, files that cannot be read.
 * Only files that are mapped as code count. */
bool imports_any(pid_t pid, const char *const *functions);

/* The same for a file, without its libraries. False if it is not an ELF file.
 */
bool file_imports_any(const char *path, const char *const *functions);

/* Is there such a text in the file that a process executes? True also where it
 * cannot be read. */
bool program_contains(pid_t pid, const void *text, size_t length);

#endif

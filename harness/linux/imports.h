/* SPDX-License-Identifier: MIT
 *
 * imports: can a program have called this function?
 *
 * For processes that we did not start: /proc shows no alarm clock and no socket
 * timeout, but a program that does not contain the call cannot have set one.
 */
#ifndef FORKLAB_IMPORTS_H
#define FORKLAB_IMPORTS_H

#include <stdbool.h>
#include <sys/types.h>

/* Does the program of the process, or one of its libraries other than libc
 * itself, import one of the functions (a list that ends with NULL)? Also true
 * where that is unknown: stripped static programs, files that cannot be read.
 * Only files that are mapped as code count. */
bool imports_any(pid_t pid, const char *const *functions);

#endif

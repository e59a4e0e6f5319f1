/* SPDX-License-Identifier: MIT
 *
 * imports: could a program ever have called this function?
 *
 * For processes that we did not start: /proc shows no alarm clock and no socket
 * timeout, but a program which does not even contain the call cannot have one.
 */
#ifndef FORKLAB_IMPORTS_H
#define FORKLAB_IMPORTS_H

#include <stdbool.h>
#include <sys/types.h>

/* Does the program of the process, or one of its libraries other than libc
 * itself, import one of the functions (a list that ends with NULL)? Also true
 * where that cannot be told: stripped static programs, unreadable files. Only
 * files that are mapped as code are looked at. */
bool imports_any(pid_t pid, const char *const *functions);

#endif

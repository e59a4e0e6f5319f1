/* SPDX-License-Identifier: MIT
 *
 * libc: which C library a program runs with, read from its file. Nothing is
 * executed.
 */
#ifndef FORKLAB_LIBC_H
#define FORKLAB_LIBC_H

#include <stdbool.h>

/* Where the structure of a thread, to which pthread_self(3) points, has the
 * kernel's number of it: struct pthread of glibc 2.31 to 2.43 (nptl/descr.h)
 * and of musl (src/internal/pthread_impl.h). */
#ifdef __x86_64__
enum { GLIBC_TID_AT = 720, MUSL_TID_AT = 48 };
#else
enum { GLIBC_TID_AT = 208, MUSL_TID_AT = 32 };
#endif

/* "glibc 2.36", "musl 1.2.3"; without the number where the file does not tell
 * it; "glibc (static)" where the library is linked into the program; "unknown"
 * for an ELF file that has neither. NULL: not an ELF file, or not readable. The
 * path of the interpreter is looked up below `root`: "" is our own root, else
 * it is /proc/PID/root. The caller frees the result. */
char *libc_of(const char *path, const char *root);

/* Is this text, of libc_of(), about musl? False for NULL. */
bool libc_is_musl(const char *libc);

#endif

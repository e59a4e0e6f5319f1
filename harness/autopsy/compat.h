/* SPDX-License-Identifier: MIT
 *
 * compat: system calls of a 32-bit program on a 64-bit kernel, which have other
 * numbers. Only their names are told: nothing else of them is explained.
 */
#ifndef FORKLAB_COMPAT_H
#define FORKLAB_COMPAT_H

#include <sys/types.h>

/* The call that has this number in the process, if that runs a 32-bit program
 * of x86, and may sleep in it: "futex", static. NULL: it is none, or it cannot
 * be told. */
const char *compat_call(pid_t pid, long number);

#endif

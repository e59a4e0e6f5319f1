/* SPDX-License-Identifier: MIT
 *
 * rights: what the program's process gives up before its exec.
 *
 * Root's program has every capability, but in a user namespace of its own:
 * there they are good for nothing of the machine's. Where there is no user
 * namespace, it keeps only those with which it cannot change the machine. Where
 * there are no namespaces at all, a seccomp filter refuses what would reach the
 * runner or stay behind. See capabilities(7), keyrings(7), seccomp(2).
 */
#ifndef FORKLAB_RIGHTS_H
#define FORKLAB_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct filter; /* see filter.h */

/* A session keyring of its own, which vanishes with its last process. */
void rights_own_keyring(void);

/* Drops the capabilities with which root could change the machine. Does nothing
 * for a process without capabilities. */
void rights_drop_capabilities(void);

/* The filter of rights_refuse(). False if it is too long. */
bool rights_filter(struct filter *filter, const pid_t *ours, size_t count);

/* Refuses, with EPERM: to set or read limits of one of these processes; keys,
 * which would stay in the keyring of the user; to push characters into a
 * terminal. Sets no_new_privs. Nothing is refused where there is no seccomp. */
void rights_refuse(const pid_t *ours, size_t count);

/* Enters a Landlock domain, landlock(7), which no signal leaves (since Linux
 * 6.12) and from which ptrace(2) and /proc/PID/environ of a process outside are
 * refused (since 5.13). If `only` is not NULL, files can only be made, written
 * and removed in that directory, and in /tmp, /var/tmp, /dev and /proc. False
 * with errno where the kernel has no Landlock. */
bool rights_landlock(const char *only);

#endif

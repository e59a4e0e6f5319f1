/* SPDX-License-Identifier: MIT
 *
 * namespaces: what has to be written once inside a new one.
 * user_namespaces(7), pid_namespaces(7)
 */
#ifndef FORKLAB_NAMESPACES_H
#define FORKLAB_NAMESPACES_H

#include <stdbool.h>
#include <sys/types.h>

/* Maps our user and group, in a user namespace that this process has just made,
 * to the same numbers. False with errno. */
bool namespaces_map_ids(uid_t uid, gid_t gid);

/* Maps all users and groups that we have to the same numbers, in the user
 * namespace of `child`, which has just been made in it and waits; `child` is
 * its number in our /proc. We need capabilities in our own namespace. False
 * with errno. */
bool namespaces_map_all(pid_t child);

/* The highest pid of a PID namespace, plus one: kernel.pid_max. */
#define PID_MAX_FILE "/proc/sys/kernel/pid_max"

/* May the first process of a new PID namespace set kernel.pid_max? Since Linux
 * 6.14 each namespace has one of its own; before, it is the whole machine's.
 * `release` is the kernel's, as of uname(2); `outside` is open on the file of
 * the same name in the namespace of the runner, which must be another file in
 * the same /proc. False where that is not certain. */
bool namespaces_own_pid_max(const char *release, int outside);

/* Sets kernel.pid_max, if it can: `number` is its text. */
void namespaces_set_pid_max(const char *number);

#endif

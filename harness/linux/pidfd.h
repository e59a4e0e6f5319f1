/* SPDX-License-Identifier: MIT
 *
 * pidfd: processes by descriptors, which stay valid after their end.
 * pidfd_open(2)
 */
#ifndef FORKLAB_PIDFD_H
#define FORKLAB_PIDFD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A descriptor of a process, to be closed by close(2). -1 where there is none
 * (before Linux 5.3), or no such process. */
int pidfd(pid_t pid);

/* A number that is the greater the later that process was made, finer than the
 * clock ticks of proc(5) and no pid that comes round again: the inode of the
 * descriptor (fs/pidfs.c, since Linux 6.9; before, all have the same). 0: not
 * known. */
uint64_t pidfd_birth(int process);

/* How that process ended, as of waitpid(2), after its parent has reaped it.
 * False where the kernel does not tell (before Linux 6.15), or it is not yet
 * reaped.
 */
bool pidfd_ended(int process, int *status);

/* A copy of a descriptor of that process, to be closed by close(2); until then
 * the open file description stays. -1 with errno; pidfd_getfd(2), Linux 5.6. */
int pidfd_copy(int process, int fd);

/* Does poll(2) tell of that descriptor of the process that its other end is
 * gone (POLLHUP), or that no use can be made of it (POLLERR)? False where we
 * may not look. Copies the descriptor, for some microseconds. */
bool descriptor_hung_up(pid_t pid, int fd);

#endif

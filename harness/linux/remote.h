/* SPDX-License-Identifier: MIT
 *
 * remote: the memory of another process.
 */
#ifndef FORKLAB_REMOTE_H
#define FORKLAB_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Copies `size` bytes at `address` of another process (or of one of its
 * threads) to `to`: by process_vm_readv(2), or by /proc/PID/mem where the
 * former is refused. Does not stop the process, so the bytes may change while
 * they are read. False if not all of them can be read; `to` may then hold a
 * part. */
bool remote_read(pid_t pid, unsigned long address, void *to, size_t size);

#endif

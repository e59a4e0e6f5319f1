/* SPDX-License-Identifier: MIT
 *
 * remote: reads the memory of another process, without stopping it.
 */
#ifndef FORKLAB_REMOTE_H
#define FORKLAB_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Copies `size` bytes at `address` of another process to `to`. Returns false
 * where not all of them can be read; `to` may then hold a part of them. Uses
 * process_vm_readv(2), and /proc/PID/mem where that is refused. */
bool remote_read(pid_t pid, unsigned long address, void *to, size_t size);

#endif

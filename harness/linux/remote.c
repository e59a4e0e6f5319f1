/* SPDX-License-Identifier: MIT
 *
 * remote: see remote.h.
 */
#define _GNU_SOURCE
#include "linux/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

static bool read_by_file(pid_t pid, unsigned long address, void *to,
                         size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return false;
    ssize_t got = pread(fd, to, size, (off_t)address);
    close(fd);
    return got == (ssize_t)size;
}

bool remote_read(pid_t pid, unsigned long address, void *to, size_t size)
{
    struct iovec here = {.iov_base = to, .iov_len = size};
    struct iovec there = {.iov_base = (void *)address, .iov_len = size};

    if (process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)size)
        return true;
    return (errno == EPERM || errno == ENOSYS) &&
           read_by_file(pid, address, to, size);
}

/* SPDX-License-Identifier: MIT
 *
 * pidfd: see pidfd.h.
 */
#define _GNU_SOURCE
#include "linux/pidfd.h"

#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/syscalls.h"

/* linux/pidfd.h of Linux 6.15, which our headers may not have: its first 64
 * bytes, all that this needs. */
struct ending {
    uint64_t mask;
    uint64_t cgroup;
    uint32_t ids[11];
    int32_t exit_code;
};
#define ENDING_KNOWN (UINT64_C(1) << 3)           /* PIDFD_INFO_EXIT */
#define GET_ENDING _IOWR(0xff, 11, struct ending) /* PIDFD_GET_INFO */

int pidfd(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

uint64_t pidfd_birth(int process)
{
    struct stat info;

    return process != -1 && fstat(process, &info) == 0 ? info.st_ino : 0;
}

bool pidfd_ended(int process, int *status)
{
    struct ending ending = {.mask = ENDING_KNOWN};

    if (process == -1 || ioctl(process, GET_ENDING, &ending) == -1 ||
        !(ending.mask & ENDING_KNOWN))
        return false;
    *status = ending.exit_code;
    return true;
}

int pidfd_copy(int process, int fd)
{
    return (int)syscall(SYS_pidfd_getfd, process, fd, 0U);
}

bool descriptor_hung_up(pid_t pid, int fd)
{
    int process = pidfd(pid);
    struct pollfd copy = {.fd = process == -1 ? -1 : pidfd_copy(process, fd)};
    bool gone = copy.fd != -1 && poll(&copy, 1, 0) == 1 &&
                (copy.revents & (POLLHUP | POLLERR)) != 0;

    if (copy.fd != -1)
        close(copy.fd);
    if (process != -1)
        close(process);
    return gone;
}

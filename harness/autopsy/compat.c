/* SPDX-License-Identifier: MIT
 *
 * compat: see compat.h.
 */
#define _GNU_SOURCE
#include "autopsy/compat.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __x86_64__
/* Of arch/x86/entry/syscalls/syscall_32.tbl those that may sleep for long. */
static const struct {
    long number;
    const char *name;
} calls[] = {
    {3, "read"},
    {4, "write"},
    {5, "open"},
    {7, "waitpid"},
    {29, "pause"},
    {82, "select"},
    {102, "socketcall"},
    {114, "wait4"},
    {117, "ipc"},
    {142, "_newselect"},
    {143, "flock"},
    {145, "readv"},
    {146, "writev"},
    {162, "nanosleep"},
    {168, "poll"},
    {177, "rt_sigtimedwait"},
    {179, "rt_sigsuspend"},
    {180, "pread64"},
    {221, "fcntl64"},
    {240, "futex"},
    {256, "epoll_wait"},
    {267, "clock_nanosleep"},
    {284, "waitid"},
    {295, "openat"},
    {308, "pselect6"},
    {309, "ppoll"},
    {319, "epoll_pwait"},
    {362, "connect"},
    {364, "accept4"},
    {369, "sendto"},
    {370, "sendmsg"},
    {371, "recvfrom"},
    {372, "recvmsg"},
    {407, "clock_nanosleep_time64"},
    {413, "pselect6_time64"},
    {414, "ppoll_time64"},
    {421, "rt_sigtimedwait_time64"},
    {422, "futex_time64"},
};

/* By its file: a 64-bit program may have its stacks below 4 GiB, too. */
static bool is_32bit(pid_t pid)
{
    unsigned char start[EI_NIDENT] = {0};
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd != -1 && read(fd, start, sizeof(start)) == sizeof(start);
    if (fd != -1)
        close(fd);
    return good && memcmp(start, ELFMAG, SELFMAG) == 0 &&
           start[EI_CLASS] == ELFCLASS32;
}

const char *compat_call(pid_t pid, long number)
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        if (calls[i].number == number)
            return is_32bit(pid) ? calls[i].name : NULL;
    return NULL;
}
#else
const char *compat_call(pid_t pid, long number)
{
    (void)pid;
    (void)number;
    return NULL;
}
#endif

/* SPDX-License-Identifier: MIT
 *
 * sleeps.h: how often a process has gone to sleep, by the kernel's count; for
 * lab 19. Whoever has been woken and sleeps again has one more.
 */
#ifndef FORKLAB_SLEEPS_H
#define FORKLAB_SLEEPS_H

#include "lab.h"

#include <stdio.h>

#define SLEEPS_LINE "\nvoluntary_ctxt_switches:"

/* What /proc/PID/FILE has, see proc(5). */
static inline void read_proc(pid_t pid, const char *file, char *text,
                             size_t size)
{
    char path[40];

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        die("open /proc/PID");
    ssize_t got = read(fd, text, size - 1);
    if (got <= 0)
        die("read /proc/PID");
    close(fd);
    text[got] = '\0';
}

/* Waits until that process sleeps, then says how often it has. Its state is not
 * enough: a process says that it sleeps before it is counted. "running" in its
 * syscall file means that it is not quite asleep. */
static inline long times_asleep(pid_t pid)
{
    char text[4096];

    do
        read_proc(pid, "syscall", text, sizeof(text));
    while (text[0] == 'r');
    read_proc(pid, "status", text, sizeof(text));
    const char *line = strstr(text, SLEEPS_LINE);
    if (line == NULL)
        die("strstr");
    return atol(line + strlen(SLEEPS_LINE));
}

#endif

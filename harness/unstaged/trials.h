/* SPDX-License-Identifier: MIT
 *
 * trials.h: how often a lab's hazard bites where nobody stages it. A thread
 * does its work at full speed, main forks whenever it comes to it, and no event
 * puts them in order.
 *
 *   ./31 1000      1000 forks; prints "BITTEN FORKS FIRST", FIRST: 0 for none
 *
 * A child has been bitten if it says so by its status, or if it has one thread,
 * which sleeps in futex(2) for a word of its own memory without a time limit:
 * nobody can wake it. Time decides nothing.
 */
#ifndef FORKLAB_TRIALS_H
#define FORKLAB_TRIALS_H

#include "lab.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

/* How a child ends that has done its work, and one that has seen the fault. */
enum { RIGHT = 42, BITTEN = 43 };

static inline bool has_one_thread(pid_t pid)
{
    char path[64];
    struct stat tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", pid);
    return stat(path, &tasks) == 0 && tasks.st_nlink == 3;
}

/* The beginning of /proc/PID/NAME; empty if the process has gone. */
static inline void look_into(pid_t pid, const char *name, char *text,
                             size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd == -1 ? 0 : read(fd, text, size - 1);
    if (fd != -1)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
}

/* Of /proc/PID/syscall: "202 0xADDRESS 0xOPERATION 0xVALUE 0xTIMEOUT ...". In
 * the kernel, FUTEX_WAIT and FUTEX_WAIT_BITSET are 0 and 9, FUTEX_PRIVATE_FLAG
 * 128. */
static inline bool waits_for_own_word(pid_t pid)
{
    unsigned long call, address, operation, value, timeout;
    char text[256];

    look_into(pid, "syscall", text, sizeof(text));
    return sscanf(text, "%lu %lx %lx %lx %lx", &call, &address, &operation,
                  &value, &timeout) == 5 &&
           call == SYS_futex && (operation & 128) != 0 &&
           ((operation & 127) == 0 || (operation & 127) == 9) && timeout == 0;
}

static inline bool sleeps(pid_t pid)
{
    char text[80];

    look_into(pid, "stat", text, sizeof(text));
    return strstr(text, ") S ") != NULL;
}

/* Waits until the child has ended, or is stuck: then it is ended. */
static inline bool is_bitten(pid_t pid)
{
    const struct timespec pause = {.tv_nsec = 20000};
    int status;

    for (;;) {
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == -1)
            die("waitpid");
        if (ended == pid)
            break;
        if (waits_for_own_word(pid) && sleeps(pid) && has_one_thread(pid)) {
            kill(pid, SIGKILL);
            if (waitpid(pid, &status, 0) == -1)
                die("waitpid");
            return true;
        }
        nanosleep(&pause, NULL); /* or the thread has one processor less */
    }
    if (!WIFEXITED(status) ||
        (WEXITSTATUS(status) != RIGHT && WEXITSTATUS(status) != BITTEN))
        die("a child");
    return WEXITSTATUS(status) == BITTEN;
}

static inline int trials(int argc, char **argv, int (*child)(void))
{
    long forks = argc == 2 ? atol(argv[1]) : 0, bitten = 0, first = 0;

    if (forks <= 0)
        die("usage: FORKS");
    for (long i = 1; i <= forks; i++) {
        pid_t pid = fork();
        if (pid == -1)
            die("fork");
        if (pid == 0)
            _exit(child());
        bool is = is_bitten(pid);
        bitten += is;
        if (is && first == 0)
            first = i;
    }
    show("%ld %ld %ld", bitten, forks, first);
    return 0;
}

/* A thread that works until the process ends. */
static inline void start(void *(*work)(void *))
{
    pthread_t worker;

    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");
}

#endif

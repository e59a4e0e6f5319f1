/* SPDX-License-Identifier: MIT
 *
 * pids.h: pids that come round soon. Included by lab 05, after lab.h.
 *
 * The kernel gives out pids in turn, up to pid_max, and begins again with those
 * that are free. Until a certain one comes again that is 32,767 new processes
 * or 4 million, and others may get it first. A PID namespace of its own has
 * its own numbers, and who has made it may choose the next one, as CRIU does
 * when it restores a process.
 *
 *   own_pids()        goes on in a child, process 1 of a new PID namespace
 *   fork_as(4711)     as fork() when the next pid is 4711; skips the lab where
 *                     the kernel refuses
 */
#ifndef FORKLAB_PIDS_H
#define FORKLAB_PIDS_H

#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>

__attribute__((noreturn)) static inline void no_own_pids(const char *what)
{
    say("lab: no PID namespace of its own here: %s: error %d (see errno(3))",
        what, errno);
    _exit(77);
}

/* The caller waits for that child, and ends as it. */
static inline void own_pids(void)
{
    int status;

    if (unshare(CLONE_NEWUSER | CLONE_NEWPID) == -1)
        no_own_pids("unshare");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("init");
        return;
    }
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* clone3(2) with set_tid, since Linux 5.5. Runs no fork handlers. */
static inline pid_t fork_as(pid_t wanted)
{
    struct clone_args how = {.exit_signal = SIGCHLD,
                             .set_tid = (uintptr_t)&wanted,
                             .set_tid_size = 1};
    pid_t pid = (pid_t)syscall(SYS_clone3, &how, sizeof(how));

    if (pid == -1)
        no_own_pids("clone3");
    return pid;
}

#endif

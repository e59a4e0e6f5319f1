/* SPDX-License-Identifier: MIT
 *
 * 55-deaf-to-sigterm: the service is told to stop, and does not hear it.
 *
 * Hazard:  [cat] hang in read
 * Safe:    [cat] killed by SIGTERM
 * Work:    program
 *
 * See 55-deaf-to-sigterm.md, execve(2), sigprocmask(2), signal(7).
 */
#include "lab.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

/* Starts a service: a program that works until its input ends. Returns when it
 * runs: exec closes the last write end of running. */
static pid_t start_service(int input)
{
    int running[2];
    char byte;

    if (pipe2(running, O_CLOEXEC) == -1)
        die("pipe2");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        if (dup2(input, STDIN_FILENO) != -1)
            execlp("cat", "cat", (char *)NULL);
        die("exec");
    }
    close(running[1]);
    if (read(running[0], &byte, 1) != 0)
        die("read");
    close(running[0]);
    return pid;
}

int main(void)
{
    struct signalfd_siginfo told;
    int status, input[2];
    sigset_t stop;

    /* A launcher with one loop for everything: SIGTERM is not to interrupt it,
     * but to be read like all other events. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &stop, NULL) == -1)
        die("sigprocmask");
    int events = signalfd(-1, &stop, SFD_CLOEXEC);
    if (events == -1 || pipe2(input, O_CLOEXEC) == -1)
        die("signalfd, pipe2");

    pid_t service = start_service(input[0]);
    say("parent: the service runs");
    raise(SIGTERM); /* somebody stops the launcher */
    if (read(events, &told, sizeof(told)) != sizeof(told))
        die("read");
    say("parent: was told to stop, stops the service first");
    if (kill(service, SIGTERM) == -1)
        die("kill");
    if (waitpid(service, &status, 0) == -1)
        die("waitpid");
    say_end("service", status);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 63-ctrl-c-reaches-everyone: the server lets its worker finish, a key does
 * not.
 *
 * Hazard:  server: Ctrl-C, after the last job
 *          worker: Ctrl-C, at once
 *          server: the last job is lost
 *          [worker] exit 1
 *          [server] exit 42
 * Safe:    server: Ctrl-C, after the last job
 *          server: the last job gave {n*n}
 *          [worker] exit 42
 *          [server] exit 42
 * Number:  21
 *
 * See 63-ctrl-c-reaches-everyone.md, fork(2), setpgid(2), termios(3), pty(7).
 */
#include "lab.h"

#include <signal.h>
#include <sys/wait.h>

static struct event ready, typed;
static volatile sig_atomic_t stop;

static void interrupted(int number LAB_UNUSED)
{
    stop = 1;
}

__attribute__((noreturn)) static void work(int job, int result)
{
    call_me("worker");
    /* FIX: the terminal sends its signals to the process group in its
     * foreground. Who is to be stopped by the server only, has another one. */
    if (setpgid(0, 0) == -1)
        die("setpgid");
    event_announce(&ready);
    say("worker: is in the middle of its job");
    event_wait(&typed);
    if (stop) {
        show("worker: Ctrl-C, at once");
        _exit(1);
    }
    job *= job;
    _exit(write(result, &job, sizeof(job)) == sizeof(job) ? 42 : 1);
}

/* In the foreground of the terminal, as a shell would start it. */
__attribute__((noreturn)) static void serve(const char *terminal, int job)
{
    int result[2], answer;

    call_me("server");
    signal(SIGINT, interrupted);
    if (setsid() == -1 || open(terminal, O_RDWR | O_CLOEXEC) == -1 ||
        pipe2(result, O_CLOEXEC) == -1)
        die("setsid, open, pipe2");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        work(job, result[1]);
    close(result[1]);
    event_announce(&ready);
    ssize_t got = read(result[0], &answer, sizeof(answer));
    if (stop)
        show("server: Ctrl-C, after the last job");
    if (got == sizeof(answer))
        show("server: the last job gave %d", answer);
    else
        show("server: the last job is lost");
    _exit(waitpid(pid, NULL, 0) == pid ? 42 : 1);
}

int main(void)
{
    int job = run_number(21), keys = posix_openpt(O_RDWR | O_NOCTTY);
    char echo;

    if (keys == -1 || grantpt(keys) == -1 || unlockpt(keys) == -1) {
        say("lab: no pseudo-terminal here: error %d (see errno(3))", errno);
        return 77;
    }
    call_me("terminal");
    event_make(&ready);
    event_make(&typed);
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        serve(ptsname(keys), job);
    event_wait(&ready);
    event_wait(&ready);
    say("terminal: Ctrl-C");
    /* The terminal sends the signal, and shows "^C" when it has done so. */
    if (write(keys, "\003", 1) != 1 || read(keys, &echo, 1) != 1 ||
        read(keys, &echo, 1) != 1)
        die("write, read");
    event_announce(&typed);
    return waitpid(pid, NULL, 0) != pid;
}

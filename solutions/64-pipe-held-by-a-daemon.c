/* SPDX-License-Identifier: MIT
 *
 * 64-pipe-held-by-a-daemon: the command has ended, its output has not.
 *
 * Hazard:  [command] exit 42
 *          [starter] zombie child
 *          [starter] hang in read
 *          [service] hang in read
 * Safe:    starter read: service {n} is up
 *          starter: the service doubles {n}: {2*n}
 *          [command] exit 42
 *          [service] exit 42
 * Work:    pipe
 * Number:  4711
 *
 * See 64-pipe-held-by-a-daemon.md, fork(2), pipe(7), daemon(3), lsof(8).
 */
#include "lab.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* The daemon. It answers until its customer hangs up. */
__attribute__((noreturn)) static void serve(int customer)
{
    int asked;

    call_me("service");
    /* FIX: who reads the command's output waits until nobody has it open. A
     * daemon lets go of what it was started with. */
    if (freopen("/dev/null", "r", stdin) == NULL ||
        freopen("/dev/null", "w", stdout) == NULL)
        die("/dev/null");
    while (read(customer, &asked, sizeof(asked)) == sizeof(asked)) {
        asked *= 2;
        if (write(customer, &asked, sizeof(asked)) != sizeof(asked))
            die("write");
    }
    _exit(42);
}

/* As "service start" does: starts the daemon, says so, and ends. What it says
 * goes into a pipe, to its starter. */
__attribute__((noreturn)) static void run_command(int output, int customer)
{
    call_me("command");
    if (dup2(output, STDOUT_FILENO) == -1 || close(output) == -1)
        die("dup2");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        serve(customer);
    show("service %d is up", run_number(4711));
    say("command: has started the service, and ends");
    _exit(42);
}

/* Reads what the command says, until there is no more to come. */
static void read_all(int fd, char *text, size_t size)
{
    size_t used = 0;
    ssize_t got;

    while ((got = read(fd, text + used, size - 1 - used)) > 0)
        used += (size_t)got;
    if (got == -1)
        die("read");
    text[strcspn(text, "\n")] = '\0';
}

int main(void)
{
    int output[2], line[2], answer, number = run_number(4711);
    char said[80] = "";

    call_me("starter");
    /* The daemon's parent will end: then we can wait for it, as init does. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1 ||
        pipe2(output, O_CLOEXEC) == -1 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) == -1)
        die("prctl, pipe2, socketpair");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        close(line[0]);
        run_command(output[1], line[1]);
    }
    close(output[1]);
    close(line[1]);
    read_all(output[0], said, sizeof(said));
    show("starter read: %s", said);

    if (waitpid(pid, NULL, 0) == -1 ||
        write(line[0], &number, sizeof(number)) != sizeof(number) ||
        read(line[0], &answer, sizeof(answer)) != sizeof(answer))
        die("write, read");
    show("starter: the service doubles %d: %d", number, answer);
    close(line[0]);
    return wait(NULL) == -1;
}

/* SPDX-License-Identifier: MIT
 *
 * 18-signal-wakes-the-wrong-process: SIGTERM for a worker stops its server.
 *
 * Hazard:  server: told to stop
 *          [child] exit 42
 * Safe:    server: a worker has ended
 *          server: told to stop
 *          [child] killed by SIGTERM
 * Work:    pipe
 *
 * See 18-signal-wakes-the-wrong-process.md, fork(2), sigaction(2), pipe(7).
 */
#include "lab.h"

#include <signal.h>
#include <sys/wait.h>

static int signals[2]; /* the self-pipe: from the handler to the loop */
static int jobs[2];

/* A handler may do little; so it only tells the loop. */
static void tell(int number)
{
    int error = errno;
    char byte = (char)number;

    if (write(signals[1], &byte, 1) != 1)
        die("write");
    errno = error;
}

static void handle(int number)
{
    struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART};

    if (sigaction(number, &action, NULL) == -1)
        die("sigaction");
}

/* A worker works until there are no more jobs, or SIGTERM ends it. */
static void work(struct event *ready)
{
    char job;

    close(jobs[1]);
    event_announce(ready);
    while (read(jobs[0], &job, 1) == 1)
        continue;
    _exit(42);
}

/* The server's loop: what has a signal told us? */
static void serve(void)
{
    char number;

    while (read(signals[0], &number, 1) == 1) {
        if (number == SIGCHLD && wait(NULL) != -1) {
            show("server: a worker has ended");
            raise(SIGTERM); /* no more workers: the server may go, too */
        }
        if (number == SIGTERM) {
            show("server: told to stop");
            return;
        }
    }
    die("read");
}

int main(void)
{
    struct event ready;

    event_make(&ready);
    if (pipe2(signals, O_CLOEXEC) == -1 || pipe2(jobs, O_CLOEXEC) == -1)
        die("pipe2");
    handle(SIGTERM);
    handle(SIGCHLD);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        work(&ready);
    event_wait(&ready);

    say("parent: has one worker too many, sends it SIGTERM");
    if (kill(pid, SIGTERM) == -1)
        die("kill");
    serve();

    close(jobs[1]);
    while (wait(NULL) != -1)
        continue;
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 48-daemon-without-its-threads: the server lives on, its heart does not beat.
 *
 * Hazard:  [child] exit 0
 *          [daemon] hang in read
 * Safe:    3 heartbeat
 *          ([child] exit 0)
 *          [daemon] exit 42
 * Work:    thread
 * Hazard (musl):  2 [child] exit 0
 *                 [daemon] hang in read
 * Safe (musl):    3 heartbeat
 *                 (2 [child] exit 0)
 *                 [daemon] exit 42
 *
 * See 48-daemon-without-its-threads.md, daemon(3), fork(2), prctl(2).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BEATS = 3 };

static struct event started, beat;

static void *live(void *unused LAB_UNUSED)
{
    call_me("heart");
    event_wait(&started);
    for (int i = 0; i < BEATS; i++) {
        show("heartbeat");
        event_announce(&beat);
    }
    return NULL;
}

__attribute__((noreturn)) static void serve(void)
{
    pthread_t heart;

    event_make(&beat);
    call_me("child"); /* and its child: musl's daemon() forks twice */
    say("child: becomes a daemon");
    if (daemon(1, 1) == -1)
        die("daemon");
    /* FIX: the threads start in the process that stays. daemon() forks, and
     * whatever ran before it has ended with the child. */
    if (pthread_create(&heart, NULL, live, NULL) != 0)
        die("pthread_create");
    call_me("daemon");
    say("daemon: listens to its heart");
    for (int i = 0; i < BEATS; i++)
        event_wait(&beat);
    _exit(42);
}

int main(void)
{
    int status;

    /* We play init: a process that loses its parent becomes our child. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
        die("prctl");
    event_make(&started);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        serve();

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    event_announce(&started);
    while (wait(&status) != -1)
        say_end("orphan", status);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 41-joining-a-ghost: the child joins a thread that it does not have, and is
 * told that it has ended.
 *
 * Hazard:  child: {n} squared is 0
 *          parent: {n} squared is {n*n}
 *          [child] exit 42
 * Safe:    child: {n} squared is {n*n}
 *          parent: {n} squared is {n*n}
 *          [child] exit 42
 * Work:    thread
 * Number:  7
 * Hazard (musl):  [child] hang in pthread_join
 * Hazard (glibc 2.43):  [child] hang in pthread_join
 *
 * See 41-joining-a-ghost.md, pthread_join(3), pthread_atfork(3), fork(2).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

static int number, result;
static pthread_t worker;
static bool started;

static struct event asked;
static pid_t main_tid;

static void *work(void *unused LAB_UNUSED)
{
    call_me("worker");
    event_wait_or_futex(&asked, main_tid);
    say("worker: squares %d", number);
    result = number * number;
    return NULL;
}

static void start_worker(void)
{
    event_make(&asked);
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");
    started = true;
}

/* Waits until the worker has ended; then its result is there. */
static void show_result(const char *who)
{
    if (!started)
        start_worker();
    event_announce(&asked);
    int error = pthread_join(worker, NULL);
    say("%s: pthread_join() says %d", who, error);
    show("%s: %d squared is %d", who, number, result);
}

int main(void)
{
    int status;

    number = run_number(7);
    main_tid = gettid();
    start_worker();

    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        show_result("child");
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    show_result("parent");
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 68-the-worker-is-main-now: a worker forks, and its copy ends as a program
 * does.
 *
 * Hazard:  child: its main thread is the worker
 *          child: job {n} failed
 *          2 the shop closes
 *          worker: job {n} is done
 *          [child] exit 0
 * Safe:    child: its main thread is the worker
 *          child: job {n} failed
 *          worker: job {n} failed
 *          the shop closes
 *          [child] exit 42
 * Work:    thread
 * Number:  4711
 *
 * See 68-the-worker-is-main-now.md, fork(2), pthread_create(3), atexit(3).
 */
#include "lab.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/wait.h>

enum { DONE = 0, FAILED = 42 };

static const char *job;

/* What the program does at its end, once: takes its sign down, removes its pid
 * file, tells its customers. */
static void close_shop(void)
{
    show("the shop closes");
}

/* A job that crashes must not take the shop with it: it has its own process. */
static intptr_t do_job(void)
{
    call_me("child");
    show("child: its main thread is %s",
         gettid() == getpid() ? "the worker" : "another one");
    show("child: job %s failed", job);
    return FAILED;
}

/* The start function of a thread: what it returns is for pthread_join(). */
static void *work(void *unused LAB_UNUSED)
{
    int status;

    call_me("worker");
    say("worker: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        return (void *)do_job();

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say("worker: status %d", status);
    bool done = WIFEXITED(status) && WEXITSTATUS(status) == DONE;
    show("worker: job %s %s", job, done ? "is done" : "failed");
    return NULL;
}

int main(void)
{
    pthread_t worker;

    job = run_word("4711");
    if (atexit(close_shop) != 0)
        die("atexit");
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");
    pthread_join(worker, NULL);
    return 0;
}

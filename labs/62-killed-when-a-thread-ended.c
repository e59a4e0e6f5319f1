/* SPDX-License-Identifier: MIT
 *
 * 62-killed-when-a-thread-ended: the worker is to die with its parent, and dies
 * with a thread.
 *
 * Hazard:  [child] killed by SIGKILL
 * Safe:    child: {n} squared is {n*n}
 *          [child] exit 42
 * Work:    thread
 * Number:  7
 *
 * See 62-killed-when-a-thread-ended.md, PR_SET_PDEATHSIG in prctl(2).
 */
#include "lab.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static struct event ready, asked;
static pid_t worker, beginner;
static int number;

/* Must not survive the server: the kernel kills it when its parent ends. */
__attribute__((noreturn)) static void work(void)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
        die("prctl");
    event_announce(&ready);
    event_wait(&asked);
    show("child: %d squared is %d", number, number * number);
    _exit(42);
}

static void start_worker(void)
{
    worker = fork();
    if (worker == -1)
        die("fork");
    if (worker == 0)
        work();
    event_wait(&ready);
    if (kill(worker, 0) == 0)
        say("parent: the worker is there, and ready");
}

/* To begin takes a while, so a thread does it: the server can do something else
 * meanwhile. */
static void *begin(void *unused LAB_UNUSED)
{
    beginner = gettid();
    number = run_number(7); /* from a file, a server, a database */
    start_worker();
    return NULL;
}

/* Scaffolding: pthread_join() may return before the kernel is done with the
 * thread. Returns when it is gone from /proc; or after 200 ms of processor
 * time, for a cure may keep it. */
static void wait_until_gone(pid_t tid)
{
    char path[64];
    size_t used = 0;

    lab_append(path, sizeof(path) - 1, &used, "/proc/self/task/");
    lab_append_number(path, sizeof(path) - 1, &used, tid, 10);
    path[used] = '\0';
    while (access(path, F_OK) == 0 && cpu_ms(gettid()) < 200)
        sched_yield();
}

int main(void)
{
    pthread_t thread;
    int status;

    event_make(&ready);
    event_make(&asked);
    if (pthread_create(&thread, NULL, begin, NULL) != 0)
        die("pthread_create");
    if (pthread_join(thread, NULL) != 0)
        die("pthread_join");
    wait_until_gone(beginner);

    say("parent: the thread has ended, asks the worker");
    event_announce(&asked);
    if (waitpid(worker, &status, 0) == -1)
        die("waitpid");
    say_end("worker", status);
    return 0;
}

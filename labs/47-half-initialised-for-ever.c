/* SPDX-License-Identifier: MIT
 *
 * 47-half-initialised-for-ever: a thread was initialising when the child was
 * copied, and what is done once is done again, or never.
 *
 * Hazard:  child: {3*n} handlers
 *          parent: {2*n} handlers
 *          [child] exit 42
 * Safe:    child: {2*n} handlers
 *          parent: {2*n} handlers
 *          [child] exit 42
 * Work:    thread
 * Number:  5
 * Hazard (musl):  [child] hang in pthread_once
 *
 * See 47-half-initialised-for-ever.md, pthread_once(3p), fork(2).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int n, handlers;

static struct event halfway, forked;
static pid_t main_tid;
static _Thread_local bool is_worker;

/* Scaffolding: keeps the worker where it is until main has forked. */
static void stay_here(void)
{
    if (!is_worker)
        return;
    say("worker: has initialised one half");
    event_announce(&halfway);
    event_wait_or_futex(&forked, main_tid);
}

static void initialise(void)
{
    handlers += n;
    stay_here();
    handlers += n;
}

static int use_library(void)
{
    pthread_once(&once, initialise);
    return handlers;
}

static void *work(void *unused LAB_UNUSED)
{
    call_me("worker");
    is_worker = true;
    say("worker: finds %d handlers", use_library());
    event_announce(&halfway); /* at the latest now */
    return NULL;
}

int main(void)
{
    pthread_t worker;
    int status;

    n = run_number(5);
    main_tid = gettid();
    event_make(&halfway);
    event_make(&forked);
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");

    event_wait(&halfway);
    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: uses the library");
        event_announce(&forked);
        show("child: %d handlers", use_library());
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    show("parent: %d handlers", use_library());
    return 0;
}

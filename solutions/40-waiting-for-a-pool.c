/* SPDX-License-Identifier: MIT
 *
 * 40-waiting-for-a-pool: the child has done its work, and at its end it waits
 * for a pool of workers that it does not have.
 *
 * Hazard:  worker: {n} squared is {n*n}
 *          child: the result is {n*n}
 *          [child] hang in pthread_cond_destroy
 * Safe:    worker: {n} squared is {n*n}
 *          child: the result is {n*n}
 *          [child] exit 42
 * Work:    thread
 * Number:  7
 * Hazard (musl):  none
 *
 * See 40-waiting-for-a-pool.md, pthread_cond_destroy(3p), atexit(3), fork(2).
 */
#include "lab.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>

/* A pool of one thread. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int job, result; /* lock protects all three */
static bool closed;

static struct event done;

static void *work(void *unused LAB_UNUSED)
{
    call_me("worker");
    pthread_mutex_lock(&lock);
    while (!closed) {
        if (job != 0) {
            result = job * job;
            show("worker: %d squared is %d", job, result);
            job = 0;
            event_announce(&done);
        }
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void change(int new_job, bool close)
{
    pthread_mutex_lock(&lock);
    job = new_job;
    closed = close;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* At exit(), as a destructor of C++. Those that were woken may still be
 * leaving: POSIX allows pthread_cond_destroy() then. */
static void close_pool(void)
{
    change(0, true);
    pthread_cond_destroy(&changed);
}

/* FIX: in the child nobody waits, so its condition variable must count nobody:
 * it is made anew, before anything else happens there. */
static void forget_workers(void)
{
    pthread_cond_init(&changed, NULL);
}

int main(void)
{
    int n = run_number(7), status;
    pthread_t worker;

    event_make(&done);
    if (pthread_atfork(NULL, NULL, forget_workers) != 0)
        die("pthread_atfork");
    if (pthread_create(&worker, NULL, work, NULL) != 0 ||
        atexit(close_pool) != 0)
        die("pthread_create");
    change(n, false);
    event_wait(&done);
    pthread_mutex_lock(&lock); /* it gives the lock away when it waits again */
    pthread_mutex_unlock(&lock);

    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        show("child: the result is %d", result);
        say("child: has done its work");
        exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}

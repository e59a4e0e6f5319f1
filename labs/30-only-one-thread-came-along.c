/* SPDX-License-Identifier: MIT
 *
 * 30-only-one-thread-came-along: the child has the queue, but not the worker.
 *
 * Hazard:  parent: 3 squared is 9
 *          [child] hang in pthread_cond_wait
 * Safe:    parent: 3 squared is 9
 *          child: {n} squared is {n*n}
 *          [child] exit 42
 * Work:    thread
 * Number:  4
 *
 * See 30-only-one-thread-came-along.md, fork(2), pthread_atfork(3).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

/* A pool of one thread; one job at a time. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static enum { IDLE, ASKED, DONE, CLOSED } state; /* lock protects both */
static int number;

static pthread_t worker;

static void *work(void *unused LAB_UNUSED)
{
    call_me("worker");
    pthread_mutex_lock(&lock);
    for (;;) {
        while (state != ASKED && state != CLOSED)
            pthread_cond_wait(&changed, &lock);
        if (state == CLOSED)
            break;
        say("worker: squares %d", number);
        number *= number;
        state = DONE;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void open_pool(void)
{
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");
}

static int square(int of)
{
    pthread_mutex_lock(&lock);
    number = of;
    state = ASKED;
    pthread_cond_broadcast(&changed);
    while (state != DONE)
        pthread_cond_wait(&changed, &lock);
    int result = number;
    state = IDLE;
    pthread_mutex_unlock(&lock);
    return result;
}

static void close_pool(void)
{
    pthread_mutex_lock(&lock);
    state = CLOSED;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    pthread_join(worker, NULL);
}

int main(void)
{
    int n = run_number(4), status;

    open_pool();
    show("parent: 3 squared is %d", square(3));

    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: asks for %d squared", n);
        show("child: %d squared is %d", n, square(n));
        _exit(42);
    }

    close_pool();
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}

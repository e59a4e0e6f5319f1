/* SPDX-License-Identifier: MIT
 *
 * 43-two-handlers-one-deadlock: the parent hangs, and there is no child.
 *
 * Hazard:  [parent] hang in pthread_mutex_lock
 *          [worker] hang in pthread_mutex_lock
 * Safe:    child: 1 paid, 1 logged
 *          [child] exit 42
 * Work:    thread
 *
 * See 43-two-handlers-one-deadlock.md, pthread_atfork(3), fork(2).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

/* A library that logs. */
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int logged;

static void take_log(void)
{
    if (pthread_mutex_lock(&log_lock) != 0)
        die("pthread_mutex_lock");
}

static void give_log(void)
{
    pthread_mutex_unlock(&log_lock);
}

/* A library that pays, and logs that: it takes bank_lock, then log_lock. */
static pthread_mutex_t bank_lock = PTHREAD_MUTEX_INITIALIZER;
static int paid;

static void take_bank(void)
{
    if (pthread_mutex_lock(&bank_lock) != 0)
        die("pthread_mutex_lock");
}

static void give_bank(void)
{
    pthread_mutex_unlock(&bank_lock);
}

static struct event paying, forked;

static void *pay(void *main_tid)
{
    call_me("worker");
    take_bank();
    say("worker: has bank_lock");
    paid++;
    event_announce(&paying);
    event_wait_or_futex(&forked, *(pid_t *)main_tid);
    say("worker: wants log_lock");
    take_log();
    logged++;
    give_log();
    give_bank();
    return NULL;
}

int main(void)
{
    pthread_t worker;
    pid_t main_tid = gettid();
    int status;

    event_make(&paying);
    event_make(&forked);
    /* Each library holds its lock over fork(), as lab 31 does. */
    /* FIX: the last handlers to be registered are the first to lock. So now
     * fork() takes the locks as the worker does: bank_lock, then log_lock. */
    if (pthread_atfork(take_log, give_log, give_log) != 0)
        die("pthread_atfork");
    if (pthread_atfork(take_bank, give_bank, give_bank) != 0)
        die("pthread_atfork");
    if (pthread_create(&worker, NULL, pay, &main_tid) != 0)
        die("pthread_create");

    event_wait(&paying);
    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        event_announce(&forked);
        take_bank();
        take_log();
        show("child: %d paid, %d logged", paid, logged);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    return 0;
}

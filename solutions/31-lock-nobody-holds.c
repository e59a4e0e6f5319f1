/* SPDX-License-Identifier: MIT
 *
 * 31-lock-nobody-holds: the child waits for a thread that it does not have.
 *
 * Hazard:  [child] hang in pthread_mutex_lock, owner vanished
 * Safe:    child saw {n} {n}
 *          [child] exit 42
 * Work:    thread
 * Number:  1
 * Hazard (musl):  [child] hang in pthread_mutex_lock
 *
 * See 31-lock-nobody-holds.md, fork(2), pthread_atfork(3).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int orders, bills; /* one bill for each order; lock protects both */

static struct event locked, forked;

static void *work(void *main_tid)
{
    call_me("worker");
    pthread_mutex_lock(&lock);
    say("worker: locked lock");
    orders++;
    event_announce(&locked);
    event_wait_or_futex(&forked, *(pid_t *)main_tid);
    bills++;
    say("worker: unlocks lock");
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* FIX: fork() itself waits for lock, so no update is half done when memory is
 * copied; then each process unlocks its own copy. */
static void take(void)
{
    pthread_mutex_lock(&lock);
}

static void give(void)
{
    pthread_mutex_unlock(&lock);
}

int main(void)
{
    pthread_t worker;
    pid_t main_tid = gettid();
    int status;

    orders = bills = run_number(1) - 1;
    event_make(&locked);
    event_make(&forked);
    if (pthread_atfork(take, give, give) != 0)
        die("pthread_atfork");
    if (pthread_create(&worker, NULL, work, &main_tid) != 0)
        die("pthread_create");

    event_wait(&locked);
    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: wants lock");
        event_announce(&forked);
        pthread_mutex_lock(&lock);
        show("child saw %d %d", orders, bills);
        pthread_mutex_unlock(&lock);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    pthread_mutex_lock(&lock);
    say("parent: saw %d %d", orders, bills);
    pthread_mutex_unlock(&lock);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 38-reader-that-never-leaves: the child wants to write, and a reader that it
 * does not have still reads.
 *
 * Hazard:  worker: the price is {n}
 *          [child] hang in pthread_rwlock_wrlock
 * Safe:    worker: the price is {n}
 *          child: the price is {n+1}
 *          [child] exit 42
 * Work:    thread
 * Number:  30
 *
 * See 38-reader-that-never-leaves.md, pthread_rwlock_wrlock(3p), fork(2),
 * pthread_atfork(3).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int price; /* lock protects it */

static struct event reading, forked;

static void *work(void *main_tid)
{
    call_me("worker");
    pthread_rwlock_rdlock(&lock);
    say("worker: reads");
    event_announce(&reading);
    event_wait_or_futex(&forked, *(pid_t *)main_tid);
    show("worker: the price is %d", price);
    pthread_rwlock_unlock(&lock);
    return NULL;
}

static void raise_price(void)
{
    pthread_rwlock_wrlock(&lock);
    price++;
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    pthread_t worker;
    pid_t main_tid = gettid();
    int status;

    price = run_number(30);
    event_make(&reading);
    event_make(&forked);
    if (pthread_create(&worker, NULL, work, &main_tid) != 0)
        die("pthread_create");

    event_wait(&reading);
    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        pthread_rwlock_rdlock(&lock);
        say("child: reads %d, wants to write", price);
        pthread_rwlock_unlock(&lock);
        event_announce(&forked);
        raise_price();
        show("child: the price is %d", price);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 37-not-the-owner-any-more: the child may not unlock what its parent locked.
 *
 * Hazard:  [child] hang in pthread_mutex_lock, owner forker
 * Safe:    child: {n} orders
 *          [child] exit 42
 * Work:    thread
 * Number:  2
 *
 * See 37-not-the-owner-any-more.md, pthread_atfork(3), pthread_mutex_lock(3).
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

static pthread_mutex_t lock;
static int orders; /* lock protects it */

static struct event locked, forked;

/* Recursive: its owner may lock it again. So the mutex must know its owner. */
static void make_lock(void)
{
    pthread_mutexattr_t kind;

    if (pthread_mutexattr_init(&kind) != 0 ||
        pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE) != 0 ||
        pthread_mutex_init(&lock, &kind) != 0)
        die("pthread_mutex_init");
}

static void take(void)
{
    pthread_mutex_lock(&lock);
}

static void give(void)
{
    pthread_mutex_unlock(&lock);
}

static void *work(void *main_tid)
{
    call_me("worker");
    take();
    say("worker: locked lock");
    event_announce(&locked);
    event_wait_or_futex(&forked, *(pid_t *)main_tid);
    orders++;
    say("worker: unlocks lock");
    give();
    return NULL;
}

int main(void)
{
    pthread_t worker;
    pid_t main_tid = gettid();
    int status;

    orders = run_number(2) - 2;
    event_make(&locked);
    event_make(&forked);
    make_lock();
    /* FIX: the child does not unlock the mutex, it makes it anew, without an
     * owner. Nobody else can hold it: fork() took it, the child is alone. */
    if (pthread_atfork(take, give, make_lock) != 0)
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
        take();
        orders++;
        show("child: %d orders", orders);
        give();
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    return 0;
}

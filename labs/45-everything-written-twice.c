/* SPDX-License-Identifier: MIT
 *
 * 45-everything-written-twice: all threads came along, and so did their work.
 *
 * Hazard:  2 pay Ann
 *          2 pay Ben
 *          pay Cleo
 *          [child] exit 42
 * Safe:    pay Ann
 *          pay Ben
 *          pay Cleo
 *          [child] exit 42
 * Work:    thread
 *
 * See 45-everything-written-twice.md, forkall.h, fork(2), clone(2).
 */
#include "lab.h"

#include "forkall.h"
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

/* What is to be paid, in this order. The file of payments is stdout. */
static const char *orders[8];
static int ordered, taken;
static sem_t to_do, in_hand, paid;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the file */

static void *work(void *unused LAB_UNUSED)
{
    call_me("worker");
    for (;;) {
        sem_wait(&to_do);
        const char *payee = orders[taken++];
        say("worker: takes %s", payee);
        sem_post(&in_hand);
        pthread_mutex_lock(&lock);
        show("pay %s", payee);
        pthread_mutex_unlock(&lock);
        sem_post(&paid);
    }
    return NULL;
}

/* A worker, and nothing ordered yet. */
static void open_bank(void)
{
    pthread_t worker;

    ordered = taken = 0;
    if (sem_init(&to_do, 0, 0) == -1 || sem_init(&in_hand, 0, 0) == -1 ||
        sem_init(&paid, 0, 0) == -1)
        die("sem_init");
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");
}

static void order(const char *payee)
{
    orders[ordered++] = payee;
    sem_post(&to_do);
}

static void close_bank(void)
{
    for (int i = 0; i < ordered; i++)
        sem_wait(&paid);
}

int main(void)
{
    int status;

    open_bank();
    /* Held over the fork, so that no line is half written then (lab 37). */
    pthread_mutex_lock(&lock);
    order("Ann");
    order("Ben");
    sem_wait(&in_hand);
    say("parent: forks");
    pid_t pid = forkall();
    if (pid == -1)
        die("forkall");
    pthread_mutex_unlock(&lock);

    if (pid == 0) {
        order("Cleo");
        close_bank();
        _exit(42);
    }

    close_bank();
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}

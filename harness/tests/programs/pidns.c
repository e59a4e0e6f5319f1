/* SPDX-License-Identifier: MIT
 *
 * pidns: in a PID namespace of its own, two threads lock two mutexes crosswise.
 * There they have the numbers 1 and 2, which outside are those of others.
 */
#include "lab.h"

#include <pthread.h>
#include <sched.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both_hold_one;

static void *other_way_round(void *unused)
{
    pthread_mutex_lock(&second);
    pthread_barrier_wait(&both_hold_one);
    pthread_mutex_lock(&first);
    return unused;
}

int main(void)
{
    pthread_t thread;

    if (unshare(CLONE_NEWPID) == -1)
        return 77;
    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        pthread_barrier_init(&both_hold_one, NULL, 2);
        if (pthread_create(&thread, NULL, other_way_round, NULL) != 0)
            die("pthread_create");
        pthread_mutex_lock(&first);
        pthread_barrier_wait(&both_hold_one);
        pthread_mutex_lock(&second);
    }
    waitpid(child, NULL, 0);
}

/* SPDX-License-Identifier: MIT
 *
 * mutex-abba: two threads, two mutexes, locked in opposite order.
 */
#include "lab.h"

#include <pthread.h>

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

    pthread_barrier_init(&both_hold_one, NULL, 2);
    if (pthread_create(&thread, NULL, other_way_round, NULL) != 0)
        die("pthread_create");
    pthread_mutex_lock(&first);
    pthread_barrier_wait(&both_hold_one);
    pthread_mutex_lock(&second);
    pthread_join(thread, NULL);
    return 0;
}

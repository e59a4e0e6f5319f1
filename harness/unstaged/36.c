/* SPDX-License-Identifier: MIT
 *
 * 36: a thread moves money to and fro, with the lock; it writes a line of each
 * transfer into a buffer without it. The child breaks the lock, and adds up.
 */
#include "trials.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int savings = 1000, purse = 1000; /* the lock protects both */

static void *work(void *unused)
{
    char line[80];

    for (int amount = 100;; amount = -amount) {
        pthread_mutex_lock(&lock);
        savings -= amount;
        purse += amount;
        pthread_mutex_unlock(&lock);
        snprintf(line, sizeof(line), "moved %d to the purse", amount);
    }
    return unused;
}

static int child(void)
{
    /* UNSAFE: as a child does that makes all locks new. */
    if (pthread_mutex_init(&lock, NULL) != 0)
        die("pthread_mutex_init");
    pthread_mutex_lock(&lock);
    int sum = savings + purse;
    pthread_mutex_unlock(&lock);
    return sum == 2000 ? RIGHT : BITTEN;
}

int main(int argc, char **argv)
{
    start(work);
    return trials(argc, argv, child);
}

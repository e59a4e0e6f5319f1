/* SPDX-License-Identifier: MIT
 *
 * 31: a thread books orders, each with its lock, and writes a line of each into
 * a buffer without it. The child wants to see the books.
 */
#include "trials.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int orders, bills; /* the lock protects both */

static void *work(void *unused)
{
    char line[80];

    for (;;) {
        pthread_mutex_lock(&lock);
        orders++;
        bills++;
        int order = orders;
        pthread_mutex_unlock(&lock);
        snprintf(line, sizeof(line), "order %d: one bill, paid", order);
    }
    return unused;
}

static int child(void)
{
    pthread_mutex_lock(&lock);
    int status = orders == bills ? RIGHT : BITTEN;
    pthread_mutex_unlock(&lock);
    return status;
}

int main(int argc, char **argv)
{
    start(work);
    return trials(argc, argv, child);
}

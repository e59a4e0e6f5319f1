/* SPDX-License-Identifier: MIT
 *
 * A thread has locked stderr when main forks.
 */
#include <pthread.h>

#include "say.h"

static void *hold(void *unused)
{
    flockfile(stderr);
    sleep(1000);
    return unused;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, hold, NULL);
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        fputs("never\n", stderr);
        _exit(0);
    }
    return say_and_wait(child);
}

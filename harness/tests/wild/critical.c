/* SPDX-License-Identifier: MIT
 * A thread of the parent is in a critical section of OpenMP when main forks; the
 * child wants to enter it, with a name and without. */
#include <pthread.h>
#include <string.h>

#include "say.h"

static volatile int inside;

static void *keep(void *unused)
{
    (void)unused;
#pragma omp critical
    {
#pragma omp critical(table)
        {
            inside = 1;
            for (;;)
                pause();
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    pthread_create(&thread, NULL, keep, NULL);
    while (!inside)
        usleep(1000);
    pid_t child = fork();
    if (child == 0 && argc > 1 && strcmp(argv[1], "table") == 0) {
#pragma omp critical(table)
        pause();
    } else if (child == 0) {
#pragma omp critical
        pause();
    }
    return say_and_wait(child);
}

/* SPDX-License-Identifier: MIT
 *
 * slow-but-alive: two seconds of work in small pieces, with pauses in which
 * nothing of it runs; a child does the same, and its parent waits for it.
 */
#include "lab.h"

#include <sys/wait.h>
#include <time.h>

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void work(double seconds)
{
    const struct timespec pause = {.tv_nsec = 90000000};
    double end = now() + seconds;

    while (now() < end) {
        double piece = now() + 0.01;
        while (now() < piece)
            continue;
        nanosleep(&pause, NULL);
    }
}

int main(void)
{
    pid_t child = fork();

    if (child == -1)
        die("fork");
    if (child == 0) {
        work(2);
        _exit(42);
    }
    if (waitpid(child, NULL, 0) != child)
        die("waitpid");
    return 0;
}

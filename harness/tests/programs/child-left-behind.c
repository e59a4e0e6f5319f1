/* SPDX-License-Identifier: MIT
 *
 * child-left-behind: ends at once; its child goes on for half a second, in a
 * session of its own, its output closed.
 */
#include "lab.h"

#include <time.h>

int main(void)
{
    const struct timespec half = {.tv_nsec = 500000000};
    pid_t child = fork();

    if (child == -1)
        die("fork");
    if (child == 0) {
        setsid();
        close(STDOUT_FILENO);
        close(STDERR_FILENO);
        nanosleep(&half, NULL);
        _exit(42);
    }
    return 0;
}

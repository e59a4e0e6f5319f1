/* SPDX-License-Identifier: MIT
 *
 * pipe-slow-writer: reads a pipe that a child writes to half a second later.
 */
#include "lab.h"

#include <time.h>

int main(void)
{
    const struct timespec half = {.tv_nsec = 500000000};
    int ends[2];
    char byte;

    if (pipe(ends) == -1)
        die("pipe");
    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        nanosleep(&half, NULL);
        if (write(ends[1], "!", 1) != 1)
            die("write");
        _exit(42);
    }
    return read(ends[0], &byte, 1) != 1;
}

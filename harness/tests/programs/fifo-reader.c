/* SPDX-License-Identifier: MIT
 *
 * fifo-reader PATH: opens a named pipe for reading and waits for a writer.
 */
#include "lab.h"

int main(int argc, char **argv)
{
    char byte;
    int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

    if (fd == -1)
        die("open");
    return read(fd, &byte, 1) != 1;
}

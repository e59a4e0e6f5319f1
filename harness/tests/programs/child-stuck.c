/* SPDX-License-Identifier: MIT
 *
 * child-stuck: waits for a child that waits for itself; with an argument, does
 * not wait but ends.
 */
#include "lab.h"

#include <sys/wait.h>

int main(int argc, char **argv)
{
    int ends[2];
    char byte;

    (void)argv;
    if (pipe(ends) == -1)
        die("pipe");
    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0)
        _exit(read(ends[0], &byte, 1) == 1);
    if (argc == 1)
        waitpid(child, NULL, 0);
    return 0;
}

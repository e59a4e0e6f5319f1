/* SPDX-License-Identifier: MIT
 *
 * Forty children read a pipe whose other end only their parent has; whoever is
 * still there when the parent has gone reads its end, and says so.
 */
#include "lab.h"

#include <sys/wait.h>

int main(void)
{
    int ends[2];
    char byte;

    if (pipe(ends) == -1)
        die("pipe");
    for (int i = 0; i < 40; i++) {
        pid_t pid = fork();
        if (pid == -1)
            die("fork");
        if (pid == 0) {
            close(ends[1]);
            if (read(ends[0], &byte, 1) == 0)
                show("the end");
            _exit(0);
        }
    }
    wait(NULL);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 01-said-once-read-twice: the program says hello once, you read it twice.
 *
 * Hazard:  2 {n}
 *          [child] exit 42
 * Safe:    {n}
 *          [child] exit 42
 * Number:  hello
 *
 * See 01-said-once-read-twice.md, fork(2), setvbuf(3), exit(3), _exit(2).
 */
#include "lab.h"

#include <stdio.h>
#include <sys/wait.h>

int main(void)
{
    int status;

    /* Pinned: by itself, stdout keeps whole lines back in a pipe or file, but
     * not on a terminal. Here they stay in the buffer everywhere. */
    if (setvbuf(stdout, NULL, _IOFBF, BUFSIZ) != 0)
        die("setvbuf");

    printf("%s\n", run_word("hello"));
    say("parent: hello is in the buffer, not on the way yet");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: says nothing, and leaves");
        exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0; /* from main: as exit(0) */
}

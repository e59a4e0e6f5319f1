/* SPDX-License-Identifier: MIT
 *
 * 14-nonblocking-by-surprise: the child is gone, its O_NONBLOCK is not.
 *
 * Hazard:  child found nothing
 *          [child] exit 42
 *          parent has O_ASYNC
 *          parent: Resource temporarily unavailable
 *          [writer] exit 42
 * Safe:    child found nothing
 *          [child] exit 42
 *          parent read {n}
 *          [writer] exit 42
 * Work:    pipe
 * Number:  hello
 *
 * See 14-nonblocking-by-surprise.md, fork(2), fcntl(2), open(2), read(2).
 */
#include "lab.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>

/* Is there any input? Does not wait for it: a signal is to tell of more. */
static void look(void)
{
    int in = STDIN_FILENO, flags = fcntl(in, F_GETFL);
    char byte;

    if (flags == -1 || fcntl(in, F_SETFL, flags | O_NONBLOCK | O_ASYNC) == -1)
        die("fcntl");
    if (read(in, &byte, 1) == -1 && errno == EAGAIN)
        show("child found nothing");
}

int main(void)
{
    const char *hello = run_word("hello");
    char text[] = "?????";
    int fd[2], status, stat = open("/proc/self/stat", O_RDONLY);

    if (stat == -1 || pipe(fd) == -1 || dup2(fd[0], STDIN_FILENO) == -1)
        die("pipe");

    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        look();
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    if (fcntl(STDIN_FILENO, F_GETFL) & O_ASYNC)
        show("parent has O_ASYNC");

    /* It writes when the parent waits for input, or, in vain, for its end. */
    pid_t writer = fork();
    if (writer == -1)
        die("fork");
    if (writer == 0) {
        call_me("writer");
        wait_until_asleep(stat);
        if (write(fd[1], hello, 5) != 5)
            die("write");
        _exit(42);
    }
    if (read(STDIN_FILENO, text, 5) == 5)
        show("parent read %s", text);
    else
        show("parent: %s", strerror(errno));
    if (waitpid(writer, &status, 0) == -1)
        die("waitpid");
    say_end("writer", status);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 12-eof-never-comes: the writer has gone, and the reader waits for the end.
 *
 * Hazard:  [writer] exit 42
 *          [reader] hang in read
 * Safe:    reader counted {5*n} bytes
 *          [writer] exit 42
 *          [reader] exit 42
 * Work:    pipe
 * Number:  100
 *
 * See 12-eof-never-comes.md, fork(2), pipe(7), read(2), lsof(8).
 */
#include "lab.h"

#include <sys/wait.h>

static void write_it(int fd, int lines)
{
    for (int i = 0; i < lines; i++)
        if (write(fd, "line\n", 5) != 5)
            die("write");
    say("writer: has written all, and ends");
}

static void count_it(int fd)
{
    char text[80];
    int bytes = 0;
    ssize_t got;

    say("reader: counts until the end");
    while ((got = read(fd, text, sizeof(text))) > 0)
        bytes += (int)got;
    if (got == -1)
        die("read");
    show("reader counted %d bytes", bytes);
}

int main(void)
{
    int fd[2], status, lines = run_number(100);

    if (pipe(fd) == -1)
        die("pipe");

    pid_t writer = fork();
    if (writer == -1)
        die("fork");
    if (writer == 0) {
        call_me("writer");
        close(fd[0]);
        write_it(fd[1], lines);
        _exit(42);
    }
    pid_t reader = fork();
    if (reader == -1)
        die("fork");
    if (reader == 0) {
        call_me("reader");
        close(fd[1]);
        count_it(fd[0]);
        _exit(42);
    }

    close(fd[0]);
    if (waitpid(writer, &status, 0) == -1)
        die("waitpid");
    say_end("writer", status);
    if (waitpid(reader, &status, 0) == -1)
        die("waitpid");
    say_end("reader", status);
    return 0;
}

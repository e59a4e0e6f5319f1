/* SPDX-License-Identifier: MIT
 *
 * 08-input-read-for-ever: three lines of input, and the reader has no end.
 *
 * Hazard:  9 server: a job
 *          9 [worker] exit 42
 *          server: stops, with 9 jobs of 3
 * Safe:    3 server: a job
 *          3 [worker] exit 42
 *          server: end of input
 *
 * See 08-input-read-for-ever.md, fork(2), exit(3), stdin(3), lseek(2).
 */
#include "lab.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define JOBS 3

/* As "./a.out <file" does: stdin is a file. It is only in memory. */
static void make_input(void)
{
    static const char text[] = "one\ntwo\nsix\n";
    int fd = memfd_create("input", MFD_CLOEXEC);

    if (fd == -1 || write(fd, text, sizeof(text) - 1) == -1 ||
        lseek(fd, 0, SEEK_SET) == -1 || dup2(fd, STDIN_FILENO) == -1)
        die("memfd_create");
    close(fd);
}

/* A process for each job; one after the other. */
static void run_job(void)
{
    int status;

    show("server: a job");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("worker");
        exit(42);
    }
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
}

int main(void)
{
    char line[80];
    int jobs = 0;

    make_input();
    call_me("server");
    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        say("server: reads %s", line);
        run_job();
        if (++jobs == 3 * JOBS) { /* or it would read for ever */
            show("server: stops, with %d jobs of %d", jobs, JOBS);
            _exit(0);
        }
    }
    show("server: end of input");
    return 0;
}

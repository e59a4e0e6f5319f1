/* SPDX-License-Identifier: MIT
 *
 * 08-input-read-for-ever: three lines of input, and the reader has no end.
 *
 * Hazard:  3 server: job {n}
 *          3 server: job {n+1}
 *          3 server: job {n+2}
 *          9 [worker] exit 42
 *          server: stops, with 9 jobs of 3
 * Safe:    server: job {n}
 *          server: job {n+1}
 *          server: job {n+2}
 *          3 [worker] exit 42
 *          server: end of input
 * Number:  117
 *
 * See 08-input-read-for-ever.md, fork(2), exit(3), stdin(3), lseek(2).
 */
#include "lab.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define JOBS 3

/* As "./a.out <file" does: stdin is a file. It is only in memory. */
static void make_input(int n)
{
    char text[40];
    int size = snprintf(text, sizeof(text), "%d\n%d\n%d\n", n, n + 1, n + 2);
    int fd = memfd_create("input", MFD_CLOEXEC);

    if (fd == -1 || write(fd, text, (size_t)size) != size ||
        lseek(fd, 0, SEEK_SET) == -1 || dup2(fd, STDIN_FILENO) == -1)
        die("memfd_create");
    close(fd);
}

/* A process for each job; one after the other. */
static void run_job(const char *job)
{
    int status;

    show("server: job %s", job);
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("worker");
        /* FIX: _exit() leaves stdin as it is; exit() moves its offset back to
         * what this copy of the buffer has not read. */
        _exit(42);
    }
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
}

int main(void)
{
    char line[80];
    int jobs = 0;

    make_input(run_number(117));
    call_me("server");
    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        run_job(line);
        if (++jobs == 3 * JOBS) { /* or it would read for ever */
            show("server: stops, with %d jobs of %d", jobs, JOBS);
            _exit(0);
        }
    }
    show("server: end of input");
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 52-closing-four-billion: three descriptors are open, and the child closes all
 * that there could be.
 *
 * Hazard:  child: {n-6} calls of close() in vain
 *          [cat] exit 0
 * Safe:    child: 0 calls of close() in vain
 *          [cat] exit 0
 * Work:    program:cat
 * Number:  471
 * Plot:    us at fds
 *
 * See 52-closing-four-billion.md, close(2), close_range(2), getrlimit(2).
 */
#include "price.h"

#include <sys/resource.h>
#include <sys/wait.h>

#ifndef SYS_close_range /* glibc has it since 2.34 */
#define SYS_close_range 436
#endif

/* Sets the limit, as `ulimit -n` does. Returns the highest one that needs no
 * privilege. */
static long set_limit(long descriptors)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
        die("getrlimit");
    limit.rlim_cur = (rlim_t)descriptors;
    if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
        die("setrlimit");
    return limit.rlim_max < 65536 ? (long)limit.rlim_max : 65536;
}

/* Closes all descriptors from `first` on. Returns how many calls found nothing
 * to close. */
static int close_from(int first)
{
    int in_vain = 0;
    long limit = sysconf(_SC_OPEN_MAX);

    for (int fd = first; fd < limit; fd++)
        if (close(fd) == -1)
            in_vain++;
    return in_vain;
}

/* Starts a program that reads input, and gives it nothing else. */
static pid_t start_cat(int input)
{
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0) {
        if (dup2(input, STDIN_FILENO) == -1)
            die("dup2");
        show("child: %d calls of close() in vain",
             close_from(STDERR_FILENO + 1));
        execlp("cat", "cat", (char *)NULL);
        die("exec");
    }
    return pid;
}

int main(void)
{
    int status, input[2], secret = open("/dev/zero", O_RDONLY);
    long most = set_limit(run_number(471));

    if (secret == -1 || pipe(input) == -1)
        die("open, pipe");
    pid_t pid = start_cat(input[0]);
    close(input[1]);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("cat", status);

    if (in_check())
        return 0; /* one of many runs: no picture */
    for (long limit = most / 64; limit <= most; limit *= 4) {
        set_limit(limit);
        long before = now_us();
        close_from(STDERR_FILENO + 1);
        say("parent: close_from(): %ld us at %ld fds", now_us() - before,
            limit);
    }
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 09-same-canary-everywhere: what one worker's crash tells holds for the next.
 *
 * Hazard:  canaries in two workers: 1
 *          2 [worker] exit 42
 * Safe:    canaries in two workers: 2
 *          2 [worker] exit 42
 * Work:    pipe
 *
 * See 09-same-canary-everywhere.md, fork(2), execve(2), getauxval(3).
 */
#include "lab.h"

#include <string.h>
#include <sys/wait.h>

/* The canary: what gcc -fstack-protector puts between the variables of a
 * function and its return address. Here it is read, and nothing else: no
 * buffer overflows. */
static long canary(void)
{
#ifdef __x86_64__
    long value;

    __asm__ volatile("mov %%fs:0x28, %0" : "=r"(value));
    return value;
#else
    extern long __stack_chk_guard;

    return __stack_chk_guard;
#endif
}

/* A worker: tells its canary to fd. */
__attribute__((noreturn)) static void work(int fd)
{
    long mine = canary();

    call_me("worker");
    if (write(fd, &mine, sizeof(mine)) != sizeof(mine))
        die("write");
    close(fd);
    _exit(42);
}

/* The canary of a new worker. */
static long ask_worker(void)
{
    int fd[2], status;
    long told;

    if (pipe2(fd, O_CLOEXEC) == -1)
        die("pipe2");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        work(fd[1]);

    if (read(fd[0], &told, sizeof(told)) != sizeof(told))
        die("read");
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    close(fd[0]);
    close(fd[1]);
    return told;
}

int main(int count, char **words)
{
    if (count == 2) /* "a.out FD": the program is a worker from its start */
        work(atoi(words[1]));

    long one = ask_worker(), other = ask_worker();
    show("canaries in two workers: %d", one == other ? 1 : 2);
    return 0;
}

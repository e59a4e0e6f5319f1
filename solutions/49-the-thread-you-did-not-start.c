/* SPDX-License-Identifier: MIT
 *
 * 49-the-thread-you-did-not-start: no thread in this file, and the child waits
 * for one.
 *
 * Hazard:  parent: job 1
 *          [child] hang in pthread_mutex_lock, owner vanished
 * Safe:    parent: job 1
 *          child: job 1
 *          [child] exit 42
 * Work:    thread
 * Hazard (musl):  parent: job 1
 *                 [child] hang in pthread_mutex_lock
 *
 * See 49-the-thread-you-did-not-start.md, fork(2), posix_spawn(3).
 */
#include "lab.h"
#include "meter.h"

#include <spawn.h>
#include <sys/wait.h>

__attribute__((noreturn)) static void work(void)
{
    call_me("child");
    say("child: counts its job");
    meter_count("child");
    _exit(42);
}

int main(int argc, char **argv)
{
    char *again[] = {argv[0], "child", NULL};
    pid_t pid;
    int status;

    if (argc > 1)
        work();

    meter_wait_until_busy();
    say("parent: starts itself once more");
    /* FIX: a process that starts from the beginning has all its threads, those
     * of its libraries too. Its arguments tell it what to do. */
    errno = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, again, environ);
    if (errno != 0)
        die("posix_spawn");

    meter_count("parent");
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}

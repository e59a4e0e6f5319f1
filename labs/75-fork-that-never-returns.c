/* SPDX-License-Identifier: MIT
 *
 * 75-fork-that-never-returns: the clock of a profiler ticks faster than fork
 * can copy, and fork begins again at each tick.
 *
 * Hazard:  parent: {n} ticks, and fork has not returned
 *          [parent] exit 1
 * Safe:    child: {n} squared is {n*n}
 *          parent: fork has returned, the clock ticks on
 *          [child] exit 42
 * Number:  4711
 * Hazard (Linux 4.19):  none
 *
 * See 75-fork-that-never-returns.md, fork(2), setitimer(2), signal(7).
 */
#include "price.h"

#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* To copy so many MiB takes several times as long as a tick. */
enum { MEMORY = 64, TICK_US = 200 };

static int number;
static volatile sig_atomic_t ticks; /* since the last look */

/* A profiler would note here where the program is. Without a limit, a fork that
 * never returns would be a program that computes for ever, as many do. */
static void tick(int signal LAB_UNUSED)
{
    if (++ticks < number)
        return;
    show("parent: %d ticks, and fork has not returned", number);
    _exit(1);
}

static void set_clock(int us)
{
    const struct timeval every = {.tv_usec = us};
    const struct itimerval clock = {.it_interval = every, .it_value = every};

    if (setitimer(ITIMER_REAL, &clock, NULL) == -1)
        die("setitimer");
}

/* Memory whose last word is the number. */
static const int *fill(long mib)
{
    char *memory = reserve(mib, false);

    /* Since Linux 5.14: all at once, without a page fault for each page. */
    if (madvise(memory, (size_t)mib * MIB, MADV_POPULATE_WRITE) == -1)
        touch(memory, mib);
    int *last = (int *)(void *)(memory + (size_t)mib * MIB) - 1;
    *last = number;
    return last;
}

int main(void)
{
    const struct sigaction action = {.sa_handler = tick,
                                     .sa_flags = SA_RESTART};
    int status;

    number = run_number(4711);
    const int *last = fill(mib_allowed(MEMORY, MEMORY));
    if (sigaction(SIGALRM, &action, NULL) == -1)
        die("sigaction");
    set_clock(TICK_US);

    long start = now_us();
    ticks = 0;
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        show("child: %d squared is %d", *last, *last * *last);
        _exit(42);
    }
    say("parent: fork took %ld us, with %d ticks", now_us() - start, ticks);

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    ticks = 0;
    while (ticks == 0)
        pause();
    set_clock(0);
    show("parent: fork has returned, the clock ticks on");
    return 0;
}

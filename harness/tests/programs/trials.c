/* SPDX-License-Identifier: MIT
 *
 * trials: children that trials.h must not take for bitten, and some that it
 * must.
 *
 *   trials WHAT FORKS      prints "BITTEN FORKS FIRST"
 */
#include "unstaged/trials.h"

static int word; /* of futex(2) */
static const char *what;

static int futex(int operation, const struct timespec *timeout)
{
    return (int)syscall(SYS_futex, &word, operation, operation & 1, timeout);
}

static void *wake(void *unused)
{
    const struct timespec time = {.tv_nsec = 30000000};

    nanosleep(&time, NULL);
    while (futex(1 | 128, NULL) == 0) /* FUTEX_WAKE: nobody yet */
        sched_yield();
    return unused;
}

static int child(void)
{
    const struct timespec time = {.tv_nsec = 30000000};

    if (strcmp(what, "sleeps") == 0)
        nanosleep(&time, NULL);
    else if (strcmp(what, "timed") == 0)
        futex(0 | 128, &time);
    else if (strcmp(what, "woken") == 0) {
        start(wake);
        futex(0 | 128, NULL);
    } else if (strcmp(what, "stuck") == 0)
        futex(0 | 128, NULL);
    else if (strcmp(what, "wrong") == 0)
        return BITTEN;
    else if (strcmp(what, "dies") == 0)
        abort();
    return RIGHT;
}

int main(int argc, char **argv)
{
    what = argc > 1 ? argv[1] : "";
    return trials(argc - 1, argv + 1, child);
}

/* SPDX-License-Identifier: MIT
 *
 * known MODE: programs that are stuck for good, although memory or the past of
 * the program leaves open what exactly a thread waits for: whatever it is,
 * nobody can end it. Their twins that end are in rewired.c, unheard.c, help.c
 * and elsewhere.c. `known list` prints the modes.
 */
#include "lab.h"

#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <time.h>

#include "linux/syscalls.h"
#include "tests/programs/modes.h"

static int ends[2];

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000};

    nanosleep(&time, NULL);
}

static void *read_pipe(void *unused)
{
    char byte;

    (void)!read(ends[0], &byte, 1);
    return unused;
}

/* Another thread, which waits for the same. */
static void beside(void)
{
    pthread_t thread;

    if (pipe(ends) == -1 || pthread_create(&thread, NULL, read_pipe, NULL) != 0)
        die("pthread_create");
}

static void poll_beside(void)
{
    struct pollfd set = {.events = POLLIN};

    beside();
    set.fd = ends[0];
    poll(&set, 1, -1);
}

static void select_beside(void)
{
    fd_set set;

    beside();
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    select(FD_SETSIZE, &set, NULL, NULL, NULL);
}

/* The thread that has ended has read a file, as pthread_exit(3) does. */
static void *read_file(void *unused)
{
    FILE *self = fopen("/proc/self/exe", "r");

    pause_ms(100);
    if (self == NULL || fclose(self) != 0)
        die("fopen");
    return unused;
}

static void poll_after_file(void)
{
    struct pollfd set = {.events = POLLIN};
    pthread_t thread;

    if (pipe(ends) == -1 || pthread_create(&thread, NULL, read_file, NULL) != 0)
        die("pthread_create");
    set.fd = ends[0];
    poll(&set, 1, -1);
}

/* It has fired, and nobody sets it again. */
static void timer_fired(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    const struct itimerspec soon = {.it_value = {.tv_nsec = 50000000}};
    timer_t timer;

    signal(SIGUSR1, SIG_IGN);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 ||
        timer_settime(timer, 0, &soon, NULL) == -1 || pipe(ends) == -1)
        die("timer_create");
    read_pipe(NULL);
}

static void timer_unset(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 || pipe(ends) == -1)
        die("timer_create");
    read_pipe(NULL);
}

static unsigned *words;

static void *move_waiters(void *unused)
{
    pause_ms(100);
    syscall(SYS_futex, words, FUTEX_REQUEUE, 0, 1, words + 1, 0);
    return unused;
}

/* From one word to another, in memory of the tree's own. */
static void requeued(void)
{
    pthread_t thread;

    words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                 -1, 0);
    if (words == MAP_FAILED ||
        pthread_create(&thread, NULL, move_waiters, NULL) != 0)
        die("mmap");
    syscall(SYS_futex, words, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static const struct mode modes[] = {
    {"poll-beside", poll_beside},         {"select-beside", select_beside},
    {"poll-after-file", poll_after_file}, {"timer-fired", timer_fired},
    {"timer-unset", timer_unset},         {"requeued", requeued},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}

/* SPDX-License-Identifier: MIT
 *
 * part MODE: a child that can never go on, beside a parent that sleeps for
 * longer than any deadline. `part list` prints the modes.
 *
 * This program has neither exec, nor syscall(2), nor a path into /proc: who is
 * alive in it cannot reach into the child (harness/proof/part.c). So it does
 * without lab.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/programs/modes.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t locked;

static void start_beside_sleeper(void (*work)(void))
{
    if (fork() == 0) {
        work();
        _exit(1);
    }
    sleep(1000);
}

static void lock_it(void)
{
    pthread_mutex_lock(&lock);
}

static void *hold_lock(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_barrier_wait(&locked);
    for (;;)
        pause();
    return unused;
}

static void fork_while_another_holds_it(void)
{
    pthread_t holder;

    pthread_barrier_init(&locked, NULL, 2);
    if (pthread_create(&holder, NULL, hold_lock, NULL) != 0)
        _exit(1);
    pthread_barrier_wait(&locked);
    start_beside_sleeper(lock_it);
}

static void ignore_it(int number)
{
    (void)number;
}

/* The parent could send a signal, but the child blocks all that it catches. */
static void fork_with_signal_blocked(void)
{
    sigset_t set;

    signal(SIGUSR1, ignore_it);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    fork_while_another_holds_it();
}

static void read_own_pipe(void)
{
    int ends[2];
    char byte;

    if (pipe(ends) == 0)
        (void)!read(ends[0], &byte, 1);
}

static void own_pipe(void)
{
    start_beside_sleeper(read_own_pipe);
}

static void read_own_socket(void)
{
    int ends[2];
    char byte;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0)
        (void)!read(ends[0], &byte, 1);
}

static void own_socket(void)
{
    start_beside_sleeper(read_own_socket);
}

static void read_own_eventfd(void)
{
    eventfd_t value;

    eventfd_read(eventfd(0, 0), &value);
}

/* What it waits on must hold again after 10 ms, here too. */
static void own_eventfd(void)
{
    start_beside_sleeper(read_own_eventfd);
}

static void lock_own_file(void)
{
    char path[] = "/tmp/part-XXXXXX";
    int first = mkstemp(path), second = open(path, O_RDWR);

    if (first != -1 && second != -1 && flock(first, LOCK_EX) == 0)
        flock(second, LOCK_EX);
}

static void own_file_lock(void)
{
    start_beside_sleeper(lock_own_file);
}

static const struct mode modes[] = {
    {"mutex-vanished", fork_while_another_holds_it},
    {"blocked-signals", fork_with_signal_blocked},
    {"own-pipe", own_pipe},
    {"own-socket", own_socket},
    {"own-eventfd", own_eventfd},
    {"own-file-lock", own_file_lock},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}

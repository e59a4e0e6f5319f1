/* SPDX-License-Identifier: MIT
 *
 * HEALTHY: what somebody wakes who was not named. healthy MODE
 */
#define _GNU_SOURCE
#include "say.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

static sem_t wake;
static int word;

static void post(int number)
{
    (void)number;
    sem_post(&wake);
}

/* sem_post(3) in a handler is allowed: signal-safety(7). */
static void wait_for_signal(void)
{
    sem_init(&wake, 0, 0);
    signal(SIGHUP, post);
    printf("PIDS %d %d\n", (int)getpid(), (int)getpid());
    fflush(stdout);
    for (;;)
        sem_wait(&wake);
}

static int wait_for_word(void *unused)
{
    (void)unused;
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    return 0;
}

static pid_t share_memory(void)
{
    return clone(wait_for_word, (char *)malloc(65536) + 65536,
                 CLONE_VM | SIGCHLD, NULL);
}

static int sleep_long(void *unused)
{
    (void)unused;
    sleep(1000);
    return 0;
}

/* The one that would wake it is its sibling, which nobody asks about; its
 * parent only waits for it. */
static pid_t share_memory_with_sibling(void)
{
    pid_t child = share_memory();

    if (clone(sleep_long, (char *)malloc(65536) + 65536, CLONE_VM | SIGCHLD,
              NULL) == -1)
        return -1;
    return child;
}

/* With `sibling` it is a sibling that holds it, else the parent. */
static pid_t share_mutex(bool sibling)
{
    pthread_mutexattr_t shared;
    pthread_mutex_t *mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    pthread_mutexattr_init(&shared);
    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(mutex, &shared);
    if (!sibling)
        pthread_mutex_lock(mutex);
    else if (fork() == 0) {
        pthread_mutex_lock(mutex);
        sleep(1000);
        _exit(0);
    }
    usleep(200000);
    pid_t child = fork();
    if (child == 0) {
        pthread_mutex_lock(mutex);
        _exit(0);
    }
    return child;
}

/* The parent has the same open file; `mode` ends in x: the child has another
 * program, and is no copy of its parent any more. */
static pid_t share_descriptor(const char *mode)
{
    int fds[2] = {-1, -1};
    char number[16];

    if (strncmp(mode, "eventfd", 7) == 0)
        fds[0] = eventfd(0, 0);
    else if (strncmp(mode, "timerfd", 7) == 0)
        fds[0] = timerfd_create(CLOCK_MONOTONIC, 0);
    else if (pipe(fds) == -1)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        snprintf(number, sizeof(number), "%d", fds[0]);
        if (mode[strlen(mode) - 1] == 'x')
            execl("/proc/self/exe", "healthy", "read", number, (char *)NULL);
        _exit(read(fds[0], number, 8) == -1);
    }
    return child;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    char text[8];
    pid_t child;

    if (strcmp(mode, "read") == 0)
        return read(atoi(argv[2]), text, sizeof(text)) == -1;
    if (strcmp(mode, "signal") == 0)
        wait_for_signal();
    bool sibling = strncmp(mode, "sibling", 7) == 0;
    child = strcmp(mode, "memory") == 0           ? share_memory()
            : strcmp(mode, "sibling-memory") == 0 ? share_memory_with_sibling()
            : strcmp(mode, "mutex") == 0 || sibling ? share_mutex(sibling)
                                                    : share_descriptor(mode);
    printf("PIDS %d %d\n", (int)getpid(), (int)child);
    fflush(stdout);
    if (sibling)
        waitpid(child, NULL, 0);
    sleep(1000);
}

/* SPDX-License-Identifier: MIT
 *
 * things: opens the descriptors and makes the locks of a plan, see maze.h. What
 * no step uses is not there.
 */
#define _GNU_SOURCE
#include "maze.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lab.h"

struct common *common;
struct meeting own;

/* ---- descriptors ---- */

static void place(int fd, int slot)
{
    if (fd == -1 || dup2(fd, SLOT_BASE + slot) == -1)
        die("slot");
    close(fd);
}

static void open_tcp(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener == -1 ||
        bind(listener, (struct sockaddr *)&address, size) == -1 ||
        listen(listener, 2) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &size) == -1)
        die("listen");
    if (plan.uses[SLOT_TCP]) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(client, (struct sockaddr *)&address, size) == -1)
            die("connect");
        place(client, SLOT_TCP);
        place(accept(listener, NULL, NULL), SLOT_TCP + 1);
    }
    if (plan.uses[SLOT_LISTENER])
        place(listener, SLOT_LISTENER);
    else
        close(listener);
}

/* Two descriptions of one file that has no name any more. */
static void open_file(void)
{
    char path[256], again[64];
    const char *directory = getenv("TMPDIR");

    snprintf(path, sizeof(path), "%s/maze-XXXXXX",
             directory ? directory : "/tmp");
    int fd = mkstemp(path);
    if (fd == -1)
        die("mkstemp");
    unlink(path);
    snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
    place(open(again, O_RDWR), SLOT_FILE + 1);
    place(fd, SLOT_FILE);
}

static void open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    place(signalfd(-1, &set, 0), SLOT_SIGNAL);
}

static void open_pairs(void)
{
    int ends[2];

    for (int slot = SLOT_PIPE; slot < SLOT_TCP; slot += 2) {
        bool is_pipe = slot < SLOT_PAIR;
        if (!plan.uses[slot])
            continue;
        if ((is_pipe
                 ? pipe(ends)
                 : socketpair(AF_UNIX, plan.pair_type[(slot - SLOT_PAIR) / 2],
                              0, ends)) == -1)
            die("pipe");
        place(ends[0], slot);
        place(ends[1], slot + 1);
    }
}

void things_open(void)
{
    open_pairs();
    if (plan.uses[SLOT_TCP] || plan.uses[SLOT_LISTENER])
        open_tcp();
    for (int i = 0; i < 2; i++) {
        if (plan.uses[SLOT_EVENT])
            place(eventfd(0, i ? EFD_SEMAPHORE : 0), SLOT_EVENT + i);
        if (plan.uses[SLOT_TIMER])
            place(timerfd_create(CLOCK_MONOTONIC, 0), SLOT_TIMER + i);
        if (plan.uses[SLOT_EPOLL])
            place(epoll_create1(0), SLOT_EPOLL + i);
    }
    if (plan.uses[SLOT_SIGNAL])
        open_signals();
    if (plan.uses[SLOT_FILE])
        open_file();
    meeting_make(&common->meeting, true);
    meeting_make(&own, false);
}

void common_make(void)
{
    common = mmap(NULL, sizeof(*common), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (common == MAP_FAILED)
        die("mmap");
    common->queue = -1;
    for (int i = 0; i < plan.count; i++)
        for (int k = 0; k < plan.actor[i].count; k++)
            if (plan.actor[i].step[k].op == OP_QUEUE_TAKE &&
                common->queue == -1)
                common->queue = msgget(IPC_PRIVATE, 0600);
}

/* ---- locks ---- */

static void make_mutex(pthread_mutex_t *mutex, int type, int shared)
{
    static const int types[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE,
                                PTHREAD_MUTEX_ERRORCHECK};
    pthread_mutexattr_t how;

    pthread_mutexattr_init(&how);
    pthread_mutexattr_setpshared(&how, shared);
    if (type < 3)
        pthread_mutexattr_settype(&how, types[type]);
    else if (type == 3)
        pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
    else
        pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_INHERIT);
    if (pthread_mutex_init(mutex, &how) != 0)
        die("pthread_mutex_init");
}

void meeting_make(struct meeting *meeting, bool is_shared)
{
    int shared = is_shared ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
    pthread_condattr_t condition;
    pthread_rwlockattr_t rwlock;
    pthread_barrierattr_t barrier;

    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, shared);
    pthread_rwlockattr_init(&rwlock);
    pthread_rwlockattr_setpshared(&rwlock, shared);
    pthread_barrierattr_init(&barrier);
    pthread_barrierattr_setpshared(&barrier, shared);
    for (int i = 0; i < MUTEXES; i++)
        make_mutex(&meeting->mutex[i], plan.mutex_type[i], shared);
    for (int i = 0; i < CONDITIONS; i++)
        pthread_cond_init(&meeting->condition[i], &condition);
    for (int i = 0; i < SEMAPHORES; i++)
        sem_init(&meeting->semaphore[i], is_shared, 0);
    for (int i = 0; i < RWLOCKS; i++)
        pthread_rwlock_init(&meeting->rwlock[i], &rwlock);
    pthread_barrier_init(&meeting->barrier, &barrier, 2);
}

struct meeting *meeting_of(const struct step *step)
{
    return step->where ? &common->meeting : &own;
}

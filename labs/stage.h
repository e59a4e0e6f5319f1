/* SPDX-License-Identifier: MIT
 *
 * stage.h: the order in which things happen in a lab. Included by lab.h.
 *
 * Order comes from events, never from sleeping: who must be first announces an
 * event, who must be second waits for it. As in lab.h, nothing here takes a
 * lock or allocates memory.
 *
 *   event_make(&locked)                  before fork() and the threads
 *   event_announce(&locked)              it has happened
 *   event_wait(&locked)                  sleeps until it has happened
 *   event_wait_or_futex(&forked, tid)    ... or until tid waits for a lock
 *   in_futex(tid)                        does that thread wait for a lock now?
 *   listen_here(&address)                a server's end of a connection,
 *   connect_to(&address)                 ... and a client's, in this machine
 */
#ifndef FORKLAB_STAGE_H
#define FORKLAB_STAGE_H

#ifndef FORKLAB_LAB_H
#error "include lab.h, which includes this file"
#endif
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

/* An event happens once and stays so; threads and processes may wait for it.
 * It is a pipe: to announce is to write one byte, to wait is to read one, so
 * each announcement wakes one waiter. See pipe(2). */
struct event {
    int fd[2];
};

/* The same order of events, another order of everything else: FORKLAB_SEED
 * (`make check-31` sets it from 1 to 20) lets others run first, up to three
 * times. What depends on luck comes out sooner. 0: as it comes. */
static unsigned lab_seed;

static inline void lab_stagger(void)
{
    static _Thread_local unsigned state;

    if (lab_seed == 0)
        return;
    state = (state ? state : lab_seed) * 1103515245U + 12345U;
    for (unsigned i = state >> 16 & 3; i > 0; i--)
        sched_yield();
}

static inline void event_make(struct event *event)
{
    const char *seed = getenv("FORKLAB_SEED");

    if (seed != NULL)
        lab_seed = (unsigned)atoi(seed);
    if (pipe2(event->fd, O_CLOEXEC) == -1)
        die("pipe2");
}

static inline void event_announce(struct event *event)
{
    lab_stagger();
    if (write(event->fd[1], "!", 1) != 1)
        die("write");
}

static inline void event_wait(struct event *event)
{
    char byte;
    ssize_t got;

    do
        got = read(event->fd[0], &byte, 1);
    while (got == -1 && errno == EINTR);
    if (got != 1)
        die("read");
    lab_stagger();
}

/* Does the thread tid of this process wait in futex(2), that is, for a lock?
 * Read from /proc, whose syscall file starts with the number of the call. */
static inline bool in_futex(pid_t tid)
{
    char path[64], text[16];
    size_t used = 0;

    lab_append(path, sizeof(path), &used, "/proc/self/task/");
    lab_append_number(path, sizeof(path) - 9, &used, tid, 10);
    lab_append(path, sizeof(path) - 1, &used, "/syscall");
    path[used] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1 && errno == ENOENT)
        return false; /* it is a thread of another process */
    if (fd == -1)
        die("open /proc/self/task");
    ssize_t got = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (got <= 0)
        return false;
    text[got] = '\0';
    return atol(text) == SYS_futex && text[0] != 'r';
}

/* Scaffolding: returns when the process sleeps whose /proc/PID/stat this is.
 * The letter after its name is its state, see proc(5). */
static inline void wait_until_asleep(int stat)
{
    char text[80];

    do {
        ssize_t got = pread(stat, text, sizeof(text) - 1, 0);
        if (got <= 0)
            die("pread");
        text[got] = '\0';
    } while (strstr(text, ") S") == NULL);
}

/* The processor time that the thread tid of this process has had, in
 * milliseconds; see CPUCLOCK_SCHED and CPUCLOCK_PERTHREAD_MASK in the kernel.
 */
static inline long cpu_ms(pid_t tid)
{
    struct timespec had = {0};

    clock_gettime((clockid_t)(~(unsigned)tid << 3 | 6), &had);
    return had.tv_sec * 1000 + had.tv_nsec / 1000000;
}

/* How often it has gone to sleep; 0: it is a thread of another process. */
static inline long sleeps_of(pid_t tid)
{
    static const char word[] = "\nvoluntary_ctxt_switches:";
    char path[64], text[4096];
    size_t used = 0;

    lab_append(path, sizeof(path) - 1, &used, "/proc/self/task/");
    lab_append_number(path, sizeof(path) - 9, &used, tid, 10);
    lab_append(path, sizeof(path) - 1, &used, "/status");
    path[used] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd == -1 ? 0 : read(fd, text, sizeof(text) - 1);
    if (fd != -1)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *at = strstr(text, word);
    return at != NULL ? atol(at + sizeof(word) - 1) : 0;
}

/* Scaffolding for a thread that holds a lock "until main has forked". Where a
 * cure makes main wait for that very lock (pthread_atfork), main will never
 * announce the event: the thread goes on as soon as main sleeps in futex(2), or
 * has tried so long that it must be waiting in another way: 200 ms of processor
 * time, or 100 short sleeps. fork(2) needs a hundredth of that.
 *
 * This is a busy loop, as the one in wait_until_asleep(). The kernel has no
 * event for "that thread has gone to sleep", so /proc is read again and again,
 * with a sched_yield() in between. How long that takes does not change the
 * outcome. */
static inline void event_wait_or_futex(struct event *event, pid_t tid)
{
    int flags = fcntl(event->fd[0], F_GETFL);
    const long tried = cpu_ms(tid) + 200, slept = sleeps_of(tid) + 100;
    char byte;

    if (flags == -1 || fcntl(event->fd[0], F_SETFL, flags | O_NONBLOCK) == -1)
        die("fcntl");
    while (read(event->fd[0], &byte, 1) != 1 && !in_futex(tid) &&
           cpu_ms(tid) < tried && sleeps_of(tid) < slept)
        sched_yield();
}

/* A socket that listens on the loopback interface, at a port that the kernel
 * chooses; connect_to(address) reaches it. */
static inline int listen_here(struct sockaddr_in *address)
{
    socklen_t size = sizeof(*address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *address = (struct sockaddr_in){.sin_family = AF_INET};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd == -1 || bind(fd, (struct sockaddr *)address, size) == -1 ||
        listen(fd, SOMAXCONN) == -1 ||
        getsockname(fd, (struct sockaddr *)address, &size) == -1)
        die("listen");
    return fd;
}

static inline int connect_to(const struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd == -1 ||
        connect(fd, (const struct sockaddr *)address, sizeof(*address)) == -1)
        die("connect");
    return fd;
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * lab.h: the little that all labs share.
 *
 * Nothing here takes a lock or allocates memory: every function may be called
 * in the child of a threaded program, where only async-signal-safe functions
 * are allowed (signal-safety(7)).
 *
 *   show("child saw %d", n)    a line of evidence, on stdout
 *   say("child: locks lock")   a line of talk, on stderr; start it with the
 *                              name of the process or thread that speaks
 *   die("fork")                the machine let us down (never: the hazard)
 *   call_me("worker")          names the calling thread, or the process
 *   event_*                    order between threads and processes
 *   in_futex(tid)              does that thread wait for a lock right now?
 *   say_end("child", status)   what waitpid(2) told of a child's end
 *   listen_here, connect_to    the two ends of a connection within this machine
 */
#ifndef FORKLAB_LAB_H
#define FORKLAB_LAB_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAB_UNUSED __attribute__((unused))

/* Appends text to line, which holds *used of size bytes. */
static inline void lab_append(char *line, size_t size, size_t *used,
                              const char *text)
{
    while (*text != '\0' && *used < size)
        line[(*used)++] = *text++;
}

/* Appends a number in decimal, or in hexadecimal with 0x where base is 16. */
static inline void lab_append_number(char *line, size_t size, size_t *used,
                                     long number, unsigned base)
{
    char digits[24];
    size_t at = sizeof(digits) - 1;
    unsigned long rest = (unsigned long)number;

    if (base == 10 && number < 0)
        rest = 0UL - rest;
    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[rest % base];
        rest /= base;
    } while (rest != 0);
    if (base == 10 && number < 0)
        digits[--at] = '-';
    if (base == 16)
        lab_append(line, size, used, "0x");
    lab_append(line, size, used, digits + at);
}

/* Formats one line (knows %s, %d, %ld, %x and %%) and writes it with a single
 * write(2), so that lines of two processes never mix. A line that is longer
 * than 500 bytes is cut. */
static inline void lab_line(int fd, const char *format, va_list values)
{
    char line[512];
    size_t used = 0;
    const size_t room = sizeof(line) - 1;

    for (const char *at = format; *at != '\0'; at++) {
        char one[2] = {*at, '\0'};
        if (*at != '%') {
            lab_append(line, room, &used, one);
            continue;
        }
        switch (*++at) {
        case 's':
            lab_append(line, room, &used, va_arg(values, const char *));
            break;
        case 'd':
            lab_append_number(line, room, &used, va_arg(values, int), 10);
            break;
        case 'l':
            at++;
            lab_append_number(line, room, &used, va_arg(values, long), 10);
            break;
        case 'x':
            lab_append_number(line, room, &used, (long)va_arg(values, unsigned),
                              16);
            break;
        default:
            lab_append(line, room, &used, "%");
            break;
        }
    }
    line[used++] = '\n';
    ssize_t ignored = write(fd, line, used);
    (void)ignored;
}

/* Evidence: the lines that the header of the lab counts. Hence no pids, times
 * or addresses in them. */
__attribute__((format(printf, 1, 2))) static inline void
show(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    lab_line(STDOUT_FILENO, format, values);
    va_end(values);
}

/* Talk: the story as it happens. */
__attribute__((format(printf, 1, 2))) static inline void say(const char *format,
                                                             ...)
{
    va_list values;
    va_start(values, format);
    lab_line(STDERR_FILENO, format, values);
    va_end(values);
}

/* The machine let us down: says where, with the number of the error. Ends with
 * status 99, which no lab counts among its facts. */
__attribute__((noreturn)) static inline void die(const char *what)
{
    int error = errno;

    say("lab: %s failed: error %d (see errno(3))", what, error);
    _exit(99);
}

/* Names the calling thread, or, called by a process's first thread, the
 * process: at most 15 bytes. See prctl(2), PR_SET_NAME. */
static inline void call_me(const char *name)
{
    if (prctl(PR_SET_NAME, name) == -1)
        die("prctl");
}

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

/* Scaffolding for a thread that holds a lock "until main has forked". Where a
 * cure makes main wait for that very lock (pthread_atfork), main will never
 * announce the event: the thread goes on as soon as main sleeps in futex(2). */
static inline void event_wait_or_futex(struct event *event, pid_t tid)
{
    int flags = fcntl(event->fd[0], F_GETFL);
    char byte;

    if (flags == -1 || fcntl(event->fd[0], F_SETFL, flags | O_NONBLOCK) == -1)
        die("fcntl");
    while (read(event->fd[0], &byte, 1) != 1 && !in_futex(tid))
        sched_yield();
}

/* Talk of the parent: how a child ended, decoded from its wait status. */
static inline void say_end(const char *who, int status)
{
    if (WIFSIGNALED(status))
        say("parent: the %s was killed by signal %d", who, WTERMSIG(status));
    else
        say("parent: the %s ended with %d", who, WEXITSTATUS(status));
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

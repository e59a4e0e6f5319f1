/* SPDX-License-Identifier: MIT
 *
 * timers WHICH: waits 30 seconds, in a call that has no time limit of its own
 * or that hides it. None of them is ever stuck.
 */
#include "lab.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#define SECONDS 30

static void pause_with_alarm(void)
{
    alarm(SECONDS);
    pause();
}

static void pause_with_setitimer(void)
{
    const struct itimerval later = {.it_value = {.tv_sec = SECONDS}};

    if (setitimer(ITIMER_REAL, &later, NULL) == -1)
        die("setitimer");
    pause();
}

static void pause_with_timer_create(void)
{
    const struct itimerspec later = {.it_value = {.tv_sec = SECONDS}};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, NULL, &timer) == -1 ||
        timer_settime(timer, 0, &later, NULL) == -1)
        die("timer_create");
    pause();
}

static void read_timerfd(void)
{
    const struct itimerspec later = {.it_value = {.tv_sec = SECONDS}};
    uint64_t times;
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

    if (fd == -1 || timerfd_settime(fd, 0, &later, NULL) == -1)
        die("timerfd_create");
    if (read(fd, &times, sizeof(times)) == -1)
        die("read");
}

static void epoll_timerfd(void)
{
    const struct itimerspec later = {.it_value = {.tv_sec = SECONDS}};
    struct epoll_event event = {.events = EPOLLIN};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    int set = epoll_create1(EPOLL_CLOEXEC);

    if (fd == -1 || timerfd_settime(fd, 0, &later, NULL) == -1 || set == -1 ||
        epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == -1)
        die("epoll_create1");
    epoll_wait(set, &event, 1, -1);
}

static void sigwait_with_alarm(void)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    alarm(SECONDS);
    sigwait(&set, &number);
}

static void poll_with_timeout(void)
{
    struct pollfd item = {.events = POLLIN};
    int ends[2];

    if (pipe(ends) == -1)
        die("pipe");
    item.fd = ends[0];
    poll(&item, 1, SECONDS * 1000);
}

static void select_with_timeout(void)
{
    struct timeval limit = {.tv_sec = SECONDS};

    select(0, NULL, NULL, NULL, &limit);
}

static void receive_with_timeout(void)
{
    const struct timeval limit = {.tv_sec = SECONDS};
    int ends[2];
    char byte;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1 ||
        setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
        die("socketpair");
    if (read(ends[0], &byte, 1) == 1)
        die("read");
}

static void condition_with_timeout(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += SECONDS;
    pthread_mutex_lock(&lock);
    while (pthread_cond_timedwait(&condition, &lock, &end) == 0)
        continue;
}

static void mutex_with_timeout(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += SECONDS;
    pthread_mutex_lock(&lock);
    pthread_mutex_timedlock(&lock, &end);
}

static const struct {
    const char *name;
    void (*wait)(void);
} ways[] = {
    {"alarm", pause_with_alarm},
    {"setitimer", pause_with_setitimer},
    {"timer_create", pause_with_timer_create},
    {"timerfd", read_timerfd},
    {"epoll-timerfd", epoll_timerfd},
    {"sigwait", sigwait_with_alarm},
    {"poll", poll_with_timeout},
    {"select", select_with_timeout},
    {"receive", receive_with_timeout},
    {"condition", condition_with_timeout},
    {"mutex", mutex_with_timeout},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(*ways); i++)
        if (strcmp(argv[1], ways[i].name) == 0) {
            ways[i].wait();
            return 0;
        }
    say("timers: which?");
    return 2;
}

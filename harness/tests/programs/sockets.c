/* SPDX-License-Identifier: MIT
 *
 * sockets ROW with|without: rows of the table of what is never proved
 * (harness/README.md), see help.c.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>

#include "tests/programs/modes.h"

static bool with; /* the help is there */

static void sleep_a_second(void)
{
    struct timespec left = {.tv_sec = 1};

    while (nanosleep(&left, &left) == -1)
        ;
}

static void make_pair(int pair[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
        die("socketpair");
}

/* A time limit set after the wait has begun changes nothing for it. */
static void *clear_limit(void *socket)
{
    struct timeval none = {0};
    struct timespec moment = {.tv_nsec = 200000000};

    nanosleep(&moment, NULL);
    setsockopt(*(int *)socket, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
    return NULL;
}

static void socket_limit(void)
{
    struct timeval second = {.tv_sec = 1};
    int pair[2], other[2];
    char byte;
    pthread_t thread;

    make_pair(pair);
    make_pair(other);
    setsockopt(with ? pair[0] : other[0], SOL_SOCKET, SO_RCVTIMEO, &second,
               sizeof(second));
    close(other[0]);
    if (with && pthread_create(&thread, NULL, clear_limit, &pair[0]) != 0)
        die("pthread_create");
    (void)!recv(pair[0], &byte, 1, 0);
    _exit(7);
}

static void make_connection(int ends[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, size) == -1 ||
        listen(listener, 1) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &size) == -1 ||
        connect(ends[0], (struct sockaddr *)&address, size) == -1)
        die("connect");
    ends[1] = accept(listener, NULL, NULL);
    close(listener);
}

static void fill(int socket)
{
    static char bytes[65536];

    while (write(socket, bytes, sizeof(bytes)) != -1)
        ;
    _exit(7);
}

/* Both ends write. TCP_USER_TIMEOUT ends that some day. */
static void tcp_full(void)
{
    int ends[2], limit = 1000;

    make_connection(ends);
    signal(SIGPIPE, SIG_IGN);
    if (with)
        setsockopt(ends[0], IPPROTO_TCP, 18 /* TCP_USER_TIMEOUT */, &limit,
                   sizeof(limit));
    if (fork() == 0) {
        close(ends[0]);
        fill(ends[1]);
    }
    close(ends[1]);
    fill(ends[0]);
}

/* The queue of the listener is full; one that accepts makes room. */
static void connects(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "forklab-%d-%ld",
             (int)getpid(), (long)time(NULL));
    if (bind(listener, (struct sockaddr *)&name, sizeof(name)) == -1 ||
        listen(listener, 1) == -1)
        die("bind");
    if (with && fork() == 0) {
        sleep_a_second();
        accept(listener, NULL, NULL);
        _exit(0);
    }
    for (int i = 0; i < 3; i++)
        if (connect(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
                    (struct sockaddr *)&name, sizeof(name)) == -1)
            die("connect");
    _exit(7);
}

static const struct mode rows[] = {
    {"socket-limit", socket_limit},
    {"tcp-full", tcp_full},
    {"connect", connects},
};

int main(int argc, char **argv)
{
    with = argc > 2 && strcmp(argv[2], "with") == 0;
    return RUN_MODE(argv, rows);
}

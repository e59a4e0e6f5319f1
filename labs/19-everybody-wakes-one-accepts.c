/* SPDX-License-Identifier: MIT
 *
 * 19-everybody-wakes-one-accepts: one customer comes, and all workers get up.
 *
 * Hazard:  4 customer heard {n}
 *          woken 10 times
 *          4 [worker] exit 42
 * Safe:    4 customer heard {n}
 *          woken 4 times
 *          4 [worker] exit 42
 * Work:    socket
 * Number:  hello
 *
 * See 19-everybody-wakes-one-accepts.md, fork(2), epoll_ctl(2), socket(7).
 */
#include "customer.h"
#include "sleeps.h"

#include <sys/epoll.h>
#include <sys/wait.h>

#define WORKERS 4

static struct event ready;
static struct sockaddr_in address;
static pid_t worker[WORKERS];

/* A worker: sleeps until somebody is at the door, lets one in, and serves. */
static void work(int listener)
{
    struct epoll_event door = {.events = EPOLLIN}, seen;
    int epoll = epoll_create1(EPOLL_CLOEXEC), connection;

    call_me("worker");
    if (epoll == -1 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &door) == -1)
        die("epoll_ctl");
    event_announce(&ready);
    do {
        if (epoll_wait(epoll, &seen, 1, -1) != 1)
            die("epoll_wait");
        connection = accept(listener, NULL, NULL);
    } while (connection == -1 && errno == EAGAIN);
    if (connection == -1)
        die("accept");
    echo(connection);
    _exit(42);
}

/* A customer comes, and stays on the line. Returns how many got up for it. */
static int come(int *connection)
{
    long before[WORKERS];
    char heard[sizeof(HELLO)];
    int woken = 0;

    for (int i = 0; i < WORKERS; i++)
        before[i] = times_asleep(worker[i]);
    *connection = enter(&address, heard);
    show("customer heard %s", heard);
    for (int i = 0; i < WORKERS; i++)
        woken += times_asleep(worker[i]) != before[i];
    return woken;
}

int main(void)
{
    int listener = listen_here(&address), customer[WORKERS], woken = 0;

    event_make(&ready);
    if (fcntl(listener, F_SETFL, O_NONBLOCK) == -1)
        die("fcntl");
    for (int i = 0; i < WORKERS; i++) {
        worker[i] = fork();
        if (worker[i] == -1)
            die("fork");
        if (worker[i] == 0)
            work(listener);
        event_wait(&ready);
    }
    for (int i = 0; i < WORKERS; i++)
        woken += come(&customer[i]);
    show("woken %d times", woken);
    for (int i = 0; i < WORKERS; i++)
        if (close(customer[i]) == -1 || wait(NULL) == -1)
            die("wait");
    return 0;
}

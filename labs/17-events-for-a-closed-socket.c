/* SPDX-License-Identifier: MIT
 *
 * 17-events-for-a-closed-socket: a descriptor is closed, its events go on.
 *
 * Hazard:  gone said bye
 *          gone said secret
 *          here said {n}
 *          [helper] exit 42
 * Safe:    gone said bye
 *          here said {n}
 *          [helper] exit 42
 * Work:    pipe
 * Number:  hello
 *
 * See 17-events-for-a-closed-socket.md, fork(2), epoll(7), epoll_ctl(2).
 */
#include "lab.h"

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* A customer: [0] is the server's end, [1] the customer's. */
static int gone[2], here[2];

static void watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1)
        die("epoll_ctl");
}

/* Waits for an event; shows what that customer says. Which one was it? */
static int serve(int epoll)
{
    struct epoll_event event;
    char text[16];

    if (epoll_wait(epoll, &event, 1, -1) != 1)
        die("epoll_wait");
    ssize_t got = read(event.data.fd, text, sizeof(text) - 1);
    if (got == -1)
        die("read");
    text[got] = '\0';
    show("%s said %s", event.data.fd == here[0] ? "here" : "gone", text);
    return event.data.fd;
}

/* The server's own file, which is no customer's business. */
static void open_accounts(void)
{
    int fd = memfd_create("accounts", MFD_CLOEXEC);

    if (fd == -1 || pwrite(fd, "secret", 6, 0) != 6)
        die("memfd_create");
}

int main(void)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC), status;
    struct event ready, stop;

    event_make(&ready);
    event_make(&stop);
    if (epoll == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, here) == -1 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, gone) == -1)
        die("socketpair");
    watch(epoll, gone[0]);
    watch(epoll, here[0]);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("helper");
        event_announce(&ready);
        event_wait(&stop);
        _exit(42);
    }

    event_wait(&ready);

    send(gone[1], "bye", 3, MSG_NOSIGNAL);
    serve(epoll);
    say("parent: hangs up");
    close(gone[0]);
    open_accounts();

    send(gone[1], "more", 4, MSG_NOSIGNAL); /* may fail: nobody is there */
    send(here[1], run_word("hello"), 5, MSG_NOSIGNAL);
    while (serve(epoll) != here[0])
        continue;

    event_announce(&stop);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("helper", status);
    return 0;
}

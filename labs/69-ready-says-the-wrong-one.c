/* SPDX-License-Identifier: MIT
 *
 * 69-ready-says-the-wrong-one: the service is ready, and its manager waits.
 *
 * Hazard:  manager: READY=1 from another process, ignored
 *          [manager] hang in recvmsg
 *          [worker] hang in read
 * Safe:    manager: the service is ready
 *          worker: has served {n}
 *          [worker] exit 42
 *          [service] exit 42
 * Work:    pipe
 * Number:  4711
 *
 * See 69-ready-says-the-wrong-one.md, fork(2), SCM_CREDENTIALS in unix(7),
 * sd_notify(3).
 */
#include "lab.h"

#include <sys/socket.h>
#include <sys/wait.h>

static struct event up; /* the worker can serve */
static int notes[2], requests[2];

/* As sd_notify(3) does: one datagram. The kernel adds from whom it is. */
static void notify_ready(void)
{
    if (write(notes[1], "READY=1", 7) != 7)
        die("write");
}

/* Starts, which may take its time, and then serves. */
__attribute__((noreturn)) static void work(void)
{
    int request;

    call_me("worker");
    notify_ready();
    if (read(requests[0], &request, sizeof(request)) != sizeof(request))
        die("read");
    show("worker: has served %d", request);
    _exit(42);
}

/* The main process of the service: the one that its manager has started. */
__attribute__((noreturn)) static void serve(void)
{
    call_me("service");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        work();
    _exit(waitpid(pid, NULL, 0) == pid ? 42 : 1);
}

/* Receives a datagram; returns the pid of its sender. */
static pid_t receive(void)
{
    char text[8], control[CMSG_SPACE(sizeof(struct ucred))];
    struct iovec data = {text, sizeof(text)};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof(control)};
    struct ucred sender;

    if (recvmsg(notes[0], &message, 0) != 7 || CMSG_FIRSTHDR(&message) == NULL)
        die("recvmsg");
    memcpy(&sender, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(sender));
    return sender.pid;
}

int main(void)
{
    int yes = 1, request = run_number(4711);

    call_me("manager");
    event_make(&up);
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, notes) == -1 ||
        setsockopt(notes[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) ||
        pipe2(requests, O_CLOEXEC) == -1)
        die("socketpair, setsockopt, pipe2");
    pid_t service = fork();
    if (service == -1)
        die("fork");
    if (service == 0)
        serve();

    /* NotifyAccess=main, as systemd has it. */
    while (receive() != service)
        show("manager: READY=1 from another process, ignored");
    show("manager: the service is ready");
    if (write(requests[1], &request, sizeof(request)) != sizeof(request))
        die("write");
    return waitpid(service, NULL, 0) != service;
}

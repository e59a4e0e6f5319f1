/* SPDX-License-Identifier: MIT
 *
 * 11-close-wait-for-ever: the customers have left, their sockets have not.
 *
 * Hazard:  parent holds 0 earlier sockets
 *          parent holds 1 earlier sockets
 *          parent holds 2 earlier sockets
 *          3 customer heard {n}
 *          3 [worker] exit 42
 *          [customers] exit 42
 *          [parent] idle in accept
 *          3 [parent] socket CLOSE_WAIT
 * Safe:    3 parent holds 0 earlier sockets
 *          3 customer heard {n}
 *          3 [worker] exit 42
 *          [customers] exit 42
 *          [parent] idle in accept
 * Work:    socket
 * Number:  hello
 *
 * It serves until you stop it. See 11-close-wait-for-ever.md, fork(2),
 * close(2), accept(2), tcp(7), ss(8).
 */
#include "customer.h"

#include <signal.h>
#include <sys/socket.h>

static struct event left; /* keeps the customers' leaving in order */

static void serve(int listener)
{
    int first = -1;

    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection == -1)
            die("accept");
        if (first == -1)
            first = connection;
        /* The lowest free number is taken: these are not free again. */
        show("parent holds %d earlier sockets", connection - first);
        pid_t pid = fork();
        if (pid == -1)
            die("fork");
        if (pid == 0) {
            call_me("worker");
            close(listener);
            echo(connection);
            event_announce(&left);
            _exit(42);
        }
        /* FIX: the worker has its own copy, and a connection stays open as long
         * as any process has one. */
        close(connection);
    }
}

int main(void)
{
    struct sockaddr_in address;
    int listener = listen_here(&address);

    /* The kernel reaps the workers: zombies are the subject of lab 60. */
    signal(SIGCHLD, SIG_IGN);
    event_make(&left);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        int customer[3];
        char heard[sizeof(HELLO)];
        call_me("customers");
        close(listener);
        for (int i = 0; i < 3; i++) {
            customer[i] = enter(&address, heard);
            show("customer heard %s", heard);
        }
        say("customers: all leave, and nobody else comes");
        for (int i = 0; i < 3; i++) {
            close(customer[i]);
            event_wait(&left);
        }
        _exit(42);
    }
    serve(listener);
}

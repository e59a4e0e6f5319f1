/* SPDX-License-Identifier: MIT
 *
 * 60-children-nobody-waits-for: the workers have ended, and are still there.
 *
 * Hazard:  3 customer heard {n}
 *          3 [worker] exit 42
 *          [server] idle in accept
 *          3 [server] zombie child
 * Safe:    3 customer heard {n}
 *          3 [worker] exit 42
 *          [server] idle in accept
 *          (3 [server] exit 0)
 * Work:    socket
 * Number:  hello
 *
 * It serves until you stop it. See 60-children-nobody-waits-for.md, fork(2),
 * waitpid(2), sigaction(2), ps(1).
 */
#include "customer.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

static struct event left; /* keeps the customers' leaving in order */

static void serve(int listener)
{
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection == -1)
            die("accept");
        /* Reap the children that have ended by now. */
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        say("server: a customer");
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
        close(connection);
    }
}

int main(void)
{
    struct sockaddr_in address;
    int listener = listen_here(&address), customer[3];
    char heard[sizeof(HELLO)];

    /* Pinned: exec hands SIG_IGN on, and with it there would be no zombies. */
    signal(SIGCHLD, SIG_DFL);
    event_make(&left);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("server");
        serve(listener);
    }
    call_me("customers");
    close(listener);

    /* Each customer that has heard hello has a worker: the server has reaped
     * for the last time before the first customer leaves. */
    for (int i = 0; i < 3; i++) {
        customer[i] = enter(&address, heard);
        show("customer heard %s", heard);
    }
    say("customers: all leave, and nobody else comes");
    for (int i = 0; i < 3; i++) {
        close(customer[i]);
        event_wait(&left);
    }
    if (waitpid(pid, NULL, 0) == -1)
        die("waitpid");
    return 0;
}

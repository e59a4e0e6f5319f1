/* SPDX-License-Identifier: MIT
 *
 * 10-second-client-waits: it is connected, it has spoken, nobody listens.
 *
 * Hazard:  first customer heard {n}
 *          [parent] hang in read
 *          [customers] hang in read
 * Safe:    first customer heard {n}
 *          second customer heard {n}
 *          [customers] exit 42
 *          (2 [worker] exit 42)
 *          [any] idle in accept
 * Work:    socket
 * Number:  hello
 *
 * It serves until you stop it. See 10-second-client-waits.md, fork(2),
 * accept(2), listen(2), ss(8).
 */
#include "customer.h"

#include <signal.h>
#include <sys/socket.h>

static void serve(int listener)
{
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection == -1)
            die("accept");
        say("parent: a customer");
        echo(connection);
        close(connection);
    }
}

int main(void)
{
    struct sockaddr_in address;
    int listener = listen_here(&address);

    /* The kernel reaps the children: zombies are the subject of lab 60. */
    signal(SIGCHLD, SIG_IGN);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("customers");
        close(listener);
        char heard[sizeof(HELLO)];
        say("customers: the first one says hello");
        int first = enter(&address, heard);
        show("first customer heard %s", heard);
        say("customers: the second one says hello");
        int second = enter(&address, heard);
        show("second customer heard %s", heard);
        close(first);
        close(second);
        _exit(42);
    }
    serve(listener);
}

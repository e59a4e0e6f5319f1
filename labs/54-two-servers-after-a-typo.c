/* SPDX-License-Identifier: MIT
 *
 * 54-two-servers-after-a-typo: the helper does not start, and the child goes on
 * as a second server.
 *
 * Hazard:  6 customer heard {n}
 *          [customers] exit 42
 *          4 [server] idle in accept
 * Safe:    3 customer heard {n}
 *          [customers] exit 42
 *          3 [server] exit 127
 *          [server] idle in accept
 * Work:    socket
 * Number:  hello
 *
 * It serves until you stop it. See 54-two-servers-after-a-typo.md, fork(2),
 * execve(2), _exit(2).
 */
#include "customer.h"

#include <signal.h>
#include <sys/socket.h>

#define MAILER "/usr/sbin/sendmial" /* the typo */

/* Starts a helper that writes a letter about each customer. */
static void start_mailer(void)
{
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0) {
        execl(MAILER, "sendmail", "-t", (char *)NULL);
        say("server: %s: error %d", MAILER, errno);
    }
}

__attribute__((noreturn)) static void serve(int listener)
{
    const char *hello = run_word(HELLO);

    for (;;) {
        int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection == -1)
            die("accept4");
        start_mailer();
        if (write(connection, hello, HELLO_SIZE) != (ssize_t)HELLO_SIZE)
            die("write");
        close(connection);
    }
}

/* A customer comes, and shows all that it hears until the server hangs up. */
static void visit(const struct sockaddr_in *address)
{
    char heard[sizeof(HELLO)] = "";
    size_t used = 0;
    ssize_t got;
    int fd = connect_to(address);

    while ((got = read(fd, heard + used, HELLO_SIZE - used)) > 0) {
        used += (size_t)got;
        if (used < HELLO_SIZE)
            continue;
        show("customer heard %s", heard);
        used = 0;
    }
    close(fd);
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
        for (int i = 0; i < 3; i++)
            visit(&address);
        _exit(42);
    }
    call_me("server");
    serve(listener);
}

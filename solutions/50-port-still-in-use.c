/* SPDX-License-Identifier: MIT
 *
 * 50-port-still-in-use: the server has closed its port, a helper holds it.
 *
 * Hazard:  customer is connected
 *          parent: Address already in use
 *          [cat] exit 0
 *          [cat] descriptor leaked
 *          [cat] socket LISTEN
 * Safe:    customer is refused
 *          parent listens again
 *          [cat] exit 0
 *          ([cat] descriptor leaked)
 * Work:    socket, program:cat
 *
 * See 50-port-still-in-use.md, fork(2), execve(2), socket(2), bind(2), ss(8).
 */
#include "lab.h"

#include <sys/socket.h>
#include <sys/wait.h>

/* At port 0 the kernel chooses one. Returns -1 if the port is in use. */
static int listen_at(struct sockaddr_in *address)
{
    socklen_t size = sizeof(*address);
    /* FIX: no program that is started from here gets this socket: exec closes
     * it. */
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd == -1 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == -1)
        die("socket");
    if (bind(fd, (struct sockaddr *)address, size) == 0 &&
        listen(fd, SOMAXCONN) == 0 &&
        getsockname(fd, (struct sockaddr *)address, &size) == 0)
        return fd;
    if (errno != EADDRINUSE)
        die("listen");
    return -1;
}

/* Starts a program that reads input until its end. */
static pid_t start_cat(const int input[2])
{
    int running[2];
    char byte;

    if (pipe2(running, O_CLOEXEC) == -1)
        die("pipe2");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        if (dup2(input[0], STDIN_FILENO) != -1)
            execlp("cat", "cat", (char *)NULL);
        die("exec");
    }
    /* Exec closes the last write end. */
    close(running[1]);
    if (read(running[0], &byte, 1) != 0)
        die("read");
    return pid;
}

/* Tries to reach a server that is not there. */
static void visit(const struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd == -1)
        die("socket");
    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
        show("customer is connected");
    else if (errno == ECONNREFUSED)
        show("customer is refused");
    close(fd);
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int input[2], status;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (pipe2(input, O_CLOEXEC) == -1)
        die("pipe2");

    int listener = listen_at(&address);
    pid_t pid = start_cat(input);
    say("parent: cat runs; closes its port");
    close(listener);
    visit(&address);

    say("parent: opens its port again");
    if (listen_at(&address) == -1)
        show("parent: Address already in use");
    else
        show("parent listens again");

    close(input[1]);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("cat", status);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * customer.h: the two ends of a conversation with a server that repeats what it
 * hears; for the labs about servers.
 */
#ifndef FORKLAB_CUSTOMER_H
#define FORKLAB_CUSTOMER_H

#include "lab.h"

/* What a customer says, and hears from a server that serves; in a run that has
 * a number, that. */
#define HELLO "hello"
#define HELLO_SIZE (sizeof(HELLO) - 1)

/* A customer comes: connects, says hello, and waits until all of it has come
 * back, which is then in heard. Stays on the line; returns the descriptor. */
static inline int enter(const struct sockaddr_in *address,
                        char heard[sizeof(HELLO)])
{
    const char *hello = run_word(HELLO);
    int fd = connect_to(address);
    size_t used = 0;
    ssize_t got;

    if (write(fd, hello, HELLO_SIZE) != (ssize_t)HELLO_SIZE)
        die("write");
    for (; used < HELLO_SIZE; used += (size_t)got)
        if ((got = read(fd, heard + used, HELLO_SIZE - used)) <= 0)
            die("read");
    heard[HELLO_SIZE] = '\0';
    return fd;
}

/* The server's side: repeats what it hears, until the customer has hung up. */
static inline void echo(int connection)
{
    char line[80];
    ssize_t got;

    while ((got = read(connection, line, sizeof(line))) > 0)
        if (write(connection, line, (size_t)got) != got)
            die("write");
}

#endif

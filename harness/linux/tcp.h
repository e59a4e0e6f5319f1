/* SPDX-License-Identifier: MIT
 *
 * tcp: what the kernel knows of one TCP socket, by its two addresses.
 *
 * sock_diag(7) answers such a question in microseconds; /proc/net/tcp goes
 * through the table of all connections, 4 ms.
 */
#ifndef FORKLAB_TCP_H
#define FORKLAB_TCP_H

#include <linux/inet_diag.h>
#include <stdbool.h>
#include <sys/types.h>

/* The addresses of a socket, as the kernel wants them in a question. */
struct tcp_ends {
    int family; /* AF_INET, AF_INET6 */
    struct inet_diag_sockid id;
};

/* What it answers; see struct inet_diag_msg. */
struct tcp_answer {
    ino_t inode; /* 0: nobody has accepted it yet */
    int state;
    unsigned long sending, received; /* bytes in the queues */
    bool timer;
};

/* The addresses of the TCP socket behind a descriptor of a process. For some
 * microseconds there is a copy of it here: pidfd_getfd(2), Linux 5.6. False if
 * it is none, or out of reach. */
bool tcp_ends_of(pid_t pid, int fd, struct tcp_ends *ends);

/* The other end's addresses; whoever listens at the local one. */
struct tcp_ends tcp_other_end(const struct tcp_ends *ends);
struct tcp_ends tcp_listener(const struct tcp_ends *ends);

/* Writes both addresses as /proc/net/tcp does, but one of IPv4 in IPv6 as one
 * of IPv4. */
void tcp_print(const struct tcp_ends *ends, char local[40], char remote[40]);

/* Asks in our network namespace for the connection with these addresses, else
 * for who listens at the local one. False if there is neither, or the kernel
 * cannot be asked. */
bool tcp_ask(const struct tcp_ends *ends, struct tcp_answer *answer);

#endif

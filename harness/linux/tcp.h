/* SPDX-License-Identifier: MIT
 *
 * tcp: asks the kernel for one TCP socket by its two addresses.
 *
 * sock_diag(7) answers in microseconds; for /proc/net/tcp the kernel walks the
 * table of all connections, 4 ms.
 */
#ifndef FORKLAB_TCP_H
#define FORKLAB_TCP_H

#include <linux/inet_diag.h>
#include <stdbool.h>
#include <sys/types.h>

/* The addresses of a socket, as sock_diag(7) takes them. */
struct tcp_ends {
    int family; /* AF_INET, AF_INET6 */
    struct inet_diag_sockid id;
};

/* The answer; see struct inet_diag_msg. */
struct tcp_answer {
    ino_t inode; /* 0: not accepted yet */
    int state;
    unsigned long sending, received; /* bytes in the queues */
    bool timer;   /* retransmission or the like is under way */
    bool no_room; /* the timer only asks again and again whether the other end
                     has room, and the answer was no at least once */
};

/* The addresses of the TCP socket that is a descriptor of a process. Copies the
 * descriptor, for some microseconds: pidfd_getfd(2), Linux 5.6. False if it is
 * no TCP socket, or we may not copy it. */
bool tcp_ends_of(pid_t pid, int fd, struct tcp_ends *ends);

/* Does a time limit for unacknowledged data, TCP_USER_TIMEOUT, end the
 * connection some day? True also where we may not copy the descriptor. */
bool tcp_gives_up(pid_t pid, int fd);

/* The addresses of the other end; of a listener at the local address. */
struct tcp_ends tcp_other_end(const struct tcp_ends *ends);
struct tcp_ends tcp_listener(const struct tcp_ends *ends);

/* Writes both addresses as /proc/net/tcp does, but IPv4 in IPv6 as plain IPv4.
 */
void tcp_print(const struct tcp_ends *ends, char local[40], char remote[40]);

/* Asks in our network namespace for the connection with these addresses, or for
 * a listener at the local one. False if there is neither, or the kernel cannot
 * be asked. */
bool tcp_ask(const struct tcp_ends *ends, struct tcp_answer *answer);

#endif

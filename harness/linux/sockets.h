/* SPDX-License-Identifier: MIT
 *
 * sockets: the state of a socket, and its other end.
 *
 * UNIX sockets, unix(7), are read by sock_diag(7); a TCP socket likewise if its
 * descriptor is known (tcp.h), else from /proc/PID/net/tcp and tcp6.
 */
#ifndef FORKLAB_SOCKETS_H
#define FORKLAB_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* States as in the kernel's net/tcp_states.h. */
enum tcp_state {
    STATE_ESTABLISHED = 1,
    STATE_FIN_WAIT1 = 4,
    STATE_FIN_WAIT2 = 5,
    STATE_CLOSE_WAIT = 8,
    STATE_LISTEN = 10,
};

struct socket_info {
    ino_t inode; /* 0: a TCP connection that is not accepted yet */
    bool tcp;
    int state;     /* enum tcp_state; of unix sockets too */
    ino_t peer;    /* unix: the other end; 0 if there is none */
    bool datagram; /* unix: SOCK_DGRAM */
    bool named;    /* unix: it has an address, to which others may send */
    bool full;     /* unix: it listens, and no more clients fit in its queue */
    char local[40], remote[40];      /* TCP: address:port in hexadecimal */
    unsigned long sending, received; /* TCP: bytes in the queues */
    bool timer;   /* TCP: retransmission or the like is under way */
    bool no_room; /* TCP: see struct tcp_answer */
    bool asked;   /* TCP: the kernel was asked for its other end, too, */
    const struct socket_info *other;    /* ... which is this; or NULL */
    const struct socket_info *listener; /* ... and where that was not accepted
                                           yet */
};

/* A UNIX socket that is connected, but not accepted yet. */
struct pending {
    ino_t client, listener;
};

struct sockets {
    pid_t pid; /* of its network namespace; UNIX sockets are of ours */
    struct socket_info **item;
    size_t count;
    struct pending *pending;
    size_t pending_count;
    struct socket_info **table; /* by inode, open addressing; NULL: empty */
    size_t table_size, indexed; /* that many items are in it */
    /* Lists are read when they are first needed: for each of TCP's two lists
     * the kernel walks the table of all connections, 4 ms. */
    bool have_unix, have_tcp, have_tcp6;
};

/* Begins with nothing read. The caller calls sockets_free(). */
void sockets_open(struct sockets *all, pid_t pid);
void sockets_free(struct sockets *all);

/* The socket with this inode, which is that descriptor of a process; NULL if it
 * is not found. What these three functions return is valid until
 * sockets_free(). */
const struct socket_info *sockets_find(struct sockets *all, pid_t pid, int fd,
                                       ino_t inode);

/* The listening UNIX socket at which this one waits to be accepted, by their
 * inodes; 0 if there is none. After sockets_find(). */
ino_t sockets_pending_at(const struct sockets *all, ino_t client);

/* The address family of that descriptor of a process; -1 if it is no socket, or
 * we may not look. */
int socket_family(pid_t pid, int fd);

/* Has that descriptor of a process, a socket, a time limit for receiving or
 * sending: 1, or none: 0? -1 if we may not look. Copies the descriptor, for
 * some microseconds: pidfd_getfd(2). */
int socket_time_limit(pid_t pid, int fd);

/* The other end of a TCP connection, or NULL. */
const struct socket_info *sockets_other_end(struct sockets *all,
                                            const struct socket_info *socket);

/* The listening TCP socket with the same local address, or NULL. */
const struct socket_info *sockets_listener(const struct sockets *all,
                                           const struct socket_info *socket);

#endif

/* SPDX-License-Identifier: MIT
 *
 * peer: to whom a socket of a process is connected, as people write it.
 */
#ifndef FORKLAB_PEER_H
#define FORKLAB_PEER_H

#include <sys/types.h>

/* "127.0.0.1:5432", "[::1]:5432", "/run/mysqld/mysqld.sock" or "@name" (an
 * abstract one). NULL: it is no socket, not connected, its peer has no address,
 * or we may not look. Copies the descriptor, for some microseconds:
 * pidfd_getfd(2). The caller frees it. */
char *peer_of(pid_t pid, int fd);

#endif

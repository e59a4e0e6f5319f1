/* SPDX-License-Identifier: MIT
 *
 * peer: see peer.h.
 */
#define _GNU_SOURCE
#include "linux/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/pidfd.h"

static char *internet(const void *address, int family, in_port_t port)
{
    char text[INET6_ADDRSTRLEN];

    if (inet_ntop(family, address, text, sizeof(text)) == NULL)
        return NULL;
    return xasprintf(family == AF_INET6 ? "[%s]:%d" : "%s:%d", text,
                     ntohs(port));
}

/* An abstract name begins with a NUL, and has no other at its end: unix(7). */
static char *local(const struct sockaddr_un *name, socklen_t length)
{
    size_t most = length - offsetof(struct sockaddr_un, sun_path);
    const char *path = name->sun_path;

    if (length <= offsetof(struct sockaddr_un, sun_path))
        return NULL;
    return path[0] == '\0' ? xasprintf("@%.*s", (int)most - 1, path + 1)
                           : xasprintf("%.*s", (int)most, path);
}

static char *peer_text(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
        struct sockaddr_un local;
    } name;
    socklen_t length = sizeof(name);

    memset(&name, 0, sizeof(name));
    if (getpeername(fd, &name.any, &length) == -1)
        return NULL;
    switch (name.any.sa_family) {
    case AF_INET:
        return internet(&name.four.sin_addr, AF_INET, name.four.sin_port);
    case AF_INET6:
        return IN6_IS_ADDR_V4MAPPED(&name.six.sin6_addr)
                   ? internet(&name.six.sin6_addr.s6_addr[12], AF_INET,
                              name.six.sin6_port)
                   : internet(&name.six.sin6_addr, AF_INET6,
                              name.six.sin6_port);
    case AF_UNIX:
        return local(&name.local, length);
    default:
        return NULL;
    }
}

char *peer_of(pid_t pid, int fd)
{
    int process = pidfd(pid);
    char *text = NULL;

    if (process == -1)
        return NULL;
    int copy = pidfd_copy(process, fd);
    if (copy != -1) {
        text = peer_text(copy);
        close(copy);
    }
    close(process);
    return text;
}

/* SPDX-License-Identifier: MIT
 *
 * rights: a descriptor in a message on a UNIX socket, SCM_RIGHTS, unix(7).
 */
#ifndef FORKLAB_RIGHTS_H
#define FORKLAB_RIGHTS_H

#include "lab.h"

#include <sys/socket.h>

union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
};

static inline struct msghdr message_of(struct iovec *io, union control *control)
{
    return (struct msghdr){.msg_iov = io,
                           .msg_iovlen = 1,
                           .msg_control = control->bytes,
                           .msg_controllen = sizeof(control->bytes)};
}

static inline void send_descriptor(int socket, int fd)
{
    union control control = {{0}};
    struct iovec io = {.iov_base = "x", .iov_len = 1};
    struct msghdr message = message_of(&io, &control);
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);

    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &fd, sizeof(int));
    if (sendmsg(socket, &message, 0) != 1)
        die("sendmsg");
}

/* Without MSG_CMSG_CLOEXEC, as most programs do. */
static inline int receive_descriptor(int socket)
{
    union control control = {{0}};
    char byte;
    struct iovec io = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = message_of(&io, &control);
    struct cmsghdr *head =
        recvmsg(socket, &message, 0) == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    int fd;

    if (head == NULL)
        die("recvmsg");
    memcpy(&fd, CMSG_DATA(head), sizeof(int));
    return fd;
}

#endif

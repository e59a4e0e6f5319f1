/* SPDX-License-Identifier: MIT
 *
 * channels: see parts.h. Sockets, pipes, a pseudoterminal or a file between the
 * runner, the keeper and the program.
 */
#define _GNU_SOURCE
#include "cage/parts.h"
#include "cage/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "linux/namespaces.h"

void close_fd(int *fd)
{
    if (*fd != -1)
        close(*fd);
    *fd = -1;
}

/* A pair of sockets on which each write(2) is one record, with the writer's pid
 * and the time as the kernel saw them: unix(7) SO_PASSCRED, socket(7)
 * SO_TIMESTAMPNS.
 */
static int record_pair(int pair[2])
{
    const int on = 1, bytes = 4 << 20;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
        return -1;
    setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
    setsockopt(pair[0], SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    /* A write(2) longer than the send buffer fails with EMSGSIZE. */
    if (setsockopt(pair[1], SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)))
        setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
    return 0;
}

/* A pseudoterminal that changes no byte of what is written to it. */
static int pty_pair(int pair[2])
{
    struct termios raw;
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    if (openpty(&pair[0], &pair[1], NULL, NULL, &size) == -1)
        return -1;
    if (tcgetattr(pair[1], &raw) == 0) {
        raw.c_oflag &= ~(tcflag_t)OPOST; /* \n stays \n */
        raw.c_lflag &= ~(tcflag_t)(ECHO | ISIG | ICANON);
        tcsetattr(pair[1], TCSANOW, &raw);
    }
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

/* A file without a name. The runner reads it through an open file description
 * of its own, which has an offset of its own. */
static int file_pair(int pair[2], const char *directory)
{
    char path[64];

    pair[1] = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (pair[1] == -1)
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", pair[1]);
    pair[0] = open(path, O_RDONLY | O_CLOEXEC);
    return pair[0] == -1 ? -1 : 0;
}

static int output_pair(enum output_kind kind, const char *directory,
                       int pair[2])
{
    switch (kind) {
    case OUTPUT_PIPE:
        return pipe2(pair, O_CLOEXEC);
    case OUTPUT_PTY:
        return pty_pair(pair);
    case OUTPUT_FILE:
        return file_pair(pair, directory);
    case OUTPUT_SEQPACKET:
        break;
    }
    return record_pair(pair);
}

int channels_open(struct channels *channels, enum output_kind kind,
                  const char *directory)
{
    const int on = 1;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channels->sync) ==
            -1 ||
        pipe2(channels->life, O_CLOEXEC) == -1 ||
        pipe2(channels->status, O_CLOEXEC) == -1 ||
        output_pair(kind, directory, channels->out) == -1 ||
        output_pair(kind, directory, channels->err) == -1)
        return -1;
    channels->pid_max =
        open(PID_MAX_FILE, O_RDONLY | O_CLOEXEC); /* -1 is no error */
    setsockopt(channels->sync[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
    fcntl(channels->out[0], F_SETFL, O_NONBLOCK);
    fcntl(channels->err[0], F_SETFL, O_NONBLOCK);
    return 0;
}

void channels_close(struct channels *channels)
{
    for (int side = 0; side < 2; side++) {
        close_fd(&channels->sync[side]);
        close_fd(&channels->life[side]);
        close_fd(&channels->status[side]);
        close_fd(&channels->out[side]);
        close_fd(&channels->err[side]);
    }
    close_fd(&channels->pid_max);
}

void send_int(int socket, int value, int fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec io = {.iov_base = &value, .iov_len = sizeof(value)};
    struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1};

    if (fd != -1) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof(control.bytes);
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &fd, sizeof(int));
    }
    (void)sendmsg(socket, &message, MSG_NOSIGNAL | WITNESS_UNHEARD);
}

bool receive_int(int socket, int *value, pid_t *sender, int *fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr align;
    } control;
    struct iovec io = {.iov_base = value, .iov_len = sizeof(*value)};
    struct msghdr message = {.msg_iov = &io,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    ssize_t got;

    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | WITNESS_UNHEARD);
    while (got == -1 && errno == EINTR);
    *fd = -1;
    *sender = 0;
    if (got != (ssize_t)sizeof(*value))
        return false;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head != NULL;
         head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET)
            continue;
        if (head->cmsg_type == SCM_RIGHTS)
            memcpy(fd, CMSG_DATA(head), sizeof(int));
        if (head->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(head), sizeof(credentials));
            *sender = credentials.pid;
        }
    }
    return true;
}

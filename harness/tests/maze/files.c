/* SPDX-License-Identifier: MIT
 *
 * files: steps on descriptors, see maze.h.
 */
#define _GNU_SOURCE
#include "maze.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define FD(slot) (SLOT_BASE + (slot))

/* ---- data ---- */

static void do_write(const struct step *step)
{
    static const char bytes[1 << 16] = {1};
    size_t left = (size_t)step->b;

    while (left > 0) {
        size_t most = left < sizeof(bytes) ? left : sizeof(bytes);
        ssize_t wrote = write(FD(step->a), bytes, most);
        if (wrote <= 0)
            return;
        left -= (size_t)wrote;
    }
}

static void do_read(const struct step *step)
{
    char bytes[128];

    (void)!read(FD(step->a), bytes, (size_t)step->b);
}

static void do_drain(const struct step *step)
{
    char bytes[1 << 16];
    ssize_t got;

    for (ssize_t left = step->b; left > 0; left -= got)
        if ((got = read(FD(step->a), bytes, sizeof(bytes))) <= 0)
            return;
}

/* ---- several at once ---- */

static void poll_at(struct pollfd *set, int ms)
{
    char byte;

    if (poll(set, 2, ms) <= 0)
        return;
    for (int i = 0; i < 2; i++)
        if (set[i].revents & POLLIN)
            (void)!read(set[i].fd, &byte, 1);
}

static void do_poll(const struct step *step)
{
    struct pollfd set[] = {{FD(step->a), POLLIN, 0}, {FD(step->b), POLLIN, 0}};

    poll_at(set, -1);
}

static void do_poll_limit(const struct step *step)
{
    struct pollfd set[] = {{FD(step->a), POLLIN, 0}, {-1, 0, 0}};

    poll_at(set, step->b);
}

/* Of all threads of the process: one may change it while another one polls. */
static struct pollfd common_set[2];

static void do_poll_common(const struct step *step)
{
    common_set[0] = (struct pollfd){FD(step->a), POLLIN, 0};
    common_set[1] = (struct pollfd){FD(step->b), POLLIN, 0};
    poll_at(common_set, -1);
}

static void do_poll_change(const struct step *step)
{
    common_set[step->b].fd = FD(step->a);
}

static void do_select(const struct step *step)
{
    fd_set set;
    char byte;

    FD_ZERO(&set);
    FD_SET(FD(step->a), &set);
    FD_SET(FD(step->b), &set);
    if (select(FD_SETSIZE, &set, NULL, NULL, NULL) > 0)
        (void)!read(FD_ISSET(FD(step->a), &set) ? FD(step->a) : FD(step->b),
                    &byte, 1);
}

static void do_epoll(const struct step *step)
{
    struct epoll_event event;
    char byte;

    if (epoll_wait(FD(step->a), &event, 1, step->b ? step->b : -1) == 1)
        (void)!read(event.data.fd, &byte, 1);
}

static void do_epoll_add(const struct step *step)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = FD(step->b)};

    epoll_ctl(FD(step->a), EPOLL_CTL_ADD, FD(step->b), &event);
}

static void do_epoll_take(const struct step *step)
{
    epoll_ctl(FD(step->a), EPOLL_CTL_DEL, FD(step->b), NULL);
}

/* ---- what a number means ---- */

static void do_close(const struct step *step)
{
    close(FD(step->a));
}

static void do_dup(const struct step *step)
{
    dup2(FD(step->a), FD(step->b));
}

/* A message with one byte and room for one descriptor. */
struct letter {
    struct msghdr head;
    struct iovec part;
    char byte;
    _Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int))];
};

static void letter_make(struct letter *letter)
{
    memset(letter, 0, sizeof(*letter));
    letter->part = (struct iovec){&letter->byte, 1};
    letter->head = (struct msghdr){.msg_iov = &letter->part,
                                   .msg_iovlen = 1,
                                   .msg_control = letter->room,
                                   .msg_controllen = sizeof(letter->room)};
}

static void do_send_slot(const struct step *step)
{
    struct letter letter;
    int fd = FD(step->b);

    letter_make(&letter);
    struct cmsghdr *head = CMSG_FIRSTHDR(&letter.head);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(fd));
    memcpy(CMSG_DATA(head), &fd, sizeof(fd));
    sendmsg(FD(step->a), &letter.head, MSG_NOSIGNAL);
}

static void do_take_slot(const struct step *step)
{
    struct letter letter;
    int fd;

    letter_make(&letter);
    if (recvmsg(FD(step->a), &letter.head, 0) != 1)
        return;
    struct cmsghdr *head = CMSG_FIRSTHDR(&letter.head);
    if (head == NULL || head->cmsg_type != SCM_RIGHTS)
        return;
    memcpy(&fd, CMSG_DATA(head), sizeof(fd));
    dup2(fd, FD(step->b));
    close(fd);
}

/* ---- sockets and timers ---- */

static void do_shutdown(const struct step *step)
{
    shutdown(FD(step->a), SHUT_WR);
}

static void do_receive_limit(const struct step *step)
{
    struct timeval limit = {.tv_usec = step->b * 1000L};

    setsockopt(FD(step->a), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

static void do_connect(const struct step *step)
{
    struct sockaddr_in address;
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (getsockname(FD(SLOT_LISTENER), (struct sockaddr *)&address, &size) ==
            0 &&
        connect(fd, (struct sockaddr *)&address, size) == 0)
        dup2(fd, FD(step->b));
    close(fd);
}

static void do_accept(const struct step *step)
{
    int fd = accept(FD(step->a), NULL, NULL);

    if (fd == -1)
        return;
    dup2(fd, FD(step->b));
    close(fd);
}

static void do_arm(const struct step *step)
{
    struct itimerspec when = {.it_value.tv_nsec = step->b * 1000000L};

    timerfd_settime(FD(step->a), 0, &when, NULL);
}

/* ---- locks on files ---- */

static void do_flock(const struct step *step)
{
    flock(FD(step->a), LOCK_EX);
}

static void do_flock_drop(const struct step *step)
{
    flock(FD(step->a), LOCK_UN);
}

static void lock_byte(const struct step *step, int call, short type)
{
    struct flock lock = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = step->b, .l_len = 1};

    fcntl(FD(step->a), call, &lock);
}

static void do_ofd(const struct step *step)
{
    lock_byte(step, F_OFD_SETLKW, F_WRLCK);
}

static void do_ofd_drop(const struct step *step)
{
    lock_byte(step, F_OFD_SETLKW, F_UNLCK);
}

static void do_record(const struct step *step)
{
    lock_byte(step, F_SETLKW, F_WRLCK);
}

static void do_record_drop(const struct step *step)
{
    lock_byte(step, F_SETLKW, F_UNLCK);
}

doing *const do_file[OPS] = {
    [OP_WRITE] = do_write,
    [OP_READ] = do_read,
    [OP_DRAIN] = do_drain,
    [OP_POLL] = do_poll,
    [OP_POLL_COMMON] = do_poll_common,
    [OP_POLL_CHANGE] = do_poll_change,
    [OP_POLL_LIMIT] = do_poll_limit,
    [OP_SELECT] = do_select,
    [OP_EPOLL] = do_epoll,
    [OP_EPOLL_ADD] = do_epoll_add,
    [OP_EPOLL_TAKE] = do_epoll_take,
    [OP_CLOSE] = do_close,
    [OP_DUP] = do_dup,
    [OP_SEND_SLOT] = do_send_slot,
    [OP_TAKE_SLOT] = do_take_slot,
    [OP_SHUTDOWN] = do_shutdown,
    [OP_RECEIVE_LIMIT] = do_receive_limit,
    [OP_CONNECT] = do_connect,
    [OP_ACCEPT] = do_accept,
    [OP_ARM] = do_arm,
    [OP_FLOCK] = do_flock,
    [OP_FLOCK_DROP] = do_flock_drop,
    [OP_OFD] = do_ofd,
    [OP_OFD_DROP] = do_ofd_drop,
    [OP_RECORD] = do_record,
    [OP_RECORD_DROP] = do_record_drop,
};

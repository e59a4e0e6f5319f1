/* SPDX-License-Identifier: MIT
 *
 * sockets: see sockets.h.
 */
#define _GNU_SOURCE
#include "linux/sockets.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/pidfd.h"
#include "linux/tcp.h"

static struct socket_info *add(struct sockets *all)
{
    struct socket_info *item = xcalloc(1, sizeof(*item));

    /* Pointers: who has one keeps it when the array moves.
     * NOLINTNEXTLINE(bugprone-sizeof-expression) */
    GROW(all->item, all->count);
    all->item[all->count++] = item;
    return item;
}

/* ---- TCP ---- */

/* "0000000000000000FFFF00000100007F:1F90" (IPv4 in IPv6) is "0100007F:1F90". */
static void normalise(char *address)
{
    static const char mapped[] = "0000000000000000FFFF0000";

    if (strncmp(address, mapped, sizeof(mapped) - 1) == 0)
        memmove(address, address + sizeof(mapped) - 1,
                strlen(address + sizeof(mapped) - 1) + 1);
}

/* One line of /proc/net/tcp: sl, local, remote, st, tx:rx, tr:tm->when,
 * retrnsmt, uid, timeout, inode; proc(5). */
static void add_tcp_line(struct sockets *all, const char *line)
{
    char local[40], remote[40];
    unsigned state, timer;
    unsigned long sending, received, inode;

    if (sscanf(line, " %*d: %39s %39s %x %lx:%lx %x:%*x %*x %*d %*d %lu", local,
               remote, &state, &sending, &received, &timer, &inode) != 7)
        return;
    struct socket_info *socket = add(all);
    socket->tcp = true;
    socket->inode = inode;
    socket->state = (int)state;
    socket->sending = sending;
    socket->received = received;
    socket->timer = timer != 0;
    normalise(local);
    normalise(remote);
    memcpy(socket->local, local, sizeof(local));
    memcpy(socket->remote, remote, sizeof(remote));
}

static void read_tcp(struct sockets *all, pid_t pid, const char *file)
{
    char path[64], line[512];

    snprintf(path, sizeof(path), "/proc/%d/net/%s", (int)pid, file);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return;
    while (fgets(line, sizeof(line), stream) != NULL)
        add_tcp_line(all, line);
    fclose(stream);
}

/* True if there was something to read. */
static bool read_tcp6(struct sockets *all)
{
    if (all->have_tcp6)
        return false;
    all->have_tcp6 = true;
    read_tcp(all, all->pid, "tcp6");
    return true;
}

static struct socket_info *add_answer(struct sockets *all,
                                      const struct tcp_ends *ends,
                                      const struct tcp_answer *answer)
{
    struct socket_info *socket = add(all);

    *socket = (struct socket_info){.inode = answer->inode,
                                   .tcp = true,
                                   .state = answer->state,
                                   .sending = answer->sending,
                                   .received = answer->received,
                                   .timer = answer->timer,
                                   .no_room = answer->no_room};
    tcp_print(ends, socket->local, socket->remote);
    return socket;
}

/* Asks the kernel for one socket and its other end; if that is not yet
 * accepted, for the listener, too. NULL: it must be searched for in the list.
 */
static const struct socket_info *ask(struct sockets *all, pid_t pid, int fd,
                                     ino_t inode)
{
    struct tcp_ends ends, there;
    struct tcp_answer answer;

    if (!tcp_ends_of(pid, fd, &ends) || !tcp_ask(&ends, &answer) ||
        answer.inode != inode)
        return NULL; /* another network namespace, SO_REUSEPORT ... */
    struct socket_info *socket = add_answer(all, &ends, &answer);
    socket->asked = true;
    there = tcp_other_end(&ends);
    if (socket->state == STATE_LISTEN || !tcp_ask(&there, &answer) ||
        answer.state == STATE_LISTEN)
        return socket;
    struct socket_info *other = add_answer(all, &there, &answer);
    socket->other = other;
    there = tcp_listener(&there);
    if (answer.inode == 0 && tcp_ask(&there, &answer))
        other->listener = add_answer(all, &there, &answer);
    return socket;
}

/* ---- unix ---- */

static void add_pending(struct sockets *all, ino_t listener,
                        const struct rtattr *attribute)
{
    const unsigned *clients = RTA_DATA(attribute);

    for (size_t i = 0; i < RTA_PAYLOAD(attribute) / sizeof(*clients); i++) {
        GROW(all->pending, all->pending_count);
        all->pending[all->pending_count++] =
            (struct pending){.client = clients[i], .listener = listener};
    }
}

static void add_unix(struct sockets *all, const struct nlmsghdr *head)
{
    const struct unix_diag_msg *message = NLMSG_DATA(head);
    struct rtattr *attribute = (struct rtattr *)(message + 1);
    int left = (int)head->nlmsg_len - (int)NLMSG_LENGTH(sizeof(*message));
    struct socket_info *socket = add(all);

    socket->inode = message->udiag_ino;
    socket->state = message->udiag_state;
    socket->datagram = message->udiag_type == SOCK_DGRAM;
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        if (attribute->rta_type == UNIX_DIAG_PEER) {
            unsigned peer;
            memcpy(&peer, RTA_DATA(attribute), sizeof(peer));
            socket->peer = peer;
        } else if (attribute->rta_type == UNIX_DIAG_NAME) {
            socket->named = true;
        } else if (attribute->rta_type == UNIX_DIAG_ICONS) {
            add_pending(all, socket->inode, attribute);
        } else if (attribute->rta_type == UNIX_DIAG_RQLEN) {
            struct unix_diag_rqlen queue;
            memcpy(&queue, RTA_DATA(attribute), sizeof(queue));
            socket->full = socket->state == STATE_LISTEN &&
                           queue.udiag_rqueue > queue.udiag_wqueue;
        }
}

/* This kernel has no unix_diag: it looks for the module at each question, by
 * running modprobe(8). So it is asked once. */
static bool no_unix_diag;

static bool is_unknown(const struct nlmsghdr *head)
{
    const struct nlmsgerr *error = NLMSG_DATA(head);

    return head->nlmsg_type == NLMSG_ERROR && error->error == -ENOENT;
}

/* Adds what one datagram holds. False at the end of the list. */
static bool receive_unix(struct sockets *all, int netlink)
{
    static char answer[32 << 10] __attribute__((aligned(NLMSG_ALIGNTO)));
    ssize_t got = recv(netlink, answer, sizeof(answer), 0);

    if (got <= 0)
        return false;
    struct nlmsghdr *head = (struct nlmsghdr *)answer;
    for (; NLMSG_OK(head, (size_t)got); head = NLMSG_NEXT(head, got)) {
        no_unix_diag |= is_unknown(head);
        if (head->nlmsg_type != SOCK_DIAG_BY_FAMILY)
            return false;
        add_unix(all, head);
    }
    return true;
}

static void read_unix(struct sockets *all)
{
    struct {
        struct nlmsghdr head;
        struct unix_diag_req request;
    } question = {
        .head = {.nlmsg_len = sizeof(question),
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .request = {.sdiag_family = AF_UNIX,
                    .udiag_states = ~0U,
                    .udiag_show = UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN |
                                  UDIAG_SHOW_ICONS | UDIAG_SHOW_NAME},
    };
    int netlink = no_unix_diag ? -1
                               : socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
                                        NETLINK_SOCK_DIAG);

    if (netlink == -1)
        return;
    if (send(netlink, &question, sizeof(question), 0) ==
        (ssize_t)sizeof(question))
        while (receive_unix(all, netlink))
            ;
    close(netlink);
}

/* ---- questions ---- */

void sockets_open(struct sockets *all, pid_t pid)
{
    *all = (struct sockets){.pid = pid};
}

void sockets_free(struct sockets *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->item[i]);
    free(all->item);
    free(all->pending);
    free(all->table);
    *all = (struct sockets){0};
}

/* 1, 0 or -1, as socket_time_limit(). */
static int has_limit(int socket, int option)
{
    struct timeval limit = {0};
    socklen_t size = sizeof(limit);

    if (getsockopt(socket, SOL_SOCKET, option, &limit, &size) == -1)
        return -1;
    return limit.tv_sec != 0 || limit.tv_usec != 0;
}

/* A copy of the descriptor, or -1. */
static int copy_of(pid_t pid, int fd)
{
    int process = pidfd(pid), copy;

    if (process == -1)
        return -1;
    copy = pidfd_copy(process, fd);
    close(process);
    return copy;
}

int socket_time_limit(pid_t pid, int fd)
{
    int copy = copy_of(pid, fd), limit;

    if (copy == -1)
        return -1;
    limit = has_limit(copy, SO_RCVTIMEO);
    if (limit == 0)
        limit = has_limit(copy, SO_SNDTIMEO);
    close(copy);
    return limit;
}

int socket_family(pid_t pid, int fd)
{
    int copy = copy_of(pid, fd), family = -1;
    socklen_t size = sizeof(family);

    if (copy == -1)
        return -1;
    if (getsockopt(copy, SOL_SOCKET, SO_DOMAIN, &family, &size) == -1)
        family = -1;
    close(copy);
    return family;
}

ino_t sockets_pending_at(const struct sockets *all, ino_t client)
{
    for (size_t i = 0; i < all->pending_count; i++)
        if (all->pending[i].client == client)
            return all->pending[i].listener;
    return 0;
}

/* The place of an inode in the table, or the empty one where it would be. A
 * machine may have ten thousands of sockets. */
static struct socket_info **place_of(const struct sockets *all, ino_t inode)
{
    size_t at = (size_t)inode * 0x9e3779b1U & (all->table_size - 1);

    while (all->table[at] != NULL && all->table[at]->inode != inode)
        at = (at + 1) & (all->table_size - 1);
    return &all->table[at];
}

/* Enters what is new; at least half of the table stays empty. */
static void index_new(struct sockets *all)
{
    if (all->table_size < 2 * all->count + 2) {
        while (all->table_size < 4 * all->count + 4)
            all->table_size = all->table_size ? 2 * all->table_size : 64;
        free(all->table);
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
        all->table = xcalloc(all->table_size, sizeof(*all->table));
        all->indexed = 0;
    }
    for (; all->indexed < all->count; all->indexed++) {
        struct socket_info *item = all->item[all->indexed];
        struct socket_info **place = place_of(all, item->inode);
        if (*place == NULL)
            *place = item;
    }
}

static const struct socket_info *find_inode(struct sockets *all, ino_t inode)
{
    index_new(all);
    return *place_of(all, inode);
}

static const struct socket_info *
find_other_end(const struct sockets *all, const struct socket_info *socket)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct socket_info *other = all->item[i];
        if (other->tcp && other->state != STATE_LISTEN &&
            strcmp(other->local, socket->remote) == 0 &&
            strcmp(other->remote, socket->local) == 0)
            return other;
    }
    return NULL;
}

const struct socket_info *sockets_find(struct sockets *all, pid_t pid, int fd,
                                       ino_t inode)
{
    if (!all->have_unix)
        read_unix(all);
    all->have_unix = true;
    const struct socket_info *found = find_inode(all, inode);
    if (found == NULL && !all->have_tcp)
        found = ask(all, pid, fd, inode);
    if (found == NULL && !all->have_tcp) {
        read_tcp(all, all->pid, "tcp");
        all->have_tcp = true;
        found = find_inode(all, inode);
    }
    if (found == NULL && read_tcp6(all))
        found = find_inode(all, inode);
    return found;
}

const struct socket_info *sockets_other_end(struct sockets *all,
                                            const struct socket_info *socket)
{
    const struct socket_info *other =
        socket->asked ? socket->other : find_other_end(all, socket);

    /* The other end of an IPv4 connection may be an IPv6 socket. */
    if (other == NULL && !socket->asked && read_tcp6(all))
        other = find_other_end(all, socket);
    return other;
}

/* "0100007F:1F90", and "00000000:1F90" is any address with that port. */
static bool listens_at(const char *listener, const char *local)
{
    size_t length = strcspn(listener, ":");

    return strcmp(listener, local) == 0 ||
           (strspn(listener, "0") >= length && strrchr(local, ':') != NULL &&
            strcmp(strrchr(local, ':'), listener + length) == 0);
}

const struct socket_info *sockets_listener(const struct sockets *all,
                                           const struct socket_info *socket)
{
    if (socket->listener != NULL)
        return socket->listener;
    for (size_t i = 0; i < all->count; i++) {
        const struct socket_info *other = all->item[i];
        if (other->tcp && other->state == STATE_LISTEN &&
            listens_at(other->local, socket->local))
            return other;
    }
    return NULL;
}

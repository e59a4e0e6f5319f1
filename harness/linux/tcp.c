/* SPDX-License-Identifier: MIT
 *
 * tcp: see tcp.h.
 */
#define _GNU_SOURCE
#include "linux/tcp.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "linux/pidfd.h"

union address {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

/* ---- addresses ---- */

/* Copies one address into struct inet_diag_sockid, in network byte order. */
static void take_address(const union address *address, __be16 *port,
                         __be32 *words)
{
    if (address->any.sa_family == AF_INET) {
        *port = address->in.sin_port;
        words[0] = address->in.sin_addr.s_addr;
    } else if (address->any.sa_family == AF_INET6) {
        *port = address->in6.sin6_port;
        memcpy(words, &address->in6.sin6_addr, sizeof(address->in6.sin6_addr));
    }
}

static bool is_tcp(int fd, int *family)
{
    int protocol = 0;
    socklen_t size = sizeof(protocol);

    if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == -1 ||
        protocol != IPPROTO_TCP)
        return false;
    size = sizeof(*family);
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, family, &size) == 0 &&
           (*family == AF_INET || *family == AF_INET6);
}

/* Any socket with these addresses will do. */
static void set_no_cookie(struct inet_diag_sockid *id)
{
    id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

static bool ends_of(int fd, struct tcp_ends *ends)
{
    union address address = {0};
    socklen_t size = sizeof(address);

    *ends = (struct tcp_ends){0};
    set_no_cookie(&ends->id);
    if (!is_tcp(fd, &ends->family) ||
        getsockname(fd, &address.any, &size) == -1)
        return false;
    take_address(&address, &ends->id.idiag_sport, ends->id.idiag_src);
    size = sizeof(address);
    if (getpeername(fd, &address.any, &size) == 0) /* else it listens */
        take_address(&address, &ends->id.idiag_dport, ends->id.idiag_dst);
    return true;
}

bool tcp_ends_of(pid_t pid, int fd, struct tcp_ends *ends)
{
    int process = pidfd(pid);
    bool good = false;

    if (process == -1)
        return false;
    int copy = pidfd_copy(process, fd);
    if (copy != -1) {
        good = ends_of(copy, ends);
        close(copy);
    }
    close(process);
    return good;
}

struct tcp_ends tcp_other_end(const struct tcp_ends *ends)
{
    struct tcp_ends other = *ends;

    other.id.idiag_sport = ends->id.idiag_dport;
    other.id.idiag_dport = ends->id.idiag_sport;
    memcpy(other.id.idiag_src, ends->id.idiag_dst, sizeof(ends->id.idiag_dst));
    memcpy(other.id.idiag_dst, ends->id.idiag_src, sizeof(ends->id.idiag_src));
    return other;
}

struct tcp_ends tcp_listener(const struct tcp_ends *ends)
{
    struct tcp_ends listener = *ends;

    listener.id.idiag_dport = 0;
    memset(listener.id.idiag_dst, 0, sizeof(listener.id.idiag_dst));
    return listener;
}

static void print_end(int family, const __be32 *words, __be16 port,
                      char text[40])
{
    bool mapped = family == AF_INET6 && words[0] == 0 && words[1] == 0 &&
                  words[2] == htonl(0xffff);

    if (family == AF_INET || mapped)
        snprintf(text, 40, "%08X:%04X", words[mapped ? 3 : 0], ntohs(port));
    else
        snprintf(text, 40, "%08X%08X%08X%08X:%04X", words[0], words[1],
                 words[2], words[3], ntohs(port));
}

void tcp_print(const struct tcp_ends *ends, char local[40], char remote[40])
{
    const struct inet_diag_sockid *id = &ends->id;

    print_end(ends->family, id->idiag_src, id->idiag_sport, local);
    print_end(ends->family, id->idiag_dst, id->idiag_dport, remote);
}

bool tcp_gives_up(pid_t pid, int fd)
{
    int process = pidfd(pid), copy = -1;
    unsigned limit = 0;
    socklen_t size = sizeof(limit);

    if (process != -1) {
        copy = pidfd_copy(process, fd);
        close(process);
    }
    bool good = copy != -1 && getsockopt(copy, IPPROTO_TCP, TCP_USER_TIMEOUT,
                                         &limit, &size) == 0;
    if (copy != -1)
        close(copy);
    return !good || limit != 0;
}

/* ---- the question ---- */

#define PROBE_TIMER 4 /* idiag_timer of a zero window probe, tcp(7) */

/* Is this all that the socket does: it has data to send, nothing of that is
 * under way, the last window that the other end announced is empty, and so was
 * the one that it announced when it was asked again? (The count of questions
 * without room is the backoff of the probe timer.) Then only a reader at the
 * other end can make room. */
static bool has_no_room(const struct inet_diag_msg *message,
                        const struct nlmsghdr *head)
{
    struct rtattr *attribute = (struct rtattr *)(message + 1);
    int left = (int)head->nlmsg_len - (int)NLMSG_LENGTH(sizeof(*message));
    struct tcp_info info;

    if (message->idiag_timer != PROBE_TIMER)
        return false;
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type != INET_DIAG_INFO ||
            RTA_PAYLOAD(attribute) <
                offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof(uint32_t))
            continue;
        memset(&info, 0, sizeof(info));
        memcpy(&info, RTA_DATA(attribute),
               RTA_PAYLOAD(attribute) < sizeof(info) ? RTA_PAYLOAD(attribute)
                                                     : sizeof(info));
        return info.tcpi_snd_wnd == 0 && info.tcpi_unacked == 0 &&
               info.tcpi_backoff > 0 && info.tcpi_probes == 0;
    }
    return false;
}

static bool receive_tcp(int netlink, struct tcp_answer *answer)
{
    char bytes[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
    ssize_t got = recv(netlink, bytes, sizeof(bytes), 0);
    const struct nlmsghdr *head = (const struct nlmsghdr *)bytes;

    if (got < (ssize_t)NLMSG_LENGTH(sizeof(struct inet_diag_msg)) ||
        head->nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return false;
    const struct inet_diag_msg *message = NLMSG_DATA(head);
    *answer = (struct tcp_answer){.inode = message->idiag_inode,
                                  .state = message->idiag_state,
                                  .sending = message->idiag_wqueue,
                                  .received = message->idiag_rqueue,
                                  .timer = message->idiag_timer != 0,
                                  .no_room = has_no_room(message, head)};
    return true;
}

bool tcp_ask(const struct tcp_ends *ends, struct tcp_answer *answer)
{
    struct {
        struct nlmsghdr head;
        struct inet_diag_req_v2 request;
    } question = {
        .head = {.nlmsg_len = sizeof(question),
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST},
        .request = {.sdiag_family = (unsigned char)ends->family,
                    .sdiag_protocol = IPPROTO_TCP,
                    .idiag_ext = 1U << (INET_DIAG_INFO - 1),
                    .idiag_states = ~0U,
                    .id = ends->id},
    };
    int netlink =
        socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

    if (netlink == -1)
        return false;
    bool good = send(netlink, &question, sizeof(question), 0) ==
                    (ssize_t)sizeof(question) &&
                receive_tcp(netlink, answer);
    close(netlink);
    return good;
}

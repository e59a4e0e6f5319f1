/* SPDX-License-Identifier: MIT
 *
 * objects: what the descriptors lead to, see explorer.h: pipes, sockets, timers
 * ..., and whether something outside of the tree could end a wait on it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "linux/sockets.h"
#include "linux/tcp.h"
#include "proof/changes.h"
#include "proof/explorer.h"

/* Does any process of the tree have the object open, at this end? */
static bool held(const struct explorer *x, mode_t type, dev_t device,
                 ino_t inode, bool for_reading, bool for_writing)
{
    size_t count;
    const struct holder *holder = holders_of(x, inode, &count);

    for (size_t i = 0; i < count; i++)
        if ((holder[i].mode & S_IFMT) == type &&
            (type == S_IFSOCK || holder[i].device == device) &&
            (!for_reading || holder[i].can_read) &&
            (!for_writing || holder[i].can_write))
            return true;
    return false;
}

static bool passed_inode(const struct explorer *x, ino_t inode)
{
    const struct passed *passed = x->known->passed;

    return passed != NULL &&
           (passed->any || fileids_have(&passed->files, inode));
}

bool is_passed(const struct explorer *x, const struct link *link)
{
    return passed_inode(x, link->inode) ||
           (x->known->passed != NULL && x->known->passed->anonymous &&
            starts(link->target, "anon_inode:"));
}

/* Was it open in the tree? It is somebody's who sleeps on it there, or is on
 * its way to somebody. */
static bool was_held(const struct explorer *x, ino_t inode)
{
    const struct changes *changes = x->known->changes;
    bool was = false;

    for (size_t i = 0; !was && changes != NULL && i < changes->count; i++)
        was = changes->item[i].was_open &&
              S_ISSOCK(changes->item[i].former.mode) &&
              changes->item[i].former.inode == inode;
    return was && x->known->numbers_heard && !x->known->part;
}

bool socket_is_ours(const struct explorer *x, ino_t inode)
{
    return inode != 0 && !passed_inode(x, inode) &&
           (held(x, S_IFSOCK, 0, inode, false, false) || was_held(x, inode));
}

/* The descriptor of the tree that is the socket; NULL if there is none. */
static const struct link *link_of_socket(const struct explorer *x, ino_t inode)
{
    for (size_t i = 0; i < x->link_count; i++)
        if (S_ISSOCK(x->links[i].mode) && x->links[i].inode == inode)
            return &x->links[i];
    return NULL;
}

/* Both ends write and nobody reads: what is left to send waits for a reader at
 * the other end, whose queue is full. The kernel asks for room from time to
 * time, for ever: that moves no data. */
static bool waits_for_reader(const struct explorer *x,
                             const struct socket_info *socket,
                             const struct socket_info *other)
{
    const struct link *link = link_of_socket(x, socket->inode);

    return socket->no_room && other != NULL && other->received > 0 &&
           link != NULL &&
           !tcp_gives_up(x->shot->process[link->process].pid, link->fd);
}

/* All that was sent has been acknowledged, so that a thread that it wakes is
 * awake by now; or it waits for a reader. In any other state something may
 * still be in transit. */
static bool at_rest(const struct explorer *x, const struct socket_info *socket,
                    const struct socket_info *other)
{
    return (socket->state == STATE_ESTABLISHED ||
            socket->state == STATE_FIN_WAIT2 ||
            socket->state == STATE_CLOSE_WAIT) &&
           ((socket->sending == 0 && !socket->timer) ||
            waits_for_reader(x, socket, other));
}

/* May the kernel still send what is in the socket? */
static bool is_armed(const struct explorer *x, const struct socket_info *socket,
                     const struct socket_info *other)
{
    return (socket->timer || socket->sending != 0) &&
           !waits_for_reader(x, socket, other);
}

static void see_tcp(struct explorer *x, struct object *object,
                    const struct socket_info *socket)
{
    const struct socket_info *other = sockets_other_end(&x->sockets, socket);

    object->kind = OBJECT_TCP;
    object->in_flight = other == NULL || !at_rest(x, socket, other) ||
                        !at_rest(x, other, socket);
    object->armed = is_armed(x, socket, other) ||
                    (other != NULL && is_armed(x, other, socket));
    /* Not accepted yet: every process that has the listening socket could. */
    if (other != NULL && other->inode == 0)
        other = sockets_listener(&x->sockets, other);
    object->peer = other ? other->inode : 0;
    object->open_to_world = !socket_is_ours(x, object->peer);
}

static void see_socket(struct explorer *x, struct object *object,
                       const struct link *link)
{
    const struct socket_info *socket =
        sockets_find(&x->sockets, x->shot->process[link->process].pid, link->fd,
                     object->inode);

    if (socket == NULL) { /* UDP, netlink, another network namespace ... */
        object->kind = OBJECT_UNKNOWN;
        object->open_to_world = true;
    } else if (socket->state == STATE_LISTEN) {
        object->kind = OBJECT_LISTENER;
        object->in_flight = true;
    } else if (socket->tcp) {
        see_tcp(x, object, socket);
    } else {
        object->kind = OBJECT_UNIX;
        object->peer = socket->peer
                           ? socket->peer
                           : sockets_pending_at(&x->sockets, object->inode);
        object->datagram = socket->datagram;
        /* With neither a peer nor an address, nobody can send to it. */
        object->open_to_world =
            !(socket->datagram && object->peer == 0 && !socket->named) &&
            !socket_is_ours(x, object->peer);
        /* What nobody can receive any more is closed by the kernel, soon. */
        object->in_flight = object->peer != 0 &&
                            !held(x, S_IFSOCK, 0, object->peer, false, false);
    }
}

/* Does setting the wall clock end a wait on the timerfd, by
 * TFD_TIMER_CANCEL_ON_SET? The line is "settime flags: 03", octal. */
static bool cancelled_by_clock(const char *text)
{
    const char *flags = strstr(text, "settime flags: ");

    return flags != NULL && (strtol(flags + 15, NULL, 8) & 2) != 0;
}

/* A timerfd ends a wait if it has a time, an interval, or ticks not read yet.
 * One whose interrupt is due also shows "(0, 0)": so it is always in flight. */
static void see_timerfd(const struct explorer *x, struct object *object,
                        const struct link *link)
{
    char text[512];

    object->kind = OBJECT_TIMERFD;
    object->in_flight = true;
    object->armed = true;
    if (!read_fdinfo(x, link->process, link->fd, text, sizeof(text)))
        return;
    object->armed = strstr(text, "it_value: (0, 0)") == NULL ||
                    strstr(text, "it_interval: (0, 0)") == NULL ||
                    strstr(text, "ticks: 0\n") == NULL ||
                    cancelled_by_clock(text);
}

/* Ready when its process has ended. */
static void see_pidfd(const struct explorer *x, struct object *object,
                      const struct link *link)
{
    char text[512];
    const char *pid = NULL;

    if (read_fdinfo(x, link->process, link->fd, text, sizeof(text)))
        pid = strstr(text, "\nPid:\t");
    object->kind = OBJECT_PIDFD;
    object->target = pid ? (pid_t)strtol(pid + 6, NULL, 10) : -1;
    object->open_to_world = snapshot_process(x->shot, object->target) == NULL;
}

static void see_pipe(const struct explorer *x, struct object *object,
                     const struct link *link)
{
    bool named = link->target[0] == '/';
    /* Who sleeps on a file that no number leads to any more holds its end. */
    bool former = link->fd == -1;
    bool both = ((former && link->can_read) ||
                 held(x, S_IFIFO, link->device, link->inode, true, false)) &&
                ((former && link->can_write) ||
                 held(x, S_IFIFO, link->device, link->inode, false, true));

    object->kind = named ? OBJECT_FIFO : OBJECT_PIPE;
    /* If the tree does not have both ends, a process outside has one. */
    object->open_to_world =
        named ? !private_file(x, link->target, link->device) : !both;
}

static void see_anonymous(struct explorer *x, struct object *object,
                          const struct link *link)
{
    const char *what = link->target + strlen("anon_inode:");

    if (strcmp(what, "[eventfd]") == 0) {
        object->kind = OBJECT_EVENTFD;
        object->in_flight = true;
    } else if (strcmp(what, "[timerfd]") == 0) {
        see_timerfd(x, object, link);
    } else if (strcmp(what, "[signalfd]") == 0) {
        object->kind = OBJECT_SIGNALFD;
    } else if (strcmp(what, "[pidfd]") == 0) {
        see_pidfd(x, object, link);
    } else if (strcmp(what, "[eventpoll]") == 0) {
        object->kind = OBJECT_EPOLL;
    } else if (is_idle_ring(x, link)) {
        object->kind = OBJECT_RING;
        object->in_flight = true;
    } else {
        object->open_to_world = true;
    }
}

/* Has the socket a time limit, or had it one? A wait keeps the one that there
 * was when it began. One that accept(2) made has that of the listener. */
static bool is_timed(const struct explorer *x, const struct link *link)
{
    const struct knowledge *known = x->known;
    int limit =
        socket_time_limit(x->shot->process[link->process].pid, link->fd);

    return limit == 1 ||
           (limit == -1 && known->timed != NULL &&
            (known->timeouts || known->timed->count > 0)) ||
           (known->timed != NULL && fileids_have(known->timed, link->inode));
}

static void see(struct explorer *x, struct object *object,
                const struct link *link)
{
    if (S_ISFIFO(link->mode))
        see_pipe(x, object, link);
    else if (S_ISSOCK(link->mode))
        see_socket(x, object, link);
    else if (starts(link->target, "anon_inode:"))
        see_anonymous(x, object, link);
    else {
        object->kind = S_ISREG(link->mode) ? OBJECT_FILE : OBJECT_UNKNOWN;
        object->open_to_world = true;
    }
    if (S_ISSOCK(link->mode))
        object->timed = is_timed(x, link);
    if (is_passed(x, link)) {
        object->open_to_world = true;
        /* Others may add to a set what nobody here knows. */
        if (object->kind == OBJECT_EPOLL)
            object->kind = OBJECT_UNKNOWN;
    }
}

size_t add_object(struct snapshot *shot, const struct object *object)
{
    GROW(shot->objects, shot->object_count);
    shot->objects[shot->object_count] = *object;
    return shot->object_count++;
}

size_t object_of(struct explorer *x, const struct link *link)
{
    struct object object = {.device = link->device, .inode = link->inode};
    size_t count;
    struct holder *first = holders_of(x, link->inode, &count);

    for (; count > 0 && first->device != link->device; count--)
        first++;
    /* One that no number leads to any more, or one of many with this inode. */
    if (count == 0 || link->fd == -1 || starts(link->target, "anon_inode:")) {
        see(x, &object, link);
        return add_object(x->shot, &object);
    }
    if (first->object == 0) {
        see(x, &object, link);
        first->object = add_object(x->shot, &object) + 1;
    }
    return first->object - 1;
}

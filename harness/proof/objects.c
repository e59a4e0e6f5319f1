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

static bool socket_held(const struct explorer *x, ino_t inode)
{
    return inode != 0 && held(x, S_IFSOCK, 0, inode, false, false);
}

/* All that was sent has been acknowledged, so that a thread that it wakes is
 * awake by now. In any other state something may still be in transit. */
static bool at_rest(const struct socket_info *socket)
{
    return (socket->state == STATE_ESTABLISHED ||
            socket->state == STATE_FIN_WAIT2 ||
            socket->state == STATE_CLOSE_WAIT) &&
           socket->sending == 0 && !socket->timer;
}

static void see_tcp(struct explorer *x, struct object *object,
                    const struct socket_info *socket)
{
    const struct socket_info *other = sockets_other_end(&x->sockets, socket);

    object->kind = OBJECT_TCP;
    object->in_flight = other == NULL || !at_rest(socket) || !at_rest(other);
    object->armed = socket->timer ||
                    (other != NULL && (other->timer || other->sending != 0));
    /* Not accepted yet: every process that has the listening socket could. */
    if (other != NULL && other->inode == 0)
        other = sockets_listener(&x->sockets, other);
    object->peer = other ? other->inode : 0;
    object->open_to_world = !socket_held(x, object->peer);
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
        object->peer = socket->peer;
        object->open_to_world = !socket_held(x, socket->peer);
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
    bool both = held(x, S_IFIFO, link->device, link->inode, true, false) &&
                held(x, S_IFIFO, link->device, link->inode, false, true);

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
    } else {
        object->open_to_world = true;
    }
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

    if (starts(link->target, "anon_inode:")) {
        see(x, &object, link);
        return add_object(x->shot, &object);
    }
    while (first->device != link->device)
        first++;
    if (first->object == 0) {
        see(x, &object, link);
        first->object = add_object(x->shot, &object) + 1;
    }
    return first->object - 1;
}

/* SPDX-License-Identifier: MIT
 *
 * connecting: whom a thread in connect(2) waits for, see explorer.h.
 *
 * TCP sends its first packet again and again and gives up after some minutes,
 * tcp(7): that wait ends by itself. A connection to a UNIX socket is made at
 * once, unless the queue of the one who listens is full: then it waits, without
 * any limit, until somebody accepts there.
 */
#define _GNU_SOURCE
#include "proof/explorer.h"

/* Which socket it connects to is in the kernel only (the address in memory may
 * have been changed since). But its queue is full: so it is one of those which
 * are. If any of them is not ours alone, it may be that one. */
static bool wait_on_full_listeners(struct explorer *x,
                                   struct thread_shot *thread,
                                   struct object connection)
{
    const struct sockets *all = &x->sockets;
    bool any = false;

    for (size_t i = 0; i < all->count; i++)
        if (all->item[i]->full && !socket_is_ours(x, all->item[i]->inode))
            return false;
    connection.open_to_world = false;
    connection.in_flight = true; /* it may be in the queue by now */
    for (size_t i = 0; i < all->count; i++) {
        if (!all->item[i]->full)
            continue;
        connection.peer = all->item[i]->inode;
        wait_on_object(x, thread, (int)thread->args[0],
                       add_object(x->shot, &connection));
        any = true;
    }
    return any;
}

void wait_on_connect(struct explorer *x, struct thread_shot *thread)
{
    int fd = (int)thread->args[0];
    const struct link *link = find_link(x, thread->process, fd);
    const struct socket_info *socket = NULL;

    if (link != NULL && number_holds(x, thread, fd))
        socket = sockets_find(&x->sockets, x->shot->process[link->process].pid,
                              fd, link->inode);
    if (socket != NULL && socket->tcp)
        thread->wait = WAIT_TIME;
    struct object connection = {.kind = OBJECT_UNIX};
    if (link != NULL) {
        size_t own = object_of(x, link); /* which may move the objects */
        connection.timed = x->shot->objects[own].timed;
        connection.device = link->device;
        connection.inode = link->inode;
    }
    if (socket == NULL || socket->tcp ||
        !wait_on_full_listeners(x, thread, connection))
        number_holds(x, thread, fd) /* with nobody at its other end yet */
            ? wait_on_number(x, thread, fd)
            : wait_on_unknown(x, thread, fd);
}

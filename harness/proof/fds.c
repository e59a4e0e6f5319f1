/* SPDX-License-Identifier: MIT
 *
 * fds: what a call on descriptors waits for, by the kind of call, see
 * explorer.h.
 */
#define _GNU_SOURCE
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/explorer.h"

/* A datagram may go to another one than the peer of its socket, by an address
 * in the call; and the peer may have been changed since. */
static bool sends_to_peer(const struct explorer *x,
                          const struct thread_shot *thread,
                          const struct object *socket)
{
    size_t count;
    const struct holder *holder = holders_of(x, socket->inode, &count);

    if (thread->call == SYS_sendmsg || !always_alone(x, thread->process) ||
        (thread->call == SYS_sendto && thread->args[4] != 0))
        return false;
    for (size_t i = 0; i < count; i++)
        if (holder[i].process != thread->process)
            return false;
    return true;
}

static void see_datagrams(struct explorer *x, struct thread_shot *thread)
{
    size_t count = thread->fd_count;

    for (size_t i = 0; i < count; i++) {
        size_t index = x->shot->waited_on[thread->first_fd + i].object;
        const struct object *object = &x->shot->objects[index];
        if (object->datagram && !sends_to_peer(x, thread, object)) {
            wait_on_unknown(x, thread, -1);
            return;
        }
    }
}

void explore_fds(struct explorer *x, struct thread_shot *thread)
{
    thread->for_write = call_writes(thread);
    switch (call_fd_source(thread)) {
    case FDS_FIRST:
        wait_on(x, thread, (int)thread->args[0]);
        break;
    case FDS_SPLICE:
        wait_on(x, thread, (int)thread->args[0]);
        wait_on(x, thread, (int)thread->args[2]);
        break;
    case FDS_TEE:
        wait_on(x, thread, (int)thread->args[0]);
        wait_on(x, thread, (int)thread->args[1]);
        break;
    case FDS_EPOLL:
        wait_on_set(x, thread, (int)thread->args[0]);
        break;
    case FDS_POLL:
        wait_on_poll(x, thread);
        break;
    case FDS_SELECT:
        wait_on_select(x, thread);
        break;
    case FDS_OPEN:
        wait_on_open(x, thread);
        break;
    case FDS_CONNECT:
        wait_on_connect(x, thread);
        break;
    }
    if (call_fd_source(thread) == FDS_SPLICE || call_writes(thread))
        see_datagrams(x, thread);
    /* A server that polls a listening socket waits for a client. */
    for (size_t i = 0; i < thread->fd_count; i++) {
        size_t object = x->shot->waited_on[thread->first_fd + i].object;
        if (x->shot->objects[object].kind == OBJECT_LISTENER)
            thread->wait = WAIT_CLIENT;
    }
    if (thread->fd_count == 0) /* an empty set: only a signal ends the wait */
        thread->wait = WAIT_SIGNAL;
}

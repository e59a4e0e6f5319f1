/* SPDX-License-Identifier: MIT
 *
 * polling: what a thread in poll(2) or select(2) waits for, see explorer.h.
 *
 * The kernel has copied the set when the call began. Where others may have
 * written to that memory since, it is not read again: instead, the thread is
 * taken to wait for every descriptor that its process has. If none of those can
 * become ready, then neither can any set of them.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#include "linux/remote.h"
#include "linux/syscalls.h"
#include "proof/changes.h"
#include "proof/explorer.h"

#define MAX_POLLED 1024

/* ---- any of its descriptors ---- */

static bool is_output(const struct explorer *x, ino_t inode)
{
    return inode != 0 &&
           (inode == x->known->output[0] || inode == x->known->output[1]);
}

/* Is this a descriptor on which no event can come? The runner never writes to
 * the program's output; and there is room in it, or else somebody who waits for
 * that would be awake, since the runner has read all. /dev/null is always
 * ready.
 */
static bool has_no_events(struct explorer *x, const struct link *link)
{
    if (S_ISCHR(link->mode))
        return strcmp(link->target, "/dev/null") == 0 &&
               !x->known->changes->places;
    if (S_ISFIFO(link->mode))
        return is_output(x, link->inode) && !link->can_read;
    if (!S_ISSOCK(link->mode))
        return false;
    size_t index = object_of(x, link); /* which may move the objects */
    const struct object *object = &x->shot->objects[index];
    return object->kind == OBJECT_UNIX && is_output(x, object->peer);
}

/* All descriptors of its process, where that has the same ones as when the call
 * began, or more. */
static void wait_on_table(struct explorer *x, struct thread_shot *thread)
{
    const struct changes *changes = x->known->changes;
    pid_t pid = x->shot->process[thread->process].pid;

    if (changes == NULL || !x->known->changes_heard || !x->shot->followed ||
        changes_touch_any(changes, pid, thread) ||
        !has_common_table(x, thread)) {
        wait_on_unknown(x, thread, -1);
        return;
    }
    thread->by_table = true;
    for (size_t i = 0; i < x->link_count; i++)
        if (x->links[i].process == thread->process &&
            !has_no_events(x, &x->links[i]))
            wait_on(x, thread, x->links[i].fd);
    if (thread->fd_count == 0)
        wait_on_unknown(x, thread, -1);
}

/* ---- the set ---- */

void wait_on_poll(struct explorer *x, struct thread_shot *thread)
{
    struct pollfd set[MAX_POLLED];
    unsigned long count = thread->args[1];
    pid_t pid = living_tid(x, thread->process);

    if (count > MAX_POLLED || !memory_holds(x, thread) ||
        !remote_read(pid, thread->args[0], set, count * sizeof(set[0]))) {
        if (count != 0)
            wait_on_table(x, thread);
        return;
    }
    for (unsigned long i = 0; i < count; i++)
        if (set[i].fd >= 0)
            wait_on(x, thread, set[i].fd);
}

void wait_on_select(struct explorer *x, struct thread_shot *thread)
{
    pid_t pid = living_tid(x, thread->process);
    unsigned long count = thread->args[0];

    if (!memory_holds(x, thread)) {
        wait_on_table(x, thread);
        return;
    }
    for (int set = 1; set <= 3; set++) {
        unsigned char bits[MAX_POLLED / 8];
        if (thread->args[set] == 0 || count == 0)
            continue;
        if (count > MAX_POLLED ||
            !remote_read(pid, thread->args[set], bits, (count + 7) / 8)) {
            wait_on_unknown(x, thread, -1);
            continue;
        }
        for (unsigned long fd = 0; fd < count; fd++)
            if (bits[fd / 8] & (1U << (fd % 8)))
                wait_on(x, thread, (int)fd);
    }
}

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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "linux/fileid.h"
#include "linux/pidfd.h"
#include "linux/remote.h"
#include "linux/syscalls.h"
#include "proof/changes.h"
#include "proof/explorer.h"

/* More than a process can have open, NR_OPEN of Linux: such a set is not read.
 */
#define MAX_POLLED (1UL << 20)

/* ---- any of its descriptors ---- */

static bool is_output(const struct explorer *x, ino_t inode)
{
    return inode != 0 &&
           (inode == x->known->output[0] || inode == x->known->output[1]);
}

/* A pipe or UNIX socket that has no other end any more is always ready, and
 * stays so: poll(2) tells of that whatever it is asked for. */
static bool is_end_of(const struct explorer *x, const struct link *link)
{
    pid_t pid = x->shot->process[link->process].pid;

    return descriptor_hung_up(pid, link->fd);
}

/* A timerfd that has expired is ready until somebody reads it, a pidfd whose
 * process was reaped for ever: who sleeps in poll(2) has not asked for that,
 * and no other event comes from them. */
static bool is_over(const struct explorer *x, const struct link *link)
{
    char text[512];
    const char *ticks = NULL, *pid = NULL;

    if (!starts(link->target, "anon_inode:[") ||
        !read_fdinfo(x, link->process, link->fd, text, sizeof(text)))
        return false;
    if (strcmp(link->target, "anon_inode:[timerfd]") == 0)
        ticks = strstr(text, "ticks: ");
    if (strcmp(link->target, "anon_inode:[pidfd]") == 0)
        pid = strstr(text, "\nPid:\t-1\n");
    return (ticks != NULL && ticks[7] != '0') || pid != NULL;
}

/* Is this a descriptor on which no event can come? The runner never writes to
 * the program's output; and there is room in it, or else somebody who waits for
 * that would be awake, since the runner has read all. /dev/null and files on a
 * disk are always ready. */
static bool has_no_events(struct explorer *x, const struct link *link)
{
    if (S_ISCHR(link->mode))
        return strcmp(link->target, "/dev/null") == 0 &&
               !x->known->changes->places;
    if (S_ISREG(link->mode))
        return fileid_is_regular(living_tid(x, link->process), link->fd);
    if (!S_ISFIFO(link->mode) && !S_ISSOCK(link->mode))
        return is_over(x, link);
    if (S_ISFIFO(link->mode) && is_output(x, link->inode) && !link->can_read)
        return true;
    size_t index = object_of(x, link); /* which may move the objects */
    const struct object *object = &x->shot->objects[index];
    if (object->kind == OBJECT_UNIX && is_output(x, object->peer))
        return true;
    return (object->kind == OBJECT_PIPE ||
            (object->kind == OBJECT_UNIX && object->peer == 0)) &&
           object->open_to_world && is_end_of(x, link);
}

/* All descriptors of its process, where that has the same ones as when the call
 * began, or more. */
static void wait_on_table(struct explorer *x, struct thread_shot *thread)
{
    const struct changes *changes = x->known->changes;
    pid_t pid = x->shot->process[thread->process].pid;

    if (!numbers_are_known(x, thread) ||
        (changes_touch_any(changes, pid, thread) &&
         !wait_on_formers(x, thread, 0, ~0U, true))) {
        wait_on_unknown(x, thread, -1);
        return;
    }
    thread->by_table = true;
    for (size_t i = 0; i < x->link_count; i++)
        if (x->links[i].process == thread->process &&
            !has_no_events(x, &x->links[i]))
            wait_on_number(x, thread, x->links[i].fd);
    if (thread->fd_count == 0)
        wait_on_unknown(x, thread, -1);
}

/* ---- the set ---- */

void wait_on_poll(struct explorer *x, struct thread_shot *thread)
{
    unsigned long count = thread->args[1];
    pid_t pid = living_tid(x, thread->process);

    if (count == 0)
        return;
    bool read = count <= MAX_POLLED && memory_holds(x, thread);
    struct pollfd *set = xcalloc(read ? count : 1, sizeof(*set));
    read =
        read && remote_read(pid, thread->args[0], set, count * sizeof(set[0]));
    for (unsigned long i = 0; read && i < count; i++)
        if (set[i].fd >= 0)
            wait_on(x, thread, set[i].fd);
    free(set);
    if (!read)
        wait_on_table(x, thread);
}

/* One of the three sets of select(2), for so many numbers. */
static void wait_on_fd_set(struct explorer *x, struct thread_shot *thread,
                           unsigned long address, unsigned long count)
{
    pid_t pid = living_tid(x, thread->process);
    unsigned char *bits = xcalloc((count + 7) / 8, 1);

    if (!remote_read(pid, address, bits, (count + 7) / 8))
        wait_on_unknown(x, thread, -1);
    else
        for (unsigned long fd = 0; fd < count; fd++)
            if (bits[fd / 8] & (1U << (fd % 8)))
                wait_on(x, thread, (int)fd);
    free(bits);
}

void wait_on_select(struct explorer *x, struct thread_shot *thread)
{
    unsigned long count = thread->args[0];

    if (!memory_holds(x, thread)) {
        wait_on_table(x, thread);
        return;
    }
    for (int set = 1; set <= 3 && count > 0; set++)
        if (thread->args[set] != 0 && count > MAX_POLLED)
            wait_on_unknown(x, thread, -1);
        else if (thread->args[set] != 0)
            wait_on_fd_set(x, thread, thread->args[set], count);
}

/* SPDX-License-Identifier: MIT
 *
 * waited_on: what a descriptor that a thread waits on stands for, see
 * explorer.h.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/changes.h"
#include "proof/explorer.h"

#define EPOLL_DEPTH 4
#define EPOLL_SET "anon_inode:[eventpoll]"

void wait_on_object(struct explorer *x, struct thread_shot *thread, int fd,
                    size_t object)
{
    struct snapshot *shot = x->shot;

    if (thread->fd_count == 0)
        thread->first_fd = shot->waited_on_count;
    GROW(shot->waited_on, shot->waited_on_count);
    shot->waited_on[shot->waited_on_count++] =
        (struct waited_on){.fd = fd, .object = object};
    thread->fd_count++;
}

/* Adds what cannot be looked into: any process may end the wait. */
void wait_on_unknown(struct explorer *x, struct thread_shot *thread, int fd)
{
    const struct object unknown = {.kind = OBJECT_UNKNOWN,
                                   .open_to_world = true};

    wait_on_object(x, thread, fd, add_object(x->shot, &unknown));
}

static void wait_on_epoll(struct explorer *x, struct thread_shot *thread,
                          int fd, int depth);

/* What the number means now. */
static void wait_on_link(struct explorer *x, struct thread_shot *thread, int fd,
                         int depth)
{
    const struct link *link = find_link(x, thread->process, fd);

    if (link == NULL || depth > EPOLL_DEPTH) {
        wait_on_unknown(x, thread, fd);
        return;
    }
    size_t object = object_of(x, link);
    bool unknown = x->shot->objects[object].kind != OBJECT_EPOLL;
    if (unknown)
        wait_on_object(x, thread, fd, object);
    /* Others may add to a set that was passed; what we start nothing of has
     * members that can be named all the same. */
    if (!unknown || (x->known->open_world && starts(link->target, EPOLL_SET)))
        wait_on_epoll(x, thread, fd, depth + 1);
}

bool has_common_table(const struct explorer *x,
                      const struct thread_shot *thread)
{
    pid_t other = living_tid(x, thread->process);

    return other == thread->tid ||
           syscall(SYS_kcmp, thread->tid, other, 2 /* KCMP_FILES */, 0, 0) <= 0;
}

/* Where nobody hears the calls that change it, only a thread that was always
 * alone is sure of that. */
static bool numbers_are_its_own(const struct explorer *x, size_t process)
{
    return !x->known->changes->common_files && always_alone(x, process);
}

bool numbers_are_known(const struct explorer *x,
                       const struct thread_shot *thread)
{
    return x->known->changes != NULL && has_common_table(x, thread) &&
           ((x->known->numbers_heard && x->shot->followed) ||
            numbers_are_its_own(x, thread->process));
}

bool number_holds(const struct explorer *x, const struct thread_shot *thread,
                  int fd)
{
    const struct changes *changes = x->known->changes;

    if (!has_common_table(x, thread))
        return false;
    if (changes == NULL)
        return true;
    if (!x->known->numbers_heard || !x->shot->followed)
        return numbers_are_its_own(x, thread->process);
    return !changes_touch(changes, x->shot->process[thread->process].pid,
                          thread, (unsigned)fd);
}

void wait_on_number(struct explorer *x, struct thread_shot *thread, int fd)
{
    wait_on_link(x, thread, fd, 0);
}

void wait_on_file(struct explorer *x, struct thread_shot *thread,
                  const struct link *link)
{
    size_t object = object_of(x, link);

    /* Its members cannot be read any more. */
    if (x->shot->objects[object].kind == OBJECT_EPOLL)
        wait_on_unknown(x, thread, link->fd);
    else
        wait_on_object(x, thread, link->fd, object);
}

/* Is the descriptor the member of the epoll set that is the `which`th one of
 * its number? All anonymous inodes have one inode number: only kcmp(2) tells
 * them apart. False also where a sandbox refuses that. */
static bool is_member(const struct explorer *x, size_t process, int set, int fd,
                      unsigned which)
{
    pid_t pid = living_tid(x, process);
    struct {
        uint32_t set, fd, which;
    } slot = {(uint32_t)set, (uint32_t)fd, which}; /* struct kcmp_epoll_slot */

    return syscall(SYS_kcmp, pid, pid, 7 /* KCMP_EPOLL_TFD */,
                   (unsigned long)fd, &slot) == 0;
}

/* How many lines before this one have the same descriptor number? */
static unsigned nth_of_its_number(const char *text, const char *line)
{
    int fd = atoi(line + strlen("tfd:"));
    unsigned count = 0;

    for (const char *at = text; (at = strstr(at, "tfd:")) < line; at += 4)
        count += atoi(at + strlen("tfd:")) == fd;
    return count;
}

/* A member of an epoll set is a line "tfd: NUMBER events: .. data: .. pos:..
 * ino:INODE sdev:..". The descriptor may have been closed and its number used
 * again, while the set still has the old open file description: epoll(7), Q6.
 */
static void wait_on_member(struct explorer *x, struct thread_shot *thread,
                           int set, const char *text, const char *line,
                           int depth)
{
    int fd = atoi(line + strlen("tfd:"));
    const struct link *link = find_link(x, thread->process, fd);
    const char *inode = strstr(line, "ino:");

    if (link != NULL && inode != NULL &&
        strtoul(inode + 4, NULL, 16) == link->inode &&
        (!starts(link->target, "anon_inode:") ||
         is_member(x, thread->process, set, fd, nth_of_its_number(text, line))))
        wait_on_link(x, thread, fd, depth);
    else
        wait_on_unknown(x, thread, fd);
}

/* The members of an epoll set, from its fdinfo. */
static void wait_on_epoll(struct explorer *x, struct thread_shot *thread,
                          int fd, int depth)
{
    char text[16384];

    thread->by_set = true;
    if (!read_fdinfo(x, thread->process, fd, text, sizeof(text)) ||
        strlen(text) >= sizeof(text) - 1) {
        wait_on_unknown(x, thread, fd);
        return;
    }
    for (const char *at = text; (at = strstr(at, "tfd:")) != NULL; at += 4)
        wait_on_member(x, thread, fd, text, at, depth);
}

void wait_on_set(struct explorer *x, struct thread_shot *thread, int fd)
{
    const struct link *link = find_link(x, thread->process, fd);

    if (link != NULL && strcmp(link->target, EPOLL_SET) == 0 &&
        number_holds(x, thread, fd))
        wait_on_number(x, thread, fd);
    else
        wait_on_unknown(x, thread, fd);
}

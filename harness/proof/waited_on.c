/* SPDX-License-Identifier: MIT
 *
 * waited_on: which descriptors a sleeping thread waits on, see explorer.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/remote.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/explorer.h"

#define MAX_POLLED 1024
#define EPOLL_DEPTH 4

static void watch_object(struct explorer *x, struct thread_shot *thread, int fd,
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

/* Something that we cannot look into: anybody may end the wait. */
static void watch_unknown(struct explorer *x, struct thread_shot *thread,
                          int fd)
{
    const struct object unknown = {.kind = OBJECT_UNKNOWN,
                                   .open_to_world = true};

    watch_object(x, thread, fd, add_object(x->shot, &unknown));
}

static void watch_epoll(struct explorer *x, struct thread_shot *thread, int fd,
                        int depth);

void wait_on(struct explorer *x, struct thread_shot *thread, int fd, int depth)
{
    const struct link *link = find_link(x, thread->process, fd);

    if (link == NULL || depth > EPOLL_DEPTH) {
        watch_unknown(x, thread, fd);
        return;
    }
    size_t object = object_of(x, link);
    if (x->shot->objects[object].kind == OBJECT_EPOLL)
        watch_epoll(x, thread, fd, depth + 1);
    else
        watch_object(x, thread, fd, object);
}

/* All anonymous inodes share one number: kcmp(2) knows them apart. `which` of
 * the members with that number is it? False where a sandbox refuses it, too. */
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

/* How many lines before this one have the same number? */
static unsigned nth_of_its_number(const char *text, const char *line)
{
    int fd = atoi(line + strlen("tfd:"));
    unsigned count = 0;

    for (const char *at = text; (at = strstr(at, "tfd:")) < line; at += 4)
        count += atoi(at + strlen("tfd:")) == fd;
    return count;
}

/* A member of an epoll set is a line "tfd: NUMBER events: .. data: .. pos:..
 * ino:INODE sdev:..". The number may have been closed, and stand for something
 * else by now, while the set still has the old one: epoll(7), Q6. */
static void watch_member(struct explorer *x, struct thread_shot *thread,
                         int set, const char *text, const char *line, int depth)
{
    int fd = atoi(line + strlen("tfd:"));
    const struct link *link = find_link(x, thread->process, fd);
    const char *inode = strstr(line, "ino:");

    if (link != NULL && inode != NULL &&
        strtoul(inode + 4, NULL, 16) == link->inode &&
        (!starts(link->target, "anon_inode:") ||
         is_member(x, thread->process, set, fd, nth_of_its_number(text, line))))
        wait_on(x, thread, fd, depth);
    else
        watch_unknown(x, thread, fd);
}

/* The members of an epoll set, from its fdinfo. */
static void watch_epoll(struct explorer *x, struct thread_shot *thread, int fd,
                        int depth)
{
    char text[16384];

    if (!read_fdinfo(x, thread->process, fd, text, sizeof(text)) ||
        strlen(text) >= sizeof(text) - 1) {
        watch_unknown(x, thread, fd);
        return;
    }
    for (const char *at = text; (at = strstr(at, "tfd:")) != NULL; at += 4)
        watch_member(x, thread, fd, text, at, depth);
}

static void watch_poll(struct explorer *x, struct thread_shot *thread)
{
    struct pollfd set[MAX_POLLED];
    unsigned long count = thread->args[1];
    pid_t pid = living_tid(x, thread->process);

    if (count > MAX_POLLED ||
        !remote_read(pid, thread->args[0], set, count * sizeof(set[0]))) {
        if (count != 0)
            watch_unknown(x, thread, -1);
        return;
    }
    for (unsigned long i = 0; i < count; i++)
        if (set[i].fd >= 0)
            wait_on(x, thread, set[i].fd, 0);
}

static void watch_select(struct explorer *x, struct thread_shot *thread)
{
    pid_t pid = living_tid(x, thread->process);
    unsigned long count = thread->args[0];

    for (int set = 1; set <= 3; set++) {
        unsigned char bits[MAX_POLLED / 8];
        if (thread->args[set] == 0 || count == 0)
            continue;
        if (count > MAX_POLLED ||
            !remote_read(pid, thread->args[set], bits, (count + 7) / 8)) {
            watch_unknown(x, thread, -1);
            continue;
        }
        for (unsigned long fd = 0; fd < count; fd++)
            if (bits[fd / 8] & (1U << (fd % 8)))
                wait_on(x, thread, (int)fd, 0);
    }
}

/* The path of an open(2), as it would be from the root. NULL where it cannot be
 * told; the caller frees it. */
static char *path_of_open(const struct explorer *x,
                          const struct thread_shot *thread)
{
    bool at = thread->call == SYS_openat;
    pid_t pid = living_tid(x, thread->process);
    char path[PATH_MAX] = "", folder[PATH_MAX], link[64];
    size_t length = 0;

    while (
        length < sizeof(path) - 1 &&
        remote_read(pid, thread->args[at ? 1 : 0] + length, path + length, 1) &&
        path[length] != '\0')
        length++;
    path[length] = '\0';
    if (path[0] == '/')
        return xstrdup(path);
    if (path[0] == '\0' || (at && (int)thread->args[0] != AT_FDCWD))
        return NULL;
    snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
    ssize_t got = readlink(link, folder, sizeof(folder) - 1);
    if (got <= 0)
        return NULL;
    folder[got] = '\0';
    return xasprintf("%s/%s", folder, path);
}

/* Is the file one that only the tree can open? Its folder is the same for us,
 * by the same path, if no link and no ".." leads out of it. */
static bool private_path(const struct explorer *x, const char *path,
                         const struct stat *info)
{
    size_t length = x->known->folder ? strlen(x->known->folder) : 0;
    char real[PATH_MAX];
    struct stat ours;

    if (private_device(x, info->st_dev))
        return true;
    return length > 0 && realpath(path, real) != NULL &&
           strncmp(real, x->known->folder, length) == 0 &&
           real[length] == '/' && stat(real, &ours) == 0 &&
           ours.st_dev == info->st_dev && ours.st_ino == info->st_ino;
}

/* open(2) sleeps on a named pipe that nobody has at the other end. */
static void watch_open(struct explorer *x, struct thread_shot *thread)
{
    bool at = thread->call == SYS_openat;
    char *path = path_of_open(x, thread), *inside;
    struct stat info;

    thread->for_write = (thread->args[at ? 2 : 1] & O_ACCMODE) == O_WRONLY;
    inside = xasprintf("/proc/%d/root%s", (int)living_tid(x, thread->process),
                       path ? path : "");
    if (path == NULL || stat(inside, &info) == -1 || !S_ISFIFO(info.st_mode)) {
        watch_unknown(x, thread, -1);
    } else {
        struct object fifo = {.kind = OBJECT_FIFO,
                              .device = info.st_dev,
                              .inode = info.st_ino,
                              .open_to_world = !private_path(x, path, &info)};
        watch_object(x, thread, -1, add_object(x->shot, &fifo));
    }
    free(inside);
    free(path);
}

void explore_fds(struct explorer *x, struct thread_shot *thread)
{
    thread->for_write = call_writes(thread);
    switch (call_fd_source(thread)) {
    case FDS_FIRST:
        wait_on(x, thread, (int)thread->args[0], 0);
        break;
    case FDS_SPLICE:
        wait_on(x, thread, (int)thread->args[0], 0);
        wait_on(x, thread, (int)thread->args[2], 0);
        break;
    case FDS_TEE:
        wait_on(x, thread, (int)thread->args[0], 0);
        wait_on(x, thread, (int)thread->args[1], 0);
        break;
    case FDS_EPOLL:
        watch_epoll(x, thread, (int)thread->args[0], 0);
        break;
    case FDS_POLL:
        watch_poll(x, thread);
        break;
    case FDS_SELECT:
        watch_select(x, thread);
        break;
    case FDS_OPEN:
        watch_open(x, thread);
        break;
    }
    /* A server that polls its listening socket waits for a client. */
    for (size_t i = 0; i < thread->fd_count; i++) {
        size_t object = x->shot->waited_on[thread->first_fd + i].object;
        if (x->shot->objects[object].kind == OBJECT_LISTENER)
            thread->wait = WAIT_CLIENT;
    }
    if (thread->fd_count == 0) /* an empty set: only a signal ends that */
        thread->wait = WAIT_SIGNAL;
}

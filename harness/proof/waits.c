/* SPDX-License-Identifier: MIT
 *
 * waits: the second step of a snapshot (snapshot.h): what each sleeping
 * thread waits for, and who else holds it.
 *
 * In this order: memory maps, descriptors, the objects behind them, then one
 * function for each kind of wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proof/calls.h"
#include "linux/filelocks.h"
#include "linux/imports.h"
#include "base/memory.h"
#include "proof/snapshot.h"
#include "linux/sockets.h"
#include "autopsy/unwind.h"
#include "linux/syscalls.h"

#define MOST_POLLED 1024
#define EPOLL_DEPTH 4

/* One descriptor of one process: all of them are listed once. */
struct link {
    size_t process;
    int fd;
    dev_t device;
    ino_t inode;
    mode_t mode; /* of the object */
    bool can_read, can_write;
    char target[80]; /* "pipe:[123]", "anon_inode:[eventfd]", a path */
};

struct explorer {
    struct snapshot *shot;
    const struct knowledge *known;
    struct link *links;
    size_t link_count;
    struct sockets sockets;
};

/* ---- descriptors ---- */

/* By whom a process can be looked into: where its first thread has ended, what
 * /proc shows below its number is empty. */
static pid_t eyes(const struct explorer *x, size_t process)
{
    const struct process_shot *shot = &x->shot->process[process];

    return shot->thread_count > 0 ? x->shot->thread[shot->first_thread].tid
                                  : shot->pid;
}

static void add_link(struct explorer *x, size_t process, int fd)
{
    char path[64];
    struct stat info, itself;
    struct link link = {.process = process, .fd = fd};

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)eyes(x, process), fd);
    ssize_t length = readlink(path, link.target, sizeof(link.target) - 1);
    /* The mode of the link itself tells how the file was opened: proc(5). */
    if (length == -1 || stat(path, &info) == -1 || lstat(path, &itself) == -1)
        return;
    link.target[length] = '\0';
    link.device = info.st_dev;
    link.inode = info.st_ino;
    link.mode = info.st_mode;
    link.can_read = (itself.st_mode & S_IRUSR) != 0;
    link.can_write = (itself.st_mode & S_IWUSR) != 0;
    if ((x->link_count & (x->link_count - 1)) == 0)
        x->links = xrealloc(x->links, (x->link_count ? x->link_count * 2 : 1) *
                                          sizeof(struct link));
    x->links[x->link_count++] = link;
}

static void list_descriptors(struct explorer *x)
{
    for (size_t i = 0; i < x->shot->process_count; i++) {
        struct pids numbers = {0};
        proc_descriptors(eyes(x, i), &numbers);
        for (size_t k = 0; k < numbers.count; k++)
            add_link(x, i, numbers.pid[k]);
        pids_free(&numbers);
    }
}

static const struct link *find_link(const struct explorer *x, size_t process,
                                    int fd)
{
    for (size_t i = 0; i < x->link_count; i++)
        if (x->links[i].process == process && x->links[i].fd == fd)
            return &x->links[i];
    return NULL;
}

/* Reads /proc/PID/fdinfo/FD. False if that is not possible. */
static bool read_fdinfo(const struct explorer *x, size_t process, int fd,
                        char *text, size_t size)
{
    return proc_read(text, size, "/proc/%d/fdinfo/%d", (int)eyes(x, process),
                     fd) > 0;
}

/* ---- objects ---- */

/* Who else of the tree has the object at this end? */
static bool held(const struct explorer *x, mode_t type, dev_t device,
                 ino_t inode, bool for_reading, bool for_writing)
{
    for (size_t i = 0; i < x->link_count; i++) {
        const struct link *link = &x->links[i];
        if ((link->mode & S_IFMT) == type && link->inode == inode &&
            (type == S_IFSOCK || link->device == device) &&
            (!for_reading || link->can_read) &&
            (!for_writing || link->can_write))
            return true;
    }
    return false;
}

static bool socket_held(const struct explorer *x, ino_t inode)
{
    return inode != 0 && held(x, S_IFSOCK, 0, inode, false, false);
}

/* All that was sent has been acknowledged, so whom it wakes is awake. In any
 * other state something may still be on its way. */
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
    object->soft = other == NULL || !at_rest(socket) || !at_rest(other);
    object->armed = socket->timer ||
                    (other != NULL && (other->timer || other->sending != 0));
    /* Nobody has accepted it yet: whoever listens there could. */
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
        object->soft = true;
    } else if (socket->tcp) {
        see_tcp(x, object, socket);
    } else {
        object->kind = OBJECT_UNIX;
        object->peer = socket->peer;
        object->open_to_world = !socket_held(x, socket->peer);
    }
}

/* Does it end a wait when somebody sets the wall clock,
 * TFD_TIMER_CANCEL_ON_SET? "settime flags: 03". */
static bool cancelled_by_clock(const char *text)
{
    const char *flags = strstr(text, "settime flags: ");

    return flags != NULL && (strtol(flags + 15, NULL, 8) & 2) != 0;
}

/* A timerfd fires if it has a time, an interval, or ticks that nobody read.
 * "(0, 0)" is also seen for one whose interrupt is due: soft. */
static void see_timerfd(const struct explorer *x, struct object *object,
                        const struct link *link)
{
    char text[512];

    object->kind = OBJECT_TIMERFD;
    object->soft = true;
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

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* What lies in a file system that was mounted for this run, or below its own
 * folder, is out of others' reach. */
static bool private_device(const struct explorer *x, dev_t device)
{
    for (size_t i = 0; i < x->known->device_count; i++)
        if (x->known->devices[i] == device)
            return true;
    return false;
}

static bool private_file(const struct explorer *x, const char *path,
                         dev_t device)
{
    return private_device(x, device) ||
           (x->known->folder != NULL && starts(path, x->known->folder));
}

static void see_pipe(const struct explorer *x, struct object *object,
                     const struct link *link)
{
    bool named = link->target[0] == '/';
    bool both = held(x, S_IFIFO, link->device, link->inode, true, false) &&
                held(x, S_IFIFO, link->device, link->inode, false, true);

    object->kind = named ? OBJECT_FIFO : OBJECT_PIPE;
    /* Where one end is in nobody's hand here, somebody outside has it. */
    object->open_to_world =
        named ? !private_file(x, link->target, link->device) : !both;
}

static void see_anonymous(struct explorer *x, struct object *object,
                          const struct link *link)
{
    const char *what = link->target + strlen("anon_inode:");

    if (strcmp(what, "[eventfd]") == 0) {
        object->kind = OBJECT_EVENTFD;
        object->soft = true;
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

/* All anonymous inodes share one number: two of them are the same object for
 * us if they are of the same kind. That takes more holders for possible than
 * there are, which is the safe side. */
static bool is_object(const struct object *object, const struct link *link)
{
    return object->inode == link->inode && object->device == link->device &&
           object->kind != OBJECT_TIMERFD && object->kind != OBJECT_EPOLL;
}

static size_t object_of(struct explorer *x, const struct link *link)
{
    struct snapshot *shot = x->shot;

    for (size_t i = 0; i < shot->object_count; i++)
        if (is_object(&shot->objects[i], link) &&
            !starts(link->target, "anon_inode:"))
            return i;
    size_t count = shot->object_count++;
    shot->objects =
        xrealloc(shot->objects, shot->object_count * sizeof(struct object));
    struct object *object = &shot->objects[count];
    *object = (struct object){.device = link->device, .inode = link->inode};
    see(x, object, link);
    return count;
}

/* ---- what a thread watches ---- */

static void watch_object(struct explorer *x, struct thread_shot *thread, int fd,
                         size_t object)
{
    struct snapshot *shot = x->shot;

    if (thread->fd_count == 0)
        thread->first_fd = shot->watched_count;
    shot->watched = xrealloc(shot->watched, (shot->watched_count + 1) *
                                                sizeof(struct watched));
    shot->watched[shot->watched_count++] =
        (struct watched){.fd = fd, .object = object};
    thread->fd_count++;
}

/* Something that we cannot look into: anybody may end the wait. */
static void watch_unknown(struct explorer *x, struct thread_shot *thread,
                          int fd)
{
    struct snapshot *shot = x->shot;

    shot->objects = xrealloc(shot->objects,
                             (shot->object_count + 1) * sizeof(struct object));
    shot->objects[shot->object_count] =
        (struct object){.kind = OBJECT_UNKNOWN, .open_to_world = true};
    watch_object(x, thread, fd, shot->object_count++);
}

static void watch_epoll(struct explorer *x, struct thread_shot *thread, int fd,
                        int depth);

static void watch(struct explorer *x, struct thread_shot *thread, int fd,
                  int depth)
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
    pid_t pid = eyes(x, process);
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
        watch(x, thread, fd, depth);
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
    struct pollfd set[MOST_POLLED];
    unsigned long count = thread->args[1];
    pid_t pid = eyes(x, thread->process);

    if (count > MOST_POLLED ||
        !stack_memory(pid, thread->args[0], set, count * sizeof(set[0]))) {
        if (count != 0)
            watch_unknown(x, thread, -1);
        return;
    }
    for (unsigned long i = 0; i < count; i++)
        if (set[i].fd >= 0)
            watch(x, thread, set[i].fd, 0);
}

static void watch_select(struct explorer *x, struct thread_shot *thread)
{
    pid_t pid = eyes(x, thread->process);
    unsigned long count = thread->args[0];

    for (int set = 1; set <= 3; set++) {
        unsigned char bits[MOST_POLLED / 8];
        if (thread->args[set] == 0 || count == 0)
            continue;
        if (count > MOST_POLLED ||
            !stack_memory(pid, thread->args[set], bits, (count + 7) / 8)) {
            watch_unknown(x, thread, -1);
            continue;
        }
        for (unsigned long fd = 0; fd < count; fd++)
            if (bits[fd / 8] & (1U << (fd % 8)))
                watch(x, thread, (int)fd, 0);
    }
}

/* The path of an open(2), as it would be from the root. NULL where it cannot be
 * told; the caller frees it. */
static char *path_of_open(const struct explorer *x,
                          const struct thread_shot *thread)
{
    bool at = thread->call == SYS_openat;
    pid_t pid = eyes(x, thread->process);
    char path[PATH_MAX] = "", folder[PATH_MAX], link[64];
    size_t length = 0;

    while (length < sizeof(path) - 1 &&
           stack_memory(pid, thread->args[at ? 1 : 0] + length, path + length,
                        1) &&
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
    inside = xasprintf("/proc/%d/root%s", (int)eyes(x, thread->process),
                       path ? path : "");
    if (path == NULL || stat(inside, &info) == -1 || !S_ISFIFO(info.st_mode)) {
        watch_unknown(x, thread, -1);
    } else {
        struct snapshot *shot = x->shot;
        struct object object = {.kind = OBJECT_FIFO,
                                .device = info.st_dev,
                                .inode = info.st_ino,
                                .open_to_world = !private_path(x, path, &info)};
        shot->objects = xrealloc(shot->objects, (shot->object_count + 1) *
                                                    sizeof(struct object));
        shot->objects[shot->object_count] = object;
        watch_object(x, thread, -1, shot->object_count++);
    }
    free(inside);
    free(path);
}

static void explore_fds(struct explorer *x, struct thread_shot *thread)
{
    thread->for_write = call_writes(thread);
    switch (call_fd_source(thread)) {
    case FDS_FIRST:
        watch(x, thread, (int)thread->args[0], 0);
        break;
    case FDS_SPLICE:
        watch(x, thread, (int)thread->args[0], 0);
        watch(x, thread, (int)thread->args[2], 0);
        break;
    case FDS_TEE:
        watch(x, thread, (int)thread->args[0], 0);
        watch(x, thread, (int)thread->args[1], 0);
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
        size_t object = x->shot->watched[thread->first_fd + i].object;
        if (x->shot->objects[object].kind == OBJECT_LISTENER)
            thread->wait = WAIT_CLIENT;
    }
    if (thread->fd_count == 0) /* an empty set: only a signal ends that */
        thread->wait = WAIT_SIGNAL;
}

/* ---- futex, children, file locks ---- */

/* Where does the futex word lie: a line of /proc/PID/maps is "from-to perms
 * offset dev inode path". A word that is not marked private but lies in private
 * memory can still only be reached from its own process: futex(2). */
static enum reach reach_of(const struct explorer *x, pid_t pid,
                           unsigned long address)
{
    char path[64], line[512];
    enum reach reach = REACH_WORLD;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return REACH_WORLD;
    while (fgets(line, sizeof(line), stream) != NULL) {
        unsigned long from, to;
        unsigned major_number, minor_number;
        char rights[8];
        int name = 0;
        if (sscanf(line, "%lx-%lx %7s %*s %x:%x %*s %n", &from, &to, rights,
                   &major_number, &minor_number, &name) < 5 ||
            address < from || address >= to)
            continue;
        bool anonymous = starts(line + name, "/dev/zero (deleted)") ||
                         starts(line + name, "/memfd:");
        bool ours =
            (starts(line + name, "/SYSV") && x->known->private_ipc) ||
            private_file(x, line + name, makedev(major_number, minor_number));
        reach = rights[3] == 'p'    ? REACH_PROCESS
                : anonymous || ours ? REACH_TREE
                                    : REACH_WORLD;
        break;
    }
    fclose(stream);
    return reach;
}

static void explore_futex(struct explorer *x, struct thread_shot *thread)
{
    thread->futex = thread->args[0];
    thread->reach = thread->args[1] & FUTEX_PRIVATE_FLAG
                        ? REACH_PROCESS
                        : reach_of(x, eyes(x, thread->process), thread->futex);
}

/* Our number for a pid that a thread of the tree knows. -1 if there is none. */
static pid_t outer_pid(const struct snapshot *shot, pid_t inner)
{
    for (size_t i = 0; i < shot->process_count; i++)
        if (shot->process[i].inner == inner)
            return shot->process[i].pid;
    return -1;
}

static void explore_child(struct explorer *x, struct thread_shot *thread)
{
    pid_t wanted = -1;

    if (thread->call == SYS_wait4)
        wanted = (int)thread->args[0];
    else if (thread->args[0] == P_PID)
        wanted = (int)thread->args[1];
    thread->child = wanted > 0 ? outer_pid(x->shot, wanted) : -1;
}

/* clone(2) has the flag in its first argument, clone3(2) in memory; a thread in
 * clone that is no vfork is in the kernel's hands. */
static void explore_vfork(struct explorer *x, struct thread_shot *thread)
{
    unsigned long flags = CLONE_VFORK;
    bool child = false;

    if (thread->call == SYS_clone)
        flags = thread->args[0];
#ifdef SYS_clone3
    if (thread->call == SYS_clone3 &&
        !stack_memory(eyes(x, thread->process), thread->args[0], &flags,
                      sizeof(flags)))
        flags = 0;
#endif
    for (size_t i = 0; i < x->shot->process_count; i++)
        child |=
            x->shot->process[i].parent == x->shot->process[thread->process].pid;
    if (!(flags & CLONE_VFORK) || !child)
        thread->wait = WAIT_KERNEL;
}

/* The one of us whose open file description has a lock of that kind on this
 * file, "FLOCK" or "OFDLCK", if it is the only one there is: then nobody else's
 * can be in the way. fdinfo shows such locks, proc_pid_fdinfo(5). 0: nobody, or
 * there are more. */
static pid_t description_locker(const struct explorer *x,
                                const struct link *file, const char *kind)
{
    char text[4096];

    if (filelocks_count_ofd(file->inode) != 1)
        return 0;
    for (size_t i = 0; i < x->link_count; i++) {
        const struct link *link = &x->links[i];
        if (link->inode == file->inode && link->device == file->device &&
            read_fdinfo(x, link->process, link->fd, text, sizeof(text))) {
            const char *lock = strstr(text, "\nlock:\t");
            if (lock != NULL && strstr(lock, kind) != NULL)
                return x->shot->process[link->process].pid;
        }
    }
    return 0;
}

/* The holder is one of us, or one of us has the description that the lock is
 * of: it outlives the process whose number it bears. */
static void explore_lock(struct explorer *x, struct thread_shot *thread)
{
    const struct link *link =
        find_link(x, thread->process, (int)thread->args[0]);

    watch(x, thread, (int)thread->args[0], 0);
    if (link == NULL)
        return;
    thread->inode = link->inode;
    thread->locker =
        filelocks_holder(x->shot->process[thread->process].pid, link->inode);
    bool ours =
        thread->locker > 0 && snapshot_process(x->shot, thread->locker) != NULL;
    bool nobodys = thread->locker <= 0 || /* -1: of a description */
                   (kill(thread->locker, 0) == -1 && errno == ESRCH);
    if (!ours && nobodys) {
        pid_t locker = description_locker(
            x, link, thread->call == SYS_flock ? "FLOCK" : "OFDLCK");
        ours = locker != 0;
        if (thread->locker <= 0 && ours)
            thread->locker = locker;
    }
    x->shot->objects[x->shot->watched[thread->first_fd].object].open_to_world =
        !ours;
}

static void explore_thread(struct explorer *x, struct thread_shot *thread)
{
    thread->wait = call_waits_for(thread, &thread->call_name);
    switch (thread->wait) {
    case WAIT_FUTEX:
        explore_futex(x, thread);
        break;
    case WAIT_FDS:
    case WAIT_CLIENT:
        explore_fds(x, thread);
        break;
    case WAIT_CHILD:
        explore_child(x, thread);
        break;
    case WAIT_VFORK:
        explore_vfork(x, thread);
        break;
    case WAIT_LOCK:
        explore_lock(x, thread);
        break;
    default:
        break;
    }
}

/* ---- processes ---- */

static bool listed(const struct pids *list, pid_t pid)
{
    for (size_t i = 0; list != NULL && i < list->count; i++)
        if (list->pid[i] == pid)
            return true;
    return false;
}

/* A context of io_setup(2) is mapped as "/[aio] (deleted)"; what it does in the
 * background may end up in an eventfd. */
static bool has_aio(pid_t pid)
{
    char path[64], line[512];
    bool found = false;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(path, "re");
    while (stream != NULL && !found &&
           fgets(line, sizeof(line), stream) != NULL)
        found = strstr(line, "/[aio]") != NULL;
    if (stream != NULL)
        fclose(stream);
    return found;
}

/* Does the kernel do work for this process by itself, io_uring(7)? Or send it
 * a signal when a descriptor becomes ready, O_ASYNC? */
static bool asynchronous(const struct explorer *x, size_t process)
{
    char text[512];

    for (size_t i = 0; i < x->link_count; i++) {
        const struct link *link = &x->links[i];
        if (link->process != process)
            continue;
        if (strcmp(link->target, "anon_inode:[io_uring]") == 0 ||
            (strcmp(link->target, "anon_inode:[eventfd]") == 0 &&
             has_aio(x->shot->process[process].pid)))
            return true;
        const char *flags =
            read_fdinfo(x, process, link->fd, text, sizeof(text))
                ? strstr(text, "flags:\t")
                : NULL;
        if (flags != NULL && strtol(flags + 7, NULL, 8) & O_ASYNC)
            return true;
    }
    return false;
}

/* How kcmp(2) orders the address spaces of two processes: 0 the same one, 1
 * before, 2 behind; -1 if it cannot be told, with errno. */
static int compare_memory(const struct explorer *x, size_t one, size_t other)
{
    return (int)syscall(SYS_kcmp, eyes(x, one), eyes(x, other), 1 /* KCMP_VM */,
                        0, 0);
}

/* Some processes, each with an address space of its own, in kcmp's order. */
struct spaces {
    size_t *process;
    size_t count;
};

/* Is one of them that of the process? *which gets its place, or the place where
 * the process belongs. One that has ended meanwhile has no order. */
static bool find_space(const struct explorer *x, const struct spaces *spaces,
                       size_t process, size_t *which)
{
    size_t low = 0, high = spaces->count;
    int order = 0;

    while (low < high && order != -1) {
        *which = low + (high - low) / 2;
        order = compare_memory(x, process, spaces->process[*which]);
        if (order == 0)
            return true;
        if (order == 2)
            low = *which + 1;
        else
            high = *which;
    }
    *which = low;
    for (size_t i = 0; order == -1 && errno == ESRCH && i < spaces->count; i++)
        if (compare_memory(x, process, spaces->process[i]) == 0) {
            *which = i;
            return true;
        }
    return false;
}

static void see_vfork(struct explorer *x, struct process_shot *child)
{
    struct process_shot *parent = snapshot_process(x->shot, child->parent);

    for (size_t i = 0; parent != NULL && i < parent->thread_count; i++)
        if (x->shot->thread[parent->first_thread + i].wait == WAIT_VFORK)
            child->shares_memory = parent->shares_memory = true;
}

/* Which processes have an address space in common, vfork(2) or CLONE_VM? Where
 * a sandbox refuses kcmp(2), only a vfork that still waits is known. */
static void see_sharing(struct explorer *x)
{
    struct process_shot *process = x->shot->process;
    size_t count = x->shot->process_count, which;
    struct spaces spaces = {.process = xcalloc(count + 1, sizeof(size_t))};

    for (size_t i = 0; i < count; i++) {
        see_vfork(x, &process[i]);
        if (find_space(x, &spaces, i, &which)) {
            process[i].shares_memory = true;
            process[spaces.process[which]].shares_memory = true;
            continue;
        }
        memmove(&spaces.process[which + 1], &spaces.process[which],
                (spaces.count - which) * sizeof(size_t));
        spaces.process[which] = i;
        spaces.count++;
    }
    free(spaces.process);
}

#define ALARM_BIT (1ULL << (SIGALRM - 1))

/* How many threads of a process block the signal? */
static size_t count_blocking(const struct snapshot *shot,
                             const struct process_shot *process, uint64_t bit)
{
    size_t count = 0;

    for (size_t i = 0; i < process->thread_count; i++)
        count += (shot->thread[process->first_thread + i].blocked & bit) != 0;
    return count;
}

/* May it have an alarm clock? Without a witness that is unknown, where it could
 * have set one. A SIGALRM that is not caught wakes nobody: it ends the process,
 * or is dropped if it is ignored. Blocked, sigwait(3) may take it. */
static void see_alarm(const struct explorer *x, struct process_shot *process)
{
    static const char *const alarms[] = {"alarm", "ualarm", "setitimer", NULL};
    size_t blocking = count_blocking(x->shot, process, ALARM_BIT);
    bool ignored = (process->ignored & ALARM_BIT) != 0;
    bool caught = (process->caught & ALARM_BIT) != 0;

    process->alarmed = listed(x->known->alarmed, process->pid);
    if (process->alarmed || x->known->alarms_heard ||
        (ignored && blocking == 0 && process->state != 'Z') ||
        !imports_any(process->pid, alarms))
        return;
    process->alarm_ends_it =
        !caught && !ignored && blocking < process->thread_count;
    process->alarmed = !process->alarm_ends_it;
}

static void explore_process(struct explorer *x, size_t index)
{
    struct process_shot *process = &x->shot->process[index];
    char text[64];

    see_alarm(x, process);
    process->timers =
        proc_read(text, sizeof(text), "/proc/%d/timers", (int)process->pid) > 0;
    process->async = asynchronous(x, index);
}

/* Without a witness: could a process have called setsockopt(2)? */
static bool unheard_timeouts(const struct explorer *x)
{
    static const char *const calls[] = {"setsockopt", NULL};
    bool could = false;

    for (size_t i = 0; !x->known->timeouts_heard && i < x->shot->process_count;
         i++)
        could |= imports_any(x->shot->process[i].pid, calls);
    return could;
}

static void add_holding(struct snapshot *shot, const struct holding *holding)
{
    shot->holdings = xrealloc(shot->holdings, (shot->holding_count + 1) *
                                                  sizeof(struct holding));
    shot->holdings[shot->holding_count++] = *holding;
}

/* A process has its own end in its hand. */
static void list_targets(struct snapshot *shot)
{
    for (size_t k = 0; k < shot->object_count; k++)
        for (size_t i = 0; i < shot->process_count; i++)
            if (shot->objects[k].kind == OBJECT_PIDFD &&
                shot->objects[k].target == shot->process[i].pid)
                add_holding(shot, &(struct holding){.process = i, .object = k});
}

/* Every descriptor of the tree that leads to one of the objects. */
static void list_holdings(struct explorer *x)
{
    struct snapshot *shot = x->shot;

    for (size_t i = 0; i < x->link_count; i++)
        for (size_t k = 0; k < shot->object_count; k++) {
            const struct link *link = &x->links[i];
            const struct object *object = &shot->objects[k];
            bool itself =
                object->inode == link->inode && object->device == link->device;
            bool peer = S_ISSOCK(link->mode) && object->peer != 0 &&
                        object->peer == link->inode;
            if (!itself && !peer)
                continue;
            add_holding(shot, &(struct holding){.process = link->process,
                                                .object = k,
                                                .fd = link->fd,
                                                .can_read = link->can_read,
                                                .can_write = link->can_write,
                                                .peer = peer});
        }
}

void snapshot_explore(struct snapshot *shot, const struct knowledge *known)
{
    struct explorer x = {.shot = shot, .known = known};

    if (shot->process_count > 0)
        sockets_open(&x.sockets, shot->process[0].pid);
    list_descriptors(&x);
    for (size_t i = 0; i < shot->thread_count; i++)
        explore_thread(&x, &shot->thread[i]);
    for (size_t i = 0; i < shot->process_count; i++)
        explore_process(&x, i);
    see_sharing(&x);
    list_holdings(&x);
    list_targets(shot);
    shot->timeouts = known->timeouts || unheard_timeouts(&x);
    shot->private_ipc = known->private_ipc;
    shot->unreadable |= known->strange;
    shot->open_world = known->open_world;
    shot->explored = true;
    sockets_free(&x.sockets);
    free(x.links);
}

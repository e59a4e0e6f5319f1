/* SPDX-License-Identifier: MIT
 *
 * opening: whom a thread in open(2) of a named pipe waits for, see explorer.h.
 *
 * The kernel keeps the pipe, /proc does not name it. Only the path in memory
 * does, and a path may lead elsewhere by now: it counts where nobody in the
 * tree could have changed that.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/remote.h"
#include "linux/syscalls.h"
#include "proof/changes.h"
#include "proof/explorer.h"

/* Is the working directory of the process the one that it had when its thread
 * fell asleep? */
static bool directory_holds(const struct explorer *x, size_t process)
{
    const struct changes *changes = x->known->changes;

    return changes == NULL ||
           (!changes->common_directory && always_alone(x, process));
}

/* The absolute path of an open(2). NULL where it cannot be told; the caller
 * frees it. */
static char *path_of_open(const struct explorer *x,
                          const struct thread_shot *thread)
{
    bool at = thread->call == SYS_openat;
    pid_t pid = living_tid(x, thread->process);
    char path[PATH_MAX] = "", directory[PATH_MAX], link[64];
    size_t length = 0;

    while (
        length < sizeof(path) - 1 &&
        remote_read(pid, thread->args[at ? 1 : 0] + length, path + length, 1) &&
        path[length] != '\0')
        length++;
    path[length] = '\0';
    if (path[0] == '/')
        return xstrdup(path);
    if (path[0] == '\0' || (at && (int)thread->args[0] != AT_FDCWD) ||
        !directory_holds(x, thread->process))
        return NULL;
    snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
    ssize_t got = readlink(link, directory, sizeof(directory) - 1);
    if (got <= 0)
        return NULL;
    directory[got] = '\0';
    return xasprintf("%s/%s", directory, path);
}

/* Can only the tree open this file? The directory of the run has the same path
 * for us; the path must not lead out of it by a symbolic link or "..". */
static bool private_path(const struct explorer *x, const char *path,
                         const struct stat *info)
{
    size_t length = x->known->directory ? strlen(x->known->directory) : 0;
    char real[PATH_MAX];
    struct stat ours;

    if (private_device(x, info->st_dev))
        return true;
    return length > 0 && realpath(path, real) != NULL &&
           strncmp(real, x->known->directory, length) == 0 &&
           real[length] == '/' && stat(real, &ours) == 0 &&
           ours.st_dev == info->st_dev && ours.st_ino == info->st_ino;
}

/* Looks at a path of a process. False where it does not exist, where it leads
 * through a symbolic link, or has: another one may have been there when the
 * call began, and have led to where others can open the pipe. */
static bool look_at(const struct explorer *x, size_t process, const char *path,
                    struct stat *info)
{
    struct {
        uint64_t flags, mode, resolve; /* struct open_how */
    } how = {O_PATH | O_CLOEXEC, 0,
             0x04 /* RESOLVE_NO_SYMLINKS */ | 0x10 /* RESOLVE_IN_ROOT */};
    const struct changes *changes = x->known->changes;
    char root[64];
    bool good = false;

    if (changes != NULL && (changes->places || !x->known->changes_heard))
        return false;
    snprintf(root, sizeof(root), "/proc/%d/root", (int)living_tid(x, process));
    int from = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (from == -1)
        return false;
    int fd = (int)syscall(SYS_openat2, from, path, &how, sizeof(how));
    if (fd != -1) {
        good = fstat(fd, info) == 0;
        close(fd);
    }
    close(from);
    return good;
}

/* open(2) of a named pipe sleeps until another process opens its other end. */
void wait_on_open(struct explorer *x, struct thread_shot *thread)
{
    bool at = thread->call == SYS_openat;
    char *path = memory_holds(x, thread) ? path_of_open(x, thread) : NULL;
    struct stat info;

    thread->for_write = (thread->args[at ? 2 : 1] & O_ACCMODE) == O_WRONLY;
    if (path == NULL || !look_at(x, thread->process, path, &info) ||
        !S_ISFIFO(info.st_mode)) {
        wait_on_unknown(x, thread, -1);
    } else {
        struct object fifo = {.kind = OBJECT_FIFO,
                              .device = info.st_dev,
                              .inode = info.st_ino,
                              .open_to_world = info.st_nlink > 1 ||
                                               !private_path(x, path, &info)};
        wait_on_object(x, thread, -1, add_object(x->shot, &fifo));
    }
    free(path);
}

/* SPDX-License-Identifier: MIT
 *
 * directory: see directory.h.
 */
#define _GNU_SOURCE
#include "cage/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/syscalls.h"

static const char *base_directory(void)
{
    const char *base = getenv("TMPDIR");

    return base != NULL && base[0] == '/' ? base : "/tmp";
}

/* A path that nobody guesses; NULL with errno. */
static char *new_path(void)
{
    uint64_t number;

    if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
        return NULL;
    return xasprintf("%s/forklab.%016llx", base_directory(),
                     (unsigned long long)number);
}

char *directory_in_tmp(void)
{
    return strcmp(base_directory(), "/tmp") == 0 ? new_path() : NULL;
}

char *directory_make(void)
{
    char *path = xasprintf("%s/forklab.XXXXXX", base_directory());
    if (mkdtemp(path) == NULL) {
        int error = errno;
        free(path);
        errno = error;
        return NULL;
    }
    return path;
}

/* Clears the flags that keep even root from removing a file. */
static void unlock(int fd)
{
    int flags;

    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
        (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL))) {
        flags &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
        ioctl(fd, FS_IOC_SETFLAGS, &flags);
    }
}

/* Removes a file that may have such a flag. */
static bool unlink_locked(int directory, const char *name)
{
    int fd = openat(directory, name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd == -1)
        return false;
    unlock(fd);
    close(fd);
    return unlinkat(directory, name, 0) == 0;
}

/* Opens a directory that is to be emptied, and sets the permissions to do so.
 * Never a mount point (openat2(2), Linux 5.6) or the target of a link: that is
 * not the run's own, and its permissions must stay. */
static int open_directory(int at, const char *name)
{
    struct open_how how = {.flags =
                               O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
                           .resolve = RESOLVE_NO_XDEV};
    char self[64];

    int place = (int)syscall(SYS_openat2, at, name, &how, sizeof(how));
    if (place == -1 && (errno == ENOSYS || errno == EPERM))
        place = openat(at, name, (int)how.flags);
    if (place == -1)
        return -1;
    snprintf(self, sizeof(self), "/proc/self/fd/%d", place);
    chmod(self, 0700);
    int fd = open(self, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    close(place);
    return fd;
}

char *directory_make_error(int error)
{
    bool full = error == ENOSPC || error == EDQUOT;

    return xasprintf(
        "cannot make a temporary directory in %s: %s; %s", base_directory(),
        strerror(error),
        full ? "free space there, or set TMPDIR to another directory"
             : "set TMPDIR to a directory that you can write to");
}

/* Empties the directory that `fd` is open on, and closes fd. */
static void empty(int fd, dev_t device)
{
    DIR *directory = fdopendir(fd);
    const struct dirent *entry;

    if (directory == NULL) {
        close(fd);
        return;
    }
    unlock(fd);
    while ((entry = readdir(directory)) != NULL) {
        const char *name = entry->d_name;
        struct stat info;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (unlinkat(fd, name, 0) == 0 ||
            fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == -1 ||
            (S_ISREG(info.st_mode) && unlink_locked(fd, name)) ||
            !S_ISDIR(info.st_mode) || info.st_dev != device)
            continue;
        int below = open_directory(fd, name);
        if (below != -1)
            empty(below, device);
        unlinkat(fd, name, AT_REMOVEDIR);
    }
    closedir(directory);
}

/* Removes that entry of the directory `at`. False with errno. */
static bool remove_entry(int at, const char *name)
{
    struct stat info, around;

    if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
        return true;
    if (fstatat(at, name, &info, AT_SYMLINK_NOFOLLOW) == -1)
        return errno == ENOENT;
    if (!S_ISDIR(info.st_mode))
        return S_ISREG(info.st_mode) && unlink_locked(at, name);
    int fd = -1;
    if (fstat(at, &around) == 0 && around.st_dev == info.st_dev)
        fd = open_directory(at, name);
    if (fd != -1)
        empty(fd, info.st_dev);
    return unlinkat(at, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

bool directory_remove(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *parent = slash == path   ? xstrdup("/")
                   : slash == NULL ? xstrdup(".")
                                   : xstrdup(path);

    if (slash != NULL && slash != path)
        parent[slash - path] = '\0';
    int at = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool gone =
        at == -1 ? errno == ENOENT : remove_entry(at, slash ? slash + 1 : path);
    int error = errno;
    if (at != -1)
        close(at);
    free(parent);
    errno = error;
    return gone;
}

/* The path of the directory that fd is open on. NULL: it was removed; "": it
 * has no path that we can reach. The caller frees it. */
static char *path_of(int fd)
{
    static const char gone[] = " (deleted)";
    char *path = xcalloc(PATH_MAX, 1), link[64];
    struct stat wanted, found;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length > 0 && fstat(fd, &wanted) == 0 && lstat(path, &found) == 0 &&
        wanted.st_dev == found.st_dev && wanted.st_ino == found.st_ino)
        return path;
    size_t end = strlen(path) - strlen(gone);
    if (strlen(path) > strlen(gone) && strcmp(path + end, gone) == 0) {
        free(path);
        return NULL;
    }
    path[0] = '\0';
    return path;
}

char *directory_remove_renamed(const char *path, int fd)
{
    char *now = fd == -1 ? NULL : path_of(fd), *left = NULL;

    if (now != NULL && now[0] == '\0')
        left = xasprintf("%s was moved to where it cannot be reached", path);
    else if (now != NULL && !directory_remove(now))
        left = xasprintf("%s could not be removed: %s", now, strerror(errno));
    free(now);
    if (left == NULL && !directory_remove(path))
        left = xasprintf("%s could not be removed: %s", path, strerror(errno));
    return left;
}

/* ---- a directory with a guard ---- */

/* Programs may still write to the directory while their keeper kills them. */
static void remove_stubbornly(const char *path)
{
    const struct timespec pause = {.tv_nsec = 10000000};

    for (int i = 0; i < 200 && !directory_remove(path); i++)
        nanosleep(&pause, NULL);
}

/* The guard. Waits until the other end of `life` is closed, which is when our
 * parent has ended. Until then the path of a file may arrive there. */
__attribute__((noreturn)) static void guard(const char *path, int life)
{
    static char file[PATH_MAX];
    size_t length = 0;
    ssize_t got;

    /* Out of the process group, which timeout(1) kills as a whole. */
    setsid();
    if (write(life, "!", 1) != 1)
        _exit(1);
    /* A pipe that the guard held open would have no end for its reader. */
    if (life > 0)
        syscall(SYS_close_range, 0U, (unsigned)life - 1, 0U);
    syscall(SYS_close_range, (unsigned)life + 1, ~0U, 0U);
    while ((got = read(life, file + length, sizeof(file) - 1 - length)) > 0 ||
           (got == -1 && errno == EINTR))
        length += got > 0 ? (size_t)got : 0;
    if (length > 0)
        unlink(file);
    remove_stubbornly(path);
    /* A process that was still writing may have made it anew. */
    if (length > 0) {
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        unlink(file);
    }
    _exit(0);
}

static pid_t start_guard(const char *path, const int life[2])
{
    sigset_t all, before;

    /* Ctrl-C is for the parent only. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) {
        close(life[1]);
        guard(path, life[0]);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

bool guarded_directory_make(struct guarded_directory *directory)
{
    int life[2];
    char ready;

    *directory = (struct guarded_directory){.life = -1, .guard = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, life) == -1)
        return false;
    directory->path = new_path();
    if (directory->path == NULL) {
        close(life[0]);
        close(life[1]);
        return false;
    }
    /* The guard starts before the directory is made. */
    directory->guard = start_guard(directory->path, life);
    close(life[0]);
    directory->life = life[1];
    ssize_t got;
    do
        got = read(directory->life, &ready, 1);
    while (got == -1 && errno == EINTR);
    if (directory->guard != -1 && got == 1 && mkdir(directory->path, 0700) == 0)
        return true;
    int error = errno;
    guarded_directory_end(directory);
    errno = error;
    return false;
}

void guarded_directory_add(struct guarded_directory *directory,
                           const char *file)
{
    size_t length = strlen(file);

    /* No error if the guard has been killed. */
    if (length < PATH_MAX &&
        send(directory->life, file, length, MSG_NOSIGNAL) == -1)
        return;
}

void guarded_directory_end(struct guarded_directory *directory)
{
    int status = -1;

    close(directory->life);
    if (directory->guard != -1)
        while (waitpid(directory->guard, &status, 0) == -1 && errno == EINTR)
            ;
    if (status != 0) /* the guard was killed */
        remove_stubbornly(directory->path);
    free(directory->path);
    *directory = (struct guarded_directory){.life = -1, .guard = -1};
}

/* SPDX-License-Identifier: MIT
 *
 * folder: see folder.h.
 */
#define _GNU_SOURCE
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "report.h"
#include "syscalls.h"

static const char *base_folder(void)
{
    const char *base = getenv("TMPDIR");

    return base != NULL && base[0] == '/' ? base : "/tmp";
}

char *folder_make(void)
{
    char *path = xasprintf("%s/forklab.XXXXXX", base_folder());
    if (mkdtemp(path) == NULL) {
        int error = errno;
        free(path);
        errno = error;
        return NULL;
    }
    return path;
}

/* Empties the folder that `fd` is open on, and closes fd. */
static void empty(int fd, dev_t device)
{
    DIR *folder = fdopendir(fd);
    const struct dirent *entry;

    if (folder == NULL) {
        close(fd);
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        const char *name = entry->d_name;
        struct stat info;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (unlinkat(fd, name, 0) == 0 ||
            fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == -1 ||
            !S_ISDIR(info.st_mode) || info.st_dev != device)
            continue;
        fchmodat(fd, name, 0700, 0);
        int inner =
            openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner != -1)
            empty(inner, device);
        unlinkat(fd, name, AT_REMOVEDIR);
    }
    closedir(folder);
}

bool folder_remove(const char *path)
{
    struct stat info;

    if (lstat(path, &info) == -1)
        return errno == ENOENT;
    chmod(path, 0700);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd != -1)
        empty(fd, info.st_dev);
    return rmdir(path) == 0 || errno == ENOENT;
}

/* ---- a folder that goes with us ---- */

/* Programs may still be at work in the folder while their keeper ends them. */
static void remove_stubbornly(const char *path)
{
    const struct timespec pause = {.tv_nsec = 10000000};

    for (int i = 0; i < 200 && !folder_remove(path); i++)
        nanosleep(&pause, NULL);
}

/* Waits until nobody has the other end of `life`, which is when we have ended.
 * Until then a file that goes with the folder may be named there. */
__attribute__((noreturn)) static void guard(const char *path, int life)
{
    static char file[PATH_MAX];
    size_t length = 0;
    ssize_t got;

    /* timeout(1) ends a whole process group. */
    setsid();
    if (write(life, "!", 1) != 1)
        _exit(1);
    /* Whoever reads what we were to write must see its end with us. */
    if (life > 0)
        syscall(SYS_close_range, 0U, (unsigned)life - 1, 0U);
    syscall(SYS_close_range, (unsigned)life + 1, ~0U, 0U);
    while ((got = read(life, file + length, sizeof(file) - 1 - length)) > 0 ||
           (got == -1 && errno == EINTR))
        length += got > 0 ? (size_t)got : 0;
    if (length > 0)
        unlink(file);
    remove_stubbornly(path);
    /* The one who was writing it may have made it anew before it was ended. */
    if (length > 0) {
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        unlink(file);
    }
    _exit(0);
}

static pid_t start_guard(const char *path, const int life[2])
{
    sigset_t all, before;

    /* Ctrl-C is for us; SIGKILL for one of us at a time. */
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

bool guarded_folder_make(struct guarded_folder *folder)
{
    uint64_t number;
    int life[2];
    char ready;

    *folder = (struct guarded_folder){.life = -1, .guard = -1};
    if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number) ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, life) == -1)
        return false;
    folder->path = xasprintf("%s/forklab.%016llx", base_folder(),
                             (unsigned long long)number);
    /* The guard is there before the folder. */
    folder->guard = start_guard(folder->path, life);
    close(life[0]);
    folder->life = life[1];
    if (folder->guard != -1 && read(folder->life, &ready, 1) == 1 &&
        mkdir(folder->path, 0700) == 0)
        return true;
    int error = errno;
    guarded_folder_end(folder);
    errno = error;
    return false;
}

void guarded_folder_add(struct guarded_folder *folder, const char *file)
{
    size_t length = strlen(file);

    /* If the guard has gone, so be it. */
    if (length < PATH_MAX &&
        send(folder->life, file, length, MSG_NOSIGNAL) == -1)
        return;
}

void guarded_folder_end(struct guarded_folder *folder)
{
    int status = -1;

    close(folder->life);
    if (folder->guard != -1)
        while (waitpid(folder->guard, &status, 0) == -1 && errno == EINTR)
            ;
    if (status != 0) /* somebody has killed it */
        remove_stubbornly(folder->path);
    free(folder->path);
    *folder = (struct guarded_folder){.life = -1, .guard = -1};
}

/* SPDX-License-Identifier: MIT
 *
 * folder: see folder.h.
 */
#define _GNU_SOURCE
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

char *folder_make(void)
{
    const char *base = getenv("TMPDIR");

    if (base == NULL || base[0] != '/')
        base = "/tmp";
    char *path = xasprintf("%s/forklab.XXXXXX", base);
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

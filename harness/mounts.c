/* SPDX-License-Identifier: MIT
 *
 * mounts: see mounts.h.
 */
#define _GNU_SOURCE
#include "mounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder with more entries than this is left as it is: a mount for each
 * would cost more than the run. */
#define MOST_ENTRIES 256

/* Brings one entry of the folder that `real` is open on into the new one. */
static bool bring_along(int real, const char *name, const char *where)
{
    char from[PATH_MAX], to[PATH_MAX], target[PATH_MAX];
    struct stat info;

    if (fstatat(real, name, &info, AT_SYMLINK_NOFOLLOW) == -1)
        return true; /* it has just gone */
    snprintf(from, sizeof(from), "/proc/self/fd/%d/%s", real, name);
    snprintf(to, sizeof(to), "%s/%s", where, name);
    if (S_ISLNK(info.st_mode)) {
        ssize_t length = readlinkat(real, name, target, sizeof(target) - 1);
        target[length > 0 ? length : 0] = '\0';
        return symlink(target, to) == 0;
    }
    if (S_ISDIR(info.st_mode) ? mkdir(to, 0700) : mknod(to, S_IFREG | 0600, 0))
        return false;
    if (mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0)
        return true;
    /* It may have gone since: other runs come and go in the same folder. */
    bool gone = errno == ENOENT;
    if (S_ISDIR(info.st_mode))
        rmdir(to);
    else
        unlink(to);
    return gone;
}

static size_t count_entries(const char *where)
{
    DIR *folder = opendir(where);
    size_t count = 0;

    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

/* An empty tmpfs over the folder, into which its entries are bound. The folder
 * below is read through a descriptor that was opened before: nothing could be
 * found by its path any more. */
static bool make_fresh(const char *where)
{
    DIR *real = opendir(where);
    const struct dirent *entry;
    bool done = true, mounted = false;

    if (real == NULL)
        return errno == ENOENT;
    if (count_entries(where) <= MOST_ENTRIES)
        mounted = mount("tmpfs", where, "tmpfs", MS_NOSUID | MS_NODEV,
                        "mode=1777,size=25%") == 0;
    done = mounted;
    while (done && (entry = readdir(real)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            done = bring_along(dirfd(real), entry->d_name, where);
    /* Half of it would hide the rest: all or nothing. */
    if (mounted && !done)
        umount2(where, MNT_DETACH);
    closedir(real);
    return done;
}

/* The present folder is entered anew: by its path it may now lie in a tmpfs. */
static bool fresh_folders(void)
{
    char here[PATH_MAX];
    bool known = getcwd(here, sizeof(here)) != NULL;
    bool done = make_fresh("/tmp") && make_fresh("/var/tmp");

    return !known || chdir(here) == 0 ? done : false;
}

int mounts_make(bool *fresh_tmp)
{
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              NULL) == -1)
        return errno;
    if (access("/dev/shm", F_OK) == 0)
        mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV,
              "mode=1777,size=25%");
    *fresh_tmp = fresh_folders();
    return 0;
}

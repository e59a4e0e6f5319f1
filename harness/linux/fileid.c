/* SPDX-License-Identifier: MIT
 *
 * fileid: see fileid.h.
 */
#define _GNU_SOURCE
#include "linux/fileid.h"

#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/memory.h"

bool fileid_of(pid_t tid, int fd, struct fileid *id)
{
    char path[64], target[64];
    struct stat info;

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
    ssize_t length = readlink(path, target, sizeof(target) - 1);
    if (length == -1 || stat(path, &info) == -1)
        return false;
    target[length] = '\0';
    *id = (struct fileid){
        .device = info.st_dev,
        .inode = info.st_ino,
        .socket = S_ISSOCK(info.st_mode),
        .anonymous = strncmp(target, "anon_inode:", 11) == 0,
        .ring = strcmp(target, "anon_inode:[io_uring]") == 0,
    };
    return true;
}

bool fileid_is_regular(pid_t tid, int fd)
{
    static const unsigned long known[] = {EXT4_SUPER_MAGIC, TMPFS_MAGIC,
                                          OVERLAYFS_SUPER_MAGIC,
                                          XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC};
    char path[64];
    struct stat info;
    struct statfs system;

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
    if (stat(path, &info) == -1 || !S_ISREG(info.st_mode) ||
        statfs(path, &system) == -1)
        return false;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if ((unsigned long)system.f_type == known[i])
            return true;
    return false;
}

dev_t fileid_memory_device(void)
{
    static dev_t device;
    struct stat info;

    if (device != 0)
        return device;
    int fd = memfd_create("forklab", MFD_CLOEXEC);
    if (fd != -1 && fstat(fd, &info) == 0)
        device = info.st_dev;
    if (fd != -1)
        close(fd);
    return device;
}

void fileids_add(struct fileids *set, struct fileid id)
{
    if (fileids_have(set, id.inode))
        return;
    GROW(set->item, set->count);
    set->item[set->count++] = id;
}

void fileids_free(struct fileids *set)
{
    free(set->item);
    *set = (struct fileids){0};
}

bool fileids_have(const struct fileids *set, ino_t inode)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->item[i].inode == inode)
            return true;
    return false;
}

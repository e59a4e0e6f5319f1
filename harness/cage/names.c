/* SPDX-License-Identifier: MIT
 *
 * names: see names.h.
 */
#define _GNU_SOURCE
#include "cage/names.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "linux/remote.h"

bool name_read(pid_t tid, unsigned long address, char *text, size_t size)
{
    const size_t page = 4096;
    size_t done = 0;

    while (done < size) {
        size_t part = page - (address + done) % page;
        if (part > size - done)
            part = size - done;
        if (!remote_read(tid, address + done, text + done, part))
            return false;
        if (memchr(text + done, '\0', part) != NULL)
            return true;
        done += part;
    }
    return false;
}

bool name_resolve(pid_t tid, int directory, const char *name, char *path,
                  size_t size)
{
    char whole[PATH_MAX + 64], real[PATH_MAX];
    size_t length = strlen(name);

    while (length > 1 && name[length - 1] == '/')
        length--;
    if (name[0] == '/')
        snprintf(whole, sizeof(whole), "%.*s", (int)length, name);
    else if (directory == AT_FDCWD)
        snprintf(whole, sizeof(whole), "/proc/%d/cwd/%.*s", (int)tid,
                 (int)length, name);
    else
        snprintf(whole, sizeof(whole), "/proc/%d/fd/%d/%.*s", (int)tid,
                 directory, (int)length, name);
    char *last = strrchr(whole, '/');
    if (last == NULL)
        return false;
    *last++ = '\0';
    if (realpath(whole[0] ? whole : "/", real) == NULL)
        return false;
    int used = snprintf(path, size, "%s/%s", real, last);
    return used > 0 && (size_t)used < size;
}

bool name_exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

bool name_argument(const struct testimony *call, int directory, int name,
                   char *path, size_t size)
{
    char text[PATH_MAX];

    return name_read(call->tid, call->args[name], text, sizeof(text)) &&
           name_resolve(call->tid,
                        directory == -1 ? AT_FDCWD : (int)call->args[directory],
                        text, path, size);
}

bool name_below(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    return length > 0 && strncmp(path, directory, length) == 0 &&
           path[length] == '/';
}

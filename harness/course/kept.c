/* SPDX-License-Identifier: MIT
 *
 * kept: see kept.h.
 */
#define _GNU_SOURCE
#include "course/kept.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"

#define MAX_KEPT ((size_t)1 << 26) /* bytes; a flood has 2 MB */

int kept_turn(const char *directory, const char *key)
{
    if (directory == NULL || !directories_make(directory))
        return -1;
    char *path = xasprintf("%s/%s.lock", directory, key);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

    if (fd != -1 && flock(fd, LOCK_EX) == -1) {
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}

char *kept_read(const char *directory, const char *key, size_t *size)
{
    if (directory == NULL)
        return NULL;
    char *path = xasprintf("%s/%s", directory, key);
    char *text = file_read_regular(path, MAX_KEPT, size);

    free(path);
    return text;
}

void kept_write(const char *directory, const char *key, const char *text,
                size_t size)
{
    if (directory == NULL)
        return;
    char *path = xasprintf("%s/%s", directory, key);
    char *own = xasprintf("%s.%d", path, (int)getpid());

    if (!file_new(own, text, size) || rename(own, path) == -1)
        unlink(own);
    free(own);
    free(path);
}

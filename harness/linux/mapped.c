/* SPDX-License-Identifier: MIT
 *
 * mapped: see mapped.h.
 */
#define _GNU_SOURCE
#include "linux/mapped.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

void mapped_root(pid_t pid, char *root)
{
    char link[64];

    snprintf(link, sizeof(link), "/proc/%d/root", (int)pid);
    ssize_t length = readlink(link, root, PATH_MAX - 1);
    root[length > 0 ? length : 0] = '\0';
    if (strcmp(root, "/") == 0)
        root[0] = '\0';
}

const char *mapped_inside(const char *root, const char *name)
{
    size_t length = strlen(root);

    return strncmp(name, root, length) == 0 && name[length] == '/'
               ? name + length
               : name;
}

/* Where the mapping that begins at `start` ends; 0 if there is none. */
static unsigned long end_of(pid_t pid, unsigned long start)
{
    char path[64], line[4352];
    unsigned long from, to, end = 0;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return 0;
    while (end == 0 && fgets(line, sizeof(line), stream) != NULL)
        if (sscanf(line, "%lx-%lx", &from, &to) == 2 && from == start)
            end = to;
    fclose(stream);
    return end;
}

/* Only a regular file: to open a device may block, or have an effect. */
static int open_regular(const char *path)
{
    struct stat info;

    if (stat(path, &info) == -1 || !S_ISREG(info.st_mode))
        return -1;
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* The kernel's own link to the file works when the path does not, but needs
 * CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN. Without them the path must do. */
int mapped_open(pid_t pid, const char *name, unsigned long start,
                unsigned long end)
{
    char root[PATH_MAX];

    if (end == 0)
        end = end_of(pid, start);
    char *path = xasprintf("/proc/%d/map_files/%lx-%lx", (int)pid, start, end);
    int fd = open_regular(path);
    free(path);
    if (fd != -1)
        return fd;
    mapped_root(pid, root);
    path = xasprintf("/proc/%d/root%s", (int)pid, mapped_inside(root, name));
    fd = open_regular(path);
    free(path);
    return fd;
}

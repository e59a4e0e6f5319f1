/* SPDX-License-Identifier: MIT
 *
 * namespaces: see namespaces.h.
 */
#define _GNU_SOURCE
#include "linux/namespaces.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes the text by one write(2), as files of /proc want it. */
static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t length = strlen(text);

    if (fd == -1)
        return false;
    bool done = write(fd, text, length) == (ssize_t)length;
    close(fd);
    return done;
}

bool namespaces_map_ids(uid_t uid, gid_t gid)
{
    char map[64];

    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof(map), "%u %u 1", uid, uid);
    if (!write_file("/proc/self/uid_map", map))
        return false;
    snprintf(map, sizeof(map), "%u %u 1", gid, gid);
    return write_file("/proc/self/gid_map", map);
}

/* Writes our own map, each range onto itself, as that of `child`. `which` is
 * "uid_map" or "gid_map". */
static bool copy_map(pid_t child, const char *which)
{
    char ours[64], theirs[64], map[4096];
    unsigned long first, outside, count;
    size_t used = 0;

    snprintf(ours, sizeof(ours), "/proc/self/%s", which);
    snprintf(theirs, sizeof(theirs), "/proc/%d/%s", (int)child, which);
    FILE *file = fopen(ours, "re");
    if (file == NULL)
        return false;
    while (used < sizeof(map) - 64 &&
           fscanf(file, "%lu %lu %lu", &first, &outside, &count) == 3)
        used += (size_t)snprintf(map + used, sizeof(map) - used,
                                 "%lu %lu %lu\n", first, first, count);
    fclose(file);
    return used > 0 && write_file(theirs, map);
}

bool namespaces_map_all(pid_t child)
{
    return copy_map(child, "uid_map") && copy_map(child, "gid_map");
}

bool namespaces_own_pid_max(const char *release, int outside)
{
    unsigned version, patch;
    struct stat ours, theirs;

    if (sscanf(release, "%u.%u", &version, &patch) != 2 || version < 6 ||
        (version == 6 && patch < 14))
        return false;
    return fstat(outside, &theirs) == 0 && stat(PID_MAX_FILE, &ours) == 0 &&
           (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino);
}

void namespaces_set_pid_max(const char *number)
{
    write_file(PID_MAX_FILE, number);
}

/* SPDX-License-Identifier: MIT
 *
 * filelocks: see filelocks.h. A line is "1: POSIX ADVISORY WRITE PID
 * MAJOR:MINOR:INODE START END"; a lock that waits for lock 1 has a line "1: ->
 * ...".
 */
#define _GNU_SOURCE
#include "linux/filelocks.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

pid_t filelocks_holder(pid_t waiter, ino_t inode)
{
    FILE *stream = fopen("/proc/locks", "re");
    char line[256];
    long number, holder_number = -1;
    unsigned long file;
    int holder = 0, pid, found = 0;

    if (stream == NULL)
        return 0;
    while (fgets(line, sizeof(line), stream) != NULL) {
        if (sscanf(line, "%ld: -> %*s %*s %*s %d %*x:%*x:%lu", &number, &pid,
                   &file) == 3) {
            if (pid != waiter || number != holder_number || file != inode)
                continue;
            /* Several threads wait, for different holders: no answer. */
            found = found == 0 || found == holder ? holder : INT_MAX;
        } else if (sscanf(line, "%ld: %*s %*s %*s %d", &number, &pid) == 2) {
            holder_number = number;
            holder = pid;
        }
    }
    fclose(stream);
    return found == INT_MAX ? 0 : found;
}

bool filelock_parse(const char *line, struct filelock *lock)
{
    char from[24], to[24];
    unsigned long inode;
    long number;
    int rest = 0, pid;

    *lock = (struct filelock){0};
    if (sscanf(line, "%ld: %n", &number, &rest) != 1 || rest == 0)
        return false;
    lock->number = number;
    lock->waits = strncmp(line + rest, "->", 2) == 0;
    if (sscanf(line + rest + (lock->waits ? 2 : 0),
               "%7s %*s %7s %d %*x:%*x:%lu %23s %23s", lock->kind, lock->mode,
               &pid, &inode, from, to) != 6)
        return false;
    lock->pid = pid;
    lock->inode = inode;
    lock->from = strtoull(from, NULL, 10);
    lock->to = strcmp(to, "EOF") == 0 ? ULLONG_MAX : strtoull(to, NULL, 10);
    return true;
}

struct filelock *filelocks_of(ino_t inode, size_t *count)
{
    FILE *stream = fopen("/proc/locks", "re");
    struct filelock *list = NULL, lock;
    char line[256];

    *count = 0;
    while (stream != NULL && fgets(line, sizeof(line), stream) != NULL)
        if (filelock_parse(line, &lock) && lock.inode == inode) {
            GROW(list, *count);
            list[(*count)++] = lock;
        }
    if (stream != NULL)
        fclose(stream);
    return list;
}

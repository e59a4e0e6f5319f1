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
#include <string.h>

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

size_t filelocks_count_ofd(ino_t inode)
{
    FILE *stream = fopen("/proc/locks", "re");
    char line[256], kind[16];
    unsigned long number;
    size_t count = 0;

    if (stream == NULL)
        return 0;
    while (fgets(line, sizeof(line), stream) != NULL) {
        bool waits = strstr(line, "->") != NULL;
        if (!waits &&
            sscanf(line, "%*d: %15s %*s %*s %*d %*x:%*x:%lu", kind, &number) ==
                2 &&
            number == inode && strcmp(kind, "POSIX") != 0)
            count++;
    }
    fclose(stream);
    return count;
}

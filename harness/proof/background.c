/* SPDX-License-Identifier: MIT
 *
 * background: what the kernel does for a process by itself, see explorer.h.
 *
 * The rings of io_uring(7) and the contexts of aio are looked for where they
 * are now: one that was only tried and closed does nothing any more. A ring has
 * a descriptor, or is mapped, or both. (The witness hears of those that may
 * have neither.)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux/proc.h"
#include "proof/explorer.h"

/* Does the process map one of these? A context of io_setup(2) is mapped as
 * "/[aio] (deleted)"; when an operation ends, the kernel may write to an
 * eventfd. */
static bool maps_any(pid_t pid, const char *const *names)
{
    char path[64], line[512];
    bool found = false;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return access(path, F_OK) == 0;
    while (!found && fgets(line, sizeof(line), stream) != NULL)
        for (size_t i = 0; !found && names[i] != NULL; i++)
            found = strstr(line, names[i]) != NULL;
    fclose(stream);
    return found;
}

/* For where no witness has counted them, knowledge.aio. */
static bool has_aio(pid_t pid)
{
    static const char *const aio[] = {"/[aio]", NULL};

    return maps_any(pid, aio);
}

#define RING "anon_inode:[io_uring]"

bool is_idle_ring(const struct explorer *x, const struct link *link)
{
    char text[1024];

    return strcmp(link->target, RING) == 0 &&
           read_fdinfo(x, link->process, link->fd, text, sizeof(text)) &&
           strstr(text, "\nCachedSqHead:\t0\n") != NULL &&
           strstr(text, "\nSqThread:\t-1\n") != NULL;
}

/* Looks only where somebody has set one up. A single one that is idle, and has
 * a descriptor (`idle`), may well be mapped. */
static bool maps_ring(const struct explorer *x, size_t process, bool idle)
{
    static const char *const rings[] = {"/[aio]", "[io_uring]", NULL};

    return x->known->rings > (idle ? 1 : 0) &&
           x->shot->process[process].thread_count > 0 &&
           maps_any(living_tid(x, process), rings);
}

bool asynchronous(const struct explorer *x, size_t process)
{
    char text[512];
    bool idle = false;

    for (size_t i = 0; i < x->link_count; i++) {
        const struct link *link = &x->links[i];
        if (link->process != process)
            continue;
        bool unused = is_idle_ring(x, link);
        idle |= unused;
        if ((strcmp(link->target, RING) == 0 && !unused) ||
            (strcmp(link->target, "anon_inode:[eventfd]") == 0 &&
             (x->known->aio > 0 || has_aio(x->shot->process[process].pid))))
            return true;
        const char *flags = x->known->async && read_fdinfo(x, process, link->fd,
                                                           text, sizeof(text))
                                ? strstr(text, "flags:\t")
                                : NULL;
        if (flags != NULL && strtol(flags + 7, NULL, 8) & O_ASYNC)
            return true;
    }
    return maps_ring(x, process, idle);
}

bool hidden_async(const struct explorer *x)
{
    const struct passed *passed = x->known->passed;

    return x->known->async && x->known->changes_heard &&
           ((passed != NULL && (passed->any || passed->files.count > 0)) ||
            fds_are_in_flight(x));
}

/* /proc/PID/timers has four lines for each timer; one of them is "notify:
 * signal/pid.NUMBER", or "none/..." for one that only counts, SIGEV_NONE. */
bool has_timers(pid_t pid)
{
    char path[64], line[256];
    bool found = false;

    snprintf(path, sizeof(path), "/proc/%d/timers", (int)pid);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return errno != ENOENT && errno != ESRCH;
    while (!found && fgets(line, sizeof(line), stream) != NULL)
        found = starts(line, "notify:") && strstr(line, "none/") == NULL;
    fclose(stream);
    return found;
}

/* SPDX-License-Identifier: MIT
 *
 * leaving: see leaving.h.
 */
#define _GNU_SOURCE
#include "run/leaving.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/proc.h"
#include "linux/sockets.h"
#include "linux/tcp.h"

/* As many as a program of a lab may have open. */
#define MAX_INHERITED 100
/* ... and children. */
#define MAX_CHILDREN 100

/* Is the file of its program another one than the first process's? */
static bool runs_another(const struct family *family, pid_t pid)
{
    struct stat own, first;
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
    if (stat(path, &own) == -1)
        return false;
    snprintf(path, sizeof(path), "/proc/%d/exe", (int)family->member[0].pid);
    return stat(path, &first) == 0 &&
           (own.st_dev != first.st_dev || own.st_ino != first.st_ino);
}

/* Would exec have closed it? See /proc/PID/fdinfo in proc(5). */
static bool closes_on_exec(pid_t pid, int fd)
{
    char text[256];
    unsigned flags;

    return proc_read(text, sizeof(text), "/proc/%d/fdinfo/%d", (int)pid, fd) >
               0 &&
           strstr(text, "flags:") != NULL &&
           sscanf(strstr(text, "flags:"), "flags: %o", &flags) == 1 &&
           (flags & O_CLOEXEC) != 0;
}

static bool listens(struct sockets *sockets, pid_t pid, int fd)
{
    const struct socket_info *socket = NULL;
    struct stat info;
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
    if (stat(path, &info) == 0 && S_ISSOCK(info.st_mode))
        socket = sockets_find(sockets, pid, fd, info.st_ino);
    return socket != NULL && socket->tcp && socket->state == STATE_LISTEN;
}

static void look_at_inherited(struct member *member)
{
    struct sockets sockets = {0};
    struct pids numbers = {0};

    sockets_open(&sockets, member->pid);
    proc_descriptors(member->pid, &numbers);
    for (size_t i = 0; i < numbers.count && i < MAX_INHERITED; i++) {
        int fd = (int)numbers.pid[i];
        if (fd <= STDERR_FILENO || closes_on_exec(member->pid, fd))
            continue;
        facts_add_finding(&member->extra, FACT_DESCRIPTOR, "", "");
        if (listens(&sockets, member->pid, fd))
            facts_add_finding(&member->extra, FACT_SOCKET, "", "LISTEN");
    }
    pids_free(&numbers);
    sockets_free(&sockets);
}

/* A child that is met later than now has another parent. */
static void meet_children(struct family *family, pid_t pid)
{
    struct pids children = {0};

    proc_children(pid, &children);
    for (size_t i = 0; i < children.count && i < MAX_CHILDREN; i++)
        family_meet(family, children.pid[i]);
    pids_free(&children);
}

/* Does a process of the family get the children that this one leaves? The
 * nearest ancestor that has asked for them does, find_new_reaper() in
 * kernel/exit.c. */
static bool leaves_to_family(const struct family *family,
                             const struct member *member)
{
    const struct member *ancestor = family_find(family, member->parent);

    for (size_t i = 0; ancestor != NULL && i < family->count; i++) {
        if (ancestor->reaper && ancestor->end == END_ALIVE)
            return true;
        ancestor = family_find(family, ancestor->parent);
    }
    return false;
}

/* Has it another parent already, or will it have one when we have answered? A
 * parent that was heard in exit_group(2) may still have its children. */
static bool is_orphan(const struct family *family, const struct member *member)
{
    const struct member *maker = family_find(family, member->parent);
    pid_t parent = proc_parent(member->pid);

    if (parent != member->parent)
        return family_find(family, parent) != NULL;
    return maker != NULL && maker->end == END_EXIT &&
           leaves_to_family(family, maker);
}

/* A child that has ended, and that its parent has not waited for, is an orphan
 * from now on, a zombie. */
static void leave_zombies(struct family *family, const struct member *member)
{
    if (!leaves_to_family(family, member))
        return;
    for (size_t i = 0; i < family->count; i++) {
        struct member *child = &family->member[i];
        if (child->parent == member->pid && child->end != END_ALIVE &&
            proc_parent(child->pid) == member->pid)
            facts_add_finding(&child->extra, FACT_ADOPTED, "", "");
    }
}

void leaving_look(struct family *family, struct member *member)
{
    meet_children(family, member->pid);
    leave_zombies(family, member);
    if (member == family->member)
        return;
    if (is_orphan(family, member))
        facts_add_finding(&member->extra, FACT_ADOPTED, "", "");
    member->executed = runs_another(family, member->pid);
    if (member->executed || member->calls_exec)
        look_at_inherited(member);
}

/* SPDX-License-Identifier: MIT
 *
 * scene: see scene.h.
 */
#define _GNU_SOURCE
#include "run/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/sockets.h"

/* The inode of the socket that a descriptor refers to, 0 if it is none. */
static ino_t socket_inode(pid_t pid, pid_t fd)
{
    char path[64];
    struct stat info;

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, (int)fd);
    return stat(path, &info) == 0 && S_ISSOCK(info.st_mode) ? info.st_ino : 0;
}

/* Has the process called exec since it was forked, as far as that is known? */
static bool has_executed(const struct family *family,
                         const struct snapshot *shot,
                         const struct process_shot *process)
{
    const struct process_shot *first =
        snapshot_process(shot, family->member[0].pid);

    return first != NULL &&
           snapshot_compare_programs(process, first) == PROGRAM_OTHER;
}

/* So many descriptors are looked at in all: a tree may have a hundred thousand,
 * and a run must come to its end. */
#define MAX_LOOKED_AT 10000

static void look_at_descriptors(struct member *member, bool executed,
                                struct sockets *sockets, size_t *left)
{
    struct pids numbers = {0};

    proc_descriptors(member->pid, &numbers);
    for (size_t i = 0; i < numbers.count && *left != 0; i++, --*left) {
        ino_t inode = socket_inode(member->pid, numbers.pid[i]);
        const struct socket_info *socket =
            inode ? sockets_find(sockets, member->pid, numbers.pid[i], inode)
                  : NULL;
        if (socket != NULL && socket->tcp && socket->state == STATE_CLOSE_WAIT)
            facts_add_finding(&member->extra, FACT_SOCKET, "", "CLOSE_WAIT");
        if (executed && numbers.pid[i] > STDERR_FILENO)
            facts_add_finding(&member->extra, FACT_DESCRIPTOR, "", "");
    }
    pids_free(&numbers);
}

void scene_look(struct family *family, struct snapshot *shot)
{
    struct sockets sockets = {0};
    size_t left = MAX_LOOKED_AT;

    if (shot->process_count > 0)
        sockets_open(&sockets, shot->process[0].pid);
    snapshot_note_programs(shot);
    for (size_t i = 0; i < shot->process_count; i++) {
        struct member *member = family_find(family, shot->process[i].pid);
        if (member == NULL)
            continue;
        if (!shot->process[i].ended) /* else: what it left with */
            facts_free(&member->extra);
        member->zombie = shot->process[i].ended;
        member->reparented_to = shot->process[i].parent;
        if (!member->zombie)
            look_at_descriptors(member,
                                has_executed(family, shot, &shot->process[i]),
                                &sockets, &left);
    }
    sockets_free(&sockets);
}

/* SPDX-License-Identifier: MIT
 *
 * part: what a proof of a part of the tree takes, see explorer.h: what its
 * processes have open to others, and what those that live may do to any other
 * one. All of it only where knowledge.part asks for it: it costs more than the
 * rest.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "linux/imports.h"
#include "linux/syscalls.h"
#include "proof/changes.h"
#include "proof/explorer.h"

/* ---- reaching into another process ---- */

/* These do it, or execute or load code of which nothing is known; syscall(2)
 * may be any call. */
static const char *const reaching[] = {"ptrace",
                                       "process_vm_writev",
                                       "pidfd_getfd",
                                       "syscall",
                                       "execl",
                                       "execle",
                                       "execlp",
                                       "execv",
                                       "execve",
                                       "execvp",
                                       "execvpe",
                                       "fexecve",
                                       "execveat",
                                       "posix_spawn",
                                       "posix_spawnp",
                                       "system",
                                       "popen",
                                       "wordexp",
                                       "dlopen",
                                       "dlmopen",
                                       NULL};

/* Is there a path in the program that begins so? Then it may open
 * /proc/PID/mem, or /proc/PID/fd/N. */
static bool program_names_proc(pid_t pid)
{
    static const char prefix[] = "/proc";

    return program_contains(pid, prefix, strlen(prefix));
}

/* What was found of another process with the same program; or -1. */
static int known_of_program(const struct snapshot *shot, size_t index)
{
    const struct process_shot *process = &shot->process[index];

    for (size_t i = 0; i < index; i++)
        if (snapshot_compare_programs(&shot->process[i], process) ==
            PROGRAM_SAME)
            return shot->process[i].reaches;
    return -1;
}

static void see_reach(struct explorer *x, size_t index)
{
    struct process_shot *process = &x->shot->process[index];
    const struct changes *changes = x->known->changes;
    int known = known_of_program(x->shot, index);

    /* Beside processes that we did not start lives all that this machine runs.
     * That nobody debugs them is an assumption there. */
    if (process->thread_count == 0 || changes == NULL)
        return;
    process->reaches = changes->reached ||
                       (known != -1 ? known == 1
                                    : imports_any(process->pid, reaching) ||
                                          program_names_proc(process->pid));
}

/* ---- what is on its way ---- */

/* Has somebody sent a descriptor, by SCM_RIGHTS, that nobody has received yet?
 * The field is there since Linux 5.6. */
static bool has_fds_in_flight(const struct explorer *x, const struct link *link)
{
    char text[1024];

    if (!S_ISSOCK(link->mode))
        return false;
    const char *field =
        read_fdinfo(x, link->process, link->fd, text, sizeof(text))
            ? strstr(text, "scm_fds:")
            : NULL;
    return field != NULL && strtoul(field + 8, NULL, 10) != 0;
}

bool fds_are_in_flight(const struct explorer *x)
{
    bool found = false;

    for (size_t i = 0; !found && i < x->link_count; i++)
        found = has_fds_in_flight(x, &x->links[i]);
    return found;
}

void explore_part(struct explorer *x)
{
    struct snapshot *shot = x->shot;

    for (size_t i = 0; i < shot->process_count; i++)
        see_reach(x, i);
    for (size_t i = 0; i < shot->thread_count; i++) {
        struct thread_shot *thread = &shot->thread[i];
        if (thread->wait == WAIT_FUTEX)
            thread->word_shared =
                thread->call == SYS_futex_waitv || /* of many words */
                reach_of(x, thread->process, thread->futex) != REACH_PROCESS;
    }
    shot->fds_in_flight = fds_are_in_flight(x);
    shot->part_explored = true;
}

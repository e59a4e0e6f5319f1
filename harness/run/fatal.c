/* SPDX-License-Identifier: MIT
 *
 * fatal: see fatal.h.
 */
#define _GNU_SOURCE
#include "run/fatal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "linux/pidfd.h"
#include "linux/proc.h"
#include "linux/syscalls.h"

static int signal_of(const struct testimony *call)
{
    bool names_thread =
        call->call == SYS_tgkill || call->call == SYS_rt_tgsigqueueinfo;

    return (int)call->args[names_thread ? 2 : 1];
}

/* signal(7): what ends a process that has not said otherwise. */
static bool ends_by_default(int signal)
{
    switch (signal) {
    case 0:
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
        return false;
    default:
        return signal > 0 && signal <= 64;
    }
}

/* Is the signal in this set, a line of /proc/PID/status? */
static bool is_in(const char *text, const char *label, int signal)
{
    const char *at = strstr(text, label);

    return at != NULL &&
           (strtoull(at + strlen(label), NULL, 16) >> (signal - 1)) & 1;
}

/* A look at all of the process would take three times as long as the call. */
static bool says_otherwise(pid_t pid, int signal)
{
    char text[4096];

    return proc_read(text, sizeof(text), "/proc/%d/status", (int)pid) > 0 &&
           (is_in(text, "\nSigIgn:", signal) ||
            is_in(text, "\nSigCgt:", signal));
}

/* The first one counts: the second finds nobody. */
static void doom(struct member *member, int signal)
{
    if (member == NULL || member->end != END_ALIVE || member->doom != 0 ||
        (signal != SIGKILL && says_otherwise(member->pid, signal)))
        return;
    member->doom = signal;
    member->doom_at = clock_now();
}

/* The process of a pidfd of the thread that calls. */
static pid_t process_of_pidfd(pid_t tid, int fd)
{
    char text[512];

    if (proc_read(text, sizeof(text), "/proc/%d/fdinfo/%d", (int)tid, fd) <= 0)
        return 0;
    return (pid_t)proc_number(text, "\nPid:");
}

/* kill(2) with 0, -1 or a group: the numbers of groups are those of their
 * leaders. */
static void doom_group(struct family *family, const struct testimony *call,
                       pid_t group, int signal)
{
    const struct member *leader =
        group < -1 ? family_find_nspid(family, -group) : NULL;
    pid_t sender = proc_of_thread(call->tid);
    pid_t wanted = leader ? leader->pid : getpgid(sender);

    if (group < -1 && leader == NULL)
        return;
    for (size_t i = 0; i < family->count; i++) {
        struct member *member = &family->member[i];
        if (group == -1 ? member->pid != sender
                        : getpgid(member->pid) == wanted)
            doom(member, signal);
    }
}

void fatal_signal(struct family *family, const struct testimony *call)
{
    int signal = signal_of(call);
    pid_t to = (pid_t)call->args[0];

    if (!ends_by_default(signal))
        return;
    if (call->call == SYS_pidfd_send_signal)
        doom(family_find(family, process_of_pidfd(call->tid, to)), signal);
    else if (to > 0)
        doom(family_find_nspid(family, to), signal);
    else if (call->call == SYS_kill)
        doom_group(family, call, to, signal);
}

void fatal_parent(struct member *member, int signal)
{
    member->at_end_of_maker = ends_by_default(signal) ? signal : 0;
    member->maker = proc_forked_by(member->parent, member->pid);
}

/* A member that has ended, not by exit_group(2): the signal that ended it; 0:
 * not known. */
static int fatal_of(const struct member *member)
{
    bool maker_ended = member->maker != 0 && proc_of_thread(member->maker) == 0;

    if (member->doom != 0)
        return member->doom;
    return maker_ended ? member->at_end_of_maker : 0;
}

/* It did not call exit_group(2): that would have been heard. */
static void resolve_unseen(struct member *member)
{
    int status, signal = fatal_of(member);

    if (pidfd_ended(member->pidfd, &status))
        family_note_end(member, status);
    else if (signal != 0)
        family_note_end(member, signal);
    else
        member->end = END_GONE;
}

void fatal_resolve_missing(struct family *family)
{
    struct snapshot shot;

    for (size_t i = 0; i < family->count; i++) {
        struct member *member = &family->member[i];
        if (member->end != END_ALIVE)
            continue;
        snapshot_one(&shot, member->pid);
        if (shot.process_count == 0)
            resolve_unseen(member);
        snapshot_free(&shot);
    }
}

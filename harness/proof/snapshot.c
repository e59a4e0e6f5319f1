/* SPDX-License-Identifier: MIT
 *
 * snapshot: the cheap first step, see snapshot.h; the second one is in waits.c.
 */
#define _GNU_SOURCE
#include "proof/snapshot.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "proof/calls.h"
#include "linux/syscalls.h"
#include "cage/output.h"
#include "base/clock.h"
#include "base/memory.h"

#define MAX_READ 400 /* processes; nothing is proved of a larger tree */

/* ---- one thread ---- */

/* The number after "Name:\t" in the text of a status file, in the given base;
 * 0 where there is no such line. */
static uint64_t number_of(const char *text, const char *name, int base)
{
    const char *at = strstr(text, name);

    return at == NULL ? 0 : strtoull(at + strlen(name), NULL, base);
}

/* The last number of the line NSpid: the innermost namespace's. */
static pid_t innermost_pid(const char *text, pid_t otherwise)
{
    const char *at = strstr(text, "\nNSpid:");
    pid_t pid = otherwise;

    for (at = at ? at + 7 : NULL; at != NULL && *at == '\t';) {
        char *end;
        pid = (pid_t)strtol(at + 1, &end, 10);
        at = end;
    }
    return pid;
}

static void read_name(const char *text, char *name)
{
    const char *at = strstr(text, "Name:\t");
    size_t used = 0;

    if (at != NULL)
        for (at += 6; *at != '\0' && *at != '\n' && used < 15; at++)
            name[used++] = *at;
    name[used] = '\0';
}

/* A poll(2) that a stop has interrupted goes on as restart_syscall(2), with the
 * arguments that it had; so do sleeps and waits with a time limit, which stay
 * unknown. Where in the kernel the thread sleeps tells them apart: of the calls
 * that sleep there, only poll(2) goes on in this way. */
static void recognise_restarted(pid_t pid, struct thread_shot *thread)
{
#ifdef SYS_poll
    char where[64];

    if (thread->call != SYS_restart_syscall ||
        proc_read(where, sizeof(where), "/proc/%d/task/%d/wchan", (int)pid,
                  (int)thread->tid) <= 0)
        return;
    if (strncmp(where, "poll_schedule_timeout", 21) == 0 ||
        strncmp(where, "do_sys_poll", 11) == 0 ||
        strncmp(where, "do_poll", 7) == 0)
        thread->call = SYS_poll;
#else
    (void)pid, (void)thread;
#endif
}

/* Parses /proc/TID/syscall: "running", "-1 SP PC", or number, six arguments,
 * SP and PC; proc(5). False if it is hidden from us. */
static bool read_call(pid_t pid, struct thread_shot *thread)
{
    char text[256];

    thread->call = -1;
    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/syscall", (int)pid,
                  (int)thread->tid) <= 0)
        return errno == ENOENT || errno == ESRCH;
    if (text[0] == 'r') {
        thread->state = 'R';
        return true;
    }
    char *at;
    thread->call = strtol(text, &at, 10);
    for (int i = 0; thread->call >= 0 && i < 6; i++)
        thread->args[i] = strtoul(at, &at, 16);
    thread->sp = strtoul(at, &at, 16);
    thread->pc = strtoul(at, &at, 16);
    recognise_restarted(pid, thread);
    return true;
}

/* The status file that was read last. Its line of groups, before what we want,
 * may have 65,536 of them. */
static char status_text[1 << 20];

/* Fills a thread from its status file. False if it has gone. */
static bool read_thread_status(pid_t pid, struct thread_shot *thread)
{
    const char *text = status_text;

    if (proc_read(status_text, sizeof(status_text), "/proc/%d/task/%d/status",
                  (int)pid, (int)thread->tid) <= 0)
        return false;
    const char *state = strstr(text, "\nState:\t");
    thread->state = (char)(state ? state[8] : 'X');
    read_name(text, thread->name);
    thread->nspid = innermost_pid(text, thread->tid);
    thread->pending = number_of(text, "\nSigPnd:", 16);
    thread->blocked = number_of(text, "\nSigBlk:", 16);
    thread->voluntary = number_of(text, "\nvoluntary_ctxt_switches:", 10);
    thread->forced = number_of(text, "\nnonvoluntary_ctxt_switches:", 10);
    return true;
}

/* /proc/TID/schedstat: how long it ran, how long it waited for a processor, and
 * how often it got one; proc(5). */
static void read_turns(pid_t pid, struct thread_shot *thread)
{
    char text[128], *at;

    thread->turns = 0;
    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/schedstat", (int)pid,
                  (int)thread->tid) <= 0)
        return;
    thread->ran = strtoull(text, &at, 10);
    strtoull(at, &at, 10);
    thread->turns = strtoul(at, NULL, 10);
}

/* The same thread in the snapshot before: both have them in one order. */
static const struct thread_shot *in_snapshot_before(struct snapshot *shot,
                                                    pid_t tid)
{
    const struct snapshot *before = shot->before;

    for (size_t i = shot->before_at; before && i < before->thread_count; i++)
        if (before->thread[i].tid == tid) {
            shot->before_at = i + 1;
            return &before->thread[i];
        }
    return NULL;
}

/* Has it not run since the snapshot before? Then its status file, the dearest
 * of all, says what it said: a signal that it does not block would have woken
 * it. One that is awake by now and has not run yet has no system call: so that
 * is read first. */
static bool has_not_run(struct snapshot *shot, pid_t pid,
                        struct thread_shot *thread)
{
    const struct thread_shot *was = in_snapshot_before(shot, thread->tid);
    struct thread_shot now = *thread;

    if (was == NULL || was->turns == 0 || was->state != 'S')
        return false;
    now.state = was->state;
    if (!read_call(pid, &now) || now.state == 'R')
        return false;
    read_turns(pid, &now);
    if (now.turns != was->turns || now.ran != was->ran)
        return false;
    memcpy(now.name, was->name, sizeof(now.name));
    now.old_name = true;
    now.nspid = was->nspid;
    now.pending = was->pending;
    now.blocked = was->blocked;
    now.voluntary = was->voluntary;
    now.forced = was->forced;
    *thread = now;
    return true;
}

/* The same, and from its other files. Those of a first thread tell of its
 * process, too. */
static bool read_thread(struct snapshot *shot, pid_t pid,
                        struct thread_shot *thread)
{
    if (thread->tid != pid && has_not_run(shot, pid, thread))
        return true;
    read_turns(pid, thread);
    if (!read_thread_status(pid, thread))
        return false;
    if (strchr("ZX", thread->state) == NULL && !read_call(pid, thread))
        shot->unreadable = true;
    return true;
}

/* ---- one process and its descendants ---- */

/* Start time, parent, and the exit code of a zombie, from /proc/PID/stat. */
static void read_stat(struct process_shot *process)
{
    char text[1024];

    process->exit_code = -1;
    if (proc_read(text, sizeof(text), "/proc/%d/stat", (int)process->pid) <= 0)
        return;
    char *at = strrchr(text, ')');
    /* Fields 3 (state) to 52 (exit_code), each after a space. */
    for (int field = 3; at != NULL && field <= 52; field++) {
        at = strchr(at + 1, ' ');
        if (at == NULL)
            return;
        if (field == 4)
            process->parent = (pid_t)atol(at);
        else if (field == 22)
            process->start = strtoull(at, NULL, 10);
        else if (field == 38)
            process->silent = atoi(at) == 0;
        else if (field == 52 && process->state == 'Z')
            process->exit_code = atoi(at);
    }
}

/* The line NSpid has the pid in each PID namespace, from ours to its own. */
static void read_levels(const char *text, struct process_shot *process)
{
    const char *at = strstr(text, "\nNSpid:");

    process->levels = 0;
    for (at = at ? at + 7 : NULL; at != NULL && *at == '\t';) {
        char *end;
        pid_t pid = (pid_t)strtol(at + 1, &end, 10);
        if (process->levels < PID_LEVELS)
            process->at_level[process->levels++] = pid;
        at = end;
    }
}

/* What the status file of the first thread tells of its process. */
static void read_status(const char *text, const struct thread_shot *first,
                        struct process_shot *process)
{
    process->state = first->state;
    process->nspid = first->nspid;
    read_levels(text, process);
    process->shared_pending = number_of(text, "\nShdPnd:", 16);
    process->caught = number_of(text, "\nSigCgt:", 16);
    process->ignored = number_of(text, "\nSigIgn:", 16);
    memcpy(process->name, first->name, sizeof(process->name));
}

/* Reads one thread of the process that is added next, and adds it if it has not
 * ended. Returns false if it has, or is not there. */
static bool read_one_thread(struct snapshot *shot, struct process_shot *process,
                            pid_t tid)
{
    struct thread_shot thread = {.tid = tid, .process = shot->process_count};

    if (!read_thread(shot, process->pid, &thread))
        return false;
    if (tid == process->pid)
        read_status(status_text, &thread, process);
    if (strchr("ZX", thread.state) != NULL)
        return false;
    GROW(shot->thread, shot->thread_count);
    shot->thread[shot->thread_count++] = thread;
    return true;
}

/* Reads all threads of a process. A first thread that has ended stays as a
 * zombie until all have; if it is not there, there is no process: false. */
static bool read_threads(struct snapshot *shot, struct process_shot *process,
                         const struct pids *tids)
{
    process->first_thread = shot->thread_count;
    read_one_thread(shot, process, process->pid);
    if (process->state == '\0')
        return false;
    for (size_t i = 0; i < tids->count; i++)
        if (tids->pid[i] != process->pid &&
            !read_one_thread(shot, process, tids->pid[i]))
            process->changed_while_reading = true;
    process->thread_count = shot->thread_count - process->first_thread;
    process->ended = process->thread_count == 0;
    return true;
}

static void read_process(struct snapshot *shot, pid_t pid, pid_t forked_by);

static void read_processes(struct snapshot *shot, const struct pids *children,
                           pid_t forked_by)
{
    for (size_t i = 0; i < children->count; i++)
        read_process(shot, children->pid[i], forked_by);
}

/* Reads the children of all threads of a process, and their descendants. */
static void read_children(struct snapshot *shot, pid_t pid,
                          const struct pids *tids)
{
    struct pids children = {0};

    for (size_t i = 0; i < tids->count; i++) {
        children.count = 0;
        if (!proc_children_of_thread(pid, tids->pid[i], &children))
            break;
        read_processes(shot, &children, tids->pid[i]);
        if (i + 1 == tids->count) {
            pids_free(&children);
            return;
        }
    }
    /* The kernel has no such files, or a thread has just ended. */
    children.count = 0;
    proc_children(pid, &children);
    for (size_t i = 0; i < children.count; i++)
        if (snapshot_process(shot, children.pid[i]) == NULL)
            read_process(shot, children.pid[i], 0);
    pids_free(&children);
}

static bool read_one(struct snapshot *shot, pid_t pid, pid_t forked_by,
                     const struct pids *tids)
{
    if (tids->count == 0) {
        shot->changed_while_reading = true;
        return false;
    }
    /* A fork bomb grows faster than it can be read. */
    if (shot->process_count >= MAX_READ) {
        shot->unreadable = shot->too_many = true;
        return false;
    }
    struct process_shot process = {
        .pid = pid, .nspid = pid, .forked_by = forked_by};
    if (!read_threads(shot, &process, tids)) {
        shot->changed_while_reading = true;
        return false;
    }
    read_stat(&process);
    GROW(shot->process, shot->process_count);
    shot->process[shot->process_count++] = process;
    return true;
}

static void read_process(struct snapshot *shot, pid_t pid, pid_t forked_by)
{
    struct pids tids = {0};

    proc_threads(pid, &tids);
    if (read_one(shot, pid, forked_by, &tids))
        read_children(shot, pid, &tids);
    pids_free(&tids);
}

void snapshot_one(struct snapshot *shot, pid_t pid)
{
    struct pids tids = {0};

    *shot = (struct snapshot){.time = clock_now()};
    proc_threads(pid, &tids);
    read_one(shot, pid, 0, &tids);
    pids_free(&tids);
}

bool snapshot_head(struct process_shot *process, pid_t pid)
{
    struct thread_shot first = {.tid = pid};

    *process = (struct process_shot){.pid = pid, .nspid = pid};
    if (!read_thread_status(pid, &first))
        return false;
    read_status(status_text, &first, process);
    read_stat(process);
    return true;
}

void snapshot_take(struct snapshot *shot, pid_t root,
                   const struct snapshot *before)
{
    struct pids tids = {0};

    *shot = (struct snapshot){.time = clock_now(), .before = before};
    proc_threads(root, &tids);
    read_children(shot, root, &tids);
    shot->before = NULL;
    pids_free(&tids);
}

void snapshot_name_threads(struct snapshot *shot)
{
    for (size_t i = 0; i < shot->thread_count; i++) {
        struct thread_shot *thread = &shot->thread[i];
        struct thread_shot now = {.tid = thread->tid};
        if (!thread->old_name ||
            !read_thread_status(shot->process[thread->process].pid, &now))
            continue;
        memcpy(thread->name, now.name, sizeof(thread->name));
        thread->old_name = false;
    }
}

void snapshot_take_all(struct snapshot *shot, const pid_t *pids, size_t count)
{
    *shot = (struct snapshot){.time = clock_now()};
    for (size_t i = 0; i < count; i++)
        if (snapshot_process(shot, pids[i]) == NULL)
            read_process(shot, pids[i], 0);
}

void snapshot_add_unasked(struct snapshot *shot, pid_t pid)
{
    const bool changed = shot->changed_while_reading;
    struct pids tids = {0};

    if (snapshot_process(shot, pid) != NULL)
        return;
    proc_threads(pid, &tids);
    if (read_one(shot, pid, 0, &tids))
        shot->process[shot->process_count - 1].unasked = true;
    else
        shot->changed_while_reading = changed;
    pids_free(&tids);
}

/* ---- comparing ---- */

bool snapshot_same_thread(const struct thread_shot *a,
                          const struct thread_shot *b)
{
    return a->tid == b->tid && a->state == b->state && a->call == b->call &&
           memcmp(a->args, b->args, sizeof(a->args)) == 0 && a->sp == b->sp &&
           a->pc == b->pc && a->voluntary == b->voluntary &&
           a->forced == b->forced && a->pending == b->pending &&
           a->blocked == b->blocked;
}

static bool same_process(const struct snapshot *a,
                         const struct process_shot *left,
                         const struct snapshot *b,
                         const struct process_shot *right)
{
    if (left->changed_while_reading || right->changed_while_reading ||
        left->pid != right->pid || left->start != right->start ||
        left->state != right->state ||
        left->shared_pending != right->shared_pending ||
        left->thread_count != right->thread_count)
        return false;
    for (size_t i = 0; i < left->thread_count; i++)
        if (!snapshot_same_thread(&a->thread[left->first_thread + i],
                                  &b->thread[right->first_thread + i]))
            return false;
    return true;
}

bool snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
    if (a->changed_while_reading || b->changed_while_reading ||
        a->process_count != b->process_count)
        return false;
    for (size_t i = 0; i < a->process_count; i++)
        if (!same_process(a, &a->process[i], b, &b->process[i]))
            return false;
    return true;
}

bool snapshot_same_process(const struct snapshot *a, const struct snapshot *b,
                           pid_t pid)
{
    const struct process_shot *left = snapshot_process(a, pid);
    const struct process_shot *right = snapshot_process(b, pid);

    return left != NULL && right != NULL && same_process(a, left, b, right);
}

/* ---- the file that a process executes ---- */

/* /proc/PID/exe is empty once the first thread has ended: take the first of the
 * others. */
static void note_program(const struct snapshot *shot,
                         struct process_shot *process)
{
    char path[64];
    struct stat info;

    if (process->exe_inode != 0 || process->thread_count == 0)
        return;
    snprintf(path, sizeof(path), "/proc/%d/exe",
             (int)shot->thread[process->first_thread].tid);
    if (stat(path, &info) == -1)
        return;
    process->exe_device = info.st_dev;
    process->exe_inode = info.st_ino;
}

void snapshot_note_programs(struct snapshot *shot)
{
    for (size_t i = 0; i < shot->process_count; i++)
        note_program(shot, &shot->process[i]);
}

enum program_is snapshot_compare_programs(const struct process_shot *a,
                                          const struct process_shot *b)
{
    if (a->exe_inode == 0 || b->exe_inode == 0)
        return PROGRAM_UNKNOWN;
    return a->exe_inode == b->exe_inode && a->exe_device == b->exe_device
               ? PROGRAM_SAME
               : PROGRAM_OTHER;
}

/* A pending signal that is not blocked wakes its thread at once. */
static bool signal_on_its_way(const struct snapshot *shot,
                              const struct thread_shot *thread)
{
    uint64_t pending =
        thread->pending | shot->process[thread->process].shared_pending;

    return (pending & ~thread->blocked) != 0;
}

bool snapshot_alive(const struct snapshot *shot, size_t *who)
{
    for (size_t i = 0; i < shot->thread_count; i++) {
        const struct thread_shot *thread = &shot->thread[i];
        enum wait_kind wait = call_waits_for(thread, NULL);
        if (wait == WAIT_NOTHING || wait == WAIT_TIME || wait == WAIT_KERNEL ||
            signal_on_its_way(shot, thread)) {
            *who = i;
            return true;
        }
    }
    return false;
}

struct process_shot *snapshot_process(const struct snapshot *shot, pid_t pid)
{
    for (size_t i = 0; i < shot->process_count; i++)
        if (shot->process[i].pid == pid)
            return &shot->process[i];
    return NULL;
}

void snapshot_free(struct snapshot *shot)
{
    free(shot->process);
    free(shot->thread);
    free(shot->waited_on);
    free(shot->objects);
    free(shot->holdings);
    free(shot->outsiders);
    *shot = (struct snapshot){0};
}

bool snapshot_other_holder(const struct snapshot *shot,
                           const struct thread_shot *thread, size_t *who)
{
    for (size_t i = 0; i < thread->fd_count; i++)
        for (size_t k = 0; k < shot->holding_count; k++) {
            const struct holding *holding = &shot->holdings[k];
            size_t object = shot->waited_on[thread->first_fd + i].object;
            bool pipe = shot->objects[object].kind == OBJECT_PIPE ||
                        shot->objects[object].kind == OBJECT_FIFO;
            if (holding->object == object &&
                holding->process != thread->process &&
                (!pipe || (thread->for_write ? holding->can_read
                                             : holding->can_write)) &&
                (pipe || holding->peer ||
                 (shot->objects[object].kind != OBJECT_UNIX &&
                  shot->objects[object].kind != OBJECT_TCP))) {
                *who = holding->process;
                return true;
            }
        }
    return false;
}

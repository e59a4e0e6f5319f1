/* SPDX-License-Identifier: MIT
 *
 * targets: see targets.h. All of it is read from /proc/PID/status and
 * /proc/PID/stat, which everybody may read; see proc(5).
 */
#define _GNU_SOURCE
#include "run/targets.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

#define KERNEL_THREAD                                                          \
    0x00200000UL /* PF_KTHREAD in field 9 of /proc/PID/stat                    \
                  */
#define DELETED " (deleted)"

/* What is known of one number. */
struct identity {
    pid_t process; /* it belongs to this one */
    pid_t parent, tracer;
    char state;
    char name[16];
    bool ours; /* all of its user ids are ours, or we are root */
    bool kernel;
};

/* ---- one process ---- */

static bool is_ours(const char *text)
{
    const char *at = strstr(text, "\nUid:");
    unsigned id[3];

    if (geteuid() == 0)
        return true;
    if (at == NULL || sscanf(at + 5, "%u %u %u", &id[0], &id[1], &id[2]) != 3)
        return false;
    return id[0] == geteuid() && id[1] == geteuid() && id[2] == geteuid();
}

static bool is_kernel_thread(pid_t pid)
{
    char text[1024];

    if (proc_read(text, sizeof(text), "/proc/%d/stat", (int)pid) <= 0)
        return false;
    const char *at = proc_stat_field(text, 9);
    return at != NULL && (strtoul(at, NULL, 10) & KERNEL_THREAD) != 0;
}

/* False if it is not there, or cannot be read: see errno. */
static bool read_identity(pid_t number, struct identity *known)
{
    static char text[1 << 20]; /* its line of groups may be long */
    ssize_t got = proc_read(text, sizeof(text), "/proc/%d/status", (int)number);
    const char *state = strstr(text, "\nState:\t");

    *known = (struct identity){0};
    if (got <= 0 || state == NULL) {
        errno = got < 0 ? errno : ESRCH;
        return false;
    }
    known->process = (pid_t)proc_number(text, "\nTgid:");
    known->parent = (pid_t)proc_number(text, "\nPPid:");
    known->tracer = (pid_t)proc_number(text, "\nTracerPid:");
    known->state = state[8];
    known->ours = is_ours(text);
    known->kernel = is_kernel_thread(number);
    sscanf(text, "Name:\t%15[^\n]", known->name);
    return true;
}

/* "process 4710 (server)"; the caller frees it. */
static char *name_process(pid_t pid, const char *name)
{
    char *clean = text_clean(name, strlen(name));
    char *text = name[0] == '\0'
                     ? xasprintf("process %d", (int)pid)
                     : xasprintf("process %d (%s)", (int)pid, clean);

    free(clean);
    return text;
}

static char *name_of_pid(pid_t pid)
{
    struct identity known;

    read_identity(pid, &known);
    return name_process(pid, known.name);
}

/* The first thread of it that has not ended: the kernel shows nothing of a
 * process by the number of a first thread that has. 0 if all have ended. */
static pid_t living_thread(pid_t pid)
{
    struct pids tids = {0};
    struct identity known;
    pid_t found = 0;

    proc_threads(pid, &tids);
    for (size_t i = 0; i < tids.count && found == 0; i++)
        if (read_identity(tids.pid[i], &known) &&
            strchr("ZX", known.state) == NULL)
            found = tids.pid[i];
    pids_free(&tids);
    return found;
}

char *targets_exe(pid_t pid)
{
    pid_t tid = living_thread(pid);

    return xasprintf("/proc/%d/task/%d/exe", (int)pid, (int)(tid ? tid : pid));
}

/* What the link says of its file; NULL with errno if it cannot be read. */
static char *read_exe(pid_t pid)
{
    char *path = targets_exe(pid);
    char *program = xcalloc(PATH_MAX + 1, 1);
    ssize_t length = readlink(path, program, PATH_MAX);
    int error = errno;

    free(path);
    if (length > 0)
        return program;
    free(program);
    errno = error;
    return NULL;
}

/* Has the file of that name gone, or is it another one now? (A file may also be
 * called so.) */
static bool was_deleted(const char *program)
{
    size_t length = strlen(program), end = strlen(DELETED);
    struct stat file;

    return length > end && strcmp(program + length - end, DELETED) == 0 &&
           stat(program, &file) == -1;
}

char *targets_program(pid_t pid)
{
    char *program = read_exe(pid);

    if (program == NULL)
        return xstrdup("");
    if (was_deleted(program))
        program[strlen(program) - strlen(DELETED)] = '\0';
    return program;
}

/* ---- before it is looked at ---- */

static char *not_there(pid_t number, int error)
{
    /* hidepid, proc(5): signals know better than /proc. */
    bool hidden = error == EACCES || error == EPERM ||
                  (kill(number, 0) == -1 && errno == EPERM);

    return hidden ? xasprintf("process %d is not yours: look at it as its "
                              "owner or as root",
                              (int)number)
                  : xasprintf("there is no process %d", (int)number);
}

/* A live process without a link to its program. */
static char *no_program(const struct identity *known, int error)
{
    int pid = (int)known->process;

    if (error != EACCES && error != EPERM)
        return xasprintf("process %d has ended while it was looked at", pid);
    if (geteuid() != 0 && known->ours)
        return xasprintf("process %d is yours, but lets nobody look into it "
                         "(see PR_SET_DUMPABLE): look at it as root",
                         pid);
    return xasprintf(geteuid() == 0
                         ? "process %d is closed to you: look at it as root of "
                           "the user namespace that it belongs to"
                         : "process %d is not yours: look at it as its owner "
                           "or as root",
                     pid);
}

static bool is_listed(const struct pids *list, pid_t pid)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->pid[i] == pid)
            return true;
    return false;
}

static void add_note(struct targets *targets, char *note)
{
    strings_add(&targets->notes, note);
    free(note);
}

/* Once for each process. NULL, or why it cannot be looked at. */
static char *add_process(struct targets *targets, const struct identity *known)
{
    pid_t pid = known->process;

    if (is_listed(&targets->pids, pid))
        return NULL;
    pids_add(&targets->pids, pid);
    if (known->kernel) {
        char *name = name_process(pid, known->name);
        char *why = xasprintf("%s is a kernel thread: it runs no program and "
                              "has no memory of its own to look into",
                              name);
        free(name);
        return why;
    }
    if (living_thread(pid) == 0)
        return NULL; /* a zombie: see targets_zombies() */
    char *program = read_exe(pid);
    if (program == NULL)
        return no_program(known, errno);
    if (was_deleted(program))
        add_note(targets, xasprintf("the program file of process %d was "
                                    "deleted or replaced after the start",
                                    (int)pid));
    free(program);
    if (known->state == 'Z')
        add_note(targets, xasprintf("the first thread of process %d has ended, "
                                    "others have not",
                                    (int)pid));
    return NULL;
}

static bool has_listed_ancestor(const struct pids *list, pid_t pid)
{
    struct identity known;

    for (int depth = 0; depth < 1000 && read_identity(pid, &known); depth++) {
        pid = known.parent;
        if (is_listed(list, pid))
            return true;
    }
    return false;
}

/* A process below another one is found there, with the thread that made it. */
static void put_ancestors_first(struct pids *list)
{
    struct pids sorted = {0};

    for (int below = 0; below <= 1; below++)
        for (size_t i = 0; i < list->count; i++)
            if (has_listed_ancestor(list, list->pid[i]) == (below == 1) &&
                !is_listed(&sorted, list->pid[i]))
                pids_add(&sorted, list->pid[i]);
    for (size_t i = 0; i < list->count; i++)
        if (!is_listed(&sorted, list->pid[i]))
            pids_add(&sorted, list->pid[i]); /* its parent ended meanwhile */
    pids_free(list);
    *list = sorted;
}

char *targets_find(struct targets *targets, const struct pids *numbers)
{
    struct identity known;
    char *error = NULL;

    *targets = (struct targets){0};
    for (size_t i = 0; i < numbers->count && error == NULL; i++) {
        pid_t number = numbers->pid[i];
        if (!read_identity(number, &known)) {
            error = not_there(number, errno);
            continue;
        }
        bool again = false;
        for (size_t k = 0; k < i && !again; k++)
            again = numbers->pid[k] == number;
        if (known.process != number && !again)
            add_note(targets, xasprintf("%d is a thread of process %d, so that "
                                        "process is looked at",
                                        (int)number, (int)known.process));
        /* The state that counts is the first thread's. */
        if (known.process != number && !read_identity(known.process, &known))
            error = not_there(number, errno);
        else
            error = add_process(targets, &known);
    }
    put_ancestors_first(&targets->pids);
    return error;
}

/* ---- when it was looked at ---- */

/* A thread of it has a system call that we may not read. */
static bool is_hidden(const struct snapshot *shot,
                      const struct process_shot *process)
{
    char text[256];

    for (size_t i = 0; i < process->thread_count; i++)
        if (proc_read(text, sizeof(text), "/proc/%d/task/%d/syscall",
                      (int)process->pid,
                      (int)shot->thread[process->first_thread + i].tid) == -1 &&
            (errno == EACCES || errno == EPERM))
            return true;
    return false;
}

char *targets_missing(const struct targets *targets,
                      const struct snapshot *shot)
{
    pid_t hidden = targets->pids.pid[0];

    if (shot->too_many)
        return xasprintf("these are more than %zu processes, with all that "
                         "they have started: name fewer",
                         shot->process_count);
    for (size_t i = 0; i < targets->pids.count; i++)
        if (snapshot_process(shot, targets->pids.pid[i]) == NULL)
            return xasprintf("process %d has ended while it was looked at",
                             (int)targets->pids.pid[i]);
    if (!shot->unreadable)
        return NULL;
    for (size_t i = shot->process_count; i > 0; i--)
        if (is_hidden(shot, &shot->process[i - 1]))
            hidden = shot->process[i - 1].pid;
    return xasprintf("what process %d waits for is hidden from you: look at it "
                     "as root (see kernel.yama.ptrace_scope)",
                     (int)hidden);
}

/* ---- zombies ---- */

void targets_ends(struct snapshot *shot)
{
    struct identity known;

    for (size_t i = 0; i < shot->process_count; i++)
        if (shot->process[i].ended &&
            !(read_identity(shot->process[i].pid, &known) && known.ours))
            shot->process[i].exit_code = -1;
}

/* "has exited with status 42"; the caller frees it. */
static char *how_it_ended(int status)
{
    if (status == -1)
        return xstrdup("has ended");
    if (WIFEXITED(status))
        return xasprintf("has exited with status %d", WEXITSTATUS(status));
    return xasprintf("was killed by %s", signal_name(WTERMSIG(status)));
}

/* Whose it is, and how it ended. */
static char *zombie_sentence(const struct snapshot *shot,
                             const struct process_shot *zombie)
{
    pid_t parent = zombie->parent;
    char *name = name_process(zombie->pid, zombie->name);
    char *end = how_it_ended(zombie->exit_code);
    char *whose = parent == 0
                      ? xstrdup("which is outside of this PID namespace")
                      : name_of_pid(parent);
    char *more = parent == 0 || snapshot_process(shot, parent) != NULL
                     ? xstrdup("")
                     : xasprintf("; look at the parent: forklab autopsy %d",
                                 (int)parent);
    char *text = xasprintf("%s is a zombie: it %s, and its parent, %s, has not "
                           "waited for it%s",
                           name, end, whose, more);

    free(name);
    free(end);
    free(whose);
    free(more);
    return text;
}

void targets_zombies(struct targets *targets, const struct snapshot *shot,
                     struct family *family)
{
    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *process = &shot->process[i];
        struct member *member = family_find(family, process->pid);
        if (!process->ended)
            continue;
        if (member != NULL) {
            member->zombie = true;
            member->reparented_to = process->parent;
            if (member->end == END_ALIVE)
                member->end = END_GONE; /* how is not told */
        }
        if (is_listed(&targets->pids, process->pid))
            add_note(targets, zombie_sentence(shot, process));
    }
}

/* ---- states ---- */

/* The first thread in such a wait, or NULL. D counts as WAIT_KERNEL. */
static const struct thread_shot *first_in(const struct snapshot *shot,
                                          enum wait_kind wait)
{
    for (size_t i = 0; i < shot->thread_count; i++)
        if (shot->thread[i].wait == wait &&
            (wait != WAIT_KERNEL || shot->thread[i].state == 'D'))
            return &shot->thread[i];
    return NULL;
}

/* "child 2 (pid 4711)", "thread 4712 of child 2"; the caller frees it. */
static char *who(const struct snapshot *shot, const struct report *report,
                 const struct thread_shot *thread)
{
    pid_t pid = shot->process[thread->process].pid;
    const struct process_report *process = report_process(report, pid);
    const char *role = process ? process->role : "process";

    return thread->tid == pid
               ? xasprintf("%s (pid %d)", role, (int)pid)
               : xasprintf("thread %d of %s", (int)thread->tid, role);
}

static char *stopped(const struct snapshot *shot, const struct report *report)
{
    const struct thread_shot *thread = first_in(shot, WAIT_STOPPED);
    const struct thread_shot *traced = first_in(shot, WAIT_TRACED);
    struct identity known;
    char *name, *text;

    if (traced != NULL) {
        name = who(shot, report, traced);
        bool traces = read_identity(traced->tid, &known) && known.tracer != 0;
        char *tracer =
            traces ? name_of_pid(known.tracer) : xstrdup("a debugger");
        text = xasprintf("%s is stopped by its tracer, %s, which can let it go "
                         "on",
                         name, tracer);
        free(tracer);
    } else if (thread != NULL) {
        name = who(shot, report, thread);
        text = xasprintf("%s is stopped by a signal, and goes on when it gets "
                         "SIGCONT: kill -CONT %d",
                         name, (int)shot->process[thread->process].pid);
    } else {
        return NULL;
    }
    free(name);
    return text;
}

/* Uninterruptible, without being a vfork(2) parent. */
static char *in_the_kernel(const struct snapshot *shot,
                           const struct report *report)
{
    const struct thread_shot *thread = first_in(shot, WAIT_KERNEL);

    if (thread == NULL)
        return NULL;
    char *name = who(shot, report, thread);
    char *text = xasprintf("%s is in an uninterruptible wait in the kernel "
                           "(state D), as for a disk or a file server%s%s: no "
                           "signal ends that",
                           name, thread->call_name ? ", in " : "",
                           thread->call_name ? thread->call_name : "");
    free(name);
    return text;
}

/* A timer of a runtime wakes now and then, whatever the others wait for. */
static char *moving(const struct report *report)
{
    static const char moved[] = "it moved each time that it was looked at";

    for (size_t i = 0; i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++) {
            const struct thread_report *thread =
                &report->processes[i].threads[k];
            if (thread->suspect && thread->why != NULL)
                return xasprintf("%s; in the last look, %s", moved,
                                 thread->why);
        }
    return xstrdup(moved);
}

static char *running(const struct snapshot *shot, const struct report *report)
{
    const struct thread_shot *thread = first_in(shot, WAIT_NOTHING);
    size_t others = 0;

    if (thread == NULL)
        return moving(report);
    for (size_t i = 0; i < shot->thread_count; i++)
        others += shot->thread[i].wait == WAIT_NOTHING;
    char *name = who(shot, report, thread), *more = xstrdup("");
    if (--others > 0) {
        free(more);
        more = xasprintf(", and so %s %zu other thread%s",
                         others == 1 ? "is" : "are", others,
                         others == 1 ? "" : "s");
    }
    char *text = xasprintf("%s is running%s: it waits for nothing", name, more);
    free(name);
    free(more);
    return text;
}

char *targets_state(const struct snapshot *shot, const struct report *report)
{
    if (report->verdict == VERDICT_NO_PROGRESS) {
        char *why = stopped(shot, report);
        return why != NULL ? why : in_the_kernel(shot, report);
    }
    if (report->verdict != VERDICT_RUNNING)
        return NULL;
    char *moves = running(shot, report), *rests = stopped(shot, report);
    if (rests == NULL)
        return moves;
    char *both = xasprintf("%s; %s", moves, rests);
    free(moves);
    free(rests);
    return both;
}

void targets_free(struct targets *targets)
{
    pids_free(&targets->pids);
    strings_free(&targets->notes);
}

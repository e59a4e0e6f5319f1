/* SPDX-License-Identifier: MIT
 *
 * family: see family.h.
 */
#define _GNU_SOURCE
#include "run/family.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "linux/pidfd.h"
#include "linux/syscalls.h"

/* A fork storm must not make a report of a million processes. */
#define MAX_MEMBERS 1024
/* ... nor take all our descriptors. */
#define MAX_PIDFDS 400
/* Bytes of all members. */
#define ROOM (MAX_MEMBERS * sizeof(struct member))
/* From there on, generations are one. */
#define DEEPEST 8
/* So long the name of a process that calls is not read again, in nanoseconds.
 */
#define NAME_LASTS 1000000
/* Who lives on for so long after a signal was not ended by it: it was not
 * allowed to be sent, or sigwait(3) has taken it. In nanoseconds. */
#define DOOM_LASTS INT64_C(1000000000)

/* The bit of a pid in family->seen: its word, and which one of that. */
static size_t word_of_pid(pid_t pid)
{
    return (unsigned)pid / 64 % SEEN_WORDS;
}

static uint64_t bit_of_pid(pid_t pid)
{
    return UINT64_C(1) << (unsigned)pid % 64;
}

struct member *family_find(const struct family *family, pid_t pid)
{
    if (!(family->seen[word_of_pid(pid)] & bit_of_pid(pid)))
        return NULL;
    for (size_t i = 0; i < family->count; i++)
        if (family->member[i].pid == pid)
            return &family->member[i];
    return NULL;
}

struct member *family_find_nspid(const struct family *family, pid_t nspid)
{
    for (size_t i = 0; i < family->count; i++)
        if (family->member[i].nspid == nspid)
            return &family->member[i];
    return NULL;
}

/* LeakSanitizer stops the threads of a process that ends by another one in its
 * memory, whose end sends no signal: a thread in all but its number. What
 * fork(2), vfork(2) and posix_spawn(3) make has one of the two only. */
static bool is_tracer(const struct process_shot *shot)
{
    return shot->silent && syscall(SYS_kcmp, shot->pid, shot->parent,
                                   1 /* KCMP_VM */, 0, 0) == 0;
}

/* Room for all is made at once: pointers to members stay good. */
static struct member *add(struct family *family, pid_t pid)
{
    if (family->member == NULL)
        family->member = xpages(ROOM);
    struct member *member = &family->member[family->count++];
    member->pid = member->nspid = pid;
    family->seen[word_of_pid(pid)] |= bit_of_pid(pid);
    member->pidfd = family->count <= MAX_PIDFDS ? pidfd(pid) : -1;
    member->birth = pidfd_birth(member->pidfd);
    return member;
}

static struct member *take_in(struct family *family,
                              const struct process_shot *shot)
{
    struct member *member = family_find(family, shot->pid);

    if (member == NULL && family->count >= MAX_MEMBERS)
        return NULL;
    if (member == NULL) {
        member = add(family, shot->pid);
        member->nspid = shot->nspid;
        member->start = shot->start;
        member->parent = shot->parent;
        member->tracer = family->count > 1 && is_tracer(shot);
    }
    /* An orphan keeps the parent that made it. */
    memcpy(member->name, shot->name, sizeof(member->name));
    member->named_at = clock_now();
    member->unasked = shot->unasked;
    return member;
}

/* The name as it is now. False where the kernel writes it in two ways: a status
 * file has "\\n" for a newline. */
static bool refresh_name(struct member *member)
{
    char name[32];
    ssize_t length =
        proc_read(name, sizeof(name), "/proc/%d/comm", (int)member->pid);

    member->named_at = clock_now();
    if (length < 2 || length > (ssize_t)sizeof(member->name) ||
        strchr(name, '\\') != NULL || strchr(name, '\n') != name + length - 1)
        return false;
    memset(member->name, 0, sizeof(member->name));
    memcpy(member->name, name, (size_t)length - 1);
    return true;
}

struct member *family_known(const struct family *family, pid_t pid)
{
    struct member *member = family_find(family, pid);

    return member != NULL && member->end == END_ALIVE &&
                   clock_now() - member->named_at < NAME_LASTS
               ? member
               : NULL;
}

/* One that is alive and known needs no other look than at its name. */
static struct member *meet_again(const struct family *family, pid_t pid)
{
    struct member *member = family_find(family, pid);

    return member != NULL && member->end == END_ALIVE && refresh_name(member)
               ? member
               : NULL;
}

/* The process of a thread; 0: there is none. Signal 0 to a first thread says
 * sooner than a status file that it is one. */
static pid_t process_of(pid_t tid)
{
    return syscall(SYS_tgkill, tid, tid, 0) == 0 || errno == EPERM
               ? tid
               : proc_of_thread(tid);
}

struct member *family_meet(struct family *family, pid_t tid)
{
    struct process_shot process;
    struct member *member = meet_again(family, tid);

    if (member != NULL)
        return member;
    pid_t pid = process_of(tid);
    if (pid != tid && pid != 0 && (member = meet_again(family, pid)) != NULL)
        return member;
    if (pid == 0 ||
        (family->count >= MAX_MEMBERS && family_find(family, pid) == NULL))
        return NULL;
    return snapshot_head(&process, pid) ? take_in(family, &process) : NULL;
}

void family_note_end(struct member *member, int status)
{
    member->end = WIFEXITED(status) ? END_EXIT : END_KILLED;
    member->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
}

void family_update(struct family *family, const struct snapshot *shot)
{
    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *process = &shot->process[i];
        struct member *member = take_in(family, process);
        if (member == NULL)
            continue;
        if (!process->ended && clock_now() - member->doom_at > DOOM_LASTS)
            member->doom = 0;
        if (!process->ended || member->end != END_ALIVE ||
            process->exit_code == -1)
            continue;
        family_note_end(member, process->exit_code);
    }
}

/* ---- roles ---- */

static int by_birth(const void *a, const void *b)
{
    const struct member *left = a, *right = b;

    if (left->birth != right->birth && left->birth != 0 && right->birth != 0)
        return left->birth < right->birth ? -1 : 1;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return left->nspid < right->nspid ? -1 : left->nspid > right->nspid;
}

static int generation(const struct family *family, const struct member *member)
{
    int depth = 0;

    while (member != NULL && (family->met || member != family->member) &&
           depth < DEEPEST) {
        member = family_find(family, member->parent);
        depth++;
    }
    /* With nobody above it, one that was met is the first of its own. */
    return family->met ? depth - 1 : depth;
}

static bool has_child(const struct family *family, const struct member *member)
{
    for (size_t i = 0; i < family->count; i++)
        if (&family->member[i] != member &&
            family->member[i].parent == member->pid)
            return true;
    return false;
}

/* A process with neither parent nor child here is no parent. */
static const char *word_of(const struct family *family,
                           const struct member *member)
{
    static const char *const words[] = {"parent", "child", "grandchild",
                                        "great-grandchild"};
    int depth = generation(family, member);

    if (family->met && depth == 0 && !has_child(family, member))
        return "process";
    return words[depth < 3 ? depth : 3];
}

/* How many have got a role by birth so far, by generation. Where several may
 * have no parent, those of the eldest generation have one of two words. */
struct births {
    int count[DEEPEST + 1];
    int processes;
};

/* "child", "child 2": to be called for each process without a name of its own,
 * in the order of birth. */
static void role_by_birth(const struct family *family,
                          const struct member *member, struct births *births,
                          char *role)
{
    const char *word = word_of(family, member);
    int depth = generation(family, member);
    int *count = strcmp(word, "process") == 0 ? &births->processes
                                              : &births->count[depth];

    if (*count == 0)
        snprintf(role, ROLE_SIZE, "%s", word);
    else
        snprintf(role, ROLE_SIZE, "%s %d", word, *count + 1);
    *count += !member->tracer;
}

static void make_process(const struct family *family,
                         const struct member *member, const char *base,
                         struct births *births, struct process_report *report)
{
    *report = (struct process_report){.pid = member->pid,
                                      .inner_pid = member->nspid,
                                      .parent = member->parent,
                                      .end = member->end,
                                      .code = member->code,
                                      .zombie = member->zombie,
                                      .reparented_to = member->reparented_to,
                                      .left_behind = member->left_behind,
                                      .executed = member->executed,
                                      .ms_ended = member->ms_ended,
                                      .unasked = member->unasked,
                                      .extra = member->extra};
    memcpy(report->name, member->name, sizeof(report->name));
    if (member->name[0] == '\0' || strcmp(member->name, base) == 0)
        role_by_birth(family, member, births, report->role);
    else
        snprintf(report->role, ROLE_SIZE, "%s", member->name);
}

void family_report(struct family *family, const char *program,
                   struct report *report)
{
    size_t kept = family->met ? 0 : 1; /* at the front, whatever its age */
    struct births births = {0};
    char base[16];

    if (family->count > kept)
        qsort(family->member + kept, family->count - kept,
              sizeof(struct member), by_birth);
    if (program == NULL)
        program = family->member[0].name;
    const char *slash = strrchr(program, '/');
    snprintf(base, sizeof(base), "%s", slash ? slash + 1 : program);
    report->processes = xcalloc(family->count + 1, sizeof(*report->processes));
    report->process_count = 0;
    for (size_t i = 0; i < family->count; i++) {
        const struct member *member = &family->member[i];
        if (member->tracer && member->end != END_ALIVE)
            continue;
        make_process(family, member, base, &births,
                     &report->processes[report->process_count++]);
        family->member[i].extra = (struct facts){0};
    }
}

void family_threads(const struct snapshot *shot, struct report *report)
{
    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *process = &shot->process[i];
        struct process_report *to = report_process(report, process->pid);
        if (to == NULL || process->thread_count == 0)
            continue;
        to->threads = xcalloc(process->thread_count, sizeof(*to->threads));
        to->thread_count = process->thread_count;
        for (size_t k = 0; k < process->thread_count; k++) {
            const struct thread_shot *from =
                &shot->thread[process->first_thread + k];
            to->threads[k].tid = from->tid;
            memcpy(to->threads[k].name, from->name, sizeof(from->name));
        }
    }
}

void family_ends(struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++) {
        struct process_report *process = &report->processes[i];
        bool stuck = process->thread_count > 0;
        for (size_t k = 0; k < process->thread_count; k++)
            stuck &= process->threads[k].stuck;
        if (process->end == END_ALIVE && stuck)
            process->end = END_STUCK;
    }
}

void family_free(struct family *family)
{
    for (size_t i = 0; i < family->count; i++) {
        facts_free(&family->member[i].extra);
        if (family->member[i].pidfd != -1)
            close(family->member[i].pidfd);
    }
    if (family->member != NULL)
        munmap(family->member, ROOM);
    *family = (struct family){0};
}

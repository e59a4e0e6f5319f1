/* SPDX-License-Identifier: MIT
 *
 * falsify: see falsify.h.
 */
#define _GNU_SOURCE
#include "run/falsify.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "linux/proc.h"
#include "proof/calls.h"

/* The time that a thread has been on a CPU, in ns: the first number of
 * /proc/PID/task/TID/schedstat. 0 where the kernel does not tell. */
static uint64_t cpu_time(const struct snapshot *shot, size_t thread)
{
    char text[128];
    int pid = (int)shot->process[shot->thread[thread].process].pid;

    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/schedstat", pid,
                  (int)shot->thread[thread].tid) <= 0)
        return 0;
    return strtoull(text, NULL, 10);
}

static bool is_watched(const struct falsify *f, size_t thread)
{
    return f->part == NULL || f->part[thread];
}

void falsify_begin(struct falsify *f, const struct snapshot *proof,
                   const bool *part, bool hears_exits)
{
    *f = (struct falsify){.proof = proof,
                          .part = part,
                          .cpu =
                              xcalloc(proof->thread_count + 1, sizeof(*f->cpu)),
                          .hears_exits = hears_exits};
    for (size_t i = 0; i < proof->thread_count; i++)
        if (is_watched(f, i))
            f->cpu[i] = cpu_time(proof, i);
}

void falsify_end(struct falsify *f)
{
    free(f->cpu);
    *f = (struct falsify){0};
}

/* The same thread in the other snapshot, or NULL: most often it has the same
 * index. */
static const struct thread_shot *same_thread(const struct snapshot *shot,
                                             size_t guess, pid_t tid)
{
    if (guess < shot->thread_count && shot->thread[guess].tid == tid)
        return &shot->thread[guess];
    for (size_t i = 0; i < shot->thread_count; i++)
        if (shot->thread[i].tid == tid)
            return &shot->thread[i];
    return NULL;
}

/* What differs between two looks at one thread; NULL: nothing. Static. */
static const char *difference(const struct thread_shot *a,
                              const struct thread_shot *b, bool woken)
{
    if (b->state == 'R')
        return woken ? NULL : "runs";
    if (a->call != b->call || a->sp != b->sp || a->pc != b->pc ||
        memcmp(a->args, b->args, sizeof(a->args)) != 0)
        return "is in another system call";
    if (!woken && (a->voluntary != b->voluntary || a->forced != b->forced))
        return "has run: its count of context switches is another one";
    if (a->state != b->state)
        return "is in another state";
    return NULL;
}

/* What lives beside a part may kill it. So an end counts only if it was the
 * process's own; where no witness would have heard it, it counts. */
static bool was_killed(const struct falsify *f, const struct snapshot *now,
                       const struct family *family, pid_t pid)
{
    const struct process_shot *process = snapshot_process(now, pid);
    const struct member *member = family_find(family, pid);

    if (f->part == NULL)
        return false;
    if (process != NULL && process->ended && process->exit_code != -1)
        return (process->exit_code & 0x7f) != 0;
    if (process != NULL && !process->ended)
        return false;
    return member != NULL && (member->end == END_KILLED ||
                              (f->hears_exits && member->end != END_EXIT));
}

/* What has moved of one thread of the proof; NULL: nothing. Static. */
static const char *thread_moved(const struct falsify *f,
                                const struct snapshot *now, size_t index,
                                const struct family *family)
{
    const struct thread_shot *before = &f->proof->thread[index];
    const struct thread_shot *after = same_thread(now, index, before->tid);

    if (after == NULL)
        return was_killed(f, now, family,
                          f->proof->process[before->process].pid)
                   ? NULL
                   : "has ended";
    const char *what = difference(before, after, f->woken);
    if (what == NULL && !f->woken && cpu_time(f->proof, index) != f->cpu[index])
        what = "has used CPU time";
    return what;
}

/* A thread that was not there: only the whole tree must have none. */
static const struct thread_shot *new_thread(const struct falsify *f,
                                            const struct snapshot *now)
{
    for (size_t i = 0; f->part == NULL && i < now->thread_count; i++)
        if (same_thread(f->proof, i, now->thread[i].tid) == NULL)
            return &now->thread[i];
    return NULL;
}

char *falsify_look(const struct falsify *f, const struct snapshot *now,
                   const struct family *family)
{
    for (size_t i = 0; i < f->proof->thread_count; i++) {
        const char *what =
            is_watched(f, i) ? thread_moved(f, now, i, family) : NULL;
        if (what != NULL)
            return xasprintf("thread %d (%s) %s", (int)f->proof->thread[i].tid,
                             f->proof->thread[i].name, what);
    }
    const struct thread_shot *fresh = new_thread(f, now);
    return fresh ? xasprintf("thread %d (%s) is new", (int)fresh->tid,
                             fresh->name)
                 : NULL;
}

/* ---- the report ---- */

static void note_looks(struct looks *looks, const struct snapshot *shot)
{
    looks->item = xcalloc(shot->thread_count + 1, sizeof(*looks->item));
    for (size_t i = 0; i < shot->thread_count; i++) {
        const struct thread_shot *thread = &shot->thread[i];
        struct look *look = &looks->item[looks->count++];
        *look = (struct look){.pid = shot->process[thread->process].pid,
                              .tid = thread->tid,
                              .state = thread->state,
                              .number = thread->call,
                              .sp = thread->sp,
                              .pc = thread->pc,
                              .voluntary = thread->voluntary,
                              .forced = thread->forced};
        call_waits_for(thread, &look->call);
        memcpy(look->args, thread->args, sizeof(look->args));
        memcpy(look->name, thread->name, sizeof(look->name));
    }
}

void falsify_report(const struct falsify *f, const struct snapshot *now,
                    char *moved, double after_ms, struct report *report)
{
    struct falsified *result = &report->falsified;

    result->moved = moved;
    result->after_ms = after_ms;
    result->part = f->part != NULL;
    if (moved == NULL)
        return;
    note_looks(&result->before, f->proof);
    note_looks(&result->after, now);
}

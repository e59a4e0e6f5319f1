/* SPDX-License-Identifier: MIT
 *
 * locked: what a thread waits for in futex(2), and who has it, in words; see
 * teller.h.
 */
#define _GNU_SOURCE
#include "autopsy/teller.h"

#include <stdlib.h>
#include <string.h>

/* What the thread with this report does, in short: ", now in recv". */
static char *now_in(const struct thread_report *report)
{
    if (report == NULL || report->function == NULL)
        return xstrdup("");
    if (report->script_frames > 0 && report->file != NULL && report->line > 0)
        return xasprintf(", now at %s:%d", report->file, report->line);
    return report->file && report->line
               ? xasprintf(", now in %s, called at %s:%d", report->function,
                           report->file, report->line)
               : xasprintf(", now in %s", report->function);
}

static const struct thread_report *report_of(const struct teller *t,
                                             const struct thread_shot *thread)
{
    return thread_report_of(t->x, (size_t)(thread - t->shot->thread));
}

/* The owner among the threads of the snapshot, by our number for it: report
 * owners have the outer numbers only later. NULL: it is none of them. */
static const struct thread_shot *owner_thread(const struct teller *t)
{
    const struct process_shot *process = &t->shot->process[t->thread->process];

    for (size_t i = 0; i < t->shot->thread_count; i++)
        if (t->shot->thread[i].tid == t->seen->owner &&
            t->seen->owner_is != OWNER_PROCESS)
            return &t->shot->thread[i];
    return snapshot_thread_by_nspid(t->shot, process, t->seen->owner);
}

/* "healthy (pid 14420)": the process outside that has mapped the lock, and has
 * the thread with the number of the owner. NULL: none is known, or it has the
 * numbers of another PID namespace. */
static char *sharing_owner(const struct teller *t)
{
    const struct process_shot *process = &t->shot->process[t->thread->process];
    char text[8];

    if (t->thread->reach == REACH_PROCESS || process->nspid != process->pid)
        return NULL;
    for (size_t i = 0; i < t->seen->other_count; i++) {
        const struct other *other = &t->seen->others[i];
        if (proc_read(text, sizeof(text), "/proc/%d/task/%d/comm",
                      (int)other->pid, (int)t->seen->owner) > 0)
            return who(t, other->pid, other->name);
    }
    return NULL;
}

static char *owner_text(const struct teller *t)
{
    const struct thread_shot *owner = owner_thread(t);
    int tid = (int)t->seen->owner;
    char *now = owner ? now_in(report_of(t, owner)) : xstrdup("");
    char *text = NULL, *name = NULL;

    switch (t->seen->owner_is) {
    case OWNER_SELF:
        text = xstrdup(", which it has locked itself");
        break;
    case OWNER_FORKER:
        text = xstrdup(", locked by the thread that called fork: that is this "
                       "one under its old number");
        break;
    case OWNER_VANISHED:
        if (owner != NULL)
            name = who(t, t->shot->process[owner->process].pid, "");
        text = name ? xasprintf(", locked by thread %d of %s%s: fork copied "
                                "the lock, not the thread",
                                (int)owner->tid, name, now)
                    : xasprintf(", locked by thread %d, which fork did not "
                                "copy",
                                tid);
        break;
    case OWNER_THREAD:
        text =
            xasprintf(", locked by thread %d%s", owner ? owner->tid : tid, now);
        break;
    case OWNER_PROCESS:
        if (owner != NULL)
            name = who(t, t->shot->process[owner->process].pid, "");
        text =
            xasprintf(", locked by %s%s", name ? name : "another process", now);
        break;
    case OWNER_DEAD:
        name = sharing_owner(t);
        text = name ? xasprintf(", locked by thread %d of %s", tid, name)
                    : xasprintf(", locked by thread %d, which is not in this "
                                "process",
                                tid);
        break;
    default:
        text = xstrdup("");
    }
    free(now);
    free(name);
    return text;
}

static char *join_text(const struct teller *t)
{
    const struct thread_shot *owner = owner_thread(t);
    char *now = owner ? now_in(report_of(t, owner)) : xstrdup("");
    char *text = t->seen->owner != 0
                     ? xasprintf("waits for the end of thread %d%s",
                                 owner ? owner->tid : (int)t->seen->owner, now)
                     : xstrdup("waits for the end of a thread");

    free(now);
    return text;
}

/* Is it called something, rather than by the name of a variable? */
static bool has_article(const char *object)
{
    return object != NULL &&
           (strncmp(object, "the ", 4) == 0 || strncmp(object, "a ", 2) == 0);
}

bool is_lock_of_script(const struct teller *t)
{
    return waits_is_lock(t->seen->waits) && t->thread->wait != WAIT_FUTEX &&
           t->thread->wait != WAIT_LOCK;
}

char *lock_text(const struct teller *t)
{
    const struct thread_report *seen = t->seen;
    const char *word = waits_word(seen->waits);
    bool named = seen->object != NULL;
    char *text;

    if (seen->waits == WAITS_JOIN)
        return join_text(t);
    if (seen->waits == WAITS_ONCE)
        text = xasprintf("waits until the %s of %s is done",
                         seen->function && strstr(seen->function, "guard")
                             ? "initialisation"
                             : "first call",
                         named ? seen->object : "an initialiser");
    else if (seen->waits == WAITS_LIBRARY_LOCK || seen->waits == WAITS_FUTEX ||
             word == NULL)
        text = xasprintf("waits for %s", named ? seen->object
                                         : seen->waits == WAITS_LIBRARY_LOCK
                                             ? "a lock of the C library"
                                             : "a futex word");
    else if (has_article(seen->object))
        text = xasprintf("waits for %s", seen->object);
    else
        text = xasprintf("waits for the %s%s%s", word, named ? " " : "",
                         named ? seen->object : "");
    if (seen->waits == WAITS_LIBRARY_LOCK && seen->function != NULL)
        append(&text, xasprintf(", in %s", seen->function));
    if (seen->waits == WAITS_FUTEX && !named && seen->detail != NULL)
        append(&text, xasprintf(" %s", seen->detail));
    else if (seen->detail != NULL)
        append(&text, xasprintf(" (%s)", seen->detail));
    append(&text, owner_text(t));
    return text;
}

/* The process that this one is a copy of, and that has more threads; or NULL.
 */
static const struct process_shot *copied_from(const struct teller *t)
{
    const struct process_shot *copy = &t->shot->process[t->thread->process];
    const struct process_shot *parent = snapshot_process(t->shot, copy->parent);

    return parent != NULL && parent->thread_count > copy->thread_count &&
                   snapshot_compare_programs(copy, parent) == PROGRAM_SAME
               ? parent
               : NULL;
}

/* "; it has no other thread, while parent (pid 812) ...". */
static char *copied_text(const struct teller *t,
                         const struct process_shot *parent, const char *what)
{
    char *name = who(t, parent->pid, parent->name);
    char *text = xasprintf("; it has no other thread, while %s, which it was "
                           "forked from, has %zu: fork copies %s",
                           name, parent->thread_count, what);

    free(name);
    return text;
}

char *descriptor_threads_text(const struct teller *t)
{
    const struct process_shot *process = &t->shot->process[t->thread->process];
    const struct process_shot *parent = copied_from(t);

    for (size_t i = 0; i < t->seen->other_count; i++)
        if (t->seen->others[i].pid != process->pid)
            return xstrdup("");
    return parent != NULL && process->thread_count == 1 &&
                   others_are_known(t->thread)
               ? copied_text(t, parent, "no other threads")
               : xstrdup("");
}

/* Who could release it, where the lock names nobody. */
char *threads_text(const struct teller *t)
{
    const struct process_shot *process = &t->shot->process[t->thread->process];
    const struct process_shot *parent = copied_from(t);
    char *text = xstrdup("");

    if (t->thread->reach != REACH_PROCESS) {
        char *others = others_text(t, false);
        append(&text, others[0]
                          ? xasprintf("; it lies in memory that is also "
                                      "mapped in %s",
                                      others)
                          : xstrdup(t->shot->hidden_count > 0
                                        ? "; it lies in memory that other "
                                          "processes may have mapped"
                                        : "; it lies in memory that other "
                                          "processes may map, but none has "
                                          "now"));
        free(others);
        return text;
    }
    if (process->memory_outside) {
        char *others = others_text(t, false);
        append(&text, xasprintf("; its memory is also that of %s", others));
        free(others);
    } else if (process->shares_memory) {
        append(&text, xstrdup("; another process runs in the same memory"));
    } else if (process->thread_count == 1 && parent != NULL) {
        append(&text, copied_text(t, parent, "locks, not threads"));
    } else if (process->thread_count == 1) {
        append(&text, xstrdup("; it has no other thread"));
    }
    return text;
}

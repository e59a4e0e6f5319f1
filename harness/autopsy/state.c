/* SPDX-License-Identifier: MIT
 *
 * state: what a thread does or waits for, and what could wake it, in one
 * sentence, see explainer.h. For processes that we did not start, proof or not:
 * nothing is said here that was not read from the kernel or from the process.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "autopsy/explainer.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "report/findings.h"

struct teller {
    const struct explainer *x;
    const struct snapshot *shot;
    const struct thread_shot *thread;
    const struct thread_report *seen;
    size_t index;
};

/* Appends to *text, and frees `more`. */
static void append(char **text, char *more)
{
    char *longer = xasprintf("%s%s", *text, more);

    free(*text);
    free(more);
    *text = longer;
}

/* "child (pid 4711)", or "sleep (pid 24247)" of one that is not looked at. */
static char *who(const struct teller *t, pid_t pid, const char *name)
{
    const struct process_report *process = report_process(t->x->report, pid);

    if (process != NULL && process->inner_pid != pid && process->inner_pid != 0)
        return xasprintf("%s (pid %d, inside %d)", process->role, (int)pid,
                         (int)process->inner_pid);
    return xasprintf("%s (pid %d)", process ? process->role : name, (int)pid);
}

/* ---- what others do ---- */

/* "is running", "is in wait4": of a process of the snapshot, where all of its
 * threads do the same; NULL otherwise. */
static char *doing(const struct snapshot *shot,
                   const struct process_shot *process)
{
    const struct thread_shot *first = &shot->thread[process->first_thread];

    if (process->thread_count == 0)
        return NULL;
    for (size_t i = 1; i < process->thread_count; i++)
        if (first[i].call != first->call || first[i].state != first->state)
            return NULL;
    if (first->state == 'R' || first->wait == WAIT_NOTHING)
        return xstrdup("is running");
    if (first->wait == WAIT_STOPPED)
        return xstrdup("is stopped");
    return first->call_name ? xasprintf("is in %s", first->call_name) : NULL;
}

/* The same of a process outside, as it is now. */
static char *doing_outside(pid_t pid)
{
    struct snapshot shot;
    char *text = NULL;

    snapshot_one(&shot, pid);
    for (size_t i = 0; i < shot.thread_count; i++)
        shot.thread[i].wait =
            call_waits_for(&shot.thread[i], &shot.thread[i].call_name);
    if (shot.process_count == 1)
        text = doing(&shot, &shot.process[0]);
    snapshot_free(&shot);
    return text;
}

/* " as fd 3, which is in wait4". */
static void append_other(const struct teller *t, const struct other *other,
                         char **text)
{
    const struct process_shot *process = snapshot_process(t->shot, other->pid);
    bool itself = other->pid == t->shot->process[t->thread->process].pid;

    append(text, itself ? xstrdup("itself") : who(t, other->pid, other->name));
    if (other->fd >= 0)
        append(text, xasprintf(" as fd %d", other->fd));
    char *does = itself    ? NULL
                 : process ? doing(t->shot, process)
                           : doing_outside(other->pid);
    if (does != NULL)
        append(text, xasprintf(", which %s", does));
    free(does);
}

#define NAMED_OTHERS 3

/* "itself and sleep (pid 4712) as fd 1", of those that have the other end, or
 * with `same` a copy of the descriptor. "" where there is none. */
static char *others_text(const struct teller *t, bool same)
{
    char *text = xstrdup("");
    size_t named = 0, count = 0;

    for (size_t i = 0; i < t->seen->other_count; i++)
        count += t->seen->others[i].same_end == same;
    for (size_t i = 0; i < t->seen->other_count && named < NAMED_OTHERS; i++) {
        if (t->seen->others[i].same_end != same)
            continue;
        if (named > 0)
            append(&text, xstrdup(named + 1 == count ? ", and in " : ", in "));
        append_other(t, &t->seen->others[i], &text);
        named++;
    }
    if (count > named)
        append(&text, xasprintf(", and in %zu more", count - named));
    return text;
}

/* ---- locks ---- */

/* What the thread with this report does, in short: ", now in recv". */
static char *now_in(const struct thread_report *report)
{
    if (report == NULL || report->function == NULL)
        return xstrdup("");
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
        text = xasprintf(", locked by thread %d, which is not in this process",
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

static char *lock_text(const struct teller *t)
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

/* Who could release it, where the lock names nobody. */
static char *threads_text(const struct teller *t)
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
                          : xstrdup("; it lies in memory that other processes "
                                    "may have mapped"));
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
        char *name = who(t, parent->pid, parent->name);
        append(&text,
               xasprintf("; it has no other thread, while %s, which it was "
                         "forked from, has %zu: fork copies locks, not "
                         "threads",
                         name, parent->thread_count));
        free(name);
    } else if (process->thread_count == 1) {
        append(&text, xstrdup("; it has no other thread"));
    }
    return text;
}

/* ---- descriptors ---- */

static const char *other_end(const struct teller *t)
{
    switch (t->seen->waits) {
    case WAITS_PIPE:
    case WAITS_NAMED_PIPE:
        return waits_for_room(t->x, t->thread) ? "the read end"
                                               : "the write end";
    case WAITS_SOCKET:
        return "the other end";
    default:
        return "it";
    }
}

static char *descriptor_text(const struct teller *t)
{
    const struct thread_report *seen = t->seen;
    const char *word = waits_word(seen->waits);
    char *others = others_text(t, false), *copies = others_text(t, true);
    char *text;

    if (t->thread->call == SYS_connect)
        text = xasprintf("waits for its connection to be accepted%s%s",
                         seen->object ? ", " : "",
                         seen->object ? seen->object : "");
    else if (seen->waits == WAITS_POLL)
        text = t->thread->by_table
                   ? xstrdup("waits for an event on some of its descriptors")
                   : xasprintf("waits for an event on %zu descriptor%s",
                               t->thread->fd_count,
                               t->thread->fd_count == 1 ? "" : "s");
    else
        text = xasprintf("waits for %s %s %s%s%s",
                         waits_for_room(t->x, t->thread) ? "room in"
                         : seen->waits == WAITS_SOCKET ||
                                 seen->waits == WAITS_PIPE ||
                                 seen->waits == WAITS_NAMED_PIPE
                             ? "data or the end of"
                             : "an event on",
                         word && strchr("aeiou", word[0]) ? "an" : "a",
                         word ? word : "descriptor", seen->object ? ", " : "",
                         seen->object ? seen->object : "");
    if (others[0] != '\0' && seen->waits == WAITS_POLL)
        append(&text, xasprintf("; the other ends are open in %s", others));
    else if (others[0] != '\0')
        append(&text, xasprintf(": %s is open in %s", other_end(t), others));
    if (copies[0] != '\0')
        append(&text,
               xasprintf("; the same socket is also open in %s", copies));
    free(others);
    free(copies);
    return text;
}

static char *file_lock_text(const struct teller *t)
{
    char *others = others_text(t, false);
    char *text =
        xasprintf("waits for a file lock%s%s%s%s", t->seen->object ? ", " : "",
                  t->seen->object ? t->seen->object : "",
                  others[0] ? ", held by " : "", others);

    free(others);
    return text;
}

/* ---- processes, states ---- */

static char *child_text(const struct teller *t)
{
    pid_t own = t->shot->process[t->thread->process].pid, child = 0;
    size_t count = 0;

    for (size_t i = 0; i < t->shot->process_count; i++)
        if (t->shot->process[i].parent == own) {
            child = t->shot->process[i].pid;
            count++;
        }
    if (t->thread->child > 0)
        child = t->thread->child;
    else if (t->shot->process[t->thread->process].unasked)
        return xstrdup("waits for the end of a child"); /* it may have others */
    else if (count != 1)
        return xasprintf("waits for the end of a child, of which %zu are known",
                         count);
    char *name = who(t, child, "a child");
    char *text = xasprintf("waits for the end of %s", name);
    free(name);
    return text;
}

static char *kernel_text(const struct teller *t)
{
    const char *call = t->thread->call_name;

    if (t->thread->state == 'D')
        return xasprintf("is in an uninterruptible wait in the kernel (state "
                         "D)%s%s",
                         call ? ", in " : "", call ? call : "");
    return xasprintf("is in a system call%s%s", call ? ", " : "",
                     call ? call : "");
}

/* It wakes by itself. */
static char *time_text(const struct teller *t)
{
    const char *call = t->thread->call_name;

    if (call != NULL && strstr(call, "sleep") != NULL)
        return xasprintf("sleeps in %s", call);
    return xasprintf("waits in %s, with a time limit",
                     call ? call : "a system call");
}

static char *fact(const struct teller *t)
{
    switch (t->thread->wait) {
    case WAIT_NOTHING:
        return xstrdup("is running");
    case WAIT_TIME:
        return time_text(t);
    case WAIT_KERNEL:
        return kernel_text(t);
    case WAIT_STOPPED:
        return xstrdup("is stopped by a signal");
    case WAIT_TRACED:
        return xstrdup("is stopped by its tracer");
    case WAIT_CHILD:
    case WAIT_VFORK:
        return child_text(t);
    case WAIT_SIGNAL:
        return xstrdup("waits for a signal");
    case WAIT_CLIENT:
        return xstrdup("waits for a client");
    case WAIT_LOCK:
        return file_lock_text(t);
    case WAIT_FUTEX:
        return lock_text(t);
    case WAIT_FDS:
        return descriptor_text(t);
    default:
        return xasprintf("waits in %s", t->thread->call_name
                                            ? t->thread->call_name
                                            : "a system call");
    }
}

/* ---- who could wake it ---- */

/* "HUP, TERM": the signals of a set; those of a fault only if there are no
 * others. */
#define SIGNALS_SHOWN 6

static char *signal_list(uint64_t set)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    char *text = xstrdup("");
    uint64_t rest = set;

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        rest &= ~(1ULL << (faults[i] - 1));
    int shown = 0, left = 0;

    if (rest != 0)
        set = rest;
    for (int i = 1; i <= 64; i++) {
        if (!(set & (1ULL << (i - 1))))
            continue;
        if (shown++ >= SIGNALS_SHOWN) {
            left++;
            continue;
        }
        const char *name = signal_name(i);
        append(&text,
               xasprintf("%s%s", text[0] ? ", " : "",
                         strncmp(name, "SIG", 3) == 0 ? name + 3 : name));
    }
    if (left > 0)
        append(&text, xasprintf(" and %d more", left));
    return text;
}

/* A thread of the same process that is not only waiting for a signal; or NULL.
 */
static const struct thread_shot *live_sibling(const struct teller *t)
{
    const struct process_shot *process = &t->shot->process[t->thread->process];

    for (size_t i = 0; i < process->thread_count; i++) {
        size_t index = process->first_thread + i;
        const char *help = t->x->diagnosis->help[index];
        if (index != t->index && help != NULL && !autopsy_help_is_signal(help))
            return &t->shot->thread[index];
    }
    return NULL;
}

/* Can this thread be woken by nothing but a signal, or by another thread of its
 * process? */
static bool waits_inside(const struct teller *t, size_t index)
{
    const struct thread_shot *thread = &t->shot->thread[index];
    const char *help = t->x->diagnosis->help[index];

    return thread->wait == WAIT_FUTEX && thread->reach == REACH_PROCESS &&
           (help == NULL || autopsy_help_is_signal(help));
}

/* Does nothing else than a signal come into question, for the whole process? */
static bool only_signals(const struct teller *t)
{
    const struct process_shot *process = &t->shot->process[t->thread->process];

    if (process->shares_memory || process->memory_outside)
        return false;
    for (size_t i = 0; i < process->thread_count; i++)
        if (!waits_inside(t, process->first_thread + i))
            return false;
    return true;
}

static char *signals_text(const struct teller *t)
{
    uint64_t set = autopsy_handled(t->shot, t->thread->process);
    char *list = signal_list(set);
    char *text = set == 0
                     ? xstrdup("")
                     : xasprintf(only_signals(t)
                                     ? "; only a signal could wake it: it "
                                       "handles %s"
                                     : "; a signal could wake it: it handles "
                                       "%s",
                                 list);

    free(list);
    return text;
}

/* Was every process looked into, and has none of them the eventfd or the like
 * that the thread waits for? */
static bool is_alone_with_it(const struct teller *t)
{
    return t->thread->wait == WAIT_FDS && t->shot->hidden_count == 0 &&
           t->seen->other_count == 0 &&
           (t->seen->waits == WAITS_EVENTFD ||
            t->seen->waits == WAITS_TIMERFD) &&
           t->thread->fd_count == 1 &&
           t->shot->waited_on[t->thread->first_fd].fd >= 0;
}

static char *nobody_else(const struct teller *t)
{
    char *signals = signals_text(t);
    char *text = xasprintf("; no other process has it open%s", signals);

    free(signals);
    return text;
}

/* Some could not be looked into. */
static char *hidden_text(const struct teller *t)
{
    const bool one = t->shot->hidden_count == 1;
    char *signals = signals_text(t);
    char *text = xasprintf("; %zu other process%s may not be looked into, and "
                           "could have the other end%s",
                           t->shot->hidden_count, one ? "" : "es", signals);

    free(signals);
    return text;
}

/* What stands in the way of a proof, beside what was named already. */
static char *waker(const struct teller *t)
{
    const char *help = t->x->diagnosis->help[t->index];
    const struct thread_shot *sibling =
        t->thread->wait == WAIT_FUTEX ? live_sibling(t) : NULL;
    const size_t siblings =
        t->shot->process[t->thread->process].thread_count - 1;

    switch (t->thread->wait) {
    case WAIT_NOTHING:
    case WAIT_TIME:
    case WAIT_KERNEL:
    case WAIT_STOPPED:
    case WAIT_TRACED:
        return xstrdup("");
    case WAIT_SIGNAL:
        return xasprintf("; %s", help ? help : "any may wake it");
    default:
        break;
    }
    if (sibling != NULL)
        return xasprintf("; its thread %d (%s) may wake it", (int)sibling->tid,
                         sibling->name);
    if (t->thread->wait == WAIT_FUTEX && t->seen->waits != WAITS_JOIN &&
        siblings > 0 && !only_signals(t))
        return xasprintf("; its other thread%s may wake it, if %s can go on",
                         siblings == 1 ? "" : "s",
                         siblings == 1 ? "that one" : "one of them");
    if (help == NULL || autopsy_help_is_signal(help)) {
        char *signals = signals_text(t);
        if (signals[0] != '\0' || help == NULL)
            return signals;
        free(signals);
    }
    if (t->seen->other_count > 0 && !autopsy_help_is_signal(help))
        return t->thread->wait == WAIT_FDS ? signals_text(t) : xstrdup("");
    if (is_alone_with_it(t))
        return nobody_else(t);
    if (t->thread->wait == WAIT_FDS && t->shot->hidden_count > 0)
        return hidden_text(t);
    return xasprintf("; %s", help);
}

char *state_sentence(const struct explainer *x, size_t index,
                     const struct thread_report *report)
{
    const struct teller t = {.x = x,
                             .shot = x->shot,
                             .thread = &x->shot->thread[index],
                             .seen = report,
                             .index = index};
    const struct process_report *process =
        report_process(x->report, x->shot->process[t.thread->process].pid);
    char *text = xstrdup(process ? process->role : "a process");

    if (process != NULL && thread_has_own_name(x->report, process, report))
        append(&text, xasprintf(", thread %s,", report->name));
    append(&text, xstrdup(" "));
    append(&text, fact(&t));
    bool told =
        t.seen->owner_is != OWNER_NONE && t.seen->owner_is != OWNER_UNKNOWN &&
        (t.thread->reach == REACH_PROCESS || t.seen->owner_is != OWNER_DEAD);
    if (t.thread->wait == WAIT_FUTEX && t.seen->waits != WAITS_JOIN && !told)
        append(&text, threads_text(&t));
    append(&text, waker(&t));
    return text;
}

/* SPDX-License-Identifier: MIT
 *
 * state: what a thread does or waits for, and what could wake it, in one
 * sentence, see explainer.h. For processes that we did not start, proof or not:
 * nothing is said here that was not read from the kernel or from the process.
 */
#define _GNU_SOURCE
#include "autopsy/teller.h"

#include <stdlib.h>
#include <string.h>

#include "linux/syscalls.h"
#include "report/findings.h"

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

/* Does it send by a socket that may have another receiver each time? That one
 * stands beside it among what is waited for. */
static bool is_datagram(const struct teller *t)
{
    const struct waited_on *on = &t->shot->waited_on[t->thread->first_fd];

    return t->thread->for_write && !t->thread->by_table &&
           t->thread->fd_count > 0 && on->fd == (int)t->thread->args[0] &&
           t->shot->objects[on->object].datagram;
}

static char *several_text(const struct thread_shot *thread)
{
    if (thread->by_table)
        return xstrdup("waits for an event on some of its descriptors");
    return xasprintf("waits for an event on %zu descriptor%s", thread->fd_count,
                     thread->fd_count == 1 ? "" : "s");
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
    else if (is_datagram(t))
        text = xasprintf("waits for room at the receiver of its datagrams, fd "
                         "%d",
                         (int)t->thread->args[0]);
    else if (seen->waits == WAITS_POLL)
        text = several_text(t->thread);
    else
        text = xasprintf(
            "waits for %s %s %s%s%s%s%s",
            waits_for_room(t->x, t->thread) ? "room in"
            : seen->waits == WAITS_SOCKET || seen->waits == WAITS_PIPE ||
                    seen->waits == WAITS_NAMED_PIPE
                ? "data or the end of"
                : "an event on",
            word && strchr("aeiou", word[0]) ? "an" : "a",
            word ? word : "descriptor", seen->object ? ", " : "",
            seen->object ? seen->object : "", seen->detail ? ", " : "",
            seen->detail ? seen->detail : "");
    if (others[0] != '\0' && seen->waits == WAITS_POLL)
        append(&text, xasprintf("; %s open in %s",
                                is_datagram(t) ? "the receiver is"
                                               : "the other ends are",
                                others));
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
    if (t->seen->detail != NULL)
        return xasprintf("is in %s, %s: of those no more is read",
                         t->seen->function, t->seen->detail);
    return xasprintf("is in a system call%s%s", call ? ", " : "",
                     call ? call : "");
}

/* It wakes by itself. */
static char *time_text(const struct teller *t)
{
    const char *call = t->thread->call_name;

    if (call != NULL && strstr(call, "sleep") != NULL)
        return xasprintf("sleeps in %s", call);
    if (t->seen->object != NULL)
        return xasprintf("waits for %s, with a time limit", t->seen->object);
    return xasprintf("waits in %s, with a time limit",
                     call ? call : "a system call");
}

static char *fact(const struct teller *t)
{
    if (is_lock_of_script(t))
        return lock_text(t);
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
    if (t.thread->wait == WAIT_FDS && !is_lock_of_script(&t))
        append(&text, descriptor_threads_text(&t));
    append(&text, waker(&t));
    return text;
}

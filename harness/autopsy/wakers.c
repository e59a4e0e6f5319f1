/* SPDX-License-Identifier: MIT
 *
 * wakers: who could wake a thread, in words; see teller.h.
 */
#define _GNU_SOURCE
#include "autopsy/teller.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

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
    const struct thread_shot *all = t->shot->thread;
    const char *help = t->x->diagnosis->help[index];

    return all != NULL && all[index].wait == WAIT_FUTEX &&
           all[index].reach == REACH_PROCESS &&
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

/* Of a thread that waits for nothing else. */
static char *awaited_text(const struct teller *t, const char *help)
{
    char *list = signal_list(autopsy_handled(t->shot, t->thread->process));
    char *text = list[0] != '\0'
                     ? xasprintf("; it handles %s", list)
                     : xasprintf("; %s", help ? help : "any may wake it");

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

/* Is it a pipe or a socket, rather than an eventfd or the like? */
static bool has_ends(const struct teller *t)
{
    return t->seen->waits == WAITS_PIPE || t->seen->waits == WAITS_NAMED_PIPE ||
           t->seen->waits == WAITS_SOCKET || t->seen->waits == WAITS_POLL;
}

/* Some could not be looked into. */
static char *hidden_text(const struct teller *t)
{
    const bool one = t->shot->hidden_count == 1;
    char *signals = signals_text(t);
    char *name = one ? xasprintf("%s (pid %d)", t->shot->hidden_name,
                                 (int)t->shot->hidden)
                     : xasprintf("%zu other processes", t->shot->hidden_count);
    char *text =
        xasprintf("; %s may not be looked into, and could have %s%s", name,
                  has_ends(t) ? "the other end" : "it open, too", signals);

    free(name);
    free(signals);
    return text;
}

/* What stands in the way of a proof, beside what was named already. */
char *waker(const struct teller *t)
{
    const char *help = t->x->diagnosis->help[t->index];
    const struct thread_shot *sibling =
        t->thread->wait == WAIT_FUTEX ? live_sibling(t) : NULL;
    const size_t siblings =
        t->shot->process[t->thread->process].thread_count - 1;

    if (is_lock_of_script(t))
        return signals_text(t);
    switch (t->thread->wait) {
    case WAIT_NOTHING:
    case WAIT_TIME:
    case WAIT_KERNEL:
    case WAIT_STOPPED:
    case WAIT_TRACED:
        return xstrdup("");
    case WAIT_SIGNAL:
        return awaited_text(t, help);
    default:
        break;
    }
    /* The sentence has named who has to. */
    const bool named =
        t->seen->waits == WAITS_JOIN || t->seen->owner_is == OWNER_THREAD;
    if (sibling != NULL && !named)
        return xasprintf("; its thread %d (%s) may wake it", (int)sibling->tid,
                         sibling->name);
    if (t->thread->wait == WAIT_FUTEX && !named && siblings > 0 &&
        !only_signals(t))
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
    if (named)
        return xstrdup("");
    if (is_alone_with_it(t))
        return nobody_else(t);
    if (t->thread->wait == WAIT_FDS && t->shot->hidden_count > 0)
        return hidden_text(t);
    /* The sentence has said that it may be mapped elsewhere. */
    if (t->thread->wait == WAIT_CLIENT ||
        (t->thread->wait == WAIT_FUTEX && t->thread->reach != REACH_PROCESS))
        return signals_text(t);
    return xasprintf("; %s", help);
}

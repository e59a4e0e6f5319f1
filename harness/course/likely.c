/* SPDX-License-Identifier: MIT
 *
 * likely: see likely.h.
 */
#define _GNU_SOURCE
#include "course/likely.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* ---- one difference ---- */

/* The first finding of that kind in the list, of any role if role is NULL.
 * NULL: there is none. */
static const struct fact *find(const struct facts *list, enum fact_kind kind,
                               const char *role)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].kind == kind &&
            (role == NULL || kind == FACT_LINE ||
             strcmp(list->item[i].role, role) == 0))
            return &list->item[i];
    return NULL;
}

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

/* ---- signals ---- */

static const struct {
    int number;
    const char *meaning;
} signals[] = {
    {SIGSEGV, "a bad pointer, or a stack overflow"},
    {SIGBUS, "a bad pointer, or a page that does not exist"},
    {SIGFPE, "a division by zero, or an overflow"},
    {SIGILL, "an invalid instruction"},
    {SIGABRT, "abort(), a failed assertion, or corrupted memory"},
    {SIGTRAP, "a breakpoint or trap instruction"},
    {SIGSYS, "a system call that is not allowed"},
    {SIGPIPE, "it wrote to a pipe or socket that has no reader"},
    {SIGALRM, "its own alarm went off. A time limit is not a cure: no process "
              "may get stuck"},
};

static size_t index_of_signal(int number)
{
    size_t i = 0;

    while (i < sizeof(signals) / sizeof(*signals) &&
           signals[i].number != number)
        i++;
    return i;
}

/* Is it among what Safe: does not have? */
static bool is_unexpected(const struct report *report,
                          const struct process_report *process)
{
    const char *name = signal_name(process->code);

    for (size_t i = 0; i < report->unexpected.count; i++) {
        const struct fact *one = &report->unexpected.item[i];
        if (one->kind == FACT_KILLED && strcmp(one->role, process->role) == 0 &&
            strcmp(one->operand, name) == 0)
            return true;
    }
    return false;
}

const struct process_report *likely_crashed(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++) {
        const struct process_report *process = &report->processes[i];
        if (process->end == END_KILLED && signal_is_crash(process->code) &&
            is_unexpected(report, process))
            return process;
    }
    return NULL;
}

bool likely_unseen(const struct report *report)
{
    for (size_t i = 0; i < report->missing.count; i++) {
        const struct fact *one = &report->missing.item[i];
        bool seen = one->kind != FACT_EXIT;
        for (size_t k = 0; k < report->process_count && !seen; k++)
            seen = strcmp(report->processes[k].role, one->role) == 0;
        if (!seen)
            return true;
    }
    return false;
}

static char *crash_reason(const struct report *report,
                          const struct process_report *process)
{
    const char *name = signal_name(process->code);
    const char *meaning = signals[index_of_signal(process->code)].meaning;

    if (report->check.where != NULL)
        return xasprintf("%s ended %s: %s. See \"where\".", name, process->role,
                         meaning);
    return xasprintf("%s ended %s: %s. To see where: cc -g -pthread -Ilabs "
                     "-fsanitize=address %s && ./a.out",
                     name, process->role, meaning,
                     report->check.file ? report->check.file : "FILE");
}

static char *signal_reason(const struct report *report,
                           const struct process_report *process)
{
    const char *name = signal_name(process->code);
    size_t i = index_of_signal(process->code);

    if (process->code == SIGKILL && report->out_of_memory)
        return xasprintf("%s uses more and more memory: look for a loop that "
                         "allocates, or a wrong size.",
                         process->role);
    if (signal_limit(process->code) != NULL)
        return xasprintf(
            process->code == SIGXFSZ
                ? "%s writes too much, or at a wrong offset: is there an "
                  "endless loop?"
                : "%s uses too much CPU time: is there an endless loop?",
            process->role);
    if (i < sizeof(signals) / sizeof(*signals))
        return xasprintf("%s ended %s: %s.", name, process->role,
                         signals[i].meaning);
    return xasprintf("%s ended %s. Killing the stuck process and trying again "
                     "is not a cure: no process may get stuck.",
                     name, process->role);
}

/* Which process was ended by a signal that Safe: does not ask for; NULL if
 * nobody was. */
static char *killed_reason(const struct report *report)
{
    const struct process_report *crashed = likely_crashed(report);

    if (crashed != NULL)
        return crash_reason(report, crashed);
    if (report->check.crash != 0)
        return xasprintf(
            "%s ended %s: %s. See \"where\".", signal_name(report->check.crash),
            report->check.crashed[0] ? report->check.crashed : "a process",
            signals[index_of_signal(report->check.crash)].meaning);
    for (size_t i = 0; i < report->process_count; i++)
        if (report->processes[i].end == END_KILLED &&
            is_unexpected(report, &report->processes[i]))
            return signal_reason(report, &report->processes[i]);
    return NULL;
}

/* ---- limits ---- */

static char *limit_reason(const struct report *report)
{
    if (strstr(report->limit, "process") != NULL)
        return xstrdup(
            "it creates processes without end: a child continues the loop that "
            "calls fork(). The child must leave it with _exit().");
    return xstrdup("it writes without end: look for an endless loop, or one "
                   "that reports the same error again and again.");
}

static char *deadline_reason(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++)
            if (report->processes[i].threads[k].spins)
                return xstrdup(
                    "an endless loop: \"where\" is in it. The condition that "
                    "it polls never becomes true. Wait for an event instead.");
    if (report->verdict == VERDICT_NO_PROGRESS)
        return xstrdup(
            "it did not end in time: it sleeps, or waits for something that "
            "never happens. Wait for an event instead.");
    return xstrdup("it did not end in time: look for a polling loop or a "
                   "sleep. Wait for an event instead.");
}

/* ---- findings ---- */

typedef char *teller(const struct fact *one);

static char *tell_socket(const struct fact *one)
{
    bool half = strcmp(one->operand, "CLOSE_WAIT") == 0;
    bool listens = strcmp(one->operand, "LISTEN") == 0;

    if (listens)
        return xasprintf("%s still listens on a socket: every process that has "
                         "a copy must close it.",
                         one->role);
    return xasprintf("%s still holds %d TCP connection%s %s: close() it in "
                     "every process that has a copy.",
                     one->role, one->count, plural(one->count),
                     half ? "whose peer has closed its end (CLOSE_WAIT)"
                          : one->operand);
}

static char *tell_zombie(const struct fact *one)
{
    return xasprintf("%d child%s of %s ended, and no process waited for %s "
                     "(zombie): %s must call waitpid(), or set SA_NOCLDWAIT.",
                     one->count, one->count == 1 ? "" : "ren", one->role,
                     one->count == 1 ? "it" : "them", one->role);
}

static char *tell_descriptor(const struct fact *one)
{
    return xasprintf("%d descriptor%s of %s stayed open across exec: open %s "
                     "with O_CLOEXEC, or close %s before.",
                     one->count, plural(one->count), one->role,
                     one->count == 1 ? "it" : "them",
                     one->count == 1 ? "it" : "them");
}

static char *tell_left(const struct fact *one)
{
    return xasprintf("%s was left behind: it was still alive after the first "
                     "process had ended. Wait for it.",
                     one->role);
}

static char *tell_connection(const struct fact *one)
{
    if (fact_is_shared(one))
        return xasprintf("the server saw %s use the same connection: each "
                         "process needs its own.",
                         one->operand);
    return xasprintf("the server saw an unexpected connection of %s.",
                     one->operand);
}

static char *tell_hang(const struct fact *one)
{
    return xasprintf("%s waits in %s, and nothing can end that wait.",
                     one->role, one->operand);
}

static char *tell_idle(const struct fact *one)
{
    return xasprintf("%s still waits for a client in %s: it should end.",
                     one->role, one->operand);
}

static char *tell_gone(const struct fact *one)
{
    return xasprintf("%s was killed; by which signal is not known.", one->role);
}

static char *tell_exit(const struct report *report, const struct fact *one)
{
    const struct fact *wanted = find(&report->missing, FACT_EXIT, one->role);

    if (wanted != NULL)
        return xasprintf("%s ends with status %s instead of %s: it takes "
                         "another path through its code than in the solution.",
                         one->role, one->operand, wanted->operand);
    return xasprintf("%s ends with status %s, which is unexpected: one process "
                     "too many, or an error in it.",
                     one->role, one->operand);
}

/* What was seen and is not in Safe:, what to look for first on top. */
static const struct {
    enum fact_kind kind;
    teller *tell;
} leftovers[] = {
    {FACT_SOCKET, tell_socket},
    {FACT_ZOMBIE, tell_zombie},
    {FACT_DESCRIPTOR, tell_descriptor},
    {FACT_LEFT_BEHIND, tell_left},
    {FACT_CONNECTION, tell_connection},
    {FACT_HANG, tell_hang},
    {FACT_GONE, tell_gone},
    {FACT_IDLE, tell_idle},
};

static char *leftover_reason(const struct report *report)
{
    for (size_t i = 0; i < sizeof(leftovers) / sizeof(*leftovers); i++) {
        const struct fact *one =
            find(&report->unexpected, leftovers[i].kind, NULL);
        if (one != NULL)
            return leftovers[i].tell(one);
    }
    return NULL;
}

static char *end_reason(const struct report *report)
{
    const struct fact *one = find(&report->unexpected, FACT_EXIT, NULL);

    return one != NULL ? tell_exit(report, one) : NULL;
}

/* A finding of Safe: that was not seen. */
static char *missing_reason(const struct report *report)
{
    const struct fact *one;

    if (report->missing.count == 0)
        return NULL;
    if ((one = find(&report->missing, FACT_EXIT, NULL)) != NULL)
        return xasprintf("%s does not exit with status %s: is it created, and "
                         "does it do its work?",
                         one->role, one->operand);
    if ((one = find(&report->missing, FACT_IDLE, NULL)) != NULL)
        return xasprintf("%s should be waiting for the next client in %s at "
                         "the end, but is not.",
                         one->role, one->operand);
    if ((one = find(&report->missing, FACT_CONNECTION, NULL)) != NULL)
        return xasprintf("the server saw no connection used by %s%s: the "
                         "queries were not sent.",
                         one->operand, fact_is_shared(one) ? "" : " alone");
    one = &report->missing.item[0];
    return one->kind == FACT_LINE
               ? xasprintf("an expected line of the program is missing: %s.",
                           one->text)
               : xasprintf("expected of %s, but not seen: %s%s%s.", one->role,
                           fact_word(one->kind), one->operand[0] ? " " : "",
                           one->operand);
}

/* ---- lines ---- */

/* Is the lab about a lock? Then its hazard is a wait for one. */
static bool is_about_a_lock(const struct lab *lab)
{
    for (size_t i = 0; i < lab->hazard.count; i++) {
        const struct fact *fact = &lab->hazard.item[i];
        if (fact->kind == FACT_HANG && strstr(fact->operand, "lock") != NULL)
            return true;
    }
    return false;
}

/* Without their numbers, are they the same? */
static bool same_but_numbers(const char *one, const char *other)
{
    while (*one != '\0' || *other != '\0') {
        one += strspn(one, "0123456789");
        other += strspn(other, "0123456789");
        if (*one != *other)
            return false;
        one += *one != '\0';
        other += *other != '\0';
    }
    return true;
}

/* How many bytes they share at their start and at their end. */
static size_t likeness(const char *one, const char *other)
{
    size_t a = strlen(one), b = strlen(other), start = 0, end = 0;

    while (start < a && start < b && one[start] == other[start])
        start++;
    while (end < a - start && end < b - start &&
           one[a - end - 1] == other[b - end - 1])
        end++;
    return start + end;
}

/* The unexpected line that is most like the wanted one, at least by half. */
static const struct fact *find_like(const struct report *report,
                                    const char *wanted)
{
    const struct fact *found = NULL;
    size_t best = 0;

    for (size_t i = 0; i < report->unexpected.count; i++) {
        const struct fact *one = &report->unexpected.item[i];
        size_t like = likeness(one->text, wanted);
        if (one->kind != FACT_LINE || like <= best || like * 2 < strlen(wanted))
            continue;
        best = like;
        found = one;
    }
    return found;
}

static char *line_reason(const struct report *report, const struct lab *lab)
{
    const struct fact *wanted = find(&report->missing, FACT_LINE, NULL);
    const struct fact *seen = find(&report->unexpected, FACT_LINE, NULL);

    if (wanted == NULL) {
        if (seen == NULL)
            return NULL;
        return xasprintf("the line \"%s\" is written %s than expected.",
                         seen->text,
                         seen->count > 1 ? "more often" : "once more");
    }
    seen = find_like(report, wanted->text);
    if (seen == NULL)
        return xasprintf("the line \"%s\" is missing: the part of the program "
                         "that writes it does not run.",
                         wanted->text);
    bool numbers = same_but_numbers(seen->text, wanted->text);
    return xasprintf(
        "it says \"%s\" where \"%s\" was expected: %s.", seen->text,
        wanted->text,
        numbers && is_about_a_lock(lab)
            ? "the lock was not held, so a half-finished change was visible"
        : numbers ? "part of the work is missing, or done twice"
                  : "the expected output is worded differently, or other work "
                    "is done");
}

/* ---- all of it ---- */

char *likely_broken(const struct report *report, const struct lab *lab)
{
    char *reason = NULL;

    if (report->limit != NULL)
        return limit_reason(report);
    if (report->verdict == VERDICT_HANG)
        return xstrdup(
            "your change added a wait that nothing can end: see \"where\".");
    reason = killed_reason(report);
    if (reason == NULL && (report->verdict == VERDICT_RUNNING ||
                           report->verdict == VERDICT_NO_PROGRESS))
        reason = deadline_reason(report);
    if (reason == NULL && report->output_kept < report->output_bytes)
        reason = xstrdup("it writes far more than the lab: look for a loop "
                         "that prints the same line again and again.");
    if (reason == NULL)
        reason = leftover_reason(report);
    if (reason == NULL)
        reason = line_reason(report, lab);
    if (reason == NULL)
        reason = end_reason(report);
    if (reason == NULL)
        reason = missing_reason(report);
    if (reason == NULL && report->reason != NULL)
        reason = xstrdup("a part of the lab is missing, see \"reason\": a cure "
                         "does all of the lab's work.");
    return reason ? reason
                  : xstrdup("what it does differs from Safe: see \"facts\".");
}

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
    {SIGSEGV, "a bad pointer, or a stack that is full"},
    {SIGBUS, "a bad pointer, or memory that has no page"},
    {SIGFPE, "a division by zero, or one that does not fit"},
    {SIGILL, "no instruction stands there"},
    {SIGABRT, "abort(), an assertion that is false, or broken memory"},
    {SIGTRAP, "a trap in the code"},
    {SIGSYS, "a system call that is not allowed"},
    {SIGPIPE, "it wrote to a pipe or socket that nobody reads"},
    {SIGALRM,
     "its own alarm went off. To wait for a time is no cure: nobody may get "
     "stuck"},
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
        return xasprintf("%s ends %s: %s. \"where\" is the place.", name,
                         process->role, meaning);
    return xasprintf("%s ends %s: %s. To see where: cc -g -pthread -Ilabs "
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
        return xasprintf(
            "%s takes more and more memory: a loop that allocates, "
            "or a size that is wrong.",
            process->role);
    if (signal_limit(process->code) != NULL)
        return xasprintf(process->code == SIGXFSZ
                             ? "%s writes too much, or at a wrong offset: a "
                               "loop that is never left?"
                             : "%s computes too long: a loop that is never "
                               "left?",
                         process->role);
    if (i < sizeof(signals) / sizeof(*signals))
        return xasprintf("%s ends %s: %s.", name, process->role,
                         signals[i].meaning);
    return xasprintf("%s ends %s. To kill who is stuck, and to try again, is "
                     "no cure: nobody may get stuck.",
                     name, process->role);
}

/* Who was ended by a signal that Safe: does not ask for; NULL if nobody was. */
static char *killed_reason(const struct report *report)
{
    const struct process_report *crashed = likely_crashed(report);

    if (crashed != NULL)
        return crash_reason(report, crashed);
    if (report->check.crash != 0)
        return xasprintf("%s ends %s: %s. \"where\" is the place.",
                         signal_name(report->check.crash),
                         report->check.crashed[0] ? report->check.crashed
                                                  : "a process",
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
        return xstrdup("it makes processes without end: a child goes on in the "
                       "loop that calls fork(). It must leave, by _exit().");
    return xstrdup("it writes without end: a loop that is never left, or that "
                   "says the same error again and again.");
}

static char *deadline_reason(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++)
            if (report->processes[i].threads[k].spins)
                return xstrdup("a loop that does not end: \"where\" is in it. "
                               "What it waits for does not come. Wait for an "
                               "event instead.");
    if (report->verdict == VERDICT_NO_PROGRESS)
        return xstrdup("it was not done in time: it sleeps, or waits for what "
                       "does not come. Wait for an event instead.");
    return xstrdup("it was not done in time: a loop that waits, or a sleep. "
                   "Wait for an event instead.");
}

/* ---- findings ---- */

typedef char *teller(const struct fact *one);

static char *tell_socket(const struct fact *one)
{
    bool half = strcmp(one->operand, "CLOSE_WAIT") == 0;
    bool listens = strcmp(one->operand, "LISTEN") == 0;

    if (listens)
        return xasprintf("%s still listens on a socket: each process that has "
                         "a copy must close it.",
                         one->role);
    return xasprintf("%s still holds %d TCP connection%s %s: close() it in "
                     "each process that has a copy.",
                     one->role, one->count, plural(one->count),
                     half ? "whose other end has closed (CLOSE_WAIT)"
                          : one->operand);
}

static char *tell_zombie(const struct fact *one)
{
    return xasprintf("%d child%s of %s ended, and nobody waited for %s "
                     "(zombie): %s must call waitpid(), or ask for no zombies.",
                     one->count, one->count == 1 ? "" : "ren", one->role,
                     one->count == 1 ? "it" : "them", one->role);
}

static char *tell_descriptor(const struct fact *one)
{
    return xasprintf("%d descriptor%s of %s stayed open behind exec: open "
                     "%s with O_CLOEXEC, or close %s before.",
                     one->count, plural(one->count), one->role,
                     one->count == 1 ? "it" : "them",
                     one->count == 1 ? "it" : "them");
}

static char *tell_left(const struct fact *one)
{
    return xasprintf("%s was left behind: it was still alive when the first "
                     "process had ended. Wait for it.",
                     one->role);
}

static char *tell_connection(const struct fact *one)
{
    if (fact_is_shared(one))
        return xasprintf("the server saw one connection on which %s asked: "
                         "each process needs a connection of its own.",
                         one->operand);
    return xasprintf("the server saw a connection of %s that is not wanted.",
                     one->operand);
}

static char *tell_hang(const struct fact *one)
{
    return xasprintf("%s waits in %s, and nobody can end that wait.", one->role,
                     one->operand);
}

static char *tell_idle(const struct fact *one)
{
    return xasprintf("%s still waits for a client in %s: it is to end.",
                     one->role, one->operand);
}

static char *tell_gone(const struct fact *one)
{
    return xasprintf("%s ended without exit(), and nobody saw by which signal.",
                     one->role);
}

static char *tell_exit(const struct report *report, const struct fact *one)
{
    const struct fact *wanted = find(&report->missing, FACT_EXIT, one->role);

    if (wanted != NULL)
        return xasprintf("%s ends with status %s, where %s is wanted: it comes "
                         "to another end of its code than in the solution.",
                         one->role, one->operand, wanted->operand);
    return xasprintf("%s ends with status %s, which is not wanted: a process "
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
        return xasprintf("%s does not come to its exit with status %s: is it "
                         "made, and does it do its work?",
                         one->role, one->operand);
    if ((one = find(&report->missing, FACT_IDLE, NULL)) != NULL)
        return xasprintf("%s is to wait for the next client in %s at the end, "
                         "and does not.",
                         one->role, one->operand);
    if ((one = find(&report->missing, FACT_CONNECTION, NULL)) != NULL)
        return xasprintf("the server saw no connection on which %s asked%s: "
                         "the work at the server is not done.",
                         one->operand, fact_is_shared(one) ? "" : " alone");
    one = &report->missing.item[0];
    return one->kind == FACT_LINE
               ? xasprintf("what Safe: has of the program was not seen: %s.",
                           one->text)
               : xasprintf("what Safe: has of %s was not seen: %s%s%s.",
                           one->role, fact_word(one->kind),
                           one->operand[0] ? " " : "", one->operand);
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
        return xasprintf("the line \"%s\" is written %s than Safe: has it.",
                         seen->text,
                         seen->count > 1 ? "more often" : "once more");
    }
    seen = find_like(report, wanted->text);
    if (seen == NULL)
        return xasprintf(
            "the line \"%s\" is missing: the work that shows it is "
            "not done.",
            wanted->text);
    bool numbers = same_but_numbers(seen->text, wanted->text);
    return xasprintf(
        "it says \"%s\" where \"%s\" was wanted: %s.", seen->text, wanted->text,
        numbers && is_about_a_lock(lab)
            ? "the lock was not held, so half of a change was seen"
        : numbers
            ? "the work is done in part, or twice"
            : "the work is another one than the lab's, or in other words");
}

/* ---- all of it ---- */

char *likely_broken(const struct report *report, const struct lab *lab)
{
    char *reason = NULL;

    if (report->limit != NULL)
        return limit_reason(report);
    if (report->verdict == VERDICT_HANG)
        return xstrdup("the change has brought a wait that nobody can end: "
                       "\"where\" is the call.");
    reason = killed_reason(report);
    if (reason == NULL && (report->verdict == VERDICT_RUNNING ||
                           report->verdict == VERDICT_NO_PROGRESS))
        reason = deadline_reason(report);
    if (reason == NULL && report->output_kept < report->output_bytes)
        reason = xstrdup("it writes far more than the lab: a loop that says "
                         "the same again and again.");
    if (reason == NULL)
        reason = leftover_reason(report);
    if (reason == NULL)
        reason = line_reason(report, lab);
    if (reason == NULL)
        reason = end_reason(report);
    if (reason == NULL)
        reason = missing_reason(report);
    if (reason == NULL && report->reason != NULL)
        reason = xstrdup("a part of the lab was taken out, see \"reason\": a "
                         "cure keeps all of its work.");
    return reason ? reason
                  : xstrdup("what it shows differs from Safe: see \"facts\".");
}

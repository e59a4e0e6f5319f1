/* SPDX-License-Identifier: MIT
 *
 * judge: the findings of a run, and whether its facts are those of the header.
 *
 * A pure function of a report and a lab: nothing here asks the kernel.
 */
#define _GNU_SOURCE
#include "oracle/judge.h"

#include <ctype.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "linux/libc.h"

/* ---- the vocabulary ---- */

/* What follows a word. */
enum operand {
    OPERAND_NONE,
    OPERAND_STATUS,   /* 0 to 255 */
    OPERAND_SIGNAL,   /* SIGSEGV, signal 99 */
    OPERAND_FUNCTION, /* pthread_mutex_lock */
    OPERAND_WAIT,     /* a function, and perhaps ", owner vanished" */
    OPERAND_STATE,    /* of a TCP connection */
    OPERAND_ROLES,    /* A, or A and B ... */
    OPERAND_UNPROVED, /* nothing, and no header may expect the word */
};

static const struct word {
    const char *word;
    enum operand operand;
    const char *form;
    const char *meaning;
} vocabulary[] = {
    {"exit", OPERAND_STATUS, "exit N", "the process ended with status N"},
    {"killed by", OPERAND_SIGNAL, "killed by SIGX",
     "a signal ended the process"},
    {"hang in", OPERAND_WAIT, "hang in FUNCTION[, owner WHO]",
     "waits there for ever, and is the cause; WHO holds the lock"},
    {"idle in", OPERAND_FUNCTION, "idle in FUNCTION",
     "waits there for a client, and no other thing could wake it"},
    {"zombie child", OPERAND_NONE, "zombie child",
     "a child has ended, and nobody has waited for it"},
    {"socket", OPERAND_STATE, "socket STATE",
     "holds a TCP connection in that state, such as CLOSE_WAIT"},
    {"descriptor leaked", OPERAND_NONE, "descriptor leaked",
     "a descriptor beyond 0, 1 and 2 stayed open behind exec"},
    {"left behind", OPERAND_NONE, "left behind",
     "was still alive when the first process had ended, and not stuck"},
    {"connection of", OPERAND_ROLES, "connection of A[ and B]",
     "one connection of the server, and who asked on it"},
    {"deadline", OPERAND_UNPROVED, "deadline",
     "the time was up: neither ended nor proved stuck"},
    {"limit", OPERAND_UNPROVED, "limit",
     "a limit of the runner ended the run: neither ended nor proved stuck"},
    {"gone", OPERAND_UNPROVED, "gone",
     "ended without exit(2), and nobody saw by which signal"},
};

#define WORDS (sizeof(vocabulary) / sizeof(*vocabulary))

bool finding_word(size_t index, const char **form, const char **meaning)
{
    if (index >= WORDS)
        return false;
    *form = vocabulary[index].form;
    *meaning = vocabulary[index].meaning;
    return true;
}

static bool is_number(const char *text, int limit)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 3 && text[digits] == '\0' &&
           (text[0] != '0' || digits == 1) && atoi(text) <= limit;
}

static bool is_signal(const char *text)
{
    for (int i = 1; i < NSIG; i++)
        if (strcmp(text, signal_name(i)) == 0)
            return true;
    return strncmp(text, "signal ", 7) == 0 && is_number(text + 7, 999);
}

/* The length of a function's name at the start of text. */
static size_t function_length(const char *text)
{
    size_t length = 0;

    if (isdigit((unsigned char)text[0]))
        return 0;
    while (isalnum((unsigned char)text[length]) ||
           (text[length] != '\0' && strchr("_.:@~", text[length]) != NULL))
        length++;
    return length;
}

/* The owners that a finding tells. The others are the story of a ring of
 * waits, in which the numbers of its threads stand for more than words do. */
static const char *owner_told(enum owner_is owner)
{
    switch (owner) {
    case OWNER_VANISHED:
    case OWNER_SELF:
    case OWNER_FORKER:
    case OWNER_DEAD:
        return owner_word(owner);
    default:
        return NULL;
    }
}

static bool is_owner(const char *text)
{
    static const char start[] = ", owner ";

    if (strncmp(text, start, strlen(start)) != 0)
        return false;
    for (enum owner_is owner = OWNER_NONE; owner <= OWNER_DEAD; owner++) {
        const char *told = owner_told(owner);
        if (told != NULL && strcmp(text + strlen(start), told) == 0)
            return true;
    }
    return false;
}

static bool is_tcp_state(const char *text)
{
    static const char *const states[] = {
        "ESTABLISHED", "SYN_SENT",  "SYN_RECV", "FIN_WAIT1",
        "FIN_WAIT2",   "TIME_WAIT", "CLOSE",    "CLOSE_WAIT",
        "LAST_ACK",    "LISTEN",    "CLOSING",
    };

    for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
        if (strcmp(text, states[i]) == 0)
            return true;
    return false;
}

/* "A", "A and B", "A and B and C" */
static bool is_roles(const char *text)
{
    static const char joint[] = " and ";
    const char *next = text;

    while (next != NULL) {
        size_t length = strlen(text);
        next = strstr(text, joint);
        if (next != NULL)
            length = (size_t)(next - text);
        if (length == 0 || text[0] == ' ' || text[length - 1] == ' ')
            return false;
        text += length + strlen(joint);
    }
    return true;
}

/* What is wrong with the text behind a word; NULL if nothing is. */
static const char *operand_error(enum operand operand, const char *text)
{
    size_t length = function_length(text);

    switch (operand) {
    case OPERAND_STATUS:
        return is_number(text, 255) ? NULL : "exit needs a status, 0 to 255";
    case OPERAND_SIGNAL:
        return is_signal(text) ? NULL
                               : "killed by needs a signal, such as SIGSEGV";
    case OPERAND_FUNCTION:
        return length > 0 && text[length] == '\0'
                   ? NULL
                   : "idle in needs the name of a function";
    case OPERAND_WAIT:
        if (length == 0)
            return "hang in needs the name of a function";
        return text[length] == '\0' || is_owner(text + length)
                   ? NULL
                   : "behind the function stands \", owner \" and vanished, "
                     "self, forker or dead";
    case OPERAND_STATE:
        return is_tcp_state(text) ? NULL
                                  : "socket needs a state, such as CLOSE_WAIT";
    case OPERAND_ROLES:
        return is_roles(text) ? NULL : "connection of needs roles: \"A and B\"";
    case OPERAND_UNPROVED:
        return "that is no evidence";
    case OPERAND_NONE:
        break;
    }
    return NULL;
}

/* The text behind word in finding; NULL if finding is not that word. */
static const char *behind_word(const char *finding, const struct word *word)
{
    size_t length = strlen(word->word);
    bool alone =
        word->operand == OPERAND_NONE || word->operand == OPERAND_UNPROVED;

    if (strncmp(finding, word->word, length) != 0)
        return NULL;
    if (alone)
        return finding[length] == '\0' ? finding + length : NULL;
    /* Without its operand it is this word still, and wrong. */
    if (finding[length] == '\0')
        return finding + length;
    return finding[length] == ' ' ? finding + length + 1 : NULL;
}

const char *finding_error(const char *finding)
{
    const char *close = strchr(finding, ']');

    if (finding[0] != '[' || close == NULL)
        return "a finding starts with its [role]";
    if (close == finding + 1 || close - finding > ROLE_SIZE ||
        finding[1] == ' ' || close[-1] == ' ')
        return "a role is 1 to 31 bytes, without a space at its ends";
    if (close[1] != ' ')
        return "a space stands behind [role]";
    for (size_t i = 0; i < WORDS; i++) {
        const char *operand = behind_word(close + 2, &vocabulary[i]);
        if (operand != NULL)
            return operand_error(vocabulary[i].operand, operand);
    }
    return "unknown finding (known: exit, killed by, hang in, idle in, zombie "
           "child, socket, descriptor leaked, left behind, connection of)";
}

/* ---- findings ---- */

/* Adds "[role] what" and frees what. */
static void add_finding(struct report *report, const char *role, char *what)
{
    char *finding = xasprintf("[%s] %s", role, what);

    strings_add(&report->findings, finding);
    free(finding);
    free(what);
}

/* Is name what the kernel calls each thread of that program until it takes a
 * name, the first 15 bytes of the file's name? */
static bool is_program_name(const char *name, const char *program)
{
    if (program == NULL)
        return false;
    size_t length = strcspn(program, " ");
    const char *slash = memrchr(program, '/', length);
    const char *file = slash ? slash + 1 : program;
    size_t size = (size_t)(program + length - file);

    if (size > sizeof(((struct thread_report *)0)->name) - 1)
        size = sizeof(((struct thread_report *)0)->name) - 1;
    return strlen(name) == size && memcmp(name, file, size) == 0;
}

/* A thread inherits the name of the one that made it; hence a name is its own
 * only if neither its process's first thread nor the program is called so. */
bool thread_has_own_name(const struct report *report,
                         const struct process_report *process,
                         const struct thread_report *thread)
{
    if (thread->tid == process->pid || thread->name[0] == '\0' ||
        strcmp(thread->name, process->role) == 0 ||
        is_program_name(thread->name, report->program) ||
        is_program_name(thread->name, report->stem))
        return false;
    for (size_t i = 0; i < process->thread_count; i++)
        if (process->threads[i].tid == process->pid &&
            strcmp(process->threads[i].name, thread->name) == 0)
            return false;
    return true;
}

static void thread_finding(struct report *report,
                           const struct process_report *process,
                           const struct thread_report *thread)
{
    const char *role = thread_has_own_name(report, process, thread)
                           ? thread->name
                           : process->role;
    const char *function = thread->function ? thread->function : "?";
    const char *owner = owner_told(thread->owner_is);

    if (thread->stuck && thread->root)
        add_finding(report, role,
                    xasprintf("hang in %s%s%s", function,
                              owner ? ", owner " : "", owner ? owner : ""));
    else if (!thread->stuck && report->verdict == VERDICT_IDLE &&
             thread->waits != NULL && strcmp(thread->waits, "client") == 0)
        /* Also by accept4(2), or poll(2) with a listening socket: it is the
         * same to a client. */
        add_finding(report, role, xstrdup("idle in accept"));
}

/* A process that was only looked at ("process") had no time limit. */
static bool ended_by_deadline(const struct report *report)
{
    if (report->variant != NULL && strcmp(report->variant, "process") == 0)
        return false;
    return report->verdict == VERDICT_NO_PROGRESS ||
           report->verdict == VERDICT_RUNNING;
}

static void end_finding(struct report *report,
                        const struct process_report *process)
{
    bool first = process == &report->processes[0];

    if (process->end == END_EXIT && !(first && process->code == 0))
        add_finding(report, process->role, xasprintf("exit %d", process->code));
    if (process->end == END_KILLED)
        add_finding(report, process->role,
                    xasprintf("killed by %s", signal_name(process->code)));
    if (process->end == END_GONE)
        add_finding(report, process->role, xstrdup("gone"));
    if (process->left_behind && process->end != END_STUCK)
        add_finding(report, process->role, xstrdup("left behind"));
    if (process->end == END_ALIVE && ended_by_deadline(report))
        add_finding(report, process->role,
                    xstrdup(report->limit ? "limit" : "deadline"));
}

static void process_findings(struct report *report,
                             const struct process_report *process)
{
    const struct process_report *parent =
        report_process(report, process->reparented_to);

    for (size_t i = 0; i < process->thread_count; i++)
        thread_finding(report, process, &process->threads[i]);
    end_finding(report, process);
    if (process->zombie && parent != NULL && parent != process)
        add_finding(report, parent->role, xstrdup("zombie child"));
    for (size_t i = 0; i < process->extra.count; i++)
        add_finding(report, process->role, xstrdup(process->extra.item[i]));
}

void judge_findings(struct report *report)
{
    strings_free(&report->findings);
    for (size_t i = 0; i < report->process_count; i++)
        process_findings(report, &report->processes[i]);
    for (size_t i = 0; i < report->extra.count; i++)
        strings_add(&report->findings, report->extra.item[i]);
}

/* ---- comparing ---- */

/* One fact with how often it was seen and how often it is expected. */
struct tally {
    const char *text;
    bool finding;
    long seen, expected;
    long allowed; /* beyond what is expected */
    size_t order; /* in which it came up */
};

struct tallies {
    struct tally *item;
    size_t count;
};

static int by_text(const void *one, const void *other)
{
    const struct tally *a = one, *b = other;
    int order = strcmp(a->text, b->text);

    if (order == 0)
        order = (int)a->finding - (int)b->finding;
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int by_order(const void *one, const void *other)
{
    const struct tally *a = one, *b = other;

    return (a->order > b->order) - (a->order < b->order);
}

static void put(struct tallies *tallies, const char *text, bool finding,
                long seen, long expected)
{
    tallies->item[tallies->count] =
        (struct tally){text, finding, seen, expected, 0, tallies->count};
    tallies->count++;
}

/* Adds up what has the same text; the earliest one gives the order. A line that
 * the program wrote is never a finding, whatever it looks like. */
static void add_up(struct tallies *tallies)
{
    size_t kept = 0;

    qsort(tallies->item, tallies->count, sizeof(*tallies->item), by_text);
    for (size_t i = 0; i < tallies->count; i++) {
        struct tally *last = kept > 0 ? &tallies->item[kept - 1] : NULL;
        const struct tally *next = &tallies->item[i];
        if (last != NULL && strcmp(last->text, next->text) == 0 &&
            last->finding == next->finding) {
            last->seen += next->seen;
            last->expected += next->expected;
            last->allowed += next->allowed;
        } else {
            tallies->item[kept++] = *next;
        }
    }
    tallies->count = kept;
    qsort(tallies->item, kept, sizeof(*tallies->item), by_order);
}

/* The caller frees tallies->item; its texts are the report's and the list's. */
static void compare(const struct report *report, const struct facts *facts,
                    struct tallies *tallies)
{
    size_t room =
        facts->count + report->evidence.count + report->findings.count;

    *tallies = (struct tallies){xcalloc(room, sizeof(struct tally)), 0};
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->item[i];
        put(tallies, fact->text, fact->text[0] == '[', 0,
            fact->may ? 0 : fact->count);
        tallies->item[i].allowed = fact->may ? fact->count : 0;
    }
    for (size_t i = 0; i < report->evidence.count; i++)
        put(tallies, report->evidence.item[i], false, 1, 0);
    for (size_t i = 0; i < report->findings.count; i++)
        put(tallies, report->findings.item[i], true, 1, 0);
    add_up(tallies);
}

/* How often it was seen too often; less than 0: too seldom. */
static long surplus(const struct tally *tally)
{
    long more = tally->seen - tally->expected;

    if (more <= 0)
        return more;
    return more > tally->allowed ? more - tally->allowed : 0;
}

static long differences(const struct tallies *tallies)
{
    long sum = 0;

    for (size_t i = 0; i < tallies->count; i++)
        sum += labs(surplus(&tallies->item[i]));
    return sum;
}

/* Adds the fact as a header would have it. Evidence that poses as a finding is
 * told apart: no header can ask for it. */
static void add_counted(struct strings *list, const struct tally *tally,
                        long count)
{
    const char *text = tally->text;
    bool number = isdigit((unsigned char)text[0]);
    const char *note =
        !tally->finding && text[0] == '[' ? " (a line on stdout)" : "";
    char *line = count == 1 && !number
                     ? xasprintf("%s%s", text, note)
                     : xasprintf("%ld %s%s", count, text, note);

    strings_add(list, line);
    free(line);
}

static void note_differences(struct report *report,
                             const struct tallies *tallies)
{
    for (size_t i = 0; i < tallies->count; i++) {
        const struct tally *tally = &tallies->item[i];
        long more = surplus(tally);
        if (more < 0)
            add_counted(&report->missing, tally, -more);
        if (more > 0)
            add_counted(&report->unexpected, tally, more);
    }
}

/* Why the facts of this run count for nothing; NULL if they do. */
static char *no_evidence(const struct report *report)
{
    if (report->limit != NULL)
        return xasprintf("it reached the limit of %s, and was ended for that",
                         report->limit);
    if (ended_by_deadline(report))
        return xasprintf("the deadline of %g s ended the run, and a time limit "
                         "is no evidence",
                         report->deadline_s);
    if (report->output_kept < report->output_bytes)
        return xasprintf("it wrote %zu bytes, more than the limit: %zu were "
                         "kept, and evidence may be among the rest",
                         report->output_bytes, report->output_kept);
    return NULL;
}

/* Who of them was ended by the signal of a limit, and for what; NULL if nobody
 * was. */
static char *limit_reached(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++) {
        const struct process_report *process = &report->processes[i];
        const char *limit =
            process->end == END_KILLED ? signal_limit(process->code) : NULL;
        if (limit != NULL)
            return xasprintf("%s, and %s was ended for that", limit,
                             process->role);
        if (process->end == END_KILLED && process->code == SIGKILL &&
            report->out_of_memory)
            return xasprintf("the memory of this machine, or of its cgroup, "
                             "was used up, and %s was ended for that",
                             process->role);
    }
    return NULL;
}

/* It shows all that is Safe, and has not done what shows it. */
static bool work_is_missing(struct report *report, const struct lab *lab)
{
    const char *word = work_word(lab->work & ~report->work);

    if (word != NULL && report->reason == NULL)
        report->reason =
            xasprintf("it shows what a cure shows, and never made a %s: a cure "
                      "does the lab's work",
                      word);
    return word != NULL;
}

static enum outcome outcome_of(struct report *report, const struct lab *lab,
                               long from_safe, long from_hazard)
{
    char *reason = no_evidence(report);

    if (reason != NULL) {
        if (report->reason == NULL)
            report->reason = reason;
        else
            free(reason);
        return OUTCOME_BROKEN;
    }
    if (from_safe != 0 && from_hazard != 0) {
        if (report->reason == NULL)
            report->reason = limit_reached(report);
        return OUTCOME_BROKEN;
    }
    if (from_safe == 0 && work_is_missing(report, lab))
        return OUTCOME_BROKEN;
    return from_safe == 0 ? OUTCOME_SAFE : OUTCOME_HAZARD;
}

void judge(struct report *report, const struct lab *lab)
{
    struct tallies safe, hazard = {0};

    strings_free(&report->missing);
    strings_free(&report->unexpected);
    report->nearest = OUTCOME_NONE;
    if (report->outcome == OUTCOME_SKIP)
        return;
    if (lab == NULL) {
        report->outcome = OUTCOME_NONE;
        return;
    }
    bool musl = libc_is_musl(report->machine.libc);
    const struct facts *dangerous = lab_hazard(lab, musl);
    report->cured = dangerous == NULL;
    compare(report, lab_safe(lab, musl), &safe);
    if (dangerous != NULL)
        compare(report, dangerous, &hazard);
    /* Nothing is near to a hazard that does not exist. */
    long from_hazard = dangerous ? differences(&hazard) : LONG_MAX;
    long from_safe = differences(&safe);
    /* Whoever tries a cure wants to know what is missing of Safe: only. */
    bool cure = report->variant != NULL && strcmp(report->variant, "lab") != 0;
    bool nearer_safe = from_hazard != 0 && (cure || from_safe <= from_hazard);
    report->nearest = nearer_safe ? OUTCOME_SAFE : OUTCOME_HAZARD;
    note_differences(report, nearer_safe ? &safe : &hazard);
    report->outcome = outcome_of(report, lab, from_safe, from_hazard);
    free(safe.item);
    free(hazard.item);
}

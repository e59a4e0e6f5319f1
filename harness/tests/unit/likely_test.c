/* SPDX-License-Identifier: MIT
 *
 * Tests of the likely reason: each kind of difference has words of its own.
 * TAP; exit 1 on failure.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course/likely.h"
#include "oracle/vocabulary.h"

static int tests, failures;

/* What the report's reason must say, and must not. */
static void says(const struct report *report, const struct lab *lab,
                 const char *words, const char * not )
{
    char *reason = likely_broken(report, lab);
    bool good = strstr(reason, words) != NULL &&
                (not == NULL || strstr(reason, not ) == NULL);

    printf("%s %d - %s\n", good ? "ok" : "not ok", ++tests, words);
    if (!good)
        printf("# got %s\n", reason);
    failures += !good;
    free(reason);
}

/* Adds a fact as a header would have it: "2 [server] zombie child", "hello". */
static void add(struct facts *list, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    bool counted = digits > 0 && text[digits] == ' ';
    struct fact fact = {0};

    if (counted)
        text += digits + 1;
    if (text[0] != '[')
        fact.text = xstrdup(text);
    else if (finding_read(text, &fact) != NULL) /* no header may have it */
        fact = (struct fact){.kind = FACT_GONE,
                             .role = xstrdup("child"),
                             .operand = xstrdup(""),
                             .text = xstrdup(text)};
    facts_add_copy(list, &fact, counted ? atoi(text - digits - 1) : 1);
    fact_free(&fact);
}

static const char kill_advice[] = "not a cure";

/* One difference of each kind; missing may be NULL. */
static void findings(void)
{
    static const struct {
        const char *missing, *unexpected, *words;
    } kinds[] = {
        {NULL, "3 [parent] socket CLOSE_WAIT",
         "parent still holds 3 TCP connections whose peer has closed"},
        {NULL, "[shop] socket ESTABLISHED",
         "shop still holds 1 TCP connection ESTABLISHED"},
        {NULL, "[shop] socket LISTEN", "shop still listens on a socket"},
        {NULL, "2 [server] zombie child",
         "2 children of server ended, and no process waited for them"},
        {NULL, "[server] zombie child", "1 child of server ended"},
        {NULL, "[child] descriptor leaked",
         "1 descriptor of child stayed open across exec"},
        {NULL, "[job] left behind", "job was left behind"},
        {NULL, "[server] connection of parent and child",
         "the server saw parent and child use the same connection"},
        {"[server] connection of child", NULL,
         "no connection used by child alone"},
        {"[child] exit 42", "[child] exit 1",
         "child ends with status 1 instead of 42"},
        {NULL, "[child 2] exit 0", "child 2 ends with status 0"},
        {"[child] exit 42", NULL, "child does not exit with status 42"},
        {"[parent] idle in accept", NULL,
         "parent should be waiting for the next client in accept"},
        {NULL, "[parent] idle in accept", "parent still waits for a client"},
        {NULL, "[child] gone",
         "child was killed; by which signal is not known"},
        {"hello", NULL, "the line \"hello\" is missing"},
        {NULL, "hello", "the line \"hello\" is written once more"},
        {"[parent] socket LISTEN", NULL,
         "expected of parent, but not seen: socket LISTEN"},
    };
    const struct lab lab = {.number = 1};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        struct report report = {.verdict = VERDICT_EXIT};
        if (kinds[i].missing != NULL)
            add(&report.missing, kinds[i].missing);
        if (kinds[i].unexpected != NULL)
            add(&report.unexpected, kinds[i].unexpected);
        says(&report, &lab, kinds[i].words, kill_advice);
        facts_free(&report.missing);
        facts_free(&report.unexpected);
    }
}

/* What is left over tells more than a line that differs, and that more than how
 * somebody ends. */
static void several(void)
{
    const struct lab lab = {.number = 1};
    struct report report = {.verdict = VERDICT_EXIT};

    add(&report.missing, "[child] exit 42");
    add(&report.missing, "customer heard hello");
    add(&report.unexpected, "[child] exit 1");
    says(&report, &lab, "the line \"customer heard hello\" is missing", NULL);
    add(&report.unexpected, "customer heard nothing");
    says(&report, &lab,
         "\"customer heard nothing\" where \"customer heard hello\" was "
         "expected",
         NULL);
    add(&report.unexpected, "2 [shop] zombie child");
    says(&report, &lab, "2 children of shop", NULL);
    facts_free(&report.missing);
    facts_free(&report.unexpected);
    report.reason = xstrdup("it shows ..., and never made a thread");
    says(&report, &lab, "a part of the lab is missing", "ends");
    free(report.reason);
}

static void lines_of_a_lock(void)
{
    struct facts hang = {0};

    add(&hang, "[child] hang in pthread_mutex_lock, owner vanished");
    const struct lab lock = {.number = 31, .hazard = hang};
    const struct lab other = {.number = 1};
    struct report report = {.verdict = VERDICT_EXIT};

    add(&report.missing, "child saw 1 1");
    add(&report.unexpected, "child saw 1 0");
    says(&report, &lock, "the lock was not held", NULL);
    says(&report, &other,
         "\"child saw 1 0\" where \"child saw 1 1\" was expected", "lock");
    facts_free(&report.missing);
    facts_free(&report.unexpected);
    facts_free(&hang);
}

/* A process that the signal ended, alone in its report. */
static void killed(int number, const char *where, const char *words,
                   const char * not )
{
    const struct lab lab = {.number = 31};
    struct process_report child = {
        .role = "child", .end = END_KILLED, .code = number};
    struct report report = {
        .verdict = VERDICT_EXIT, .processes = &child, .process_count = 1};
    char *finding = xasprintf("[child] killed by %s", signal_name(number));

    report.check.where = where ? xstrdup(where) : NULL;
    report.check.file = xstrdup("attempts/31-x.c");
    add(&report.unexpected, finding);
    says(&report, &lab, words, not );
    facts_free(&report.unexpected);
    free(report.check.where);
    free(report.check.file);
    free(finding);
}

static void signals(void)
{
    killed(SIGSEGV, "child in add, at x.c:3", "See \"where\"", "cure");
    killed(SIGSEGV, NULL, "-fsanitize=address attempts/31-x.c", "cure");
    killed(SIGBUS, NULL, "SIGBUS ended child: a bad pointer", "cure");
    killed(SIGFPE, NULL, "a division by zero", "cure");
    killed(SIGILL, NULL, "an invalid instruction", "cure");
    killed(SIGABRT, NULL, "a failed assertion", "cure");
    killed(SIGXFSZ, NULL, "child writes too much", "cure");
    killed(SIGXCPU, NULL, "child uses too much CPU time", "cure");
    killed(SIGPIPE, NULL, "that has no reader", "cure");
    killed(SIGALRM, NULL, "its own alarm", NULL);
    killed(SIGKILL, NULL, "Killing the stuck process", NULL);
}

static void ends_of_the_run(void)
{
    const struct lab lab = {.number = 31};
    struct thread_report thread = {.spins = true};
    struct process_report first = {
        .role = "parent", .threads = &thread, .thread_count = 1};
    struct report report = {
        .verdict = VERDICT_RUNNING, .processes = &first, .process_count = 1};

    says(&report, &lab, "an endless loop", "sleep");
    thread.spins = false;
    says(&report, &lab, "did not end in time", NULL);
    report.verdict = VERDICT_NO_PROGRESS;
    says(&report, &lab, "waits for something that never happens", "loop");
    report.verdict = VERDICT_RUNNING;
    report.limit = xstrdup("256 processes at once");
    says(&report, &lab, "creates processes without end", "sleep");
    free(report.limit);
    report.limit = xstrdup("1024 KiB of output");
    says(&report, &lab, "writes without end", "sleep");
    free(report.limit);
    report.limit = NULL;
    report.verdict = VERDICT_HANG;
    says(&report, &lab, "a wait that nothing can end", NULL);
}

int main(void)
{
    findings();
    several();
    lines_of_a_lock();
    signals();
    ends_of_the_run();
    printf("1..%d\n", tests);
    return failures > 0;
}

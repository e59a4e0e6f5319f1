/* SPDX-License-Identifier: MIT
 *
 * Tests of the findings and of the comparison with a header, and of the words
 * that a report uses. TAP; exit 1 on failure.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/judge.h"
#include "oracle/vocabulary.h"
#include "report/findings.h"
#include "oracle/header.h"
#include "oracle/labs.h"
#include "report/report.h"
#include "tests/unit/tap.h"

/* Compares a list with texts that are joined by "|". */
static void same_list(const struct strings *list, const char *wanted,
                      const char *what)
{
    char *joined = xstrdup("");

    for (size_t i = 0; i < list->count; i++) {
        char *more = xasprintf("%s%s%s", joined, i ? "|" : "", list->item[i]);
        free(joined);
        joined = more;
    }
    same_text(joined, wanted, what);
    free(joined);
}

/* ---- reports made by hand ---- */

static struct process_report *add_process(struct report *report,
                                          const char *role,
                                          enum process_end end, int code)
{
    size_t count = ++report->process_count;

    report->processes =
        xrealloc(report->processes, count * sizeof(*report->processes));
    struct process_report *process = &report->processes[count - 1];
    *process = (struct process_report){.pid = 100 + (pid_t)count,
                                       .parent = count > 1 ? 101 : 1,
                                       .end = end,
                                       .code = code};
    snprintf(process->role, sizeof(process->role), "%s", role);
    return process;
}

static struct thread_report *add_thread(struct process_report *process,
                                        const char *name, const char *function)
{
    size_t count = ++process->thread_count;

    process->threads =
        xrealloc(process->threads, count * sizeof(*process->threads));
    struct thread_report *thread = &process->threads[count - 1];
    *thread =
        (struct thread_report){.tid = process->pid + (pid_t)(count - 1) * 10,
                               .function = function ? xstrdup(function) : NULL};
    snprintf(thread->name, sizeof(thread->name), "%s", name);
    return thread;
}

static void same_facts(const struct facts *list, const char *wanted,
                       const char *what)
{
    struct strings shown = facts_shown(list);

    same_list(&shown, wanted, what);
    strings_free(&shown);
}

static void findings(struct report *report, const char *wanted,
                     const char *what)
{
    report_findings(report);
    same_facts(&report->findings, wanted, what);
    report_free(report);
}
/* ---- findings ---- */

static void ends(void)
{
    struct report report = {0};

    add_process(&report, "parent", END_EXIT, 0);
    add_process(&report, "child", END_EXIT, 0);
    add_process(&report, "child 2", END_EXIT, 42);
    add_process(&report, "child 3", END_KILLED, SIGSEGV);
    add_process(&report, "child 4", END_KILLED, 63);
    add_process(&report, "child 5", END_GONE, 0);
    add_process(&report, "child 6", END_ALIVE, 0);
    findings(&report,
             "[child] exit 0|[child 2] exit 42|[child 3] killed by SIGSEGV|"
             "[child 4] killed by signal 63|[child 5] gone",
             "how processes ended; exit 0 of the first goes without saying");
    add_process(&report, "parent", END_EXIT, 3);
    findings(&report, "[parent] exit 3", "another status of the first");
    add_process(&report, "parent", END_KILLED, SIGABRT);
    findings(&report, "[parent] killed by SIGABRT", "a signal for the first");
}

static void hangs(void)
{
    struct report report = {.verdict = VERDICT_HANG};
    struct process_report *process;
    static const enum owner_is owners[] = {
        OWNER_VANISHED, OWNER_SELF,    OWNER_FORKER, OWNER_DEAD,
        OWNER_UNKNOWN,  OWNER_PROCESS, OWNER_THREAD, OWNER_NONE};

    process = add_process(&report, "parent", END_STUCK, 0);
    add_thread(process, "x", "waitpid")->stuck = true;
    for (size_t i = 0; i < sizeof(owners) / sizeof(*owners); i++) {
        process = add_process(&report, "child", END_STUCK, 0);
        struct thread_report *thread = add_thread(process, "x", "lock");
        thread->stuck = thread->root = true;
        thread->owner_is = owners[i];
    }
    process = add_process(&report, "grandchild", END_STUCK, 0);
    struct thread_report *thread = add_thread(process, "x", NULL);
    thread->stuck = thread->root = true;
    findings(&report,
             "[child] hang in lock, owner vanished|"
             "[child] hang in lock, owner self|"
             "[child] hang in lock, owner forker|"
             "[child] hang in lock, owner dead|[child] hang in lock|"
             "[child] hang in lock|[child] hang in lock|[child] hang in lock|"
             "[grandchild] hang in ?",
             "roots hang, with their owner; who waits for them is silent");
}

static void thread_names(void)
{
    struct report report = {.verdict = VERDICT_HANG,
                            .program = xstrdup("build/labs/31-lock-nobody-holds"
                                               " argument"),
                            .stem = xstrdup("31-lock-nobody-holds")};
    struct process_report *parent =
        add_process(&report, "parent", END_STUCK, 0);

    add_thread(parent, "main", "a");
    add_thread(parent, "main", "inherited");
    add_thread(parent, "parent", "role");
    add_thread(parent, "31-lock-nobody-", "program");
    add_thread(parent, "", "nameless");
    add_thread(parent, "worker", "own");
    for (size_t i = 0; i < parent->thread_count; i++)
        parent->threads[i].stuck = parent->threads[i].root = true;
    findings(&report,
             "[parent] hang in a|[parent] hang in inherited|"
             "[parent] hang in role|[parent] hang in program|"
             "[parent] hang in nameless|[worker] hang in own",
             "a thread's role is its own name, not an inherited one");
}

static void idle(void)
{
    struct report report = {.verdict = VERDICT_IDLE};
    struct process_report *server =
        add_process(&report, "server", END_ALIVE, 0);

    add_thread(server, "server", "accept")->waits = WAITS_CLIENT;
    add_thread(server, "waiter", "waitpid")->waits = WAITS_CHILD;
    add_thread(server, "second", "poll")->waits = WAITS_CLIENT;
    findings(&report, "[server] idle in accept|[second] idle in accept",
             "idle: those who wait for a client");
    report.verdict = VERDICT_EXIT;
    server = add_process(&report, "server", END_ALIVE, 0);
    add_thread(server, "server", "accept")->waits = WAITS_CLIENT;
    findings(&report, "", "... only where the verdict says so");
}

static void zombies(void)
{
    struct report report = {0};

    pid_t first = add_process(&report, "parent", END_ALIVE, 0)->pid;
    for (int i = 0; i < 3; i++) {
        struct process_report *child =
            add_process(&report, i < 2 ? "child" : "grandchild", END_EXIT, 1);
        child->zombie = true;
        child->reparented_to = first;
        /* The third one's own parent has ended. */
        child->parent = i < 2 ? first : 1;
    }
    struct process_report *orphan =
        add_process(&report, "grandchild", END_EXIT, 2);
    orphan->zombie = true;
    orphan->parent = first;
    orphan->reparented_to = 1;
    findings(&report,
             "[child] exit 1|[parent] zombie child|[child] exit 1|"
             "[parent] zombie child|[grandchild] exit 1|"
             "[parent] zombie child|[grandchild] exit 2",
             "a zombie is its parent's, one each; init's are not counted");
}

static void leftovers(void)
{
    struct report report = {0};

    add_process(&report, "parent", END_EXIT, 0);
    add_process(&report, "daemon", END_ALIVE, 0)->left_behind = true;
    add_process(&report, "stuck", END_STUCK, 0)->left_behind = true;
    add_process(&report, "late", END_EXIT, 0)->left_behind = true;
    findings(&report, "[daemon] left behind|[late] exit 0|[late] left behind",
             "left behind, and not stuck");
    report.verdict = VERDICT_NO_PROGRESS;
    add_process(&report, "parent", END_ALIVE, 0);
    add_process(&report, "child", END_EXIT, 0);
    findings(&report, "[parent] deadline|[child] exit 0",
             "a deadline for who was there");
    add_process(&report, "parent", END_ALIVE, 0);
    report.verdict = VERDICT_RUNNING;
    findings(&report, "[parent] deadline", "... and who was running");
    add_process(&report, "parent", END_ALIVE, 0);
    report.verdict = VERDICT_NO_PROGRESS;
    report.variant = VARIANT_PROCESS;
    findings(&report, "", "... but not for a process that was looked at");
}

static void extras(void)
{
    struct report report = {0};
    struct process_report *parent = add_process(&report, "parent", END_EXIT, 1);

    facts_add_finding(&parent->extra, FACT_SOCKET, "", "CLOSE_WAIT");
    facts_add_finding(&parent->extra, FACT_DESCRIPTOR, "", "");
    facts_add_finding(&report.extra, FACT_CONNECTION, "server",
                      "parent and child");
    report_findings(&report);
    findings(&report,
             "[parent] exit 1|[parent] socket CLOSE_WAIT|"
             "[parent] descriptor leaked|"
             "[server] connection of parent and child",
             "extras of a process and of the run, also when called twice");
}

/* ---- vocabulary ---- */

static void known_words(void)
{
    static const char *const good[] = {
        "[child] exit 0",
        "[child 2] exit 255",
        "[child] killed by SIGSEGV",
        "[child] killed by signal 63",
        "[worker] hang in pthread_mutex_lock",
        "[child] hang in __lll_lock_wait_private, owner vanished",
        "[child] hang in std::mutex::lock, owner self",
        "[child] hang in f, owner forker",
        "[child] hang in f, owner dead",
        "[server] idle in accept4",
        "[parent] zombie child",
        "[parent] socket CLOSE_WAIT",
        "[parent] socket FIN_WAIT2",
        "[child] descriptor leaked",
        "[daemon] left behind",
        "[server] connection of parent",
        "[server] connection of parent and child",
        "[server] connection of a and b and c 2",
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        struct fact fact = {0};
        struct facts made = {0};
        if (ok(finding_read(good[i], &fact) == NULL, "%s", good[i])) {
            /* What findings.c makes of the same data must have that text. */
            facts_add_finding(&made, fact.kind, fact.role, fact.operand);
            same_text(made.item[0].text, good[i], "... taken apart and made");
            same_text(fact.text, good[i], "... which it keeps");
        }
        facts_free(&made);
        fact_free(&fact);
    }
}

static void unknown_words(void)
{
    static const struct {
        const char *finding, *error; /* the beginning of it */
    } bad[] = {
        {"", "a finding starts with its [role]"},
        {"child exit 1", "a finding starts with its [role]"},
        {"[child exit 1", "a finding starts with its [role]"},
        {"[] exit 1", "a role is"},
        {"[ child] exit 1", "a role is"},
        {"[child ] exit 1", "a role is"},
        {"[abcdefghijabcdefghijabcdefghijxy] exit 1", "a role is"},
        {"[child]exit 1", "a space must follow"},
        {"[child]", "a space must follow"},
        {"[child] ", "unknown finding"},
        {"[child] Exit 1", "unknown finding"},
        {"[child] exits 1", "unknown finding"},
        {"[child] exit", "exit needs"},
        {"[child] exit 256", "exit needs"},
        {"[child] exit 01", "exit needs"},
        {"[child] exit -1", "exit needs"},
        {"[child] exit 1 ", "exit needs"},
        {"[child] killed by", "killed by needs"},
        {"[child] killed by SEGV", "killed by needs"},
        {"[child] killed by SIGFOO", "killed by needs"},
        {"[child] hang in", "hang in needs"},
        {"[child] hang in ?", "hang in needs"},
        {"[child] hang in f, owner", "after the function"},
        {"[child] hang in f, owner thread", "after the function"},
        {"[child] hang in f, owner vanished!", "after the function"},
        {"[child] hang in f g", "after the function"},
        {"[child] idle in", "idle in needs"},
        {"[child] idle in f, owner self", "idle in needs"},
        {"[child] zombie children", "unknown finding"},
        {"[child] socket", "socket needs"},
        {"[child] socket close_wait", "socket needs"},
        {"[child] connection of", "connection of needs"},
        {"[child] connection of  parent", "connection of needs"},
        {"[child] connection of a and  and b", "connection of needs"},
        {"[child] connection of parent and ", "connection of needs"},
        {"[child] deadline", "that is not evidence"},
        {"[child] limit", "that is not evidence"},
        {"[child] gone", "that is not evidence"},
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct fact fact = {0};
        const char *error = finding_read(bad[i].finding, &fact);
        if (!ok(error &&
                    strncmp(error, bad[i].error, strlen(bad[i].error)) == 0 &&
                    fact.text == NULL,
                "refused: \"%s\"", bad[i].finding))
            printf("# got %s\n", error ? error : "(null)");
    }
}

static void facts(void)
{
    struct fact fact = {0}, line = {.count = 1, .text = xstrdup("[a] exit 1")};
    char *shown = fact_shown(&line);

    ok(finding_read("[child 2] hang in f, owner self", &fact) == NULL &&
           fact.kind == FACT_HANG && strcmp(fact.role, "child 2") == 0 &&
           strcmp(fact.operand, "f, owner self") == 0,
       "a finding has a kind, a role and an operand");
    same_text(shown, "[a] exit 1 (a line on stdout)", "a line in disguise");
    free(shown);
    fact_free(&fact);
    fact_free(&line);
    line = (struct fact){.count = 1, .text = xstrdup("9 lives")};
    shown = fact_shown(&line);
    same_text(shown, "1 9 lives", "a line with a number has its count");
    free(shown);
    fact_free(&line);
}

/* ---- outcomes ---- */

#define FACTS                                                                  \
    "/* SPDX-License-Identifier: MIT\n * 01-x: y.\n"                           \
    " * Hazard:  2 hello\n *          [child] exit 42\n"                       \
    " * Safe:    hello\n *          [child] exit 42\n"
#define HEADER FACTS " */\n"
#define MUSL_OWN                                                               \
    " * Hazard (musl):  3 hello\n *                 [child] exit 42\n"         \
    " * Safe (musl):    2 hello\n *                 [child] exit 42\n"

static struct lab *lab(void)
{
    static struct lab one;

    if (one.stem == NULL)
        free(lab_parse("labs/01-x.c", HEADER, strlen(HEADER), &one));
    return &one;
}

static struct report seen(int hellos, int status)
{
    struct report report = {.deadline_s = 5};

    add_process(&report, "parent", END_EXIT, 0);
    add_process(&report, "child", END_EXIT, status);
    for (int i = 0; i < hellos; i++)
        strings_add(&report.evidence, "hello");
    report_findings(&report);
    return report;
}

static void outcome(struct report *report, enum outcome wanted,
                    const char *missing, const char *unexpected,
                    const char *what)
{
    judge(report, lab());
    if (!ok(report->outcome == wanted, "%s: %s", what, outcome_word(wanted)))
        printf("# got %s\n", outcome_word(report->outcome));
    same_facts(&report->missing, missing, "... missing");
    same_facts(&report->unexpected, unexpected, "... unexpected");
    report_free(report);
}

/* A header whose cure has to start a thread, and a run that did or did not. */
static void work(void)
{
    static const char header[] = FACTS " * Work:    thread\n */\n";
    static const struct {
        unsigned work;
        enum outcome wanted;
    } rows[] = {{0, OUTCOME_BROKEN},
                {WORK_PIPE, OUTCOME_BROKEN},
                {WORK_PIPE | WORK_THREAD, OUTCOME_SAFE}};
    struct lab lab;
    char *error = lab_parse("/x/labs/01-x.c", header, sizeof(header) - 1, &lab);

    same_text(error, NULL, "a header with work");
    for (size_t i = 0; error == NULL && i < sizeof(rows) / sizeof(*rows); i++) {
        struct report report = seen(1, 42);
        report.work = rows[i].work;
        judge(&report, &lab);
        ok(report.outcome == rows[i].wanted, "work %u: %s", rows[i].work,
           outcome_word(rows[i].wanted));
        ok((report.reason != NULL) == (report.outcome == OUTCOME_BROKEN),
           "... with a reason, if it is broken");
        report_free(&report);
    }
    lab_free(&lab);
}

static void outcomes(void)
{
    struct report report = seen(2, 42);
    outcome(&report, OUTCOME_HAZARD, "", "", "all facts of Hazard:");
    report = seen(1, 42);
    outcome(&report, OUTCOME_SAFE, "", "", "all facts of Safe:");
    report = seen(0, 42);
    outcome(&report, OUTCOME_BROKEN, "hello", "", "silence; Safe: is nearer");
    report = seen(4, 42);
    outcome(&report, OUTCOME_BROKEN, "", "2 hello",
            "too much; Hazard: is nearer");
    report = seen(1, 41);
    outcome(&report, OUTCOME_BROKEN, "[child] exit 42", "[child] exit 41",
            "another status");
    report = seen(2, 42);
    strings_add(&report.evidence, "9 lives");
    outcome(&report, OUTCOME_BROKEN, "", "1 9 lives",
            "one more line, which starts with a number");
    report = seen(1, 41);
    strings_add(&report.evidence, "[child] exit 42");
    outcome(&report, OUTCOME_BROKEN, "[child] exit 42",
            "[child] exit 42 (a line on stdout)|[child] exit 41",
            "a line that poses as a finding");
    report = (struct report){0};
    outcome(&report, OUTCOME_BROKEN, "hello|[child] exit 42", "",
            "nothing at all; Safe: wins ties");
}

/* "(2 [child] exit 42)": none, one or two of them are safe, three are not. */
static void may_show(void)
{
    static const char header[] =
        "/* SPDX-License-Identifier: MIT\n * 01-x: y.\n"
        " * Hazard:  2 hello\n"
        " * Safe:    hello\n *          (2 [child] exit 42)\n */\n";

    for (int children = 0; children <= 3; children++) {
        struct lab lab;
        char *error = lab_parse("labs/01-x.c", header, strlen(header), &lab);
        struct report report = {.deadline_s = 5};
        add_process(&report, "parent", END_EXIT, 0);
        for (int i = 0; i < children; i++)
            add_process(&report, "child", END_EXIT, 42);
        strings_add(&report.evidence, "hello");
        report_findings(&report);
        judge(&report, &lab);
        ok(error == NULL && report.outcome ==
                                (children <= 2 ? OUTCOME_SAFE : OUTCOME_BROKEN),
           "%d where two may show", children);
        ok(report.unexpected.count == (children <= 2 ? 0U : 1U),
           "... and what is unexpected");
        report_free(&report);
        lab_free(&lab);
        free(error);
    }
}

/* A program of musl is judged by the lists for musl, where there are such. */
static void with_musl(void)
{
    static const struct {
        const char *libc, *own;
        int hellos;
        enum outcome wanted;
        bool cured;
        const char *what;
    } all[] = {
        {"musl 1.2.3", "", 2, OUTCOME_HAZARD, false, "no lists for musl"},
        {"musl 1.2.3", " * Hazard (musl):  none\n", 1, OUTCOME_SAFE, true,
         "a hazard that musl has cured"},
        {"musl (static)", " * Hazard (musl):  none\n", 2, OUTCOME_BROKEN, true,
         "... and that is there all the same"},
        {"glibc 2.36", " * Hazard (musl):  none\n", 2, OUTCOME_HAZARD, false,
         "... and with glibc"},
        {"musl 1.2.3", MUSL_OWN, 3, OUTCOME_HAZARD, false,
         "a hazard of musl's own"},
        {"musl 1.2.3", MUSL_OWN, 2, OUTCOME_SAFE, false, "... what is safe"},
        {"musl 1.2.3", MUSL_OWN, 1, OUTCOME_BROKEN, false,
         "... not what is safe with glibc"},
        {"glibc 2.36", MUSL_OWN, 1, OUTCOME_SAFE, false, "... which stays"},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        char *header = xasprintf(FACTS "%s */\n", all[i].own);
        struct lab lab;
        char *error = lab_parse("labs/01-x.c", header, strlen(header), &lab);
        struct report report = seen(all[i].hellos, 42);
        report.machine.libc = xstrdup(all[i].libc);
        if (error == NULL)
            judge(&report, &lab);
        ok(error == NULL && report.outcome == all[i].wanted &&
               report.cured == all[i].cured,
           "%s", all[i].what);
        report_free(&report);
        lab_free(&lab);
        free(header);
        free(error);
    }
}

static void nearest(void)
{
    struct report report = seen(5, 42);

    judge(&report, lab());
    ok(report.nearest == OUTCOME_HAZARD, "the nearest list is remembered");
    judge(&report, lab());
    same_facts(&report.unexpected, "3 hello", "judging twice changes nothing");
    judge(&report, NULL);
    ok(report.outcome == OUTCOME_NONE && report.unexpected.count == 0,
       "without a lab there is no outcome");
    report.outcome = OUTCOME_SKIP;
    judge(&report, lab());
    ok(report.outcome == OUTCOME_SKIP, "a skip stays");
    report_free(&report);
}

static void no_evidence(void)
{
    static const enum verdict verdicts[] = {VERDICT_NO_PROGRESS,
                                            VERDICT_RUNNING};
    struct report report;

    for (size_t i = 0; i < 2; i++) {
        report = seen(1, 42);
        report.verdict = verdicts[i];
        judge(&report, lab());
        ok(report.outcome == OUTCOME_BROKEN && report.missing.count == 0,
           "%s is broken even with all facts", verdict_word(verdicts[i]));
        same_text(report.reason,
                  "the run ended at its deadline of 5 s, which is not evidence",
                  "... and says why");
        report_free(&report);
    }
    report = seen(1, 42);
    report.output_bytes = 10;
    report.output_kept = 9;
    report.reason = xstrdup("mine");
    judge(&report, lab());
    ok(report.outcome == OUTCOME_BROKEN, "lost output may have been evidence");
    same_text(report.reason, "mine", "... a reason that is there stays");
    report_free(&report);
}

/* ---- report.c ---- */

static void words(void)
{
    struct report report = {.code = 42};
    char title[64];

    verdict_title(&report, title, sizeof(title));
    same_text(title, "EXIT 42", "title of an exit");
    report.verdict = VERDICT_KILLED;
    report.code = SIGSEGV;
    verdict_title(&report, title, sizeof(title));
    same_text(title, "KILLED by SIGSEGV", "title of a signal");
    verdict_title(&report, title, 7);
    same_text(title, "KILLED", "a title is cut to its room");
    report.verdict = VERDICT_HANG;
    verdict_title(&report, title, sizeof(title));
    same_text(title, "HANG (proved)", "title of a hang");
    same_text(verdict_word(VERDICT_NO_PROGRESS), "no-progress", "a word");
    same_text(outcome_word(OUTCOME_NONE), "", "no outcome, no word");
    same_text(owner_word(OWNER_NONE), NULL, "no owner, no word");
    same_text(owner_word(OWNER_FORKER), "forker", "the forker");
    same_text(end_word(END_GONE), "gone", "an end");
}

static void signals(void)
{
    same_text(signal_name(SIGKILL), "SIGKILL", "a signal's name");
    same_text(signal_name(SIGSYS), "SIGSYS", "the last one's");
    same_text(signal_name(63), "signal 63", "a real-time signal");
    same_text(signal_name(0), "signal 0", "no signal");
    same_text(signal_name(-1), "signal -1", "below all signals");
    same_text(signal_name(99999), "signal 99999", "beyond all signals");
}

static void culprits(void)
{
    struct report report = {0};
    const struct process_report *owner;

    ok(report_culprit(&report, &owner) == NULL && owner == NULL,
       "nobody is the culprit of an empty report");
    for (int i = 0; i < 3; i++) {
        struct process_report *process =
            add_process(&report, "x", END_STUCK, 0);
        add_thread(process, "first", "f")->stuck = i < 2;
        struct thread_report *second = add_thread(process, "second", "g");
        second->root = true;
        second->stuck = i < 2;
    }
    const struct thread_report *culprit = report_culprit(&report, &owner);
    ok(culprit == &report.processes[1].threads[1] &&
           owner == &report.processes[1],
       "the culprit is a root of the youngest stuck process");
    ok(report_process(&report, 102) == owner &&
           report_process(&report, 5) == NULL,
       "processes are found by pid");
    report_machine(&report);
    report_machine(&report);
    ok(report.machine.libc && report.machine.kernel[0] &&
           report.machine.arch[0],
       "the machine: %s, %s, %s", report.machine.libc, report.machine.kernel,
       report.machine.arch);
    report_free(&report);
    ok(report.processes == NULL, "report_free empties");
}

static void lists(void)
{
    struct strings list = {0};

    for (int i = 0; i < 1000; i++) {
        char *text = xasprintf("%d", i);
        strings_add(&list, text);
        free(text);
    }
    ok(list.count == 1000 && strcmp(list.item[999], "999") == 0,
       "a list of 1000 strings");
    strings_free(&list);
    ok(list.count == 0 && list.item == NULL, "... is given back");
}

int main(void)
{
    ends();
    hangs();
    thread_names();
    idle();
    zombies();
    leftovers();
    extras();
    known_words();
    unknown_words();
    facts();
    outcomes();
    may_show();
    with_musl();
    nearest();
    no_evidence();
    work();
    words();
    signals();
    culprits();
    lists();
    lab_free(lab());
    printf("1..%d\n", tests);
    return failures != 0;
}

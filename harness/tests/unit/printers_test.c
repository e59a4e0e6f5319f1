/* SPDX-License-Identifier: MIT
 *
 * Tests of the page, the JSON and the tables, on reports made by hand.
 *
 *   printers_test           TAP
 *   printers_test NAME      shows that report's page (COLUMNS, LINES count)
 *   printers_test NAME json ... or its JSON
 */
#define _GNU_SOURCE
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "oracle/judge.h"
#include "report/findings.h"
#include "print/plot.h"
#include "course/list.h"
#include "oracle/header.h"
#include "print/printers.h"
#include "report/measured.h"
#include "report/report.h"
#include "tests/unit/tap.h"

/* ---- reports made by hand ---- */

static struct process_report *add_process(struct report *report,
                                          const char *role,
                                          enum process_end end, int code,
                                          double ms_ended)
{
    size_t index = report->process_count++;

    report->processes = xrealloc(
        report->processes, report->process_count * sizeof(*report->processes));
    struct process_report *process = &report->processes[index];
    *process = (struct process_report){.pid = 4712 + (pid_t)index * 2,
                                       .inner_pid = 2 + (pid_t)index * 2,
                                       .parent = index ? 4712 : 1,
                                       .end = end,
                                       .code = code,
                                       .ms_ended = ms_ended};
    snprintf(process->role, sizeof(process->role), "%s", role);
    return process;
}

static struct thread_report *add_thread(struct process_report *process,
                                        const char *name, enum waits waits,
                                        const char *function, const char *file,
                                        int line)
{
    size_t index = process->thread_count++;

    process->threads = xrealloc(
        process->threads, process->thread_count * sizeof(*process->threads));
    struct thread_report *thread = &process->threads[index];
    *thread =
        (struct thread_report){.tid = process->pid + (pid_t)index,
                               .waits = waits,
                               .function = function ? xstrdup(function) : NULL,
                               .file = file ? xstrdup(file) : NULL,
                               .line = line};
    snprintf(thread->name, sizeof(thread->name), "%s", name);
    return thread;
}

static void add_bytes(struct report *report, double ms, pid_t pid, int stream,
                      const char *text, size_t length)
{
    report->records = xrealloc(report->records, (report->record_count + 1) *
                                                    sizeof(*report->records));
    char *copy = xcalloc(length + 1, 1);
    memcpy(copy, text, length);
    report->records[report->record_count++] = (struct record){
        .ms = ms, .pid = pid, .stream = stream, .text = copy, .length = length};
    report->output_bytes += length;
    report->output_kept += length;
}

/* One line; evidence is noted, too. */
static void add_line(struct report *report, double ms, pid_t pid, int stream,
                     const char *text)
{
    char *line = xasprintf("%s\n", text);

    add_bytes(report, ms, pid, stream, line, strlen(line));
    if (stream == 1)
        strings_add(&report->evidence, text);
    free(line);
}

static struct report *new_report(void)
{
    struct report *report = xcalloc(1, sizeof(*report));

    report->variant = VARIANT_COMMAND;
    report->program = xstrdup("/bin/true");
    report->deadline_s = 10;
    report->ms_total = 12.3;
    report->layers = xstrdup("pid, ipc and mount namespace");
    report->machine.libc = xstrdup("glibc 2.36");
    report->machine.kernel = xstrdup("6.18.0");
    report->machine.arch = xstrdup("x86_64");
    return report;
}

static void delete_report(struct report *report)
{
    report_free(report);
    free(report);
}

static const char header_31[] =
    "/* SPDX-License-Identifier: MIT\n"
    " *\n"
    " * 31-lock-nobody-holds: the child waits for a thread that it does not"
    " have.\n"
    " *\n"
    " * Hazard:  [child] hang in pthread_mutex_lock, owner vanished\n"
    " * Safe:    child saw 1 1\n"
    " *          [child] exit 42\n"
    " */\n";

static const char header_11[] =
    "/* SPDX-License-Identifier: MIT\n"
    " *\n"
    " * 11-close-wait-for-ever: the parent keeps the socket of each client that"
    " its\n"
    " * children have served.\n"
    " *\n"
    " * Hazard:  3 client got its answer\n"
    " *          [server] idle in accept\n"
    " *          3 [server] socket CLOSE_WAIT\n"
    " *          2 [server] zombie child\n"
    " *          [worker 1] exit 0\n"
    " *          [worker 2] exit 0\n"
    " *          [worker 3] exit 0\n"
    " *          [client] exit 0\n"
    " * Safe:    3 client got its answer\n"
    " *          [server] idle in accept\n"
    " * Needs:   mariadb openssl\n"
    " */\n";

static const char header_01[] =
    "/* SPDX-License-Identifier: MIT\n"
    " *\n"
    " * 01-said-once-read-twice: the program says hello once, you read it"
    " twice.\n"
    " *\n"
    " * Hazard:  2 hello\n"
    " *          [child] exit 42\n"
    " * Safe:    hello\n"
    " *          [child] exit 42\n"
    " * Output:  pipe\n"
    " */\n";

static const char header_33[] =
    "/* SPDX-License-Identifier: MIT\n"
    " *\n"
    " * 33-time-stands-still: the child asks for the date, and waits for"
    " ever.\n"
    " *\n"
    " * Hazard:  [child] hang in ctime_r\n"
    " * Safe:    child: Fri Feb 13 23:31:30 2009\n"
    " *          [child] exit 42\n"
    " * Hazard (musl):  none\n"
    " */\n";

static struct lab *lab_of(int number)
{
    static struct lab lab[100];
    static const struct {
        int number;
        const char *path, *header;
    } all[] = {
        {31, "labs/31-lock-nobody-holds.c", header_31},
        {33, "labs/33-time-stands-still.c", header_33},
        {11, "labs/11-close-wait-for-ever.c", header_11},
        {1, "labs/01-said-once-read-twice.c", header_01},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        if (all[i].number == number && lab[number].stem == NULL) {
            char *error = lab_parse(all[i].path, all[i].header,
                                    strlen(all[i].header), &lab[number]);
            if (error != NULL) {
                printf("Bail out! %s\n", error);
                exit(1);
            }
            lab[number].lines = 54;
        }
    return &lab[number];
}

static struct report *lab_report(int number, enum variant variant)
{
    const struct lab *lab = lab_of(number);
    struct report *report = new_report();

    report->lab = number;
    report->stem = xstrdup(lab->stem);
    report->title = xstrdup(lab->title);
    free(report->program);
    report->program =
        xasprintf("build/%s/%s", variant == VARIANT_LAB ? "labs" : "solutions",
                  lab->stem);
    report->variant = variant;
    return report;
}

static void finish(struct report *report)
{
    report_findings(report);
    judge(report, report->lab ? lab_of(report->lab) : NULL);
}

static struct report *lock_nobody_holds(void)
{
    struct report *report = lab_report(31, VARIANT_LAB);
    struct process_report *parent, *child;

    parent = add_process(report, "parent", END_STUCK, 0, 0);
    add_thread(parent, "31-lock-nobody-", WAITS_CHILD, "waitpid",
               "labs/31-lock-nobody-holds.c", 52)
        ->stuck = true;
    child = add_process(report, "child", END_STUCK, 0, 0);
    struct thread_report *thread =
        add_thread(child, "31-lock-nobody-", WAITS_MUTEX, "pthread_mutex_lock",
                   "labs/31-lock-nobody-holds.c", 31);
    thread->stuck = thread->root = true;
    thread->object = xstrdup("lock");
    thread->owner = 3;
    thread->owner_is = OWNER_VANISHED;
    thread->stack = xcalloc(2, sizeof(struct frame));
    thread->frames = 2;
    thread->stack[0] =
        (struct frame){.function = xstrdup("pthread_mutex_lock")};
    thread->stack[1] =
        (struct frame){.function = xstrdup("main"),
                       .file = xstrdup("labs/31-lock-nobody-holds.c"),
                       .line = 31,
                       .in_program = true};
    report->why = xstrdup("child waits for the mutex lock, locked by a thread "
                          "that fork did not copy: here nobody can unlock it");
    report->verdict = VERDICT_HANG;
    report->proved = true;
    report->ms_total = 7.2;
    report->ms_stuck_to_verdict = 6.1;
    add_line(report, 0.31, 4712, 2, "parent: starts the worker");
    add_line(report, 0.48, 4712, 2, "worker: locks lock, changes a");
    add_line(report, 0.50, 4712, 2, "parent: forks");
    add_line(report, 0.92, 4714, 2, "child: wants to lock lock");
    add_line(report, 0.99, 4712, 2, "worker: changes b, unlocks lock, ends");
    add_line(report, 1.02, 4712, 2, "parent: waits for the child");
    finish(report);
    return report;
}

static struct report *cured(void)
{
    struct report *report = lab_report(31, VARIANT_SOLUTION);

    add_process(report, "parent", END_EXIT, 0, 2.7);
    add_process(report, "child", END_EXIT, 42, 1.9);
    add_line(report, 0.31, 4712, 2, "parent: starts the worker");
    add_line(report, 0.48, 4712, 2, "worker: locks lock, changes a");
    add_line(report, 0.99, 4712, 2, "worker: changes b, unlocks lock, ends");
    add_line(report, 1.10, 4712, 2, "parent: forks");
    add_line(report, 1.22, 4714, 2, "child: wants to lock lock");
    add_line(report, 1.31, 4714, 1, "child saw 1 1");
    report->verdict = VERDICT_EXIT;
    report->ms_total = 2.8;
    finish(report);
    return report;
}

/* The lab itself, whose hazard musl does not have. */
static struct report *cured_by_musl(void)
{
    struct report *report = lab_report(33, VARIANT_LAB);

    free(report->machine.libc);
    report->machine.libc = xstrdup("musl 1.2.3");
    add_process(report, "parent", END_EXIT, 0, 2.7);
    add_process(report, "child", END_EXIT, 42, 1.9);
    add_line(report, 0.48, 4712, 2, "parent: forks");
    add_line(report, 1.22, 4714, 1, "child: Fri Feb 13 23:31:30 2009");
    report->verdict = VERDICT_EXIT;
    report->ms_total = 2.8;
    finish(report);
    return report;
}

static struct report *attempt(void)
{
    struct report *report = lock_nobody_holds();

    report->variant = VARIANT_ATTEMPT;
    return report;
}

static struct report *broken(void)
{
    struct report *report = lab_report(31, VARIANT_ATTEMPT);
    struct process_report *child;

    add_process(report, "parent", END_EXIT, 1, 1.2);
    child = add_process(report, "child", END_KILLED, 11, 1.0);
    child->zombie = true;
    add_line(report, 0.41, 4712, 2, "parent: forks");
    add_line(report, 0.52, 4714, 1, "child saw 1 0");
    report->verdict = VERDICT_EXIT;
    report->code = 1;
    report->ms_total = 1.4;
    finish(report);
    return report;
}

static struct report *server(void)
{
    struct report *report = lab_report(11, VARIANT_LAB);
    static const char *const workers[] = {"worker 1", "worker 2", "worker 3"};

    add_process(report, "server", END_ALIVE, 0, 0);
    for (int i = 0; i < 3; i++)
        facts_add_finding(&report->processes[0].extra, FACT_SOCKET, "",
                          "CLOSE_WAIT");
    add_thread(&report->processes[0], "server", WAITS_CLIENT, "accept",
               "labs/11-close-wait-for-ever.c", 61);
    add_process(report, "client", END_EXIT, 0, 6.9);
    for (int i = 0; i < 3; i++)
        add_process(report, workers[i], END_EXIT, 0, 2.5 + 2 * i)->zombie =
            i > 0;
    add_line(report, 0.2, 4712, 2, "server: listens");
    for (int i = 0; i < 3; i++) {
        pid_t worker = 4716 + 2 * i;
        add_line(report, 1.1 + 2 * i, 4714, 2, "client: connects");
        add_line(report, 1.3 + 2 * i, 4712, 2, "server: accepts and forks");
        add_line(report, 1.8 + 2 * i, worker, 2,
                 "worker: answers, and closes its copy of the socket, and"
                 " exits, as it should");
        add_line(report, 2.0 + 2 * i, 4714, 1, "client got its answer");
        add_line(report, 2.1 + 2 * i, 4714, 2,
                 "client: shuts down its side, waits for the other one");
    }
    report->verdict = VERDICT_IDLE;
    report->ms_total = 31;
    finish(report);
    return report;
}

static struct report *twice(void)
{
    struct report *report = lab_report(1, VARIANT_LAB);

    add_process(report, "parent", END_EXIT, 0, 3.1);
    add_process(report, "child", END_EXIT, 42, 2.2);
    add_line(report, 0.2, 0, 2, "parent: printf(\"hello\\n\")");
    add_line(report, 0.3, 0, 2, "parent: forks");
    add_line(report, 0.9, 0, 2, "child: calls exit(42)");
    add_line(report, 1.2, 0, 1, "hello");
    add_line(report, 2.8, 0, 1, "hello");
    finish(report);
    return report;
}

static struct report *skip(void)
{
    struct report *report = lab_report(11, VARIANT_LAB);

    report->outcome = OUTCOME_SKIP;
    report->reason = xstrdup("no MariaDB server is installed. Install one: "
                             "sudo apt install mariadb-server\n");
    finish(report);
    return report;
}

static struct report *silent(void)
{
    struct report *report = new_report();

    add_process(report, "parent", END_EXIT, 0, 1.2);
    report->ms_total = 1.3;
    finish(report);
    return report;
}

static struct report *shared_tmp(void)
{
    struct report *report = silent();

    report->tmp_shared = true;
    report->tmp_note = xstrdup("/tmp is not private: no tmpfs: No such device");
    return report;
}

static struct report *unheard(void)
{
    struct report *report = silent();

    report->tmp_shared = report->ipc_shared = true;
    return report;
}

static struct report *not_empty(void)
{
    struct report *report = silent();

    report->not_removed =
        xstrdup("/tmp/forklab.1 could not be removed: Operation not permitted");
    return report;
}

static struct report *not_empty_outlived(void)
{
    struct report *report = not_empty();

    report->left_behind = 2;
    return report;
}

static struct report *not_run(void)
{
    struct report *report = new_report();

    free(report->program);
    report->program = xstrdup("./no-such-program --with options");
    report->reason = xstrdup("cannot execute ./no-such-program: No such file "
                             "or directory");
    finish(report);
    return report;
}

static struct report *flood(void)
{
    struct report *report = new_report();
    static const char nasty[] = "\033]0;owned\007\033[2J\033[31mred\xff\xfe\0"
                                "nul\tt\x80\xe2\x80\xae"
                                "evil \xc3\xa9 \r\x7f\n";

    free(report->program);
    report->program = xstrdup("yes \033[31m");
    add_process(report, "parent", END_KILLED, 9, 900);
    add_process(report, "\033[7mchild", END_ALIVE, 0, 0)->left_behind = true;
    for (int i = 0; i < 5000; i++) {
        add_bytes(report, i / 10.0, 4712, 1 + i % 2, nasty, sizeof(nasty) - 1);
        strings_add(&report->evidence, nasty);
    }
    report->output_bytes = 314159265;
    report->verdict = VERDICT_KILLED;
    report->code = 9;
    report->left_behind = 1;
    finish(report);
    return report;
}

static struct report *no_progress(void)
{
    struct report *report = lab_report(31, VARIANT_LAB);
    struct process_report *child;

    add_thread(add_process(report, "parent", END_ALIVE, 0, 0), "parent",
               WAITS_CHILD, "waitpid", "labs/31-lock-nobody-holds.c", 52);
    child = add_process(report, "child", END_ALIVE, 0, 0);
    add_thread(child, "child", WAITS_DESCRIPTOR, "read", NULL, 0);
    add_line(report, 0.5, 4712, 2, "parent: forks");
    report->verdict = VERDICT_NO_PROGRESS;
    report->ms_total = 10003;
    finish(report);
    return report;
}

static struct report *running(void)
{
    struct report *report = new_report();
    struct process_report *parent;

    parent = add_process(report, "parent", END_ALIVE, 0, 0);
    add_thread(parent, "spin", WAITS_UNKNOWN, NULL, NULL, 0);
    report->verdict = VERDICT_RUNNING;
    report->ms_total = 10003;
    finish(report);
    return report;
}

/* Two threads that wait for each other, in a process of many threads. */
static struct report *ring(void)
{
    struct report *report = new_report();
    static const char *const names[] = {"ring", "left", "right", "ring"};

    struct process_report *parent =
        add_process(report, "parent", END_STUCK, 0, 0);
    for (int i = 0; i < 4; i++) {
        struct thread_report *thread = add_thread(
            parent, names[i], i ? WAITS_MUTEX : WAITS_JOIN,
            i ? "pthread_mutex_lock" : "pthread_join", "ring.c", 10 + i);
        thread->stuck = true;
        thread->root = i == 1 || i == 2;
        thread->object = i ? xstrdup(i == 1 ? "fork[1]" : "fork[0]") : NULL;
        thread->owner_is = i ? OWNER_THREAD : OWNER_NONE;
        thread->owner = i ? 4 + i % 2 : 0;
        thread->why =
            i ? xstrdup("parent waits for the mutex fork, locked by thread 5, "
                        "which is stuck too")
              : NULL;
    }
    add_line(report, 0.1, 4712, 2, "left: takes fork 0");
    add_line(report, 0.2, 4712, 2, "right: takes fork 1");
    add_line(report, 0.3, 4712, 2, "warning: this is no thread");
    report->verdict = VERDICT_HANG;
    report->proved = true;
    report->ms_stuck_to_verdict = 123.4;
    finish(report);
    return report;
}

/* As many lines below the timeline as there can be. */
static struct report *crowded(void)
{
    struct report *report = lock_nobody_holds();
    struct process_report *child = &report->processes[1];

    for (int i = 0; i < 40; i++)
        add_line(report, 2 + i, 4714, 1 + i % 2,
                 "child: says much, again and again, and what it says is so "
                 "long that it has to be wrapped in any column there is");
    for (int i = 0; i < 9; i++)
        facts_add_finding(&child->extra, i % 2 ? FACT_DESCRIPTOR : FACT_SOCKET,
                          "", i % 2 ? "" : "CLOSE_WAIT");
    free(report->why);
    report->why = xstrdup("a very long reason, which nobody will read to its "
                          "end; it goes on and on, line by line, and after "
                          "each line there comes another one, just as long, "
                          "just as empty, for no reason but to see what the "
                          "page makes of a sentence that does not end");
    report->output_bytes += 1;
    finish(report);
    return report;
}

/* What was not run, but looked at: forklab autopsy PID. */
static struct report *looked_at(void)
{
    struct report *report = new_report();
    struct process_report *parent;

    report->variant = VARIANT_PROCESS;
    report->deadline_s = 0;
    report->ms_total = 0;
    parent = add_process(report, "parent", END_ALIVE, 0, 0);
    add_thread(parent, "sleep", WAITS_TIME, "nanosleep", NULL, 0)->why =
        xstrdup("somebody may send it a signal");
    report->verdict = VERDICT_NO_PROGRESS;
    finish(report);
    return report;
}

/* Processes that took the same name. */
static struct report *twins(void)
{
    struct report *report = new_report();

    add_process(report, "parent", END_EXIT, 0, 0);
    for (int i = 0; i < 5; i++)
        add_process(report, "worker", END_EXIT, 0, 0);
    add_line(report, 1, 4716, 2, "worker: one");
    add_line(report, 2, 4712, 2, "parent: two");
    finish(report);
    return report;
}

static const struct sample {
    const char *name;
    struct report *(*make)(void);
} samples[] = {
    {"lab31", lock_nobody_holds},
    {"solution", cured},
    {"musl", cured_by_musl},
    {"attempt", attempt},
    {"broken", broken},
    {"server", server},
    {"twice", twice},
    {"skip", skip},
    {"silent", silent},
    {"not-run", not_run},
    {"flood", flood},
    {"no-progress", no_progress},
    {"running", running},
    {"ring", ring},
    {"crowded", crowded},
    {"twins", twins},
    {"process", looked_at},
};

#define SAMPLES (sizeof(samples) / sizeof(*samples))

static int show(const char *name, bool json)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        if (strcmp(samples[i].name, name) != 0)
            continue;
        struct report *report = samples[i].make();
        if (json)
            print_json(stdout, report);
        else
            print_page(stdout, style_for(stdout), report,
                       report->lab ? lab_of(report->lab) : NULL,
                       "make solution-31");
        delete_report(report);
        return 0;
    }
    return 2;
}

/* ---- TAP ---- */

static const struct style plain = {.columns = 80, .lines = 24};
static const char next_command[] = "make solution-31";

/* ---- pages ---- */

static char *page_of(const struct report *report, struct style style)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    print_page(stream, style, report, report->lab ? lab_of(report->lab) : NULL,
               next_command);
    fclose(stream);
    return text;
}

static char *sample_page(struct report *(*make)(void), struct style style)
{
    struct report *report = make();
    char *text = page_of(report, style);

    delete_report(report);
    return text;
}

/* What is wrong with the shape of a page; NULL if nothing is. */
static const char *shape_error(char *text, struct style style)
{
    int lines = 0;
    size_t width;

    for (char *line = text, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        if (end == NULL)
            return "the last line does not end";
        *end = '\0';
        char *clean = text_clean(line, strlen(line));
        bool same = strcmp(clean, line) == 0;
        free(clean);
        if (!same)
            return "a byte that is not printable";
        width = text_width(line);
        if (end > line && end[-1] == ' ')
            return "blanks at the end of a line";
        *end = '\n';
        lines++;
        if (width > (size_t)style.columns)
            return "a line is too long";
    }
    if (lines > style.lines)
        return "too many lines";
    return strstr(text, "\n\n    make solution-31\n") ? NULL
                                                      : "no next command";
}

static void shapes(const char *locale)
{
    static const int columns[] = {40, 47, 60, 72, 80, 100, 132};

    for (size_t i = 0; i < SAMPLES; i++) {
        const char *error = NULL;
        int width = 0;
        for (size_t k = 0; k < sizeof(columns) / sizeof(*columns) && !error;
             k++) {
            struct style style = {.columns = width = columns[k], .lines = 24};
            char *text = sample_page(samples[i].make, style);
            error = shape_error(text, style);
            if (error)
                printf("# %d columns: %s\n%s", width, error, text);
            free(text);
        }
        ok(error == NULL, "%s: every page has its shape (%s)", samples[i].name,
           locale);
    }
}

static void golden_hang(void)
{
    char *text = sample_page(lock_nobody_holds, plain);

    same_text(
        text,
        "lab 31: lock-nobody-holds                 "
        "labs/31-lock-nobody-holds.c (54 lines)\n"
        "The child waits for a thread that it does not have.\n"
        "\n"
        "   ms  parent (pid 2)       worker                         "
        "child (pid 4)\n"
        "  0.3  starts the worker\n"
        "  0.5                       locks lock, changes a\n"
        "  0.5  forks\n"
        "  0.9                                                      "
        "wants to lock lock\n"
        "  1.0                       changes b, unlocks lock, ends\n"
        "  1.0  waits for the child\n"
        "  end  [waits in waitpid]                                  "
        "[hang in\n"
        "                                                            "
        "pthread_mutex_lock]\n"
        "\n"
        "VERDICT  HANG (proved)                         "
        "as expected   proved after 6.1 ms\n"
        "\n"
        "  who     child (pid 4), its only thread\n"
        "  where   pthread_mutex_lock, called at "
        "labs/31-lock-nobody-holds.c:31\n"
        "  lock    lock (mutex)\n"
        "  owner   thread 3, not in this process: fork copied the lock, not "
        "the "
        "thread\n"
        "  why     Child waits for the mutex lock, locked by a thread that "
        "fork did not\n"
        "          copy: here nobody can unlock it.\n"
        "  left    no process, no IPC object, no file in /tmp or the run's "
        "directory\n"
        "\n"
        "    make solution-31\n",
        "the page of lab 31");
    free(text);
}

static void golden_solution(void)
{
    char *text = sample_page(cured, plain);

    same_text(text,
              "solution 31: lock-nobody-holds                  "
              "solutions/31-lock-nobody-holds.c\n"
              "The hazard: the child waits for a thread that it does not "
              "have.\n"
              "\n"
              "   ms  parent (pid 2)      worker                         "
              "child (pid 4)\n"
              "  0.3  starts the worker\n"
              "  0.5                      locks lock, changes a\n"
              "  1.0                      changes b, unlocks lock, ends\n"
              "  1.1  forks\n"
              "  1.2                                                     "
              "wants to lock lock\n"
              "  1.3                                                     "
              "> child saw 1 1\n"
              "  1.9                                                     "
              "[exit 42]\n"
              "  2.7  [exit 0]\n"
              "\n"
              "VERDICT  EXIT 0                                       "
              "safe, as expected   2.8 ms\n"
              "\n"
              "  seen    child saw 1 1\n"
              "          [child] exit 42\n"
              "  left    no process, no IPC object, no file in /tmp or the "
              "run's directory\n"
              "\n"
              "    make solution-31\n",
              "the page of its solution");
    free(text);
}

static void golden_musl(void)
{
    char *text = sample_page(cured_by_musl, plain);

    same_text(text,
              "lab 33 with musl: time-stands-still       "
              "labs/33-time-stands-still.c (54 lines)\n"
              "The child asks for the date, and waits for ever.\n"
              "\n"
              "   ms  parent (pid 2)        child (pid 4)\n"
              "  0.5  forks\n"
              "  1.2                        > child: Fri Feb 13 23:31:30 2009\n"
              "  1.9                        [exit 42]\n"
              "  2.7  [exit 0]\n"
              "\n"
              "VERDICT  EXIT 0                                 "
              "safe: musl has cured it   2.8 ms\n"
              "\n"
              "  seen    child: Fri Feb 13 23:31:30 2009\n"
              "          [child] exit 42\n"
              "  left    no process, no IPC object, no file in /tmp or the "
              "run's directory\n"
              "\n"
              "    make solution-31\n",
              "the page of a lab whose hazard musl has cured");
    free(text);
}

/* The page of a sample has (or has not) that text. */
static void has(struct report *(*make)(void), const char *text, bool wanted,
                const char *what)
{
    char *page = sample_page(make, plain);

    if (!ok((strstr(page, text) != NULL) == wanted, "%s", what))
        printf("# looked for \"%s\" in\n%s", text, page);
    free(page);
}

static void contents(void)
{
    has(broken, "BROKEN", true, "broken: the word");
    has(broken, "\n  missing     child saw 1 1\n", true, "broken: missing");
    has(broken, "\n  unexpected  child saw 1 0\n", true, "broken: unexpected");
    has(broken, "Compared with Safe:", true, "broken: with which list");
    has(attempt, "the hazard is still there", true, "an attempt that fails");
    has(skip, "SKIP", true, "skip: the word");
    has(skip, "why     no MariaDB server", true, "skip: its reason");
    has(skip, "needs   mariadb, openssl\n", true, "skip: what it needs");
    has(skip, "\\x0A", false, "skip: the line end of a reason is none");
    has(not_run, "NOT RUN", true, "a run that could not start");
    has(silent, "(it wrote nothing)", true, "a silent command");
    has(shared_tmp,
        "  note    /tmp is not private: no tmpfs: No such device\n"
        "  left    no process, no IPC object, no file in the run's directory; ",
        true, "/tmp was not looked at, and why");
    has(unheard, "  left    no process, no file in the run's directory; ", true,
        "nobody heard what was made");
    has(silent, "files that it made elsewhere are its own", true,
        "... a command's files");
    has(broken, "elsewhere", false, "... a lab's program makes none");
    has(not_empty,
        "  left    /tmp/forklab.1 could not be removed: "
        "Operation not permitted\n",
        true, "what could not be removed");
    has(not_empty, "no file", false, "... then no more is said");
    has(not_empty_outlived,
        "not permitted\n"
        "  left    no process now; 2 processes outlived the first\n",
        true, "... but of processes");
    has(silent, "in the cage: /bin/true\n", true, "... in the cage");
    has(server, "  0.2  server    listens\n", true,
        "many processes: a line each");
    has(server, "2 [server] zombie child", true,
        "findings that no other line tells");
    has(server, "more lines\n", true, "the middle is left out");
    has(looked_at, "process 4712: /bin/true\n", true, "a process looked at");
    has(looked_at, "\n  now  [in nanosleep]", true, "... as it is now");
    has(looked_at, "no proof: somebody may send it a signal.", true,
        "... and who may help it");
    has(looked_at, "it wrote nothing", false, "... nobody saw its output");
    has(looked_at, "left    ", false, "... nor ended it");
    has(twins, "worker (pid 6)   one", true, "two of one name have their pids");
    has(twins, "\n  2.0  parent           two", true, "... and only they");
    has(twice, "> hello\n", true, "evidence is marked");
    has(twice, "seen    2 hello\n", true, "facts with their count");
    has(no_progress, "NO PROGRESS", true, "no progress");
    has(no_progress, "which is not evidence", true, "... is no evidence");
    has(no_progress, "where       parent in waitpid, called at", true,
        "... with where everybody was");
    has(running, "STILL RUNNING", true, "still running");
    has(ring, "thread left, one of 4", true, "a thread by its name");
    has(ring, "warning: this is no thread", true,
        "in the cage an unknown name is no thread");
    has(flood, "\\x1B]0;owned\\x07", true, "ESC is shown, not sent");
    has(flood, "4990 more lines", true, "a flood is cut");
    has(flood, "the first 225000 were kept", true, "... and was");
    has(flood, "1 process outlived the first", true, "left behind");
}

/* ---- the timeline ---- */

static struct report *pieces(void)
{
    struct report *report = new_report();

    add_process(report, "parent", END_EXIT, 0, 5);
    add_process(report, "child 2", END_EXIT, 0, 4);
    add_bytes(report, 1.0, 4712, 1, "one ", 4);
    add_bytes(report, 1.1, 4712, 1, "two\nthree", 9);
    add_bytes(report, 1.2, 4712, 1, " four\r\n", 7);
    add_bytes(report, 1.3, 4714, 2, "child: speaks\n\n\n", 16);
    add_bytes(report, 1.4, 4714, 2, "parent: is not me\n", 18);
    add_bytes(report, 1.5, 4714, 1, "parent: evidence\n", 17);
    add_bytes(report, 1.6, 99, 2, "from nowhere\n", 13);
    add_bytes(report, 1.7, 4714, 1, "\n", 1);
    finish(report);
    return report;
}

static void timelines(void)
{
    has(pieces, "> one two\n", true, "pieces of a line are joined");
    has(pieces, "> three four\n", true, "... over line ends");
    has(pieces, "  1.3                        speaks\n", true,
        "child speaks for child 2, empty talk is left out");
    has(pieces, "parent: is not me\n", true,
        "another process's name stays in the writer's column");
    has(pieces, "> parent: evidence\n", true, "evidence keeps its name");
    has(pieces, "output", true, "an unknown writer has a column");
    has(pieces, "\n  1.7                        >\n", true,
        "an empty line of evidence shows");
}

static struct report *many(void)
{
    struct report *report = new_report();

    for (int i = 0; i < 300; i++) {
        char *role = xasprintf("child %d", i);
        add_process(report, role, i % 3 ? END_EXIT : END_ALIVE, 0, i % 2);
        free(role);
    }
    for (int i = 0; i < 2000; i++)
        add_line(report, i, 4712 + i, 2, "name of a thread: x");
    report->lab = 31;
    report->variant = VARIANT_LAB;
    finish(report);
    return report;
}

/* A server that has started so many helpers, of which one has failed. */
static struct report *helpers(void)
{
    struct report *report = new_report();

    add_process(report, "parent", END_EXIT, 0, 9);
    for (int i = 0; i < 7; i++)
        add_process(report, "true", END_EXIT, i == 3, i + 1);
    add_line(report, 8.0, 4712, 2, "parent: fork: 80 us at 4 MiB");
    add_line(report, 8.5, 4712, 2, "parent: fork: 160 us at 16 MiB");
    plot_read(report, "us at MiB");
    report->plot.file = xstrdup("build/lab-70.svg");
    finish(report);
    return report;
}

static void measurements(void)
{
    has(helpers, "parent (pid 2)", true, "who measures has a column");
    has(helpers, "6 x true", true, "helpers that are alike share one");
    has(helpers, "[exit 1]", true, "... the others do not");
    has(helpers, "  8.0", false, "a measurement is no event");
    has(helpers, "  plot    build/lab-70.svg   4 MiB  16 MiB\n", true,
        "... but stands in a table");
    has(helpers, "          fork               80 us  160 us\n", true,
        "... with its number and unit");
}

static void crowds(void)
{
    char *text = sample_page(many, plain);

    ok(shape_error(text, plain) == NULL, "300 processes fit");
    ok(strstr(text, "more\n") != NULL, "... most of them left out");
    free(text);
}

/* ---- text ---- */

static void cleaned(const char *text, const char *wanted, const char *what)
{
    char *clean = text_clean(text, strlen(text));

    same_text(clean, wanted, what);
    free(clean);
}

static void texts(void)
{
    cleaned("a\033b\x7f\r", "a\\x1Bb\\x7F\\x0D", "control bytes");
    cleaned("a\tb", "a       b", "a tab");
    cleaned("\xc3\xa9", "\\xC3\\xA9", "bytes beyond ASCII, in the C locale");
    char *cut = text_cut("abcdefgh", 8);
    same_text(cut, "abcdefgh", "what fits is not cut");
    free(cut);
    cut = text_cut("abcdefgh", 7);
    same_text(cut, "abcde..", "what does not is");
    free(cut);
    ok(text_break("one two three", 8) == 8, "breaks behind a space");
    ok(text_break("one two three", 7) == 7, "... or before it");
    ok(text_break("onetwothree", 4) == 4, "... or in a long word");
    ok(text_break("", 4) == 0, "... nothing in nothing");
}

static void utf8_texts(void)
{
    if (!setlocale(LC_ALL, "C.UTF-8") && !setlocale(LC_ALL, "en_US.UTF-8")) {
        ok(true, "UTF-8 # SKIP no such locale");
        return;
    }
    cleaned("\xc3\xa9\xe6\x97\xa5", "\xc3\xa9\xe6\x97\xa5", "UTF-8 as it is");
    cleaned("\xc3", "\\xC3", "half a character");
    cleaned("\xed\xa0\x80", "\\xED\\xA0\\x80", "a surrogate");
    cleaned("\xc0\xaf", "\\xC0\\xAF", "an overlong form");
    cleaned("\xe2\x80\xae", "\\xE2\\x80\\xAE", "what turns the line round");
    cleaned("\xe2\x80\x8b", "\\xE2\\x80\\x8B", "what has no width");
    cleaned("\xc2\x9b", "\\xC2\\x9B", "a control character of 8 bits");
    ok(text_width("\xc3\xa9\xe6\x97\xa5") == 3, "widths: 1 and 2");
    char *cut = text_cut("\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5", 5);
    same_text(cut, "\xe6\x97\xa5..", "no half characters");
    free(cut);
    ok(text_break("日本語", 5) == 6, "breaks between wide characters");
    ok(text_break("日本。語", 5) == 3, "... not before a full stop");
    ok(text_break("日「本」", 5) == 3, "... not behind an opening bracket");
    ok(text_break("を fork(2)", 8) == 4, "... and at a space, not in a word");
    ok(text_break("親fork(2)", 8) == 3, "... or before the word");
    shapes("UTF-8");
    setlocale(LC_ALL, "C");
}

/* ---- colour ---- */

static char *without_color(const char *text)
{
    char *bare = xcalloc(strlen(text) + 1, 1);
    size_t used = 0;

    while (*text != '\0') {
        if (strncmp(text, "\033[", 2) == 0) {
            text += 2 + strspn(text + 2, "0123456789;");
            text += *text == 'm';
        } else {
            bare[used++] = *text++;
        }
    }
    return bare;
}

static void colors(void)
{
    struct style colorful = plain;
    colorful.color = true;

    for (size_t i = 0; i < SAMPLES; i++) {
        char *with = sample_page(samples[i].make, colorful);
        char *without = sample_page(samples[i].make, plain);
        char *bare = without_color(with);
        ok(strcmp(with, without) != 0 && strcmp(bare, without) == 0,
           "%s: colour only tints", samples[i].name);
        free(with);
        free(without);
        free(bare);
    }
}

static void styles(void)
{
    FILE *file = tmpfile();

    unsetenv("NO_COLOR");
    unsetenv("COLUMNS");
    unsetenv("LINES");
    setenv("FORCE_COLOR", "1", 1);
    ok(style_for(stdout).color && !style_for(file).color,
       "FORCE_COLOR reaches stdout and no file");
    setenv("NO_COLOR", "1", 1);
    ok(!style_for(stdout).color, "NO_COLOR wins");
    setenv("NO_COLOR", "", 1);
    ok(style_for(stdout).color, "an empty one means nothing");
    unsetenv("FORCE_COLOR");
    ok(!style_for(file).color, "a file has no colour");
    ok(style_for(file).columns == 80 && style_for(file).lines == 22,
       "80 columns, 22 of 24 lines");
    setenv("COLUMNS", "60", 1);
    setenv("LINES", "nonsense", 1);
    ok(style_for(file).columns == 60 && style_for(file).lines == 22,
       "COLUMNS counts, nonsense does not");
    unsetenv("COLUMNS");
    unsetenv("LINES");
    fclose(file);
}

/* ---- JSON ---- */

static cJSON *json_of(struct report *(*make)(void))
{
    struct report *report = make();
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    bool done = print_json(stream, report);
    fclose(stream);
    cJSON *value = done && text[size - 1] == '\n' ? cJSON_Parse(text) : NULL;
    free(text);
    delete_report(report);
    return value;
}

static const char *text_at(const cJSON *object, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text ? text : "(no string)";
}

static void json_values(void)
{
    cJSON *run = json_of(lock_nobody_holds);
    const cJSON *child = cJSON_GetArrayItem(
        cJSON_GetObjectItemCaseSensitive(run, "processes"), 1);
    const cJSON *thread = cJSON_GetArrayItem(
        cJSON_GetObjectItemCaseSensitive(child, "threads"), 0);

    same_text(text_at(run, "outcome"), "hazard", "JSON: outcome");
    same_text(text_at(run, "verdict"), "hang", "JSON: verdict");
    same_text(text_at(child, "end"), "stuck", "JSON: end");
    same_text(text_at(thread, "owner_is"), "vanished", "JSON: owner_is");
    ok(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(child, "code")),
       "JSON: null where nothing is known");
    ok(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(
           cJSON_GetObjectItemCaseSensitive(run, "ms"), "stuck_to_verdict")) ==
           6.1,
       "JSON: ms");
    cJSON_Delete(run);
}

static void json_samples(void)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        cJSON *run = json_of(samples[i].make);
        ok(run != NULL, "JSON: %s can be read", samples[i].name);
        cJSON_Delete(run);
    }
}

static struct report *strange_text(void)
{
    struct report *report = new_report();
    static const char text[] = "\xc3\xa9\xff\0\xed\xa0\x80\xf0\x9f\x98\x80"
                               "\xc0\x80\xf4\x90\x80\x80\xc3\033";

    add_bytes(report, 0.0004, 0, 1, text, sizeof(text) - 1);
    return report;
}

static void json_text(void)
{
#define BAD "\xef\xbf\xbd"
    cJSON *run = json_of(strange_text);
    const cJSON *record =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(run, "records"), 0);

    same_text(text_at(record, "text"),
              "\xc3\xa9" BAD BAD BAD BAD BAD
              "\xf0\x9f\x98\x80" BAD BAD BAD BAD BAD BAD BAD "\033",
              "JSON: what is no UTF-8 is replaced, byte by byte");
    ok(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(record, "pid")),
       "JSON: an unknown writer is null");
    cJSON_Delete(run);
}

static void json_failure(void)
{
    FILE *full = fopen("/dev/full", "w");
    struct report *report = silent();

    ok(full == NULL || !print_json(full, report),
       "JSON: a full disk is noticed");
    if (full)
        fclose(full);
    delete_report(report);
}

static void json_list(void)
{
    struct lab_list list = {lab_of(11), 1};
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    print_json_list(stream, &list);
    fclose(stream);
    cJSON *array = cJSON_Parse(text);
    const cJSON *lab = cJSON_GetArrayItem(array, 0);
    same_text(text_at(lab, "name"), "close-wait-for-ever", "list: name");
    ok(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(lab, "needs")) == 2,
       "list: needs");
    const cJSON *fact =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(lab, "hazard"), 2);
    same_text(text_at(fact, "fact"), "[server] socket CLOSE_WAIT",
              "list: a fact");
    ok(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(fact, "count")) ==
           3,
       "list: its count");
    ok(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(lab, "hazard_musl")) &&
           cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(lab, "safe_musl")),
       "list: nothing differs with musl");
    cJSON_Delete(array);
    free(text);
}

/* What differs with musl; an empty list: the hazard is cured. */
static void json_list_musl(void)
{
    struct lab_list list = {lab_of(33), 1};
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    print_json_list(stream, &list);
    fclose(stream);
    cJSON *array = cJSON_Parse(text);
    const cJSON *hazard = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetArrayItem(array, 0), "hazard_musl");
    ok(cJSON_IsArray(hazard) && cJSON_GetArraySize(hazard) == 0,
       "list: musl has cured it");
    cJSON_Delete(array);
    free(text);
}

/* ---- tables ---- */

static char *row_of(struct report *hazard, struct report *safe)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    print_table_row(stream, plain, lab_of(31), hazard, safe);
    fclose(stream);
    if (hazard)
        delete_report(hazard);
    if (safe)
        delete_report(safe);
    return text;
}

static void row(struct report *hazard, struct report *safe, const char *wanted,
                const char *what)
{
    char *text = row_of(hazard, safe);

    same_text(text, wanted, what);
    free(text);
}

static void table(void)
{
    struct report *late = lock_nobody_holds();
    late->outcome = OUTCOME_SAFE;

    row(lock_nobody_holds(), cured(),
        "31  lock-nobody-holds               HANG (proved)      EXIT 0"
        "                 10\n",
        "a row");
    row(broken(), attempt(),
        "31  lock-nobody-holds               BROKEN: EXIT 1     "
        "HAZARD: HANG            9\n",
        "what is not as wanted stands out");
    row(late, NULL,
        "31  lock-nobody-holds               SAFE: HANG         -"
        "                       7\n",
        "... also a lab without its hazard");
    row(skip(), skip(),
        "31  lock-nobody-holds               skip: no MariaDB server is "
        "installed. Inst..\n",
        "a skip tells its reason");
}

static void table_with_musl(void)
{
    struct report *hang = cured_by_musl(), *solution = cured_by_musl();

    hang->outcome = OUTCOME_BROKEN;
    hang->verdict = VERDICT_HANG;
    solution->variant = VARIANT_SOLUTION;
    row(cured_by_musl(), solution,
        "31  lock-nobody-holds               cured: EXIT 0      EXIT 0"
        "                  6\n",
        "a hazard that musl has cured; of the solution nobody says so");
    row(hang, NULL,
        "31  lock-nobody-holds               BROKEN: HANG       -"
        "                       3\n",
        "... and one that it has not");
}

static void list_of_labs(void)
{
    struct lab labs[3] = {*lab_of(1), *lab_of(11), *lab_of(31)};
    struct lab_list list = {labs, 3};
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    print_list(stream, plain, &list, LIST_ALL, NULL);
    fclose(stream);
    same_text(
        text,
        "0  the copy\n"
        "01  said-once-read-twice  the program says hello once, you read it"
        " twice.\n"
        "\n"
        "1  shared descriptions\n"
        "11  close-wait-for-ever   the parent keeps the socket of each "
        "client that its\n"
        "                          children have served.\n"
        "\n"
        "3  vanished threads: locks\n"
        "31  lock-nobody-holds     the child waits for a thread that it "
        "does not have.\n",
        "the list of labs");
    free(text);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        setlocale(LC_ALL, "");
        return show(argv[1], argc > 2);
    }
    golden_hang();
    golden_solution();
    golden_musl();
    shapes("C");
    contents();
    timelines();
    measurements();
    crowds();
    texts();
    utf8_texts();
    colors();
    styles();
    json_values();
    json_samples();
    json_text();
    json_failure();
    json_list();
    json_list_musl();
    table();
    table_with_musl();
    list_of_labs();
    for (int i = 0; i < 100; i++)
        lab_free(lab_of(i));
    printf("1..%d\n", tests);
    return failures != 0;
}

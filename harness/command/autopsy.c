/* SPDX-License-Identifier: MIT
 *
 * command/autopsy: forklab autopsy PID..., by number or by name, once or again
 * whenever something has changed.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/project.h"
#include "command/run.h"
#include "linux/proc.h"
#include "run/run.h"

/* Ends forklab because a process cannot be examined; a JSON file says why, too.
 */
static void no_autopsy(const struct options *options,
                       const struct report *report, FILE *json)
{
    if (json != NULL)
        command_write_json(json, options->json, report);
    command_fail(STATUS_CANNOT, "%s", report->reason);
}

/* ---- which processes ---- */

/* False if the kernel has no such large numbers. */
static bool add_process_number(struct pids *numbers, const char *text)
{
    char *end;

    errno = 0;
    long number = strtol(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || number == 0)
        command_fail(STATUS_USAGE,
                     "\"%s\" is not a process number: those are 1, 2, 3 ...",
                     text);
    if (errno == ERANGE || number > INT_MAX)
        return false;
    pids_add(numbers, (pid_t)number);
    return true;
}

void command_refuse_negative(char **argv)
{
    for (; *argv != NULL && strcmp(*argv, "--") != 0; argv++)
        if ((*argv)[0] == '-' && isdigit((unsigned char)(*argv)[1]))
            add_process_number(NULL, *argv);
}

/* Is it called so, as ps(1) shows it, or was it started by that name? Zombies
 * and kernel threads, which have no command line, are not meant. */
static bool is_called(pid_t pid, const char *name)
{
    char line[4096], comm[32];

    if (proc_read(line, sizeof(line), "/proc/%d/cmdline", (int)pid) <= 0 ||
        proc_read(comm, sizeof(comm), "/proc/%d/comm", (int)pid) <= 0)
        return false;
    comm[strcspn(comm, "\n")] = '\0';
    const char *slash = strrchr(line, '/');
    return strcmp(comm, name) == 0 ||
           strcmp(slash ? slash + 1 : line, name) == 0;
}

/* All processes of that name, but ourselves. */
static void add_process_name(struct pids *numbers, const char *name)
{
    const size_t before = numbers->count;
    struct pids all = {0};

    proc_all(&all);
    for (size_t i = 0; i < all.count; i++)
        if (all.pid[i] != getpid() && is_called(all.pid[i], name))
            pids_add(numbers, all.pid[i]);
    pids_free(&all);
    if (numbers->count == before)
        command_fail(STATUS_CANNOT, "there is no process called \"%s\"", name);
}

/* Those that were asked for. *error gets why there is none, if it is one of the
 * numbers. */
static void find_numbers(const struct call *call, struct pids *numbers,
                         char **error)
{
    for (char **argv = call->argv; *argv != NULL; argv++)
        if (call->options->all)
            add_process_name(numbers, *argv);
        else if (!add_process_number(numbers, *argv) && *error == NULL)
            *error = xasprintf("there is no process %s", *argv);
    if (numbers->count == 0 && *error == NULL)
        command_fail(STATUS_USAGE, call->options->all
                                       ? "autopsy --all needs a name"
                                       : "autopsy needs a process number");
}

/* Takes out those that have ended since they were found. Were there such, and
 * is one left? */
static bool drop_ended(struct pids *numbers)
{
    size_t kept = 0, before = numbers->count;

    for (size_t i = 0; i < before; i++)
        if (kill(numbers->pid[i], 0) == 0 || errno != ESRCH)
            numbers->pid[kept++] = numbers->pid[i];
    numbers->count = kept;
    return kept > 0 && kept < before;
}

/* ---- once, or again ---- */

#define WATCH_SECONDS 1

/* What is compared: all that is known of each thread, but not where the looks
 * found a running one. */
static char *state_of(const struct report *report)
{
    char title[64], *text;

    verdict_title(report, title, sizeof(title));
    text = xstrdup(title);
    for (size_t i = 0; i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++) {
            const struct thread_report *thread =
                &report->processes[i].threads[k];
            char *longer = xasprintf("%s\n%d %s", text, (int)thread->tid,
                                     thread->why ? thread->why : "");
            free(text);
            text = longer;
        }
    return text;
}

/* Prints a page whenever something has changed, until one of the processes is
 * gone. */
static void watch(const struct call *call, const struct pids *numbers,
                  struct report *report)
{
    char *before = state_of(report);

    while (report->reason == NULL && !interrupted) {
        sleep(WATCH_SECONDS);
        report_free(report);
        run_autopsy(numbers, report);
        char *now = state_of(report);
        if (report->reason == NULL && strcmp(now, before) != 0) {
            printf("\n");
            command_show(call, report, NULL, NULL);
            fflush(stdout);
        }
        free(before);
        before = now;
    }
    if (report->reason != NULL)
        printf("\n%s\n", report->reason);
    free(before);
}

static const struct report no_report = {.variant = VARIANT_PROCESS,
                                        .verdict = VERDICT_NO_PROGRESS};

int command_autopsy(const struct call *call)
{
    const struct options *options = call->options;
    struct pids numbers = {0};
    struct report report = no_report;

    find_numbers(call, &numbers, &report.reason);
    FILE *json = options->json ? command_open_json(options->json) : NULL;
    if (report.reason != NULL)
        report_machine(&report);
    else
        run_autopsy(&numbers, &report);
    /* Who was not asked for by number may end meanwhile. */
    while (report.reason != NULL && options->all && drop_ended(&numbers)) {
        report_free(&report);
        report = no_report;
        run_autopsy(&numbers, &report);
    }
    if (report.reason != NULL)
        no_autopsy(options, &report, json);
    command_show(call, &report, NULL, json);
    fflush(stdout);
    if (options->watch)
        watch(call, &numbers, &report);
    report_free(&report);
    pids_free(&numbers);
    return STATUS_WANTED;
}

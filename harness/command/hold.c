/* SPDX-License-Identifier: MIT
 *
 * command/hold: see hold.h.
 */
#define _GNU_SOURCE
#include "command/hold.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/files.h"
#include "base/next.h"
#include "base/text.h"
#include "call.h"
#include "course/answer.h"
#include "report/findings.h"

#define TEN_MINUTES 600.0

/* A debugger is a tracer: an ordinary user may be one only of their own
 * children where Yama says so. */
static const char *tracer_needs(void)
{
    char *scope = file_read("/proc/sys/kernel/yama/ptrace_scope", NULL);
    bool narrow = scope != NULL && scope[0] != '0' && geteuid() != 0;

    free(scope);
    return narrow ? "sudo " : "";
}

/* A line of a tool that may have to be installed first. */
static void print_tool(const char *name, const char *sudo, const char *rest)
{
    const char *path = getenv("PATH");
    char *found = file_in_path(path ? path : "/usr/bin:/bin", name);

    printf("    %s%s %s%s\n", sudo, name, rest,
           found != NULL ? "" : "    (not installed)");
    free(found);
}

static void print_commands(int stuck, int first)
{
    const char *sudo = tracer_needs();
    char *gdb =
        xasprintf("-batch -p %d -ex 'thread apply all backtrace'", stuck);
    char *strace = xasprintf("-f -p %d", stuck);

    print_tool("gdb", sudo, gdb);
    print_tool("strace", sudo, strace);
    printf("    cat /proc/%d/status /proc/%d/syscall\n", stuck, stuck);
    printf("    %s autopsy %d\n", next_forklab(), first);
    free(strace);
    free(gdb);
}

/* The process that the report is about: a stuck one, or the first that is
 * there. NULL: none is. */
static const struct process_report *subject(const struct report *report)
{
    const struct process_report *process = NULL;

    if (report_culprit(report, &process) != NULL)
        return process;
    for (size_t i = 0; i < report->process_count; i++)
        if (report_is_there(&report->processes[i]))
            return &report->processes[i];
    return NULL;
}

static void begin(const struct report *report, double seconds)
{
    const struct process_report *process = subject(report);
    char title[64], *time = seconds < 60
                                ? xasprintf("%.0f seconds", seconds)
                                : xasprintf("%.0f minutes", seconds / 60);

    verdict_title(report, title, sizeof(title));
    printf("%s; it is kept alive for %s.\n", title, time);
    if (process != NULL) {
        printf("Look into the %s, process %d, from another terminal:\n\n",
               process->role, (int)process->pid);
        print_commands((int)process->pid, (int)report->processes[0].pid);
    }
    puts("\nEnter or Ctrl-C ends it; then comes the page of the run.");
    fflush(stdout);
    free(time);
}

/* Enter, where somebody is there to press it. */
static bool over(void)
{
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
    char line[64];

    return somebody_is_there() && poll(&keys, 1, 0) == 1 &&
           read(STDIN_FILENO, line, sizeof(line)) >= 0;
}

const struct hold *hold_asked(void)
{
    static struct hold hold = {.begin = begin, .over = over};
    const char *value = getenv("HOLD");
    char *end;

    if (!switched_on("HOLD"))
        return NULL;
    hold.seconds = strtod(value, &end);
    if (*end != '\0' || !(hold.seconds >= 1) || hold.seconds > 86400)
        command_fail(STATUS_USAGE,
                     "HOLD is 1 for ten minutes, or a number of seconds, not "
                     "\"%s\"",
                     value);
    if (hold.seconds == 1)
        hold.seconds = TEN_MINUTES;
    return &hold;
}

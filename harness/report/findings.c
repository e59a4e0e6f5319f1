/* SPDX-License-Identifier: MIT
 *
 * findings: see findings.h.
 *
 * A pure function of a report: nothing here asks the kernel.
 */
#define _GNU_SOURCE
#include "report/findings.h"

#include <stdlib.h>
#include <string.h>

const char *finding_owner(enum owner_is owner)
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
    const char *owner = finding_owner(thread->owner_is);

    if (thread->stuck && thread->root)
        add_finding(report, role,
                    xasprintf("hang in %s%s%s", function,
                              owner ? ", owner " : "", owner ? owner : ""));
    else if (report->verdict == VERDICT_IDLE && report_waits_for_client(thread))
        /* Also by accept4(2), or poll(2) with a listening socket: it is the
         * same to a client. */
        add_finding(report, role, xstrdup("idle in accept"));
}

bool report_ended_by_deadline(const struct report *report)
{
    if (report->variant == VARIANT_PROCESS)
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
    if (process->end == END_ALIVE && report_ended_by_deadline(report))
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

void report_findings(struct report *report)
{
    strings_free(&report->findings);
    for (size_t i = 0; i < report->process_count; i++)
        process_findings(report, &report->processes[i]);
    for (size_t i = 0; i < report->extra.count; i++)
        strings_add(&report->findings, report->extra.item[i]);
}

/* SPDX-License-Identifier: MIT
 *
 * findings: see findings.h.
 *
 * A pure function of a report: nothing here asks the kernel.
 */
#define _GNU_SOURCE
#include "report/findings.h"

#include <stdio.h>
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

static void add_finding(struct report *report, enum fact_kind kind,
                        const char *role, const char *operand)
{
    facts_add_finding(&report->findings, kind, role, operand);
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

    if (thread->stuck && thread->root) {
        char *wait = xasprintf("%s%s%s", function, owner ? ", owner " : "",
                               owner ? owner : "");
        add_finding(report, FACT_HANG, role, wait);
        free(wait);
    } else if (report->verdict == VERDICT_IDLE &&
               report_waits_for_client(thread)) {
        /* Also by accept4(2), or poll(2) with a listening socket: it is the
         * same to a client. */
        add_finding(report, FACT_IDLE, role, "accept");
    }
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

    if (process->end == END_EXIT && !(first && process->code == 0)) {
        char status[16];
        snprintf(status, sizeof(status), "%d", process->code);
        add_finding(report, FACT_EXIT, process->role, status);
    }
    if (process->end == END_KILLED)
        add_finding(report, FACT_KILLED, process->role,
                    signal_name(process->code));
    if (process->end == END_GONE)
        add_finding(report, FACT_GONE, process->role, "");
    if (process->left_behind && process->end != END_STUCK)
        add_finding(report, FACT_LEFT_BEHIND, process->role, "");
    if (process->end == END_ALIVE && report_ended_by_deadline(report))
        add_finding(report, report->limit ? FACT_LIMIT : FACT_DEADLINE,
                    process->role, "");
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
        add_finding(report, FACT_ZOMBIE, parent->role, "");
    for (size_t i = 0; i < process->extra.count; i++)
        add_finding(report, process->extra.item[i].kind, process->role,
                    process->extra.item[i].operand);
}

void report_findings(struct report *report)
{
    facts_free(&report->findings);
    for (size_t i = 0; i < report->process_count; i++)
        process_findings(report, &report->processes[i]);
    for (size_t i = 0; i < report->extra.count; i++)
        facts_add_copy(&report->findings, &report->extra.item[i], 1);
}

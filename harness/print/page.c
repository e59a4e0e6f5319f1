/* SPDX-License-Identifier: MIT
 *
 * page: a report as one page of a terminal.
 *
 *     head       the lab and its sentence
 *     timeline   who wrote what, and when; see printers.h
 *     verdict    how it ended, and whether that was expected
 *     rows       who, where, lock, owner, why ... each under its label
 *     next       the next command
 *
 * The page is made line by line in memory: the timeline gets the lines that
 * the rest leaves. See sheet.h and timeline.h.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/next.h"
#include "base/tongue.h"
#include "report/findings.h"
#include "linux/libc.h"
#include "print/plot.h"
#include "print/printers.h"
#include "print/sheet.h"
#include "print/threads.h"
#include "print/timeline.h"

/* ---- head ---- */

/* The file that ran, or was compiled to run: not the program in build/. */
static char *source_of(const struct report *report, const struct lab *lab)
{
    if (report->variant == VARIANT_SOLUTION)
        return xasprintf("solutions/%s.c", lab->stem);
    if (report->check.file != NULL)
        return xstrdup(report->check.file);
    if (report->variant == VARIANT_ATTEMPT)
        return xasprintf("attempts/%s.c", lab->stem);
    if (report->variant == VARIANT_PROGRAM)
        return xstrdup(report->program ? report->program : "");
    return xstrdup(lab->source);
}

static void add_lab_head(struct sheet *page, const struct report *report,
                         const struct lab *lab)
{
    const char *kind =
        report->variant == VARIANT_NONE || report->variant == VARIANT_PROGRAM
            ? "lab"
            : variant_word(report->variant);
    const char *with =
        libc_is_musl(report->machine.libc) ? tr(" with musl") : "";
    char *left = xasprintf("%s %02d%s: %s", kind, lab->number, with, lab->name);
    char *file = source_of(report, lab);
    char *source = text_clean(file, strlen(file));
    char *right = report->variant == VARIANT_LAB && lab->lines > 0
                      ? xasprintf(tr("%s (%d lines)"), source, lab->lines)
                      : xstrdup(source);
    size_t columns = (size_t)page->style.columns;

    if (text_width(left) + text_width(right) + 2 > columns) {
        free(right);
        right = xstrdup(source);
    }
    if (text_width(left) + text_width(right) + 2 > columns)
        right[0] = '\0'; /* the name says which file it is */
    sheet_tint(sheet_add_sides(page, left, right), 0, 0, strlen(left), BOLD);
    free(left);
    free(file);
    free(source);
    free(right);
}

/* As a sentence begins, where the language has capital letters. The caller
 * frees it. */
static char *capitalised(const char *text)
{
    char *copy = xstrdup(text);

    if (tongue_name() == NULL)
        copy[0] = (char)toupper((unsigned char)copy[0]);
    return copy;
}

static void add_title(struct sheet *page, const struct report *report,
                      const struct lab *lab)
{
    bool hazard =
        report->variant == VARIANT_NONE || report->variant == VARIANT_LAB;
    char *whole = hazard ? xstrdup(tr(lab->title))
                         : xasprintf(tr("The hazard: %s"), tr(lab->title));
    char *title = capitalised(whole);
    struct strings lines = {0};
    char *clean = text_clean(title, strlen(title));
    text_wrap(&lines, clean, (size_t)page->style.columns, 0, 2);
    for (size_t i = 0; i < lines.count; i++)
        sheet_add_line(page, xstrdup(lines.item[i]));
    strings_free(&lines);
    free(clean);
    free(title);
    free(whole);
}

/* What else is to be said of those that were asked for. */
static void add_notes(struct sheet *page, const struct report *report)
{
    for (size_t i = 0; i < report->notes.count; i++) {
        char *note = xasprintf("%s.", report->notes.item[i]);
        struct strings lines = {0};
        note[0] = (char)toupper((unsigned char)note[0]);
        text_wrap(&lines, note, (size_t)page->style.columns, 0, 4);
        for (size_t k = 0; k < lines.count; k++)
            sheet_add_line(page, xstrdup(lines.item[k]));
        strings_free(&lines);
        free(note);
    }
}

static void add_head(struct sheet *page, const struct report *report,
                     const struct lab *lab)
{
    if (lab != NULL) {
        add_lab_head(page, report, lab);
        add_title(page, report, lab);
        return;
    }
    const struct process_report *asked = report_asked(report);
    char *what = report->variant == VARIANT_PROCESS && asked != NULL
                     ? xasprintf(tr("process %d: "), (int)asked->pid)
                     : xstrdup(tr("in the cage: "));
    size_t length = strlen(what);
    const char *command = report->program ? report->program : "";
    struct sheet_line *line =
        sheet_add_line(page, xasprintf("%s%s", what, command));
    sheet_tint(line, 0, length, SIZE_MAX, BOLD);
    free(what);
}

/* ---- verdict ---- */

static char *duration(double ms)
{
    return xasprintf(ms < 10     ? "%.1f ms"
                     : ms < 1000 ? "%.0f ms"
                                 : "%.1f s",
                     ms < 1000 ? ms : ms / 1000);
}

static char *time_of_verdict(const struct report *report)
{
    char *total = duration(report->ms_total);
    char *stuck = duration(report->ms_stuck_to_verdict);
    char *text;

    if (report->variant == VARIANT_PROCESS)
        text = xstrdup("");
    else if (report->verdict == VERDICT_HANG && report->ms_stuck_to_verdict > 0)
        text = xasprintf(tr("%sproved after %s"),
                         report->falsified.moved ? tr("FALSE: ") : "", stuck);
    else if (report->limit != NULL)
        text = xasprintf(tr("limit: %s"), report->limit);
    else if (report->verdict == VERDICT_NO_PROGRESS ||
             report->verdict == VERDICT_RUNNING)
        text = xasprintf(tr("deadline %g s"), report->deadline_s);
    else
        text = xstrdup(total);
    free(total);
    free(stuck);
    return text;
}

/* What the outcome means to the one who asked; *good: it is as wanted. `text`
 * is for what names a version. */
static const char *judgement(const struct report *report, bool *good,
                             char text[48])
{
    bool lab =
        report->variant == VARIANT_NONE || report->variant == VARIANT_LAB;
    bool solution = report->variant == VARIANT_SOLUTION;

    *good = report->outcome ==
            (lab && !report->cured ? OUTCOME_HAZARD : OUTCOME_SAFE);
    switch (report->outcome) {
    case OUTCOME_HAZARD:
        return lab        ? tr("as expected")
               : solution ? tr("NOT as expected: the hazard")
                          : tr("the hazard is still there");
    case OUTCOME_SAFE:
        snprintf(text, 48, tr("safe: %s has cured it"), report->cured_by);
        return lab && report->cured ? text
               : lab                ? tr("NOT as expected: safe")
               : solution           ? tr("safe, as expected")
                                    : tr("safe: the hazard is gone");
    case OUTCOME_BROKEN:
        return tr("BROKEN");
    default:
        return "";
    }
}

static const char *verdict_color(const struct report *report)
{
    switch (report->verdict) {
    case VERDICT_HANG:
    case VERDICT_KILLED:
        return RED;
    case VERDICT_EXIT:
        return BOLD;
    default:
        return YELLOW;
    }
}

static void add_verdict(struct sheet *page, const struct report *report)
{
    char title[64];
    bool good;
    char text[48];
    const char *outcome = judgement(report, &good, text);
    char *time = time_of_verdict(report);

    verdict_title(report, title, sizeof(title));
    char *left = xasprintf("%s  %s", tr("VERDICT"), tr(title));
    char *right = xasprintf("%s%s%s", outcome, outcome[0] ? "   " : "", time);
    size_t first = page->count;
    sheet_add_sides(page, left, right);
    sheet_tint(&page->line[first], 0, strlen(tr("VERDICT")) + 2,
               strlen(tr(title)), verdict_color(report));
    struct sheet_line *last = &page->line[page->count - 1];
    const char *at = strstr(last->text, right);
    if (at != NULL)
        sheet_tint(last, 1, (size_t)(at - last->text), strlen(outcome),
                   good ? GREEN : RED);
    free(left);
    free(right);
    free(time);
}

/* ---- rows ---- */

#define LABEL ((size_t)8)
#define LABEL_BROKEN ((size_t)12)

/* How much room the rows take. */
struct rows {
    struct sheet *page;
    size_t label;
    bool tight;
};

__attribute__((format(printf, 4, 5))) static void row(const struct rows *rows,
                                                      const char *label,
                                                      size_t most,
                                                      const char *format, ...)
{
    va_list values;

    va_start(values, format);
    char *text = xvasprintf(format, values);
    va_end(values);
    sheet_add_row(rows->page, rows->label, label, text, most);
    free(text);
}

/* The number that the program itself prints; of one that was only looked at,
 * the one that was asked for. */
static pid_t pid_shown(const struct report *report,
                       const struct process_report *process)
{
    return process->inner_pid && report->variant != VARIANT_PROCESS
               ? process->inner_pid
               : process->pid;
}

static void add_who(const struct rows *rows, const struct report *report,
                    const struct process_report *process,
                    const struct thread_report *thread)
{
    int pid = (int)pid_shown(report, process);

    if (report->variant == VARIANT_PROCESS && process->inner_pid != 0 &&
        process->inner_pid != process->pid)
        row(rows, "who", 2,
            process->thread_count == 1
                ? tr("%s (pid %d, %d in its PID namespace), one of %zu thread")
                : tr("%s (pid %d, %d in its PID namespace), one of %zu "
                     "threads"),
            process->role, pid, (int)process->inner_pid, process->thread_count);
    else if (process->thread_count == 1)
        row(rows, "who", 2, tr("%s (pid %d), its only thread"), process->role,
            pid);
    else if (thread_has_own_name(report, process, thread))
        row(rows, "who", 2, tr("%s (pid %d), thread %s, one of %zu"),
            process->role, pid, thread->name, process->thread_count);
    else
        row(rows, "who", 2, tr("%s (pid %d), %s of its %zu threads"),
            process->role, pid,
            thread->tid == process->pid ? tr("the first") : tr("one"),
            process->thread_count);
}

static void add_where(const struct rows *rows, const char *label,
                      const struct thread_report *thread, const char *role)
{
    const char *function = thread->function ? thread->function : "?";

    if (thread->spins)
        row(rows, label, 2, "%s", thread->why);
    else if (thread->file != NULL && thread->line > 0)
        row(rows, label, 2, tr("%s%s%s, called at %s:%d"), role,
            role[0] ? " in " : "", function, thread->file, thread->line);
    else
        row(rows, label, 1, "%s%s%s", role, role[0] ? " in " : "", function);
}

static void add_object(const struct rows *rows,
                       const struct thread_report *thread)
{
    const char *word = waits_word(thread->waits), *waits = word ? tr(word) : "";
    bool lock = waits_is_lock(thread->waits) || thread->owner_is != OWNER_NONE;

    if (thread->object == NULL && (!lock || thread->waits == WAITS_JOIN))
        return;
    if (thread->object == NULL)
        row(rows, "lock", 1, tr("%s, name unknown"),
            waits[0] ? waits : tr("a lock"));
    else if (waits_is_lock(thread->waits))
        row(rows, "lock", 1, "%s (%s%s%s)", report_object(thread), waits,
            thread->detail ? ", " : "", thread->detail ? thread->detail : "");
    else
        row(rows, "what", 1, "%s%s%s", waits, waits[0] ? ", " : "",
            report_object(thread));
}

static void add_owner(const struct rows *rows,
                      const struct thread_report *thread, bool open,
                      bool inside)
{
    char where[64] = "";
    int owner = (int)thread->owner;

    if (inside && thread->inner_owner == 0)
        snprintf(where, sizeof(where), tr(" of its PID namespace"));
    else if (inside && thread->inner_owner != thread->owner)
        snprintf(where, sizeof(where), tr(" (%d in its PID namespace)"),
                 (int)thread->inner_owner);

    switch (thread->owner_is) {
    case OWNER_NONE:
        break;
    case OWNER_UNKNOWN:
        row(rows, "owner", 1,
            tr("unknown: this kind of lock does not record it"));
        break;
    case OWNER_VANISHED:
        row(rows, "owner", 2,
            thread->waits == WAITS_JOIN
                ? tr("thread %d%s, whose end it waits for: fork did not copy "
                     "it")
                : tr("thread %d%s, not in this process: fork copied the lock, "
                     "not "
                     "the thread"),
            owner, where);
        break;
    case OWNER_SELF:
        row(rows, "owner", 1, tr("thread %d, itself"), owner);
        break;
    case OWNER_FORKER:
        row(rows, "owner", 2,
            tr("thread %d%s, the one that called fork: it has another ID here"),
            owner, where);
        break;
    case OWNER_THREAD:
        row(rows, "owner", 1, tr("thread %d of the same process"), owner);
        break;
    case OWNER_PROCESS:
        row(rows, "owner", 1, tr("process %d"), owner);
        break;
    case OWNER_DEAD:
        if (owner == 0)
            row(rows, "owner", 1, tr("a process that ended without unlocking"));
        else
            row(rows, "owner", 1,
                open ? tr("thread %d%s, which is not in this process")
                     : tr("thread %d%s, which ended without unlocking"),
                owner, where);
        break;
    }
}

static void add_why(const struct rows *rows, const char *why, size_t most)
{
    char *text = capitalised(why);
    size_t length = strlen(text);
    bool stop = length > 0 && strchr(".!?", text[length - 1]) != NULL;
    row(rows, "why", rows->tight ? 2 : most, "%s%s", text, stop ? "" : tr("."));
    free(text);
}

/* The thread that the page tells about: stuck, or waiting for a client. */
static const struct thread_report *subject(const struct report *report,
                                           const struct process_report **owner)
{
    const struct thread_report *thread = report_culprit(report, owner);

    for (size_t i = 0; thread == NULL && i < report->process_count; i++) {
        const struct process_report *process = &report->processes[i];
        for (size_t k = 0;
             report->verdict == VERDICT_IDLE && k < process->thread_count; k++)
            if (thread == NULL &&
                report_waits_for_client(&process->threads[k])) {
                thread = &process->threads[k];
                *owner = process;
            }
    }
    return thread;
}

/* What may still wake somebody, if anybody knows: the likely cause first, then
 * one that was asked for. */
static const char *help_of(const struct report *report)
{
    for (int suspects = 1; suspects >= 0; suspects--)
        for (size_t i = report->process_count; i-- > 0;)
            for (size_t k = 0; k < report->processes[i].thread_count; k++) {
                const struct process_report *process = &report->processes[i];
                const struct thread_report *thread = &process->threads[k];
                if (!thread->stuck && thread->why != NULL &&
                    !process->unasked && thread->suspect >= (suspects == 1))
                    return thread->why;
            }
    return tr("it may still be woken");
}

/* The thread whose sentence why_of() prints; or NULL. */
static const struct thread_report *told_thread(const struct report *report)
{
    const struct process_report *process;
    const struct thread_report *culprit = report_culprit(report, &process);
    const char *help = report->verdict == VERDICT_NO_PROGRESS &&
                               report->why == NULL && report->reason == NULL
                           ? help_of(report)
                           : NULL;

    for (size_t i = 0; help != NULL && i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++)
            if (report->processes[i].threads[k].why == help)
                return &report->processes[i].threads[k];
    return culprit;
}

/* Why it is so, as the autopsy says, or else what the verdict means. The caller
 * frees it; NULL where there is nothing to say. */
static char *why_of(const struct report *report,
                    const struct thread_report *thread)
{
    const char *why = report->told ? report->told : report->why;

    if (why != NULL && report->unless != NULL)
        return xasprintf(tr("%s, unless %s"), why, tr(report->unless));
    if (why != NULL)
        return xstrdup(why);
    /* The page of what is broken has its reason in a row of its own. */
    if ((report->verdict == VERDICT_RUNNING ||
         report->verdict == VERDICT_NO_PROGRESS) &&
        report->reason != NULL)
        return report->outcome == OUTCOME_BROKEN ? NULL
                                                 : xstrdup(report->reason);
    switch (report->verdict) {
    case VERDICT_IDLE:
        return xstrdup(
            tr("every thread sleeps, and only a new client could wake one"));
    case VERDICT_NO_PROGRESS:
        return xasprintf(tr("nothing changed, but that is no proof: %s"),
                         help_of(report));
    case VERDICT_RUNNING:
        return xstrdup(
            report->variant == VARIANT_PROCESS
                ? tr("it is running or runnable")
                : tr("it was still running or runnable at the deadline"));
    case VERDICT_KILLED:
        return report->reason == NULL && signal_limit(report->code) != NULL
                   ? xstrdup(tr(signal_limit(report->code)))
                   : NULL;
    default:
        return thread && thread->told  ? xstrdup(thread->told)
               : thread && thread->why ? xstrdup(thread->why)
                                       : NULL;
    }
}

static void add_subject(const struct rows *rows, const struct report *report,
                        const struct thread_report *thread,
                        const struct process_report *process)
{
    bool brief = rows->tight && report->outcome == OUTCOME_BROKEN;

    add_who(rows, report, process, thread);
    add_where(rows, "where", thread, "");
    if (!brief) {
        add_object(rows, thread);
        /* A process that has ended has no pid outside. */
        add_owner(rows, thread, report->variant == VARIANT_PROCESS,
                  report->variant == VARIANT_PROCESS &&
                      process->inner_pid != process->pid);
    }
}

static bool ended_by_deadline(const struct report *report)
{
    return report->verdict == VERDICT_NO_PROGRESS ||
           report->verdict == VERDICT_RUNNING;
}

/* The thread of a process that a page tells of: one that spins, if there is
 * one, or else the first. NULL: it is not known where that is. */
static const struct thread_report *
thread_to_show(const struct process_report *process)
{
    for (size_t i = 0; i < process->thread_count; i++)
        if (process->threads[i].spins)
            return &process->threads[i];
    return process->thread_count > 0 && process->threads[0].function != NULL
               ? &process->threads[0]
               : NULL;
}

/* Where everybody is who was still there at the deadline: who spins first. */
static void add_places(const struct rows *rows, const struct report *report)
{
    size_t shown = 0, most = rows->tight ? 2 : 3;

    for (int spins = 1; spins >= 0; spins--)
        for (size_t i = 0; i < report->process_count; i++) {
            const struct process_report *process = &report->processes[i];
            const struct thread_report *thread = thread_to_show(process);
            if (!report_is_there(process) || thread == NULL ||
                thread->spins != (spins == 1))
                continue;
            if (shown < most)
                add_where(rows, shown == 0 ? "where" : "", thread,
                          process->role);
            shown++;
        }
}

/* ---- facts ---- */

/* Does it show in the timeline or in the rows above? */
static bool told_already(enum fact_kind kind)
{
    switch (kind) {
    case FACT_EXIT:
    case FACT_KILLED:
    case FACT_HANG:
    case FACT_IDLE:
    case FACT_DEADLINE:
    case FACT_LIMIT:
        return true;
    default:
        return false;
    }
}

/* So many different facts are told apart; a page shows fewer. */
#define MAX_DISTINCT ((size_t)64)

/* Counts one more of that text. */
static void collect(struct facts *list, enum fact_kind kind, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].text, text) == 0) {
            list->item[i].count++;
            return;
        }
    const struct fact fact = {.kind = kind, .text = (char *)text};
    if (list->count < MAX_DISTINCT)
        facts_add_copy(list, &fact, 1);
}

static void add_seen(const struct rows *rows, const struct report *report)
{
    bool ended =
        report->verdict == VERDICT_EXIT || report->verdict == VERDICT_KILLED;
    bool all = ended && report->outcome != OUTCOME_NONE;
    struct facts list = {0};
    struct strings shown = {0};

    if (report->outcome == OUTCOME_BROKEN)
        return;
    for (size_t i = 0; all && i < report->evidence.count; i++)
        collect(&list, FACT_LINE, report->evidence.item[i]);
    for (size_t i = 0; i < report->findings.count; i++)
        if (all || !told_already(report->findings.item[i].kind))
            collect(&list, report->findings.item[i].kind,
                    report->findings.item[i].text);
    for (size_t i = 0; i < list.count; i++) {
        char *text =
            list.item[i].count > 1
                ? xasprintf("%d %s", list.item[i].count, list.item[i].text)
                : xstrdup(list.item[i].text);
        strings_add(&shown, text);
        free(text);
    }
    sheet_add_rows(rows->page, rows->label, "seen", &shown,
                   rows->tight ? 3 : 5);
    strings_free(&shown);
    facts_free(&list);
}

static void add_facts(const struct rows *rows, const char *label,
                      const struct facts *facts, size_t most)
{
    struct strings list = facts_shown(facts);

    sheet_add_rows(rows->page, rows->label, label, &list, most);
    strings_free(&list);
}

static void add_difference(const struct rows *rows, const struct report *report)
{
    size_t most = rows->tight ? 2 : 4;

    if (report->outcome != OUTCOME_BROKEN)
        return;
    if (report->reason != NULL)
        row(rows, "reason", 2, "%s", report->reason);
    if (report->missing.count == 0 && report->unexpected.count == 0)
        return;
    row(rows, "facts", 2,
        tr("neither those of Hazard: nor those of Safe:. Compared with %s:"),
        report->nearest == OUTCOME_HAZARD ? "Hazard" : "Safe");
    add_facts(rows, "missing", &report->missing, most);
    add_facts(rows, "unexpected", &report->unexpected, most);
}

static void add_output(const struct rows *rows, const struct report *report)
{
    if (report->output_kept < report->output_bytes)
        row(rows, "output", 2,
            tr("%zu bytes, of which the first %zu were kept"),
            report->output_bytes, report->output_kept);
}

/* What was measured, and the picture of it. */
static void add_plot(const struct rows *rows, const struct report *report)
{
    const struct plot *plot = &report->plot;
    struct strings table =
        plot_table(plot, rows->page->style.columns - (int)rows->label - 2);

    for (size_t i = 0; plot->count > 0 && i < table.count; i++)
        sheet_add_row_line(rows->page, rows->label, i == 0 ? "plot" : "",
                           table.item[i]);
    strings_free(&table);
}

static void add_left(const struct rows *rows, const struct report *report)
{
    int count = report->left_behind;

    if (report->variant == VARIANT_PROCESS)
        return; /* it is none of ours */
    if (report->tmp_note != NULL && report->check.run == NULL)
        row(rows, "note", 2, "%s", report->tmp_note);
    if (report->not_removed != NULL)
        row(rows, "left", 3, "%s", report->not_removed);
    if (report->still_there > 0)
        row(rows, "left", 2,
            report->still_there == 1
                ? tr("%d process could not be ended: see ps(1)")
                : tr("%d processes could not be ended: see ps(1)"),
            report->still_there);
    else if (count > 0)
        row(rows, "left", 2,
            count == 1 ? tr("no process now; %d process outlived the first")
                       : tr("no process now; %d processes outlived the first"),
            count);
    else if (report->check.run == NULL && report->not_removed == NULL)
        row(rows, "left", 2,
            tr("no process, %sno file in %sthe run's directory%s"),
            report->ipc_shared ? "" : tr("no IPC object, "),
            report->tmp_shared ? "" : tr("/tmp or "),
            report->variant == VARIANT_COMMAND
                ? tr("; files that it made elsewhere are its own, and stay")
                : "");
}

/* What the check of an attempt says of this run. */
static void add_check(const struct rows *rows, const struct report *report)
{
    if (report->check.run != NULL)
        row(rows, "run", 1, "%s", report->check.run);
    if (report->check.wanted != NULL && report->outcome == OUTCOME_HAZARD)
        row(rows, "wanted", 1, "%s", report->check.wanted);
    if (report->check.likely != NULL)
        row(rows, "likely", 3, "%s", report->check.likely);
}

/* ---- the whole ---- */

/* Two commands that are too long for one line, or are to be read aloud, have a
 * line each. */
static void add_next(struct sheet *page, const char *next)
{
    const char *gap = next != NULL ? strstr(next, NEXT_GAP) : NULL;

    if (next == NULL)
        return;
    sheet_add_blank(page);
    if (gap == NULL || (text_width(next) + 4 <= (size_t)page->style.columns &&
                        !page->style.plain)) {
        sheet_add_command(page, next);
        return;
    }
    char *first = xasprintf("%.*s", (int)(gap - next), next);
    sheet_add_command(page, first);
    sheet_add_command(page, gap + strspn(gap, " "));
    free(first);
}

/* Everything below the timeline. */
static void make_bottom(struct sheet *page, const struct report *report,
                        const char *next, bool tight)
{
    bool broken = report->outcome == OUTCOME_BROKEN;
    struct rows rows = {page, broken ? LABEL_BROKEN : LABEL, tight};
    const struct process_report *process;
    const struct thread_report *thread = subject(report, &process);

    add_verdict(page, report);
    sheet_add_line(page, xstrdup(""));
    if (report->falsified.moved != NULL)
        row(&rows, "FALSE", 2,
            tr("%s %.0f ms after the proof: a bug of forklab"),
            report->falsified.moved, report->falsified.after_ms);
    add_difference(&rows, report);
    if (thread != NULL)
        add_subject(&rows, report, thread, process);
    else if (ended_by_deadline(report) && report->variant != VARIANT_PROCESS)
        add_places(&rows, report);
    else if (report->check.where != NULL)
        row(&rows, "where", 2, "%s", report->check.where);
    char *why = why_of(report, thread);
    if (why != NULL)
        add_why(&rows, why, report->variant == VARIANT_PROCESS ? 6 : 4);
    free(why);
    add_seen(&rows, report);
    add_plot(&rows, report);
    add_output(&rows, report);
    add_left(&rows, report);
    add_check(&rows, report);
    add_next(page, next);
}

static void append(struct sheet *page, struct sheet *more)
{
    for (size_t i = 0; i < more->count; i++) {
        GROW(page->line, page->count);
        page->line[page->count++] = more->line[i];
    }
    free(more->line);
    *more = (struct sheet){0};
}

/* The timeline should have so many lines; then the rows must be brief. Where
 * rows would be lost for that, fewer are enough. */
#define MIN_TIMELINE ((size_t)8)
#define SHORT_TIMELINE ((size_t)6)

/* No line may be added to the sheet after that: see GROW(). */
static void drop_line(struct sheet *page, size_t index)
{
    free(page->line[index].text);
    page->count--;
    memmove(&page->line[index], &page->line[index + 1],
            (page->count - index) * sizeof(*page->line));
}

/* Takes a row out, with the lines that belong to it. */
static void drop_row(struct sheet *page, const char *label)
{
    char start[32];
    size_t length = (size_t)snprintf(start, sizeof(start), "  %s ", tr(label));

    for (size_t i = 0; i < page->count; i++) {
        if (strncmp(page->line[i].text, start, length) != 0)
            continue;
        do
            drop_line(page, i);
        while (i < page->count && strncmp(page->line[i].text, "     ", 5) == 0);
        return;
    }
}

/* The last resort: rows are left out, those first that others tell as well; of
 * a page that is too narrow, the lines above the `kept` last ones. */
static void squeeze(struct sheet *bottom, size_t kept, size_t most)
{
    static const char *const spare[] = {"owner", "what", "facts", "who",
                                        "unexpected"};

    for (size_t i = 0;
         i < sizeof(spare) / sizeof(*spare) && bottom->count > most; i++)
        drop_row(bottom, spare[i]);
    while (bottom->count > most && bottom->count > kept + 3)
        drop_line(bottom, bottom->count - kept - 1);
}

/* What the timeline takes of that, if it is short. */
static size_t timeline_need(const struct sheet *page,
                            const struct report *report, size_t least)
{
    struct sheet trial = {.style = page->style};

    timeline_add(&trial, report, report->check.run ? SHORT_TIMELINE : least);
    size_t need = trial.count;
    sheet_free(&trial);
    return need;
}

static void make_run(struct sheet *page, const struct report *report,
                     const char *next)
{
    struct sheet bottom = {.style = page->style};
    size_t lines = (size_t)page->style.lines;

    sheet_add_line(page, xstrdup(""));
    make_bottom(&bottom, report, next, false);
    size_t room = lines - page->count - 1;
    size_t most = room - timeline_need(page, report, MIN_TIMELINE);
    if (bottom.count > most) {
        /* That nothing is left goes without saying. */
        if (report->left_behind == 0 && report->still_there == 0)
            drop_row(&bottom, "left");
        most = room - timeline_need(page, report, SHORT_TIMELINE);
    }
    if (bottom.count > most) {
        sheet_free(&bottom);
        bottom = (struct sheet){.style = page->style};
        make_bottom(&bottom, report, next, true);
        if (report->left_behind == 0 && report->still_there == 0)
            drop_row(&bottom, "left");
        /* "left" or what a check says, an empty line and the next command. */
        squeeze(&bottom, report->check.run ? 7 : 3, most);
    }
    size_t used = page->count + 1 + bottom.count;
    if (report->variant == VARIANT_PROCESS)
        threads_add(&bottom, report, told_thread(report),
                    lines > used + 1 ? lines - used - 1 : 0);
    used = page->count + 1 + bottom.count;
    timeline_add(page, report, lines > used ? lines - used : 0);
    sheet_add_line(page, xstrdup(""));
    append(page, &bottom);
}

static void add_needs(const struct rows *rows, const struct lab *lab)
{
    char *needs = xstrdup("");

    for (size_t i = 0; i < lab->need_count; i++) {
        char *more = xasprintf("%s%s%s", needs, i ? ", " : "", lab->needs[i]);
        free(needs);
        needs = more;
    }
    if (needs[0] != '\0')
        row(rows, "needs", 2, "%s", needs);
    free(needs);
}

static void add_advice(const struct rows *rows)
{
    char *doctor = next_verb("doctor", 0);

    row(rows, "do", 2, tr("what is missing: %s; what this machine can do: %s"),
        next_setup(false), doctor);
    free(doctor);
}

/* A run that did not take place, or whose program ended it as a skip. */
static void make_reason(struct sheet *page, const struct report *report,
                        const struct lab *lab, const char *next)
{
    bool skip = report->outcome == OUTCOME_SKIP;
    bool ran = report->process_count > 0;
    struct rows rows = {page, LABEL, false};
    const char *word = skip ? tr("SKIP") : tr("NOT RUN");
    const char *meaning = !skip ? ""
                          : ran
                              ? tr(": the program said that it cannot run here")
                              : tr(": not run, so neither passed nor failed");
    const char *reason =
        report->reason ? report->reason : tr("no reason given");

    sheet_add_line(page, xstrdup(""));
    struct sheet_line *line = sheet_add_line(
        page, xasprintf("%s  %s%s", tr("VERDICT"), word, meaning));
    sheet_tint(line, 0, strlen(tr("VERDICT")) + 2, strlen(word), YELLOW);
    sheet_add_line(page, xstrdup(""));
    row(&rows, "why", 6, "%s", reason);
    /* Nothing is missing to what ran: there is nothing to install. */
    if (!ran && lab != NULL)
        add_needs(&rows, lab);
    if (!ran && skip)
        add_advice(&rows);
    add_next(page, next);
}

void print_page(FILE *stream, struct style style, const struct report *report,
                const struct lab *lab, const char *next)
{
    struct sheet page = {.style = style};

    if (page.style.columns < 40)
        page.style.columns = 40;
    if (page.style.lines < 18)
        page.style.lines = 18;
    add_head(&page, report, lab);
    add_notes(&page, report);
    if (report->outcome == OUTCOME_SKIP ||
        (report->reason != NULL && report->process_count == 0))
        make_reason(&page, report, lab, next);
    else
        make_run(&page, report, next);
    sheet_print(stream, &page);
    sheet_free(&page);
}

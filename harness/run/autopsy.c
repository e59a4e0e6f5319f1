/* SPDX-License-Identifier: MIT
 *
 * autopsy: run_autopsy(), see run.h: two looks at processes that we have not
 * started.
 *
 * A process that was forked, and has not called execve(2) since, is looked at
 * together with its parent, though nobody has asked about that one: it has the
 * threads whose locks the child has inherited. No verdict is about it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "autopsy/explain.h"
#include "proof/verdict.h"
#include "report/findings.h"
#include "run/family.h"
#include "run/run.h"
#include "run/spin.h"
#include "run/targets.h"

/* ---- the parent ---- */

#define MAX_PARENTS 3 /* of one process: its parent, the parent of that ... */

static bool is_copy(pid_t child, pid_t parent)
{
    unsigned long start = proc_stack(child);

    return start != 0 && start == proc_stack(parent);
}

/* The parents of which these processes are copies, or which are already there.
 * `shot` holds those that were asked for. */
static void add_parents(struct snapshot *shot)
{
    const size_t count = shot->process_count;

    for (size_t i = 0; i < count; i++) {
        pid_t pid = shot->process[i].pid, parent = shot->process[i].parent;
        for (int k = 0; k < MAX_PARENTS && parent > 1; k++) {
            if (snapshot_process(shot, parent) != NULL || !is_copy(pid, parent))
                break;
            snapshot_add_unasked(shot, parent);
            struct process_shot *copy = snapshot_process(shot, pid);
            if (copy != NULL && copy->forked_by == 0)
                copy->forked_by = proc_forked_by(parent, pid);
            pid = parent;
            parent = proc_parent(pid);
        }
    }
}

static void take(struct snapshot *shot, const pid_t *pids, size_t count)
{
    snapshot_take_all(shot, pids, count);
    add_parents(shot);
}

/* ---- looking ---- */

/* Are all that were asked for the same in both looks? */
static bool same_asked(const struct snapshot *a, const struct snapshot *b)
{
    if (a->changed_while_reading || b->changed_while_reading)
        return false;
    for (size_t i = 0; i < a->process_count; i++)
        if (!a->process[i].unasked &&
            !snapshot_same_process(a, b, a->process[i].pid))
            return false;
    return a->process_count == b->process_count;
}

/* Two looks, the second with nothing changed; a few tries, for a tree that
 * moves is not stuck. Returns false if it always moved. */
static bool look_twice(const pid_t *pids, size_t count, struct snapshot *shot,
                       struct diagnosis *diagnosis)
{
    const struct knowledge nothing = {
        .open_world = true, .async = true, .part = true};

    for (int i = 0; i < 3; i++) {
        struct snapshot again;
        take(shot, pids, count);
        snapshot_explore(shot, &nothing);
        autopsy_judge(shot, diagnosis);
        if (diagnosis->in_flight)
            usleep(10000);
        take(&again, pids, count);
        bool same = same_asked(shot, &again);
        autopsy_confirm_stuck(shot, &again, diagnosis);
        snapshot_free(&again);
        if (same)
            return true;
        if (i < 2) {
            diagnosis_free(diagnosis);
            snapshot_free(shot);
        }
    }
    return false;
}

static bool is_asked(const struct snapshot *shot, size_t thread)
{
    return !shot->process[shot->thread[thread].process].unasked;
}

static bool is_running(const struct snapshot *shot)
{
    for (size_t i = 0; i < shot->thread_count; i++)
        if (shot->thread[i].wait == WAIT_NOTHING && is_asked(shot, i))
            return true;
    return false;
}

static bool is_stuck(const struct snapshot *shot,
                     const struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < shot->thread_count; i++)
        if (diagnosis->stuck_for_good[i] && is_asked(shot, i))
            return true;
    return false;
}

/* A loop without system calls changes none of what the two looks compare. What
 * is stuck for good was the same in both looks, whatever the rest does. */
static enum verdict verdict_of(const struct snapshot *shot,
                               const struct diagnosis *diagnosis, bool still)
{
    if (is_stuck(shot, diagnosis))
        return VERDICT_HANG;
    if (still && diagnosis->condition == CONDITION_IDLE)
        return VERDICT_IDLE;
    return still && !is_running(shot) ? VERDICT_NO_PROGRESS : VERDICT_RUNNING;
}

/* ---- the report ---- */

/* The program, its C library and what /proc told of the processes found. */
static void read_program(pid_t pid, const char *name, struct report *report)
{
    char *path = targets_exe(pid);
    char root[64];

    snprintf(root, sizeof(root), "%.*sroot",
             (int)(strlen(path) - strlen("exe")), path);
    free(report->program);
    report->program = targets_program(pid);
    if (report->program[0] != '\0') {
        run_read_libc(path, root, report);
    } else { /* a zombie has only the name left */
        free(report->program);
        report->program = xstrdup(name);
    }
    free(path);
}

/* Nobody is left who could be looked at: the end of the eldest. */
static void read_end(struct report *report)
{
    const struct process_report *first = report_asked(report);

    for (size_t i = 0; i < report->process_count; i++)
        if (report_is_there(&report->processes[i]) &&
            !report->processes[i].unasked)
            return;
    report->verdict = first->end == END_KILLED ? VERDICT_KILLED
                      : first->end == END_EXIT ? VERDICT_EXIT
                                               : VERDICT_NO_PROGRESS;
    report->code = first->code;
    if (report->why == NULL)
        report->why = xstrdup("a zombie has nothing left to do; it goes when "
                              "its parent waits for it");
}

/* The report of what the snapshot shows. */
static void report_processes(struct targets *targets, struct snapshot *shot,
                             const struct diagnosis *diagnosis,
                             struct report *report)
{
    struct family family = {.met = true};

    targets_ends(shot);
    family_update(&family, shot);
    targets_zombies(targets, shot, &family);
    family_report(&family, NULL, report);
    const struct process_report *asked = report_asked(report);
    read_program(asked->pid, asked->name, report);
    family_threads(shot, report);
    autopsy_explain(shot, diagnosis, report);
    if (report->verdict == VERDICT_RUNNING)
        spin_look(shot, report);
    family_ends(report);
    read_end(report);
    if (report->why == NULL)
        report->why = spin_why(report);
    if (report->why == NULL)
        report->why = targets_state(shot, report);
    report->notes = targets->notes;
    targets->notes = (struct strings){0};
    family_free(&family);
}

void run_autopsy(const struct pids *numbers, struct report *report)
{
    struct targets targets;
    struct diagnosis diagnosis;
    struct snapshot shot;

    *report = (struct report){.variant = VARIANT_PROCESS,
                              .verdict = VERDICT_NO_PROGRESS};
    report_machine(report);
    char *error = targets_find(&targets, numbers);
    if (error == NULL) {
        bool still =
            look_twice(targets.pids.pid, targets.pids.count, &shot, &diagnosis);
        error = targets_missing(&targets, &shot);
        if (error == NULL) {
            report->verdict = verdict_of(&shot, &diagnosis, still);
            report->proved = report->verdict == VERDICT_HANG;
            report_processes(&targets, &shot, &diagnosis, report);
            report_findings(report);
        }
        diagnosis_free(&diagnosis);
        snapshot_free(&shot);
    }
    targets_free(&targets);
    report->reason = error;
}

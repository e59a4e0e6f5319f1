/* SPDX-License-Identifier: MIT
 *
 * command/run: the commands that run programs: run, stress and cage. Each
 * prints a page, or one line, or JSON.
 */
#define _GNU_SOURCE
#include "command/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/next.h"
#include "base/tongue.h"
#include "command/hold.h"
#include "command/project.h"
#include "course/answer.h"
#include "course/original.h"
#include "course/predict.h"
#include "oracle/labs.h"
#include "print/plot.h"
#include "print/printers.h"
#include "run/run.h"

/* ---- output ---- */

void command_write_json(FILE *stream, const char *path,
                        const struct report *report)
{
    command_close_json(stream, path, print_json(stream, report));
}

static void print_line(const struct report *report)
{
    char title[64];

    verdict_title(report, title, sizeof(title));
    if (report->falsified.moved != NULL)
        printf("FALSIFIED, %s: ", report->falsified.moved);
    if (report->outcome == OUTCOME_SKIP)
        printf("lab %02d: skip: %s\n", report->lab, report->reason);
    else if (report->lab)
        printf("lab %02d %s: %s, %s\n", report->lab,
               variant_word(report->variant), outcome_word(report->outcome),
               title);
    else
        printf("%s: %s\n", report->program, title);
}

/* What the lab has measured becomes build/lab-70.svg. A picture that cannot be
 * written spoils no run. */
static void draw(const char *root, struct report *report)
{
    char *name = xasprintf("build/%s-%d.svg", variant_word(report->variant),
                           report->lab);
    char *path = xasprintf("%s/%s", root, name);

    if (plot_draw(report, path)) {
        report->plot.file = name;
    } else {
        fprintf(stderr, "forklab: cannot draw %s: %s\n", name, strerror(errno));
        free(name);
    }
    free(path);
}

/* The command for the lab behind this one; NULL for the last. */
static char *lab_behind(const struct lab_list *labs, const struct lab *lab)
{
    return lab + 1 < labs->lab + labs->count ? next_verb("lab", lab[1].number)
                                             : NULL;
}

/* What to do after a run of that lab: cure it, never read the answer; where it
 * cannot run, take the next one. After the solution: the difference. NULL:
 * nothing. The caller frees it. */
static char *command_after(const struct lab_list *labs, const struct lab *lab,
                           const struct report *report)
{
    if (lab == NULL)
        return NULL;
    if (report->outcome == OUTCOME_SKIP)
        return lab_behind(labs, lab);
    if (report->variant == VARIANT_LAB && report->cured)
        return next_with(next_verb("explain", lab->number), tr("the next: "),
                         lab_behind(labs, lab));
    if (report->variant == VARIANT_LAB)
        return next_with(next_verb("try", lab->number), tr("why it happens: "),
                         next_verb("explain", lab->number));
    if (report->variant == VARIANT_SOLUTION)
        return next_with(next_verb("diff", lab->number), tr("the next: "),
                         lab_behind(labs, lab));
    return NULL;
}

void command_show(const struct call *call, const struct report *report,
                  const struct lab *lab, FILE *json)
{
    const struct options *options = call->options;

    if (json != NULL)
        command_write_json(json, options->json, report);
    if (json == stdout)
        return;
    if (options->quiet) {
        print_line(report);
        return;
    }
    char *next = command_after(call->labs, lab, report);
    print_page(stdout, style_for(stdout), report, lab, next);
    free(next);
}

static int status_of(const struct report *report)
{
    if (report->still_there > 0 || report->falsified.moved != NULL)
        return STATUS_BUG;
    if (report->outcome == OUTCOME_SKIP)
        return STATUS_CANNOT;
    return run_as_wanted(report) ? STATUS_WANTED : STATUS_OTHER;
}

/* ---- run ---- */

/* The default deadline of `run` and `stress`. */
static double default_deadline(const struct options *options)
{
    bool attempt =
        options->program != NULL || options->variant == VARIANT_ATTEMPT;

    return attempt ? DEADLINE : LAB_DEADLINE;
}

static struct run_options run_options(const struct options *options,
                                      double deadline_s)
{
    return (struct run_options){.deadline_s = options->deadline_s > 0
                                                  ? options->deadline_s
                                                  : deadline_s,
                                .falsify_s = options->falsify_s,
                                .musl = options->musl,
                                .interrupted = &interrupted};
}

/* That labs/ is not what it was when forklab was built. */
static void add_note(const char *root, const struct lab *lab,
                     struct report *report)
{
    char *note = original_note(root, lab);

    if (note != NULL)
        strings_add(&report->notes, note);
    free(note);
}

static int run_one(const struct call *call, const struct lab *lab)
{
    const struct options *options = call->options;
    const char *root = call->root;
    FILE *json = options->json ? command_open_json(options->json) : NULL;
    struct run_options how = run_options(options, default_deadline(options));
    bool quiet = json == stdout || options->quiet;
    enum happening said = !quiet && options->variant == VARIANT_LAB
                              ? predict_ask(stdout, lab)
                              : HAPPENS_NOTHING;
    struct report report;

    how.hold = quiet ? NULL : hold_asked();
    char *error =
        run_lab(root, lab, options->variant, options->program, &how, &report);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    add_note(root, lab, &report);
    if (report.plot.count > 0 && !quiet)
        draw(root, &report);
    command_show(call, &report, lab, json);
    predict_tell(stdout, root, lab, said, predict_seen(&report, lab));
    int status = status_of(&report);
    report_free(&report);
    return interrupted ? 128 + SIGINT : status;
}

void command_run_lab(const struct call *call, const struct lab *lab,
                     enum variant variant, struct mariadb_shared *shared,
                     struct report *report)
{
    const struct options *options = call->options;
    struct run_options how = run_options(options, default_deadline(options));

    how.shared = shared;
    char *error = run_lab(call->root, lab, variant, NULL, &how, report);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
}

int command_run(const struct call *call)
{
    const struct options *options = call->options;

    if (call->argv[0] == NULL || call->argv[1] != NULL)
        command_fail(STATUS_USAGE,
                     "run needs the number of one lab; see them all: %s",
                     next_verb("list", 0));
    const struct lab *lab = project_lab(call->labs, call->argv[0]);
    if (options->variant == VARIANT_SOLUTION && !options->quiet &&
        options->json == NULL && !answer_allowed(stdout, call->root, lab))
        return STATUS_WANTED;
    return run_one(call, lab);
}

/* ---- stress ---- */

#define STRESS_RUNS 100

/* Runs a lab, or its solution, `runs` times; prints the page of the first run
 * with another outcome than it should have. Returns the exit status. */
static int stress(const struct call *call, const struct lab *lab,
                  enum variant variant, int runs)
{
    const char *which = variant == VARIANT_LAB ? "" : " --solution";
    int number = lab->number, status = STATUS_WANTED;

    for (int n = 1; n <= runs && status == STATUS_WANTED; n++) {
        struct report report;
        command_run_lab(call, lab, variant, NULL, &report);
        status = interrupted ? 128 + SIGINT : status_of(&report);
        if (status != STATUS_WANTED) {
            command_show(call, &report, lab, NULL);
            printf("lab %02d%s: run %d of %d\n", number, which, n, runs);
        }
        report_free(&report);
    }
    if (status == STATUS_WANTED)
        printf("lab %02d%s: %d of %d as expected\n", number, which, runs, runs);
    fflush(stdout);
    return status;
}

int command_stress(const struct call *call)
{
    int runs = call->options->runs ? call->options->runs : STRESS_RUNS;

    if (call->argv[0] == NULL || call->argv[1] != NULL)
        command_fail(STATUS_USAGE,
                     "stress needs the number of one lab; see them all: %s",
                     next_verb("list", 0));
    const struct lab *lab = project_lab(call->labs, call->argv[0]);
    int status = stress(call, lab, VARIANT_LAB, runs);
    return status == STATUS_WANTED ? stress(call, lab, VARIANT_SOLUTION, runs)
                                   : status;
}

/* ---- cage ---- */

int command_cage(const struct call *call)
{
    const struct options *options = call->options;
    struct run_options how = run_options(options, DEADLINE);
    struct report report;

    if (call->argv[0] == NULL)
        command_fail(STATUS_USAGE,
                     "cage needs a command: forklab cage -- COMMAND");
    FILE *json = options->json ? command_open_json(options->json) : NULL;
    char *error = run_command(call->argv, &how, &report);
    if (error != NULL && json != NULL)
        fclose(json);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    command_show(call, &report, NULL, json);
    int status = status_of(&report);
    report_free(&report);
    return interrupted ? 128 + SIGINT : status;
}

/* SPDX-License-Identifier: MIT
 *
 * command/course: the commands for students and teachers, and those that print
 * text about forklab.
 */
#define _GNU_SOURCE
#include "command/course.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/next.h"
#include "command/project.h"
#include "command/run.h"
#include "course/answer.h"
#include "course/attempts.h"
#include "course/check.h"
#include "course/class.h"
#include "course/grade.h"
#include "course/lesson.h"
#include "course/list.h"
#include "course/onsave.h"
#include "course/original.h"
#include "course/progress.h"
#include "course/sarif.h"
#include "course/submissions.h"
#include "course/why.h"
#include "doctor.h"
#include "manual.h"
#include "print/printers.h"

/* "3" is a chapter, "31" and "01" the one that this lab is in. */
static int chapter_of(const char *text)
{
    int number = atoi(text);
    size_t digits = strspn(text, "0123456789");

    if (strcmp(text, "all") == 0)
        return LIST_ALL;
    if (digits == 0 || digits > 3 || text[digits] != '\0')
        command_fail(STATUS_USAGE, "\"%s\" is no chapter; see them all: %s",
                     text, next_verb("list", 0));
    return digits == 1 ? number : number / 10;
}

/* One chapter, or all labs. */
static void list_labs(const struct call *call)
{
    int chapter = chapter_of(call->argv[0]);

    if (!print_list(stdout, style_for(stdout), call->labs, chapter, call->root))
        command_fail(STATUS_USAGE, "there is no chapter %d; see them all: %s",
                     chapter, next_verb("list", 0));
}

static void list_chapters(const struct call *call)
{
    char *chapter = next_verb("list", 3), *all = next_verb("list-all", 0);

    print_chapters(stdout, style_for(stdout), call->labs, call->root);
    printf("\n    %-16s  the labs of chapter 3\n    %-16s  all labs\n", chapter,
           all);
    free(chapter);
    free(all);
}

int command_list(const struct call *call)
{
    if (call->options->list_json)
        return print_json_list(stdout, call->labs) ? STATUS_WANTED
                                                   : STATUS_CANNOT;
    if (call->argv[0] != NULL && call->argv[1] != NULL)
        command_fail(STATUS_USAGE, "list takes one chapter, or \"all\"");
    if (call->argv[0] != NULL)
        list_labs(call);
    else
        list_chapters(call);
    progress_print(stdout, call->root, call->labs);
    return STATUS_WANTED;
}

/* ---- check ---- */

static int check_status(const struct check *check)
{
    switch (check->end) {
    case CHECK_SAFE:
        return STATUS_WANTED;
    case CHECK_SKIP:
        return STATUS_CANNOT;
    case CHECK_STOPPED:
        return 128 + SIGINT;
    default:
        return check->report.still_there > 0 ? STATUS_BUG : STATUS_OTHER;
    }
}

static void show_check(const struct options *options, const struct check *check,
                       const struct lab_list *labs, const struct lab *lab,
                       FILE *json)
{
    const struct lab *next = lab + 1 < labs->lab + labs->count ? lab + 1 : NULL;

    if (json != NULL)
        command_close_json(json, options->json, print_check_json(json, check));
    if (json == stdout ||
        (options->sarif != NULL && strcmp(options->sarif, "-") == 0))
        return;
    if (options->quiet)
        printf("lab %02d attempt: %s\n", lab->number, check_word(check));
    else
        print_check(stdout, style_for(stdout), check, lab, next);
}

/* One run can fail an attempt, it cannot pass it: "safe" is not recorded. */
static void note_progress(const struct call *call, const struct lab *lab,
                          const struct check *check)
{
    bool counts = check->end != CHECK_STOPPED && check->end != CHECK_SKIP &&
                  (check->end != CHECK_SAFE || call->options->seed == 0);

    if (counts && !progress_set(call->root, lab, check->end))
        fprintf(stderr,
                "forklab: attempts/progress cannot be written (%s): `%s` will "
                "not show this result\n",
                strerror(errno), next_verb("list", 0));
}

/* The check as SARIF, too. */
static void check_sarif(const char *path, const struct check *check,
                        const struct lab *lab)
{
    FILE *stream = command_open_json(path);
    struct graded graded;
    struct grades grades = {.item = &graded, .count = 1};

    grade_of_check(check, lab, &graded);
    command_close_json(stream, path, sarif_write(stream, &grades));
    free(graded.message);
    free(graded.verdict);
}

int command_check(const struct call *call)
{
    const struct options *options = call->options;
    struct check_options how = {
        .runs = options->runs ? options->runs : CHECK_RUNS,
        .seed = options->seed,
        .deadline_s = options->deadline_s > 0 ? options->deadline_s : DEADLINE,
        .musl = options->musl,
        .interrupted = &interrupted,
        .progress = isatty(STDERR_FILENO) == 1 && !switched_on("PLAIN")};
    struct check check;

    /* What was compiled already is run once. */
    if (options->variant != VARIANT_LAB)
        return command_run(call);
    if (call->argv[0] == NULL ||
        (call->argv[1] != NULL && call->argv[2] != NULL))
        command_fail(STATUS_USAGE, "check needs the number of one lab, and "
                                   "optionally a C file after it");
    const struct lab *lab = project_lab(call->labs, call->argv[0]);
    FILE *json = options->json ? command_open_json(options->json) : NULL;
    /* Whatever labs/ says by now, its first header is what is asked for. */
    struct lab was;
    bool known = original_lab(call->root, lab, &was);
    check_attempt(call->root, known ? &was : lab, call->argv[1], &how, &check);
    if (check.end == CHECK_SAFE)
        check.our_cure = answer_reason(call->root, lab);
    if (check.end == CHECK_CANNOT)
        command_fail(STATUS_CANNOT, "%s", check.reason);
    if (call->argv[1] == NULL)
        note_progress(call, lab, &check);
    if (check.end == CHECK_STOPPED && check.run == 0)
        fputs("forklab: interrupted, nothing was run\n", stderr);
    else if (check.end == CHECK_STOPPED)
        fprintf(stderr, "forklab: interrupted in run %d of %d\n", check.run,
                check.runs);
    else
        show_check(options, &check, call->labs, lab, json);
    if (options->sarif != NULL && check.end != CHECK_STOPPED)
        check_sarif(options->sarif, &check, lab);
    int status = check_status(&check);
    check_free(&check);
    if (known)
        lab_free(&was);
    return status;
}

/* ---- one lab ---- */

const struct lab *command_one_lab(const struct call *call)
{
    if (call->argv[0] == NULL || call->argv[1] != NULL)
        command_fail(STATUS_USAGE,
                     "%s needs the number of one lab; see them all: %s",
                     call->name, next_verb("list", 0));
    return project_lab(call->labs, call->argv[0]);
}

/* Runs a function of the course on the lab that is named. */
static int lesson(const struct call *call,
                  char *(*run)(FILE *stream, const char *root,
                               const struct lab *lab))
{
    char *error = run(stdout, call->root, command_one_lab(call));

    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

int command_try(const struct call *call)
{
    return lesson(call, attempt_try);
}

int command_reset(const struct call *call)
{
    return lesson(call, attempt_reset);
}

int command_hint(const struct call *call)
{
    return lesson(call, lesson_hint);
}

/* What was pasted instead of a number: the lab that it leads to first. */
static int explain_words(const struct call *call, const char *words)
{
    const struct lab *lab;
    char *error = why_lab(stdout, call->root, call->labs, words, &lab);

    if (error == NULL && lab != NULL)
        error = lesson_explain(stdout, call->root, lab);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    return lab != NULL ? STATUS_WANTED : STATUS_OTHER;
}

int command_explain(const struct call *call)
{
    const char *what = call->argv[0];

    if (what != NULL && call->argv[1] == NULL && strchr(what, ' ') != NULL)
        return explain_words(call, what);
    return lesson(call, lesson_explain);
}

/* ---- all labs ---- */

int command_grade(const struct call *call)
{
    const struct options *options = call->options;
    struct grade_options how = {
        .submission = options->submission,
        .out = options->out,
        .runs = options->runs ? options->runs : CHECK_RUNS,
        .deadline_s = options->deadline_s > 0 ? options->deadline_s : DEADLINE,
        .quiet = options->quiet,
        .jobs = options->jobs,
        .base = options->base,
        .kept = options->kept,
        .stamp = options->stamp,
        .pages = options->pages,
        .autolab = options->autolab,
        .sarif = options->sarif,
        .interrupted = &interrupted};

    if (call->argv[0] != NULL)
        command_fail(STATUS_USAGE, "grade has options only: --submission DIR, "
                                   "--out DIR");
    char *error = grade(stdout, call->root, call->labs, &how);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    return interrupted ? 128 + SIGINT : STATUS_WANTED;
}

/* harness/scripts/NAME.sh, with the arguments. It takes our place, so that its
 * status is ours. */
int command_script(const struct call *call)
{
    char *script =
        xasprintf("%s/harness/scripts/%s.sh", call->root, call->name);
    struct strings argv = {0};

    strings_add(&argv, script);
    for (char **argument = call->argv; *argument != NULL; argument++)
        strings_add(&argv, *argument);
    GROW(argv.item, argv.count);
    argv.item[argv.count] = NULL;
    signal(SIGPIPE, SIG_DFL);
    execv(script, argv.item);
    command_fail(STATUS_CANNOT,
                 "%s: %s; %s is for the directory that forklab was built in",
                 script, strerror(errno), call->name);
}

int command_why(const struct call *call)
{
    char *words = xstrdup("");
    bool found;

    if (call->argv[0] == NULL)
        command_fail(STATUS_USAGE,
                     "why needs what you see: forklab why \"STRING\"");
    for (char **argv = call->argv; *argv != NULL; argv++) {
        char *longer = xasprintf("%s %s", words, *argv);
        free(words);
        words = longer;
    }
    char *error = why_print(stdout, call->root, call->labs, words, &found);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    free(words);
    return found ? STATUS_WANTED : STATUS_OTHER;
}

int command_watch(const struct call *call)
{
    char *error =
        check_on_save(stdout, call->root, command_one_lab(call), &interrupted);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

/* ---- text ---- */

int command_completion(const struct call *call)
{
    (void)call;
    manual_completion(call->table, stdout);
    return STATUS_WANTED;
}

int command_manual(const struct call *call)
{
    if (call->argv[0] != NULL && strcmp(call->argv[0], "1") == 0) {
        manual_command(call->table, stdout);
        return STATUS_WANTED;
    }
    if (call->argv[0] == NULL || strcmp(call->argv[0], "7") != 0)
        command_fail(STATUS_USAGE,
                     "manual needs a section: 1 for the command, 7 for "
                     "the labs");
    char *error = manual_labs(stdout, call->root, call->labs);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

int command_class(const struct call *call)
{
    if (call->argv[0] == NULL || call->argv[1] != NULL)
        command_fail(STATUS_USAGE,
                     "class needs a directory of grades: "
                     "DIR/students/NAME/results.json, by forklab grade --out");
    char *error = class_write(stdout, call->root, call->argv[0], call->labs);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

int command_students(const struct call *call)
{
    const struct options *options = call->options;
    char **argv = call->argv;

    if (argv[0] == NULL || argv[1] == NULL || argv[2] != NULL)
        command_fail(STATUS_USAGE,
                     "students needs two directories: of submissions and of "
                     "grades; see make class");
    setlocale(LC_CTYPE, "C.UTF-8"); /* for their names in notes */
    char *error = submissions_ungraded(stdout, stderr, argv[0], argv[1],
                                       options->stamp ? options->stamp : "",
                                       options->part);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

int command_doctor(const struct call *call)
{
    char *root = project_root(false); /* says also what is to be typed next */
    struct lab_list labs;

    (void)call;
    free(labs_find(root, &labs)); /* without labs it can do without */
    bool good = doctor(&labs);
    labs_free(&labs);
    free(root);
    return good ? STATUS_WANTED : STATUS_CANNOT;
}

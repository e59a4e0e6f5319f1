/* SPDX-License-Identifier: MIT
 *
 * check: see check.h.
 */
#define _GNU_SOURCE
#include "course/check.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/files.h"
#include "base/next.h"
#include "course/attempts.h"
#include "course/compile.h"
#include "course/original.h"
#include "cage/directory.h"
#include "course/likely.h"
#include "course/seeds.h"
#include "oracle/number.h"
#include "run/run.h"
#include "run/trace.h"

#define ALONE_MS 1000 /* of a run that others would slow down */

/* ---- the file ---- */

/* "attempts/31-x.c" instead of "/home/me/forklab/attempts/31-x.c", if we are
 * there: that is how the compiler and the verdict will name it. */
static char *short_path(char *path)
{
    char here[PATH_MAX];

    if (getcwd(here, sizeof(here)) == NULL)
        return path;
    size_t length = strlen(here);
    if (strncmp(path, here, length) != 0 || path[length] != '/')
        return path;
    char *rest = xstrdup(path + length + 1);
    free(path);
    return rest;
}

static bool refuse(struct check *check, enum check_end end, char *reason)
{
    check->end = end;
    check->reason = reason;
    return false;
}

/* Who has changed the lab instead of a copy is told what becomes of that. */
static char *no_attempt(const struct lab *lab, const struct check *check)
{
    char *missing = attempt_missing(lab);
    char *text = check->note == NULL
                     ? xstrdup(missing)
                     : xasprintf("%s, which copies %s as you changed it",
                                 missing, lab->source);

    free(missing);
    return text;
}

/* Is there a file that can be compiled? */
static bool find_file(const char *root, const struct lab *lab, const char *file,
                      struct check *check)
{
    struct stat info;

    check->given = file != NULL;
    check->file =
        file != NULL
            ? xstrdup(file)
            : short_path(xasprintf("%s/attempts/%s.c", root, lab->stem));
    if (stat(check->file, &info) == -1 && errno == ENOENT && file == NULL)
        return refuse(check, CHECK_CANNOT, no_attempt(lab, check));
    if (stat(check->file, &info) == -1)
        return refuse(check, CHECK_CANNOT,
                      xasprintf("%s: %s", check->file, strerror(errno)));
    if (!S_ISREG(info.st_mode) || info.st_size > (off_t)MAX_SOURCE)
        return refuse(
            check, CHECK_CANNOT,
            xasprintf("%s is not a C file of at most 1 MiB", check->file));
    return true;
}

/* ---- the program ---- */

/* Where the program is made: in the temporary directory, unless programs may
 * not be executed there. What is sealed lies in build/attempts. */
static char *program_path(const char *root, const struct lab *lab,
                          const char *directory, bool sealed)
{
    char *usual = xasprintf("%s/build/attempts", root);
    struct statvfs info;
    bool no_exec =
        statvfs(directory, &info) == 0 && (info.f_flag & ST_NOEXEC) != 0;
    bool good =
        (sealed || no_exec) && (mkdir(usual, 0777) == 0 || errno == EEXIST);
    char *path = good ? xasprintf("%s/.%d-%s", usual, (int)getpid(), lab->stem)
                      : xasprintf("%s/%s", directory, lab->stem);

    free(usual);
    return path;
}

static bool compile(const char *root, const struct lab *lab,
                    const char *program, const struct check_options *options,
                    struct check *check)
{
    struct compile_result result;
    char *labs = xasprintf("%s/labs", root);

    compile_attempt(lab, options->musl, labs, check->file, program,
                    options->interrupted, &result);
    free(labs);
    if (result.length > 0)
        check->words = xstrdup(result.words);
    switch (result.end) {
    case COMPILE_DONE:
        break;
    case COMPILE_ERROR:
    case COMPILE_LIMIT:
        check->end = CHECK_COMPILER;
        break;
    case COMPILE_MISSING:
        check->end = CHECK_SKIP;
        break;
    default:
        check->end = CHECK_CANNOT;
        break;
    }
    check->reason = result.reason ? xstrdup(result.reason) : NULL;
    bool done = result.end == COMPILE_DONE;
    if (done)
        check->end = CHECK_CANNOT; /* until it was run */
    compile_free(&result);
    if (done || options->interrupted == NULL || !*options->interrupted)
        return done;
    check->end = CHECK_STOPPED;
    return false;
}

/* ---- the runs ---- */

/* Odd seeds have one CPU: there, what is alone runs on until it sleeps. Which
 * one depends on the seed, as several may run at a time. Returns what was
 * allowed before. */
static cpu_set_t narrow(int seed)
{
    cpu_set_t before, one;

    CPU_ZERO(&before);
    sched_getaffinity(0, sizeof(before), &before);
    CPU_ZERO(&one);
    int which = CPU_COUNT(&before) > 0 ? seed / 2 % CPU_COUNT(&before) : 0;
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &before) && which-- == 0)
            CPU_SET(cpu, &one);
    if (seed % 2 == 1)
        sched_setaffinity(0, sizeof(one), &one);
    return before;
}

/* "child in add, at attempts/31-x.c:44 (a null pointer)" */
static char *words_of_crash(const struct crash *crash)
{
    const char *role = crash->role[0] ? crash->role : "a process";
    const char *null = crash->null ? " (a null pointer)" : "";
    char *call = crash->library[0] ? xasprintf("%s, called by ", crash->library)
                                   : xstrdup("");
    char *text =
        crash->line > 0
            ? xasprintf("%s in %s%s, at %s:%d%s", role, call, crash->function,
                        crash->file, crash->line, null)
        : crash->function[0]
            ? xasprintf("%s in %s%s%s", role, call, crash->function, null)
            : NULL;

    free(call);
    return text;
}

/* The same run once more, followed by a debugger's means: those of the run that
 * counts would have disturbed it. Where it crashes by the same signal, that is
 * the place; so it is where nobody saw how a process ended. */
static void find_crash(const char *root, const struct lab *lab, char *program,
                       struct run_options how, struct report *report)
{
    const struct process_report *crashed = likely_crashed(report);
    struct crash crash = {0};
    struct report once_more;

    if (report->outcome != OUTCOME_BROKEN ||
        (crashed == NULL && !likely_unseen(report)))
        return;
    how.crash = &crash;
    free(run_lab(root, lab, VARIANT_PROGRAM, program, &how, &once_more));
    report_free(&once_more);
    if (crash.signal == 0 || (crashed != NULL && crash.signal != crashed->code))
        return;
    report->check.where = words_of_crash(&crash);
    memcpy(report->check.crashed, crash.role, sizeof(crash.role));
    if (report->check.where != NULL)
        report->check.crash = crash.signal;
}

static bool run_once(const char *root, const struct lab *lab, char *program,
                     const struct check_options *options, struct check *check)
{
    struct run_options how = {.deadline_s = options->deadline_s,
                              .interrupted = options->interrupted,
                              .musl = options->musl,
                              .bare = check->sources.earlier,
                              .seed = check->seed};

    report_free(&check->report);
    cpu_set_t before = narrow(check->seed);
    char *error =
        run_lab(root, lab, VARIANT_PROGRAM, program, &how, &check->report);
    if (error == NULL && (how.interrupted == NULL || !*how.interrupted))
        find_crash(root, lab, program, how, &check->report);
    sched_setaffinity(0, sizeof(before), &before);
    if (error != NULL)
        return refuse(check, CHECK_CANNOT, error);
    check->report.variant = VARIANT_ATTEMPT;
    check->report.check.file = xstrdup(check->file);
    if (check->report.ms_total > check->slowest_ms)
        check->slowest_ms = check->report.ms_total;
    if (options->interrupted && *options->interrupted) {
        check->end = CHECK_STOPPED;
        return false;
    }
    switch (check->report.outcome) {
    case OUTCOME_SAFE:
        return true;
    case OUTCOME_SKIP:
        return refuse(check, CHECK_SKIP, xstrdup(check->report.reason));
    case OUTCOME_HAZARD:
        check->end = CHECK_HAZARD;
        return false;
    default:
        check->end = CHECK_BROKEN;
        return false;
    }
}

/* One after the other, until one is not safe. True: all were. */
static bool run_in_turn(const char *root, const struct lab *lab, char *program,
                        const struct check_options *options, int first,
                        int last, struct check *check)
{
    for (check->run = first;; check->run++) {
        check->seed = options->seed != 0 ? options->seed : check->run;
        if (options->progress)
            fprintf(stderr, "\rrun %d of %d ", check->run, check->runs);
        if (!run_once(root, lab, program, options, check))
            return false;
        if (check->run == last)
            return true;
    }
}

/* What a worker of seeds.h is to know. */
struct one_run {
    const char *root;
    const struct lab *lab;
    char *program;
    const struct check_options *options;
    struct check *check;
};

static void annotate(struct check *check, const struct lab *lab);

static bool run_and_tell(void *context, int seed, FILE *told)
{
    struct one_run *one = context;

    one->check->run = one->check->seed = seed;
    if (run_once(one->root, one->lab, one->program, one->options, one->check))
        return true;
    annotate(one->check, one->lab);
    one->options->tell(told, one->check, one->lab);
    return false;
}

/* May runs be made beside each other? They must not meet; and a run that takes
 * long works rather than waits, so that two of them would take twice as long
 * each. */
static bool is_apart(const struct check_options *options,
                     const struct report *report)
{
    return options->own_network != NULL && report->apart &&
           report->ms_total < ALONE_MS;
}

static bool begin_runs(void *context)
{
    const struct one_run *one = context;

    return one->options->own_network();
}

/* The runs behind the first, several at a time. True: all were safe. */
static bool run_beside(struct one_run *one)
{
    struct check *check = one->check;
    struct seeds seeds = {.from = 2,
                          .to = check->runs,
                          .jobs = one->options->jobs,
                          .begin = begin_runs,
                          .run = run_and_tell,
                          .context = one,
                          .interrupted = one->options->interrupted};
    bool good = seeds_run(&seeds);
    int error = errno;

    if (seeds.failed != 0) {
        check->run = check->seed = seeds.failed;
        check->told = seeds.told;
        check->end = CHECK_BROKEN; /* or else: what was told says it */
    } else if (seeds.interrupted != NULL && *seeds.interrupted) {
        check->end = CHECK_STOPPED;
    } else if (!good) {
        refuse(check, CHECK_CANNOT,
               xasprintf("a run could not be made: %s", strerror(error)));
    } else {
        check->run = check->runs;
        return true;
    }
    return false;
}

static void run_all_seeds(const char *root, const struct lab *lab,
                          char *program, const struct check_options *options,
                          struct check *check)
{
    struct one_run one = {root, lab, program, options, check};
    bool beside = options->tell != NULL && options->jobs > 1;

    check->runs = options->seed != 0 ? 1 : options->runs;
    beside = beside && check->runs > 2;
    bool safe = run_in_turn(root, lab, program, options, 1,
                            beside ? 1 : check->runs, check);
    if (safe && beside)
        safe = is_apart(options, &check->report)
                   ? run_beside(&one)
                   : run_in_turn(root, lab, program, options, 2, check->runs,
                                 check);
    if (options->progress)
        fputs("\r                \r", stderr);
    if (safe)
        check->end = CHECK_SAFE;
}

/* ---- what it says ---- */

static char *likely(const struct check *check, const struct lab *lab)
{
    const struct report *report = &check->report;
    const struct process_report *process;
    const struct thread_report *stuck = report_culprit(report, &process);

    if (check->end == CHECK_BROKEN)
        return likely_broken(report, lab);
    if (check->run > 1)
        return xasprintf(
            "it depends on timing: %d %s before this one passed. What makes it "
            "safe sometimes happens too late, or not at all.",
            check->run - 1, check->run == 2 ? "run" : "runs");
    if (stuck != NULL && stuck->owner_is == OWNER_VANISHED)
        return xstrdup("the lock is held at the moment of fork(), and your "
                       "change does not prevent that.");
    char *explain = next_verb("explain", lab->number);
    char *text = xasprintf("its cause is still there; see %s", explain);
    free(explain);
    return text;
}

/* "child saw 1 1; [child] exit 42" */
static char *wanted(const struct lab *lab, const char *n)
{
    char *text = xstrdup("");
    struct facts safe;

    number_fill_facts(&lab->safe, n ? n : lab->bare, &safe);
    for (size_t i = 0; i < safe.count; i++) {
        const struct fact *fact = &safe.item[i];
        if (fact->optional)
            continue;
        char *times = fact->count > 1 ? xasprintf("%d ", fact->count) : NULL;
        char *longer = xasprintf("%s%s%s%s", text, text[0] ? "; " : "",
                                 times ? times : "", fact->text);
        free(times);
        free(text);
        text = longer;
    }
    facts_free(&safe);
    return text;
}

/* What the check says of its last run. Without one the report has the lab and
 * the reason. */
static void annotate(struct check *check, const struct lab *lab)
{
    struct report *report = &check->report;

    if (report->lab == 0) {
        report->lab = lab->number;
        report->stem = xstrdup(lab->stem);
        report->title = xstrdup(lab->title);
        report->variant = VARIANT_ATTEMPT;
        report->outcome =
            check->end == CHECK_SKIP ? OUTCOME_SKIP : OUTCOME_BROKEN;
    }
    if (report->check.file == NULL)
        report->check.file = xstrdup(check->file);
    if (report->reason == NULL && check->reason != NULL)
        report->reason = xstrdup(check->reason);
    else if (report->reason == NULL && report->process_count == 0)
        report->reason = xstrdup(check_word(check));
    if (check->note != NULL)
        strings_add(&report->notes, check->note);
    report->check.wanted = wanted(lab, report->n);
    if (check->end != CHECK_HAZARD && check->end != CHECK_BROKEN)
        return;
    report->check.run =
        xasprintf("%d of %d, with seed %d, %s", check->run, check->runs,
                  check->seed, check->seed % 2 ? "on one CPU" : "on all CPUs");
    report->check.likely = likely(check, lab);
}

/* Compiles it in a place that is removed afterwards, and runs it. The
 * directories of the runs are made in there, too. The environment is the
 * caller's: who checks does so on a machine of their own; grade() forgets its
 * own before. */
static void compile_and_run(const char *root, const struct lab *lab,
                            const struct check_options *options,
                            struct check *check)
{
    char *base = getenv("TMPDIR") ? xstrdup(getenv("TMPDIR")) : NULL;
    struct guarded_directory directory;

    if (!guarded_directory_make(&directory)) {
        check->reason = directory_make_error(errno);
        free(base);
        return;
    }
    setenv("TMPDIR", directory.path, 1);
    char *program =
        program_path(root, lab, directory.path, options->sealed != NULL);
    /* A view goes with all that is in it. */
    if (options->sealed == NULL &&
        strncmp(program, directory.path, strlen(directory.path)) != 0)
        guarded_directory_add(&directory, program);
    bool ready = compile(root, lab, program, options, check);
    if (ready)
        sources_see_program(&check->sources, lab, program);
    if (ready && options->sealed != NULL && !options->sealed())
        check->reason =
            xasprintf("cannot seal the project: %s", strerror(errno));
    else if (ready)
        run_all_seeds(root, lab, program, options, check);
    free(program);
    guarded_directory_end(&directory);
    if (base != NULL)
        setenv("TMPDIR", base, 1);
    else
        unsetenv("TMPDIR");
    free(base);
}

void check_attempt(const char *root, const struct lab *lab, const char *file,
                   const struct check_options *options, struct check *check)
{
    *check = (struct check){.end = CHECK_CANNOT, .musl = options->musl};
    check->note = original_note(root, lab);
    if (find_file(root, lab, file, check)) {
        struct known own = {0};
        if (options->known == NULL)
            known_read(root, lab, &own);
        sources_compare(root, lab, options->known ? options->known : &own,
                        check->file, &check->sources);
        known_free(&own);
        if (check->sources.same)
            check->end = CHECK_SAME;
        else
            compile_and_run(root, lab, options, check);
    }
    if (check->told == 0)
        annotate(check, lab);
}

void check_free(struct check *check)
{
    free(check->file);
    free(check->words);
    free(check->reason);
    free(check->note);
    free(check->our_cure);
    if (check->told > 0)
        close(check->told);
    sources_free(&check->sources);
    report_free(&check->report);
    *check = (struct check){0};
}

/* ---- words ---- */

const char *check_end_word(enum check_end end)
{
    switch (end) {
    case CHECK_SAFE:
        return outcome_word(OUTCOME_SAFE);
    case CHECK_HAZARD:
        return outcome_word(OUTCOME_HAZARD);
    case CHECK_BROKEN:
        return outcome_word(OUTCOME_BROKEN);
    case CHECK_SAME:
        return "unchanged";
    case CHECK_COMPILER:
        return "not compiled";
    case CHECK_SKIP:
        return "skipped";
    case CHECK_CANNOT:
        return "not checked";
    case CHECK_STOPPED:
        return "interrupted";
    }
    return "unknown";
}

const char *check_word(const struct check *check)
{
    return check_end_word(check->end);
}

enum check_end check_end_named(const char *word)
{
    for (enum check_end end = CHECK_SAFE; word != NULL && end <= CHECK_STOPPED;
         end++)
        if (strcmp(word, check_end_word(end)) == 0)
            return end;
    return CHECK_CANNOT;
}

const char *check_flag(const struct check *check)
{
    return check->end == CHECK_SAFE ? check->sources.flag : NULL;
}

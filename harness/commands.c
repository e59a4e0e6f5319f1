/* SPDX-License-Identifier: MIT
 *
 * main: the command. It finds labs, runs programs in the cage, and prints
 * what was seen; all the work is in the modules.
 *
 * Exit status: 0 as wanted, 1 another outcome, 2 usage or unknown lab, 3 this
 * machine cannot, 4 a bug of ours.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "course/attempts.h"
#include "course/check.h"
#include "course/class.h"
#include "doctor.h"
#include "course/grade.h"
#include "oracle/labs.h"
#include "course/lesson.h"
#include "print/plot.h"
#include "print/printers.h"
#include "course/progress.h"
#include "run/run.h"
#include "manual.h"
#include "course/onsave.h"
#include "course/search.h"

enum { STATUS_WANTED, STATUS_OTHER, STATUS_USAGE, STATUS_CANNOT, STATUS_BUG };

static volatile sig_atomic_t interrupted;

struct options {
    enum variant variant;
    const char *program;
    const char *json;
    const char *submission, *out;
    double deadline_s;
    int runs, seed;
    bool musl, all, quiet, list_json;
};

__attribute__((format(printf, 2, 3), noreturn)) static void
fail(int status, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    fflush(stdout);
    fputs("forklab: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(status);
}

static void on_signal(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* ---- where things are ---- */

/* The project's root: build/forklab's grandparent folder. */
static const char *find_root(void)
{
    static char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length == -1)
        fail(STATUS_CANNOT, "/proc is not there; forklab lives on it");
    path[length] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(path, '/');
        if (slash != NULL)
            *slash = '\0';
    }
    return path[0] ? path : "/";
}

static bool has_labs(const char *root)
{
    char *folder = xasprintf("%s/labs", root);
    bool there = access(folder, F_OK) == 0;

    free(folder);
    return there;
}

static void load_labs(const char *root, struct lab_list *labs)
{
    char *error = labs_find(root, labs);

    if (error != NULL && !has_labs(root))
        fail(STATUS_USAGE,
             "there are no labs in %s; forklab works where it was built: "
             "make build, then build/forklab",
             root);
    if (error != NULL)
        fail(STATUS_USAGE, "%s", error);
}

/* "31", "031" or "3"; anything else is -1. */
static int lab_number(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    return isdigit((unsigned char)text[0]) && *end == '\0' && number < 1000
               ? (int)number
               : -1;
}

static const struct lab *find_lab(const struct lab_list *labs, const char *text)
{
    const struct lab *nearest = NULL;
    int number = lab_number(text);

    if (number < 0)
        fail(STATUS_USAGE,
             "\"%s\" is not the number of a lab; see them all: "
             "make list",
             text);
    const struct lab *lab = labs_get(labs, number, &nearest);
    if (lab == NULL && nearest == NULL)
        fail(STATUS_USAGE, "there is no lab %d; there is none at all in labs/",
             number);
    if (lab == NULL)
        fail(STATUS_USAGE,
             "there is no lab %d; the nearest is %d, %s: make lab-%d", number,
             nearest->number, nearest->name, nearest->number);
    return lab;
}

/* ---- output ---- */

static FILE *open_json(const char *path)
{
    FILE *stream = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");

    if (stream == NULL)
        fail(STATUS_CANNOT, "cannot write %s: %s", path, strerror(errno));
    return stream;
}

static void write_json(FILE *stream, const char *path,
                       const struct report *report)
{
    bool good = print_json(stream, report);

    if (stream != stdout && fclose(stream) != 0)
        good = false;
    if (!good)
        fail(STATUS_CANNOT, "cannot write %s: %s", path, strerror(errno));
}

static void print_line(const struct report *report)
{
    char title[64];

    verdict_title(report, title, sizeof(title));
    if (report->outcome == OUTCOME_SKIP)
        printf("lab %d: skip: %s\n", report->lab, report->reason);
    else if (report->lab)
        printf("lab %d %s: %s, %s\n", report->lab, report->variant,
               outcome_word(report->outcome), title);
    else
        printf("%s: %s\n", report->program, title);
}

/* What the lab has measured becomes build/lab-70.svg. A picture that cannot be
 * written spoils no run. */
static void draw(const char *root, struct report *report)
{
    char *name = xasprintf("build/%s-%d.svg", report->variant, report->lab);
    char *path = xasprintf("%s/%s", root, name);

    if (plot_draw(report, path)) {
        report->plot.file = name;
    } else {
        fprintf(stderr, "forklab: cannot draw %s: %s\n", name, strerror(errno));
        free(name);
    }
    free(path);
}

static void show(const struct options *options, const struct report *report,
                 const struct lab *lab, FILE *json)
{
    char next[64] = "";

    if (lab != NULL && strcmp(report->variant, "lab") == 0)
        snprintf(next, sizeof(next), "make solution-%d%s", lab->number,
                 options->musl ? " LIBC=musl" : "");
    else if (lab != NULL && strcmp(report->variant, "solution") == 0)
        snprintf(next, sizeof(next), "make diff-%d", lab->number);
    if (json != NULL)
        write_json(json, options->json, report);
    if (json == stdout)
        return;
    if (options->quiet)
        print_line(report);
    else
        print_page(stdout, style_for(stdout), report, lab,
                   next[0] ? next : NULL);
}

static int status_of(const struct report *report)
{
    if (report->still_there > 0)
        return STATUS_BUG;
    if (report->outcome == OUTCOME_SKIP)
        return STATUS_CANNOT;
    return run_as_wanted(report) ? STATUS_WANTED : STATUS_OTHER;
}

/* ---- the commands ---- */

static struct run_options run_options(const struct options *options)
{
    return (struct run_options){.deadline_s = options->deadline_s,
                                .musl = options->musl,
                                .interrupted = &interrupted};
}

static int run_one(const char *root, const struct lab *lab,
                   const struct options *options)
{
    FILE *json = options->json ? open_json(options->json) : NULL;
    struct run_options how = run_options(options);
    struct report report;
    char *error =
        run_lab(root, lab, options->variant, options->program, &how, &report);

    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    if (report.plot.count > 0 && json != stdout && !options->quiet)
        draw(root, &report);
    show(options, &report, lab, json);
    int status = status_of(&report);
    report_free(&report);
    return interrupted ? 128 + SIGINT : status;
}

struct tally {
    int hazards, cured, safe, other, skipped;
};

static void count(struct tally *tally, const struct report *report)
{
    if (report->outcome == OUTCOME_SKIP)
        tally->skipped++;
    else if (!run_as_wanted(report))
        tally->other++;
    else if (report->outcome == OUTCOME_HAZARD)
        tally->hazards++;
    else if (strcmp(report->variant, "lab") == 0)
        tally->cured++;
    else
        tally->safe++;
}

static void print_tally(const struct tally *tally, size_t labs)
{
    printf("\n%zu labs: %d showed their hazard, ", labs, tally->hazards);
    if (tally->cured > 0)
        printf("%d %s cured by musl, ", tally->cured,
               tally->cured == 1 ? "is" : "are");
    printf("%d solutions were safe, %d not as wanted, %d skipped\n",
           tally->safe, tally->other, tally->skipped);
}

static void run_or_fail(const char *root, const struct lab *lab,
                        enum variant variant, const struct options *options,
                        struct report *report)
{
    struct run_options how = run_options(options);

    char *error = run_lab(root, lab, variant, NULL, &how, report);
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
}

static int run_all(const char *root, const struct lab_list *labs,
                   const struct options *options)
{
    struct style style = style_for(stdout);
    struct tally tally = {0};

    if (labs->count == 0)
        fail(STATUS_USAGE, "there are no labs in labs/");
    print_table_head(stdout, style);
    for (size_t i = 0; i < labs->count && !interrupted; i++) {
        struct report hazard, safe;
        run_or_fail(root, &labs->lab[i], VARIANT_LAB, options, &hazard);
        run_or_fail(root, &labs->lab[i], VARIANT_SOLUTION, options, &safe);
        print_table_row(stdout, style, &labs->lab[i], &hazard, &safe);
        fflush(stdout);
        count(&tally, &hazard);
        count(&tally, &safe);
        report_free(&hazard);
        report_free(&safe);
    }
    print_tally(&tally, labs->count);
    if (interrupted)
        return 128 + SIGINT;
    return tally.other > 0 ? STATUS_OTHER : STATUS_WANTED;
}

static int command_list(const char *root, const struct lab_list *labs,
                        char **argv, const struct options *options)
{
    (void)argv;
    if (options->list_json)
        return print_json_list(stdout, labs) ? STATUS_WANTED : STATUS_CANNOT;
    print_list(stdout, style_for(stdout), labs, root);
    progress_print(stdout, root, labs);
    return STATUS_WANTED;
}

static int command_cage(char **argv, const struct options *options)
{
    FILE *json = options->json ? open_json(options->json) : NULL;
    struct run_options how = run_options(options);
    struct report report;

    if (argv[0] == NULL)
        fail(STATUS_USAGE, "cage needs a command: forklab cage -- COMMAND");
    char *error = run_command(argv, &how, &report);
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    show(options, &report, NULL, json);
    int status = status_of(&report);
    report_free(&report);
    return interrupted ? 128 + SIGINT : status;
}

/* What was asked for cannot be looked at: also a JSON file says why. */
static void no_autopsy(const struct options *options,
                       const struct report *report, FILE *json)
{
    if (json != NULL)
        write_json(json, options->json, report);
    fail(STATUS_CANNOT, "%s", report->reason);
}

/* False if the kernel has no such large numbers. */
static bool add_process_number(struct pids *numbers, const char *text)
{
    char *end;

    errno = 0;
    long number = strtol(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || number == 0)
        fail(STATUS_USAGE,
             "\"%s\" is not a process number: those are 1, 2, 3 ...", text);
    if (errno == ERANGE || number > INT_MAX)
        return false;
    pids_add(numbers, (pid_t)number);
    return true;
}

static int command_autopsy(char **argv, const struct options *options)
{
    struct pids numbers = {0};
    struct report report = {.variant = "process",
                            .verdict = VERDICT_NO_PROGRESS};

    for (; *argv != NULL; argv++)
        if (!add_process_number(&numbers, *argv) && report.reason == NULL)
            report.reason = xasprintf("there is no process %s", *argv);
    if (numbers.count == 0 && report.reason == NULL)
        fail(STATUS_USAGE, "autopsy needs a process number");
    FILE *json = options->json ? open_json(options->json) : NULL;
    if (report.reason != NULL)
        report_machine(&report);
    else
        run_autopsy(&numbers, &report);
    if (report.reason != NULL)
        no_autopsy(options, &report, json);
    show(options, &report, NULL, json);
    report_free(&report);
    pids_free(&numbers);
    return STATUS_WANTED;
}

/* ---- the course ---- */

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

    if (json != NULL && !print_check_json(json, check))
        fail(STATUS_CANNOT, "cannot write %s: %s", options->json,
             strerror(errno));
    if (json != NULL && json != stdout && fclose(json) != 0)
        fail(STATUS_CANNOT, "cannot write %s: %s", options->json,
             strerror(errno));
    if (json == stdout)
        return;
    if (options->quiet)
        printf("lab %d attempt: %s\n", lab->number, check_word(check));
    else
        print_check(stdout, style_for(stdout), check, lab, next);
}

static int command_check(const char *root, const struct lab_list *labs,
                         char **argv, const struct options *options)
{
    struct check_options how = {.runs = options->runs,
                                .seed = options->seed,
                                .deadline_s = options->deadline_s,
                                .musl = options->musl,
                                .interrupted = &interrupted,
                                .progress = isatty(STDERR_FILENO) == 1};
    struct check check;

    if (argv[0] == NULL || (argv[1] != NULL && argv[2] != NULL))
        fail(STATUS_USAGE, "check needs the number of one lab, and may have a "
                           "C file behind it");
    const struct lab *lab = find_lab(labs, argv[0]);
    FILE *json = options->json ? open_json(options->json) : NULL;
    check_attempt(root, lab, argv[1], &how, &check);
    if (check.end == CHECK_CANNOT)
        fail(STATUS_CANNOT, "%s", check.reason);
    /* One run again, by SEED=, says what is wrong, not that nothing is. */
    bool counts = argv[1] == NULL && check.end != CHECK_STOPPED &&
                  check.end != CHECK_SKIP &&
                  (check.end != CHECK_SAFE || options->seed == 0);
    if (counts && !progress_set(root, lab, check_word(&check)))
        fprintf(stderr,
                "forklab: attempts/progress cannot be written (%s): `make "
                "list` will not know\n",
                strerror(errno));
    if (check.end == CHECK_STOPPED && check.run == 0)
        fputs("forklab: interrupted, nothing was run\n", stderr);
    else if (check.end == CHECK_STOPPED)
        fprintf(stderr, "forklab: interrupted in run %d of %d\n", check.run,
                check.runs);
    else
        show_check(options, &check, labs, lab, json);
    int status = check_status(&check);
    check_free(&check);
    return status;
}

struct course_command {
    const char *name;
    char *(*run)(FILE *stream, const char *root, const struct lab *lab);
};

static const struct course_command course_commands[] = {
    {"try", attempt_try},
    {"reset", attempt_reset},
    {"hint", lesson_hint},
    {"explain", lesson_explain},
    {NULL, NULL}};

static const struct course_command *find_course_command(const char *name)
{
    for (const struct course_command *command = course_commands;
         command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int course(const struct course_command *command, const char *root,
                  const struct lab_list *labs, char **argv)
{
    if (argv[0] == NULL || argv[1] != NULL)
        fail(STATUS_USAGE,
             "%s needs the number of one lab; see them all: make list",
             command->name);
    char *error = command->run(stdout, root, find_lab(labs, argv[0]));
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

static int command_grade(const char *root, const struct lab_list *labs,
                         char **argv, const struct options *options)
{
    struct grade_options how = {.submission = options->submission,
                                .out = options->out,
                                .runs = options->runs,
                                .deadline_s = options->deadline_s,
                                .quiet = options->quiet,
                                .interrupted = &interrupted};

    if (argv[0] != NULL)
        fail(STATUS_USAGE, "grade has options only: --submission FOLDER, "
                           "--out FOLDER");
    char *error = grade(stdout, root, labs, &how);
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    return interrupted ? 128 + SIGINT : STATUS_WANTED;
}

static int command_why(const char *root, const struct lab_list *labs,
                       char **argv, const struct options *options)
{
    char *words = xstrdup("");
    bool found;

    (void)options;
    if (argv[0] == NULL)
        fail(STATUS_USAGE, "why needs what you see: forklab why \"STRING\"");
    for (; *argv != NULL; argv++) {
        char *longer = xasprintf("%s %s", words, *argv);
        free(words);
        words = longer;
    }
    char *error = why(stdout, root, labs, words, &found);
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    free(words);
    return found ? STATUS_WANTED : STATUS_OTHER;
}

static int command_watch(const char *root, const struct lab_list *labs,
                         char **argv, const struct options *options)
{
    (void)options;
    if (argv[0] == NULL || argv[1] != NULL)
        fail(STATUS_USAGE, "watch needs the number of one lab");
    char *error = watch(stdout, root, find_lab(labs, argv[0]), &interrupted);
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

static int command_completion(const char *root, const struct lab_list *labs,
                              char **argv, const struct options *options)
{
    (void)root;
    (void)labs;
    (void)argv;
    (void)options;
    usage_completion(stdout);
    return STATUS_WANTED;
}

static int command_manual(const char *root, const struct lab_list *labs,
                          char **argv, const struct options *options)
{
    (void)options;
    if (argv[0] != NULL && strcmp(argv[0], "1") == 0) {
        usage_manual(stdout);
        return STATUS_WANTED;
    }
    if (argv[0] == NULL || strcmp(argv[0], "7") != 0)
        fail(STATUS_USAGE, "manual needs a section: 1 for the command, 7 for "
                           "the labs");
    char *error = usage_manual_of_labs(stdout, root, labs);
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

static int command_class(const char *root, const struct lab_list *labs,
                         char **argv, const struct options *options)
{
    (void)root;
    (void)options;
    if (argv[0] == NULL || argv[1] != NULL)
        fail(STATUS_USAGE, "class needs a folder of grades; make class "
                           "SUBS=FOLDER grades a folder of submissions");
    char *error = class_write(stdout, argv[0], labs);
    if (error != NULL)
        fail(STATUS_CANNOT, "%s", error);
    return STATUS_WANTED;
}

/* ---- arguments ---- */

static double seconds(const char *text)
{
    char *end;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): given */
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value > 0) || value > 86400)
        fail(STATUS_USAGE,
             "\"%s\" is not a time limit: a number of seconds above 0", text);
    return value;
}

static int whole_number(const char *name, const char *text, long most)
{
    char *end;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): given */
    long value = strtol(text, &end, 10);

    if (end == text || *end != '\0' || value < 1 || value > most)
        fail(STATUS_USAGE, "%s \"%s\" is not a number from 1 to %ld", name,
             text, most);
    return (int)value;
}

static void parse(int argc, char **argv, struct options *options)
{
    enum {
        SOLUTION = 256,
        ATTEMPT,
        PROGRAM,
        LIBC,
        JSON,
        DEADLINE,
        RUNS,
        SEED,
        SUBMISSION,
        OUT,
        ALL,
        QUIET,
        HELP
    };
    static const struct option known[] = {
        {"solution", no_argument, NULL, SOLUTION},
        {"attempt", no_argument, NULL, ATTEMPT},
        {"program", required_argument, NULL, PROGRAM},
        {"libc", required_argument, NULL, LIBC},
        {"json", optional_argument, NULL, JSON},
        {"deadline", required_argument, NULL, DEADLINE},
        {"runs", required_argument, NULL, RUNS},
        {"seed", required_argument, NULL, SEED},
        {"submission", required_argument, NULL, SUBMISSION},
        {"out", required_argument, NULL, OUT},
        {"all", no_argument, NULL, ALL},
        {"quiet", no_argument, NULL, QUIET},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0}};
    bool listing = strcmp(argv[0], "list") == 0;
    int found;

    opterr = 0;
    while ((found =
                getopt_long(argc, argv, strcmp(argv[0], "cage") == 0 ? "+" : "",
                            known, NULL)) != -1)
        switch (found) {
        case SOLUTION:
            options->variant = VARIANT_SOLUTION;
            break;
        case ATTEMPT:
            options->variant = VARIANT_ATTEMPT;
            break;
        case PROGRAM:
            options->variant = VARIANT_PROGRAM;
            options->program = optarg;
            break;
        case LIBC:
            /* NOLINTNEXTLINE(clang-analyzer-*): getopt_long set it */
            if (strcmp(optarg, "musl") != 0)
                fail(STATUS_USAGE,
                     "\"%s\" is no C library that labs are built with beside "
                     "this machine's own: only musl is",
                     optarg);
            options->musl = true;
            break;
        case JSON:
            /* `list --json` has no file; the others need one. */
            options->list_json = listing;
            options->json = optarg ? optarg : listing ? NULL : argv[optind++];
            if (options->json == NULL && !listing)
                fail(STATUS_USAGE, "--json needs a file");
            break;
        case DEADLINE:
            options->deadline_s = seconds(optarg);
            break;
        case RUNS:
            options->runs = whole_number("--runs", optarg, 1000000);
            break;
        case SEED:
            options->seed = whole_number("--seed", optarg, 1000000);
            break;
        case SUBMISSION:
            options->submission = optarg;
            break;
        case OUT:
            options->out = optarg;
            break;
        case ALL:
            options->all = true;
            break;
        case QUIET:
            options->quiet = true;
            break;
        case HELP:
            usage_print(stdout);
            exit(STATUS_WANTED);
        default:
            fail(STATUS_USAGE,
                 "%s: unknown option, or its value is missing; "
                 "see forklab --help",
                 argv[optind - 1]);
        }
}

static int command_run(const char *root, const struct lab_list *labs,
                       char **argv, const struct options *options)
{
    if (options->all)
        return run_all(root, labs, options);
    if (argv[0] == NULL || argv[1] != NULL)
        fail(STATUS_USAGE, "run needs the number of one lab; see them all: "
                           "make list");
    return run_one(root, find_lab(labs, argv[0]), options);
}

/* What was compiled already is run once. */
static int command_check_any(const char *root, const struct lab_list *labs,
                             char **argv, const struct options *options)
{
    return options->variant == VARIANT_LAB
               ? command_check(root, labs, argv, options)
               : command_run(root, labs, argv, options);
}

static const struct command {
    const char *name;
    int (*run)(const char *root, const struct lab_list *labs, char **argv,
               const struct options *options);
} commands[] = {
    {"list", command_list},       {"run", command_run},
    {"check", command_check_any}, {"grade", command_grade},
    {"class", command_class},     {"why", command_why},
    {"watch", command_watch},     {"completion", command_completion},
    {"manual", command_manual},   {NULL, NULL}};

static const struct command *find_command(const char *name)
{
    for (const struct command *command = commands; command->name != NULL;
         command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int with_labs(const char *name, char **argv,
                     const struct options *options)
{
    const struct course_command *lesson = find_course_command(name);
    const struct command *command = find_command(name);
    const char *root = find_root();
    struct lab_list labs = {0};

    if (lesson == NULL && command == NULL)
        fail(STATUS_USAGE, "there is no command \"%s\"; see forklab --help",
             name);
    load_labs(root, &labs);
    int status = lesson != NULL ? course(lesson, root, &labs, argv)
                                : command->run(root, &labs, argv, options);
    labs_free(&labs);
    return status;
}

/* A number below 0 would be taken for an option. */
static void refuse_negative(char **argv)
{
    for (; *argv != NULL && strcmp(*argv, "--") != 0; argv++)
        if ((*argv)[0] == '-' && isdigit((unsigned char)(*argv)[1]))
            add_process_number(NULL, *argv);
}

static int dispatch(int argc, char **argv)
{
    struct options options = {
        .deadline_s = 10, .variant = VARIANT_LAB, .runs = CHECK_RUNS};
    const char *command = argv[0];

    /* What somebody sees may begin with dashes, too. */
    bool words = strcmp(command, "why") == 0;
    if (strcmp(command, "autopsy") == 0)
        refuse_negative(argv + 1);
    if (!words || (argv[1] != NULL && strcmp(argv[1], "--help") == 0))
        parse(argc, argv, &options);
    argv += words ? 1 : optind;
    if (strcmp(command, "cage") == 0)
        return command_cage(argv, &options);
    if (strcmp(command, "autopsy") == 0)
        return command_autopsy(argv, &options);
    if (strcmp(command, "doctor") == 0)
        return doctor() ? STATUS_WANTED : STATUS_CANNOT;
    return with_labs(command, argv, &options);
}

/* Whoever started us may have closed stdin, stdout or stderr; no descriptor of
 * ours may take their places. stdout is then one that cannot be written. */
static void fill_standard_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd != -1 && fd <= STDERR_FILENO);
    if (fd != -1)
        close(fd);
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_signal};

    fill_standard_descriptors();
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        usage_print(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage_print(stdout);
        return STATUS_WANTED;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("forklab 0.1");
        return STATUS_WANTED;
    }
    int status = dispatch(argc - 1, argv + 1);
    if (fflush(stdout) != 0)
        fail(STATUS_CANNOT, "cannot write the output: %s", strerror(errno));
    return status;
}

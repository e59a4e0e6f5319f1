/* SPDX-License-Identifier: MIT
 *
 * commands: see commands.h.
 */
#define _GNU_SOURCE
#include "commands.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "command/all.h"
#include "command/course.h"
#include "command/make.h"
#include "command/project.h"
#include "command/run.h"
#include "command/student.h"
#include "manual.h"

#define MAX_COUNT 1000000 /* of runs, and of seeds */
#define MAX_JOBS 64

/* ---- the commands ---- */

static const struct command commands[] = {
    {"start", "", "where you are in the course, and what comes next", NULL,
     TAKES_NOTHING, PLACE_READ, READS_OPTIONS, command_start},
    {"list", "[CHAPTER|all]", "the chapters, or the labs of one, or all labs",
     "A plus marks a lab whose check was safe, a dot one that you have tried. "
     "With --json: all labs as JSON.",
     TAKES_NOTHING, PLACE_READ, READS_OPTIONS, command_list},
    {"run", "N", "run lab N and say what happened",
     "With --all: all labs and their solutions, as a table.", TAKES_LAB,
     PLACE_WORK, READS_OPTIONS, command_run_or_all},
    {"explain", "N", "why it happens, in a few lines",
     "N may be what you see, in quotes: then it is the first lab that why "
     "finds for it. Status 1: none.",
     TAKES_LAB, PLACE_READ, READS_OPTIONS, command_explain},
    {"try", "N", "copy lab N to attempts/, to change it there",
     "An attempt that is there is never overwritten.", TAKES_LAB, PLACE_WORK,
     READS_OPTIONS, command_try},
    {"hint", "N", "the next of three hints", NULL, TAKES_LAB, PLACE_WORK,
     READS_OPTIONS, command_hint},
    {"check", "N [FILE.c]", "is attempts/N-*.c (or FILE.c) safe? 20 runs",
     "Compiles it and runs it, each time with another seed, until a run is not "
     "safe; says what was wanted, what was seen, where, and one likely reason. "
     "With --program PATH: one run of a program that is compiled already.",
     TAKES_LAB_AND_FILE, PLACE_WORK, READS_OPTIONS, command_check},
    {"watch", "N", "check at each save, until Ctrl-C", NULL, TAKES_LAB,
     PLACE_WORK, READS_OPTIONS, command_watch},
    {"reset", "N", "start again; your version is kept",
     "It is renamed to attempts/NN-name.c.1, or the next number that is free.",
     TAKES_LAB, PLACE_WORK, READS_OPTIONS, command_reset},
    {"diff", "N", "what the solution of lab N changes",
     "At a terminal it asks first, unless the lab is cured or its last hint "
     "was shown.",
     TAKES_LAB, PLACE_READ, READS_OPTIONS, command_diff},
    {"restore", "N", "bring back lab N as it was; your version is kept",
     "For who has changed labs/NN-name.c instead of a copy: that becomes the "
     "attempt, or lies beside it.",
     TAKES_LAB, PLACE_NONE, READS_OPTIONS, command_restore},
    {"handin", "", "your attempts and progress as one tar, with its SHA-256",
     "Writes attempts/handin.tar. Nothing is sent anywhere.", TAKES_NOTHING,
     PLACE_WORK, READS_OPTIONS, command_handin},
    {"demo", "", "five hazards in a minute, for a talk",
     "At a terminal each page stays for 10 s, or until Enter.", TAKES_NOTHING,
     PLACE_WORK, READS_OPTIONS, command_demo},
    {"why", "\"STRING\"", "find the labs that explain an error or a stack",
     "Searches labs/strings.tsv, strings of public reports with their sources, "
     "then the symptoms on the labs' pages, then all of their text. An error "
     "number may be a name, a number or a text. Says \"nearest\" where no "
     "string "
     "fits. Status 1: none.",
     TAKES_WORD, PLACE_READ, READS_WORDS, command_why},
    {"grade", "", "check all attempts; grades in five formats",
     "Gradescope, JUnit, TAP 13, GitHub Classroom and Exercism. Each attempt "
     "is compiled and run isolated from your files. The status is 0 whatever "
     "the score.",
     TAKES_NOTHING, PLACE_WORK, READS_OPTIONS, command_grade},
    {"class", "DIR", "the grades of many as one table: see make class",
     "Reads DIR/students/*/results.json, writes class.csv and class.html.",
     TAKES_DIRECTORY, PLACE_READ, READS_OPTIONS, command_class},
    {"students", "SUBS OUT", "for make class: those who are still to be graded",
     "Names of directories, each ended by a NUL. With --stamp: but for those "
     "whose OUT/students/NAME/stamp says that nothing has changed.",
     TAKES_DIRECTORY, PLACE_NONE, READS_OPTIONS, command_students},
    {"handout", "[FILE.pdf]", "the labs on paper: a page of A4 each, as a PDF",
     "By weasyprint or chromium. Default: build/handout.pdf.", TAKES_FILE,
     PLACE_WORK, READS_OPTIONS, command_script},
    {"new-lab", "NAME", "begin a lab: program, page and solution",
     "NAME is its symptom, lock-left-behind, or with its number, "
     "47-lock-left-behind.",
     TAKES_WORD, PLACE_WORK, READS_OPTIONS, command_script},
    {"cage", "-- COMMAND...",
     "run any command, contained, with the same verdicts", NULL, TAKES_WORD,
     PLACE_NONE, READS_FIRST, command_cage},
    {"autopsy", "PID...", "why does this process make no progress?",
     "What each of its threads waits for, what could still wake it, and "
     "whether a lock's owner was not copied by fork. Does not disturb the "
     "process; but a thread that runs is stopped twice, for microseconds.",
     TAKES_PROCESS, PLACE_NONE, READS_OPTIONS, command_autopsy},
    {"stress", "N", "run lab N and its solution 100 times each",
     "Stops at the first run with an unexpected outcome and prints its page.",
     TAKES_LAB, PLACE_WORK, READS_OPTIONS, command_stress},
    {"doctor", "", "what this machine can do", NULL, TAKES_NOTHING, PLACE_NONE,
     READS_OPTIONS, command_doctor},
    {"bug-report", "[N]", "what to send with a bug: attempts/bug-report.md",
     "The machine, forklab doctor, and with N the JSON of a run of lab N. "
     "Without your name, host or files.",
     TAKES_LAB, PLACE_WORK, READS_OPTIONS, command_bug_report},
    {"completion", "", "for bash: source <(build/forklab completion)", NULL,
     TAKES_NOTHING, PLACE_NONE, READS_OPTIONS, command_completion},
    {"manual", "1|7", "forklab(1) or forklab-labs(7), for man -l -", NULL,
     TAKES_SECTION, PLACE_READ, READS_OPTIONS, command_manual},
    {"needs", "WORD...", "for make: the compiler's options for Needs: words",
     "Status 3: a library is not installed, or with --libc musl: it is not "
     "there for musl. Then the words are printed instead.",
     TAKES_WORD, PLACE_NONE, READS_OPTIONS, command_needs},
    {"meant", "TARGET", "for make: the target that TARGET may mean", NULL,
     TAKES_WORD, PLACE_NONE, READS_WORDS, command_meant},
    {NULL, NULL, NULL, NULL, TAKES_NOTHING, PLACE_NONE, READS_OPTIONS, NULL}};

/* ---- the values of options ---- */

static void set_solution(struct options *options, const char *value)
{
    (void)value;
    options->variant = VARIANT_SOLUTION;
}

static void set_attempt(struct options *options, const char *value)
{
    (void)value;
    options->variant = VARIANT_ATTEMPT;
}

static void set_program(struct options *options, const char *value)
{
    options->variant = VARIANT_PROGRAM;
    options->program = value;
}

static void set_watch(struct options *options, const char *value)
{
    (void)value;
    options->watch = true;
}

static void set_all(struct options *options, const char *value)
{
    (void)value;
    options->all = true;
}

static void set_libc(struct options *options, const char *value)
{
    /* NOLINTNEXTLINE(clang-analyzer-*): this option has a value */
    if (strcmp(value, "musl") != 0)
        command_fail(STATUS_USAGE,
                     "\"%s\" is no C library that labs are built with beside "
                     "this machine's own: only musl is",
                     value);
    options->musl = true;
}

static int whole_number(const char *name, const char *text)
{
    char *end;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): given */
    long value = strtol(text, &end, 10);

    if (end == text || *end != '\0' || value < 1 || value > MAX_COUNT)
        command_fail(STATUS_USAGE, "%s \"%s\" is not a number from 1 to %d",
                     name, text, MAX_COUNT);
    return (int)value;
}

static void set_runs(struct options *options, const char *value)
{
    options->runs = whole_number("--runs", value);
}

static void set_seed(struct options *options, const char *value)
{
    options->seed = whole_number("--seed", value);
}

static double seconds_above_0(const char *what, const char *value)
{
    char *end;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): given */
    double seconds = strtod(value, &end);

    if (end == value || *end != '\0' || !(seconds > 0) || seconds > 86400)
        command_fail(STATUS_USAGE,
                     "\"%s\" is not a %s: a number of seconds above 0", value,
                     what);
    return seconds;
}

static void set_deadline(struct options *options, const char *value)
{
    options->deadline_s = seconds_above_0("time limit", value);
}

static void set_falsify(struct options *options, const char *value)
{
    options->falsify_s = seconds_above_0("time to watch on", value);
}

static void set_json(struct options *options, const char *value)
{
    options->list_json = true;
    options->json = value;
}

static void set_quiet(struct options *options, const char *value)
{
    (void)value;
    options->quiet = true;
}

static void set_submission(struct options *options, const char *value)
{
    options->submission = value;
}

static void set_out(struct options *options, const char *value)
{
    options->out = value;
}

static void set_base(struct options *options, const char *value)
{
    options->base = value;
}

static void set_kept(struct options *options, const char *value)
{
    options->kept = value;
}

static void set_jobs(struct options *options, const char *value)
{
    options->jobs = whole_number("--jobs", value);
    if (options->jobs > MAX_JOBS)
        command_fail(STATUS_USAGE, "--jobs is a number from 1 to %d", MAX_JOBS);
}

static void set_stamp(struct options *options, const char *value)
{
    options->stamp = value;
}

/* "3/100" */
static void set_part(struct options *options, const char *value)
{
    const char *of = strchr(value, '/');
    char *which = xasprintf("%.*s", of ? (int)(of - value) : 0, value);

    options->part.which = whole_number("--part I/N, I", which);
    options->part.of = whole_number("--part I/N, N", of ? of + 1 : "");
    free(which);
    if (options->part.which > options->part.of)
        command_fail(STATUS_USAGE, "--part %s: there are only %d parts", value,
                     options->part.of);
}

static void set_pages(struct options *options, const char *value)
{
    (void)value;
    options->pages = true;
}

static void set_sarif(struct options *options, const char *value)
{
    options->sarif = value;
}

static void set_autolab(struct options *options, const char *value)
{
    (void)value;
    options->autolab = true;
}

/* ---- the options ---- */

static const struct command_option command_options[] = {
    {"solution", NULL, "run", "run the solution instead of the lab",
     TAKES_NOTHING, set_solution},
    {"attempt", NULL, "run", "run build/attempts/N-* instead", TAKES_NOTHING,
     set_attempt},
    {"program", "PATH", "run check", "run that program instead", TAKES_FILE,
     set_program},
    {"all", NULL, "run autopsy",
     "all labs and solutions; all processes of a name", TAKES_NOTHING, set_all},
    {"watch", NULL, "autopsy", "again at each change, until it has ended",
     TAKES_NOTHING, set_watch},
    {"libc", "musl", "run check stress needs",
     "use the programs built with musl", TAKES_LIBC, set_libc},
    {"runs", "COUNT", "check grade stress", "how many instead of 20, or 100",
     TAKES_NUMBER, set_runs},
    {"seed", "SEED", "check", "only the run with that seed", TAKES_NUMBER,
     set_seed},
    {"deadline", "SECONDS", "run check grade cage stress",
     "default 10, for a lab 60; never evidence", TAKES_NUMBER, set_deadline},
    {"falsify", "SECONDS", "run cage stress",
     "watch on after a proof; what moves is our bug: 4", TAKES_NUMBER,
     set_falsify},
    {"json", "FILE", "run check cage autopsy list",
     "the report as JSON too; - is stdout", TAKES_FILE, set_json},
    {"quiet", NULL, "run check grade cage autopsy",
     "one line instead of the page", TAKES_NOTHING, set_quiet},
    {"submission", "DIR", "grade", "instead of attempts/: DIR or below",
     TAKES_DIRECTORY, set_submission},
    {"out", "DIR", "grade", "instead of build/grade", TAKES_DIRECTORY, set_out},
    {"jobs", "COUNT", "run grade", "so many at a time: labs, runs of a lab",
     TAKES_NUMBER, set_jobs},
    {"base", "DIR", "grade", "DIR/NN: grades of a solution give the deadline",
     TAKES_DIRECTORY, set_base},
    {"kept", "DIR", "grade", "the same file again is not run again",
     TAKES_DIRECTORY, set_kept},
    {"stamp", "TEXT", "grade students",
     "grade notes it; students leaves out who has it", TAKES_WORD, set_stamp},
    {"part", "I/N", "students", "the I-th of N parts of a class", TAKES_WORD,
     set_part},
    {"pages", NULL, "grade", "a page for each attempt: report and source",
     TAKES_NOTHING, set_pages},
    {"sarif", "FILE", "check grade", "findings as SARIF 2.1.0 too; - is stdout",
     TAKES_FILE, set_sarif},
    {"autolab", NULL, "grade", "ends with Autolab's line of scores",
     TAKES_NOTHING, set_autolab},
    {NULL, NULL, NULL, NULL, TAKES_NOTHING, NULL}};

#define OPTION_COUNT (sizeof(command_options) / sizeof(command_options[0]) - 1)

const struct command_table command_table = {commands, command_options};

/* ---- parsing and dispatch ---- */

#define HELP OPTION_COUNT

/* The tables as getopt_long(3) wants them: an option's value is its index. */
static void list_options(struct option *known)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct command_option *option = &command_options[i];
        known[i] =
            (struct option){option->name,
                            option->argument == NULL  ? no_argument
                            : option->set == set_json ? optional_argument
                                                      : required_argument,
                            NULL, (int)i};
    }
    known[HELP] = (struct option){"help", no_argument, NULL, HELP};
    known[HELP + 1] = (struct option){NULL, 0, NULL, 0};
}

/* The value of --json may be the next word; `list --json` has none. */
static const char *value_of(const struct command_option *option, char **argv,
                            bool listing)
{
    if (option->set != set_json || optarg != NULL || listing)
        return optarg;
    if (argv[optind] == NULL)
        command_fail(STATUS_USAGE, "--json needs a file");
    return argv[optind++];
}

static void parse(int argc, char **argv, const struct command *command,
                  struct options *options)
{
    struct option known[OPTION_COUNT + 2];
    const char *order = command->reads == READS_FIRST ? "+" : "";
    bool listing = command->run == command_list;
    int found;

    list_options(known);
    opterr = 0;
    while ((found = getopt_long(argc, argv, order, known, NULL)) != -1) {
        if (found == HELP) {
            manual_help(&command_table, stdout);
            exit(STATUS_WANTED);
        }
        if (found < 0 || found > (int)HELP || found == '?')
            command_fail(STATUS_USAGE,
                         "%s: unknown option, or its value is missing; "
                         "see forklab --help",
                         argv[optind - 1]);
        const struct command_option *option = &command_options[found];
        option->set(options, value_of(option, argv, listing));
    }
}

static const struct command *find_command(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    command_fail(STATUS_USAGE, "there is no command \"%s\"; see forklab --help",
                 name);
}

static int run(const struct command *command, struct call *call)
{
    struct lab_list labs = {0};

    if (command->place == PLACE_NONE)
        return command->run(call);
    char *root = project_root(command->place == PLACE_WORK);
    project_labs(root, &labs);
    call->root = root;
    /* cppcheck-suppress autoVariables ; the call is over before they are */
    call->labs = &labs;
    int status = command->run(call);
    labs_free(&labs);
    free(root);
    return status;
}

int command_main(int argc, char **argv)
{
    struct options options = {.variant = VARIANT_LAB, .part = {1, 1}};
    const struct command *command = find_command(argv[0]);
    struct call call = {
        .name = command->name, .options = &options, .table = &command_table};
    /* What somebody sees may begin with dashes, too. */
    bool words = command->reads == READS_WORDS;

    if (command->takes == TAKES_PROCESS)
        command_refuse_negative(argv + 1);
    if (!words || (argv[1] != NULL && strcmp(argv[1], "--help") == 0))
        parse(argc, argv, command, &options);
    call.argv = argv + (words ? 1 : optind);
    return run(command, &call);
}

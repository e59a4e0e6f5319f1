/* SPDX-License-Identifier: MIT
 *
 * run: see run.h. The way of the data: cage, watcher (which asks the autopsy),
 * report, judge.
 */
#define _GNU_SOURCE
#include "base/next.h"
#include "run/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cage/cage.h"
#include "cage/directory.h"
#include "oracle/judge.h"
#include "oracle/number.h"
#include "linux/elf.h"
#include "report/findings.h"
#include "linux/libc.h"
#include "run/mariadb.h"
#include "cage/output.h"
#include "report/measured.h"
#include "run/threaded.h"
#include "run/watcher.h"

#define MAX_PROCESSES 256

static const char *const directories[] = {[VARIANT_LAB] = "labs",
                                          [VARIANT_SOLUTION] = "solutions",
                                          [VARIANT_ATTEMPT] = "attempts"};

/* ---- what a lab needs ---- */

/* A need of another kind is the machine's, with any C library. */
static bool is_library(const char *need)
{
    return strcmp(need, "root") != 0 && strcmp(need, "x86-64") != 0 &&
           strcmp(need, "namespace") != 0 && strcmp(need, "localhost") != 0;
}

/* Has a file of the system this word, outside of comments? */
static bool file_says(const char *path, const char *word)
{
    char line[1024];
    bool found = false;
    FILE *stream = fopen(path, "re");

    while (stream != NULL && !found &&
           fgets(line, sizeof(line), stream) != NULL) {
        char *rest = line;
        line[strcspn(line, "#\n")] = '\0';
        for (char *at; !found && (at = strsep(&rest, " \t")) != NULL;)
            found = strcmp(at, word) == 0;
    }
    if (stream != NULL)
        fclose(stream);
    return found;
}

/* localhost is in hosts(5), or nss-myhostname(8) knows it. */
static bool knows_localhost(void)
{
    return file_says("/etc/hosts", "localhost") ||
           file_says("/etc/nsswitch.conf", "myhostname");
}

/* LLVM's OpenMP library is another one than gcc's: it makes new threads after a
 * fork. */
static bool has_llvm_openmp(const char *program)
{
    return elf_loads(program, "libomp.so") ||
           elf_loads(program, "libiomp5.so") ||
           elf_has_symbol(program, "__kmpc_fork_call");
}

/* Why the lab is not for a program of musl (static), or NULL. `apart`: built
 * with musl on a machine whose libraries are made for another one. */
static const char *not_with_musl(const struct lab *lab, bool apart)
{
    static char text[80];

    if (lab_needs(lab, "glibc"))
        return "it is about glibc; this is musl";
    for (size_t i = 0; apart && i < lab->need_count; i++)
        if (is_library(lab->needs[i])) {
            snprintf(text, sizeof(text), "it needs %.40s, and has only musl",
                     lab->needs[i]);
            return text;
        }
    return NULL;
}

/* Why the lab cannot run on this machine (static), or NULL. A program of `ours`
 * that is not there could not be built. */
static const char *not_built(void)
{
    static char reason[128];

    snprintf(reason, sizeof(reason),
             "it was not built, because a library is missing. Install it: %s",
             next_setup(false));
    return reason;
}

static const char *missing_need(const struct lab *lab, const char *program,
                                bool ours)
{
    if (lab_needs(lab, "mariadb") && mariadb_missing() != NULL)
        return mariadb_missing();
    if (lab_needs(lab, "root") && geteuid() != 0)
        return "it needs root; run it with sudo, or in a container";
#ifndef __x86_64__
    if (lab_needs(lab, "x86-64"))
        return "it needs an x86-64 processor; this is another one";
#endif
    if (lab_needs(lab, "localhost") && !knows_localhost())
        return "it looks up localhost, which is not in /etc/hosts";
    if (lab_needs(lab, "openmp") && has_llvm_openmp(program))
        return "it needs libgomp, gcc's OpenMP library; this program is linked "
               "with LLVM's";
    if (ours && lab->need_count > 0 && access(program, X_OK) == -1 &&
        errno == ENOENT)
        return not_built();
    return NULL;
}

struct services {
    struct mariadb *server;
    bool lent;    /* others use it, too */
    char *socket; /* FORKLAB_MARIADB_SOCKET=... */
};

/* A server for this run alone, in the run's directory. */
static char *start_server(char **directory, struct services *services)
{
    char *error = NULL;

    *directory = directory_make();
    if (*directory == NULL)
        return directory_make_error(errno);
    char *data = xasprintf("%s/mariadb", *directory);
    if (mkdir(data, 0700) == -1)
        error = directory_make_error(errno);
    else
        services->server = mariadb_start(data, &error);
    free(data);
    return error;
}

/* A server is outside of the cage. With one for this run alone *directory, the
 * run's, is made here; else it is NULL, and the cage makes one. */
static char *start_services(const struct lab *lab,
                            struct mariadb_shared *shared, char **directory,
                            struct services *services)
{
    char *error = NULL;

    *services = (struct services){0};
    *directory = NULL;
    if (!lab_needs(lab, "mariadb"))
        return NULL;
    services->server = shared != NULL ? mariadb_share(shared) : NULL;
    services->lent = services->server != NULL;
    if (!services->lent)
        error = start_server(directory, services);
    if (services->server != NULL)
        services->socket = xasprintf("FORKLAB_MARIADB_SOCKET=%s",
                                     mariadb_socket(services->server));
    return error;
}

static void stop_services(struct services *services, struct report *report)
{
    if (services->server != NULL) {
        mariadb_findings(services->server, &report->extra);
        if (!services->lent)
            mariadb_stop(services->server);
    }
    free(services->socket);
    *services = (struct services){0};
}

/* ---- running ---- */

/* Where no PID namespace holds it, somebody outside could send it a signal. A
 * lab whose programs catch one could prove nothing there: it does not begin. */
static bool is_exposed(const struct lab *lab, const struct cage *cage,
                       struct report *report)
{
    if (lab == NULL || !lab_needs(lab, "namespace") || cage->namespaces)
        return false;
    report->outcome = OUTCOME_SKIP;
    report->reason = xstrdup("no PID namespace of its own here: somebody "
                             "outside could send it a signal");
    return true;
}

/* lab: NULL for a command. */
static char *run_in_cage(const struct lab *lab, const struct cage_spec *spec,
                         char *directory, const struct watch_options *watch,
                         struct report *report, struct cage *cage)
{
    char *error = cage_start(cage, spec, directory);

    if (error == NULL && !is_exposed(lab, cage, report)) {
        error = watch_program(cage, watch, spec->argv[0], report);
        if (error != NULL) {
            char *longer =
                xasprintf("cannot execute %s: %s", spec->argv[0], error);
            free(error);
            error = longer;
        }
    }
    return error;
}

/* The program ended with 77, its status for what is missing here. */
static bool says_skip(const struct report *report)
{
    return report->verdict == VERDICT_EXIT && report->code == 77;
}

/* Its last words say why. */
static char *last_words(const struct report *report)
{
    for (size_t i = report->record_count; i > 0; i--)
        if (report->records[i - 1].stream == 2)
            return xstrdup(report->records[i - 1].text);
    return xstrdup("the program said that it cannot run here");
}

/* LeakSanitizer would say what leaks when the program ends, and end it by a
 * status of its own. Here it is not asked, unless somebody has asked for it by
 * one of the variables. Makes NAME=VALUE, owned by the caller. */
static char *no_leak_check(const char *variable)
{
    static const char word[] = "detect_leaks=";
    const char *asan = getenv("ASAN_OPTIONS"), *lsan = getenv("LSAN_OPTIONS");
    const char *theirs = getenv(variable);
    bool asked = (asan != NULL && strstr(asan, word) != NULL) ||
                 (lsan != NULL && strstr(lsan, word) != NULL);

    return xasprintf("%s=%s%s%s", variable, theirs ? theirs : "",
                     theirs && !asked ? ":" : "",
                     asked ? "" : "detect_leaks=0");
}

static char *run_program(const char *root, const struct lab *lab, char *program,
                         const struct run_options *options,
                         struct report *report)
{
    struct services services;
    struct cage cage;
    char *directory;
    char *error = start_services(lab, options->shared, &directory, &services);
    char *argv[] = {program, NULL};
    char *quiet[] = {no_leak_check("ASAN_OPTIONS"),
                     no_leak_check("LSAN_OPTIONS")};
    char *number = xasprintf("%s=%s", NUMBER_VARIABLE,
                             options->bare || !report->n ? "" : report->n);
    char seed[32], *more_env[6] = {quiet[0], quiet[1], number, NULL};
    size_t added = 3;
    snprintf(seed, sizeof(seed), "FORKLAB_SEED=%d", options->seed);
    if (services.socket != NULL)
        more_env[added++] = services.socket;
    if (options->seed != 0)
        more_env[added] = seed;
    struct cage_spec spec = {.argv = argv,
                             .more_env = more_env,
                             .output = lab->output,
                             .hear_work = lab->work != 0,
                             .may_have_threads = threaded_command,
                             .project = root,
                             .own_directory = true};
    struct watch_options watch = {.deadline_s = options->deadline_s,
                                  .falsify_s = options->falsify_s,
                                  .ends_idle = true,
                                  .notes_leaving = true,
                                  .explain = true,
                                  .max_processes = MAX_PROCESSES,
                                  .ends_flood = true,
                                  .crash = options->crash,
                                  .hold = options->hold,
                                  .interrupted = options->interrupted};
    if (error == NULL) {
        error = run_in_cage(lab, &spec, directory, &watch, report, &cage);
        cage_clear(&cage);
        stop_services(&services, report);
        cage_close(&cage, report);
    } else {
        if (directory != NULL)
            directory_remove(directory);
        free(directory);
    }
    free(quiet[0]);
    free(quiet[1]);
    free(number);
    return error;
}

/* Of our own environment, if it has one: so a run can be had again, and pages
 * show that of a bare run, FORKLAB_N=bare. NULL for a lab without. */
static char *number_of_run(const struct lab *lab, bool bare)
{
    const char *given = getenv(NUMBER_VARIABLE);

    if (lab->bare == NULL)
        return NULL;
    if (bare || (given != NULL && strcmp(given, "bare") == 0))
        return xstrdup(lab->bare);
    return given != NULL && given[0] != '\0' ? xstrdup(given)
                                             : number_choose(lab->bare);
}

/* "build/labs/31-lock-nobody-holds" below root, or the given path in full. */
static char *find_program(const char *root, const struct lab *lab,
                          enum variant variant, const char *program, bool musl)
{
    if (variant != VARIANT_PROGRAM)
        return xasprintf("%s/build/%s%s/%s", root, musl ? "musl/" : "",
                         directories[variant], lab->stem);
    char *full = realpath(program, NULL);
    return full ? full : xstrdup(program);
}

void run_read_libc(const char *path, const char *root, struct report *report)
{
    char *libc = libc_of(path, root);

    if (libc == NULL)
        return;
    free(report->machine.libc);
    report->machine.libc = libc;
}

/* Why the lab is skipped (static), or NULL. */
static const char *why_skipped(const struct lab *lab, const char *path,
                               enum variant variant, bool musl,
                               const struct report *report)
{
    bool ours = variant == VARIANT_LAB || variant == VARIANT_SOLUTION;
    const char *why = NULL;

    if (libc_is_musl(report->machine.libc))
        why = not_with_musl(lab, musl);
    return why != NULL ? why : missing_need(lab, path, ours);
}

/* Why the program at path cannot be executed, by errno, and what to do. */
static char *not_executable(const char *root, const struct lab *lab,
                            enum variant variant, const char *path, bool musl)
{
    int error = errno;
    bool attempt = variant == VARIANT_ATTEMPT && error == ENOENT;
    bool build = variant != VARIANT_PROGRAM && error == ENOENT;

    if (!attempt)
        return xasprintf("%s: %s%s%s%s", path, strerror(error),
                         build ? "; build it: " : "", build ? next_build() : "",
                         build && musl ? " LIBC=musl" : "");
    char *source = xasprintf("%s/attempts/%s.c", root, lab->stem);
    bool there = access(source, F_OK) == 0;
    char *command = next_command((struct next){.verb = there ? "check" : "try",
                                               .number = lab->number,
                                               .musl = there && musl});
    char *text =
        xasprintf(there ? "the attempt at lab %02d is not compiled: %s "
                          "compiles and checks it"
                        : "there is no attempt at lab %02d yet; start "
                          "one: %s",
                  lab->number, command);
    free(command);
    free(source);
    return text;
}

char *run_lab(const char *root, const struct lab *lab, enum variant variant,
              const char *program, const struct run_options *options,
              struct report *report)
{
    char *path = find_program(root, lab, variant, program, options->musl);
    char *error = NULL;

    *report = (struct report){.lab = lab->number,
                              .stem = xstrdup(lab->stem),
                              .title = xstrdup(lab->title),
                              .program = xstrdup(path),
                              .variant = variant};
    report->n = number_of_run(lab, options->bare);
    report_machine(report);
    if (options->musl) {
        free(report->machine.libc);
        report->machine.libc = xstrdup("musl"); /* should it not be there */
    }
    run_read_libc(path, "", report);
    const char *missing =
        why_skipped(lab, path, variant, options->musl, report);
    if (missing != NULL) {
        report->outcome = OUTCOME_SKIP;
        report->reason = xstrdup(missing);
    } else if (access(path, X_OK) == -1) {
        error = not_executable(root, lab, variant, path, options->musl);
    } else {
        error = run_program(root, lab, path, options, report);
    }
    if (error == NULL && missing == NULL && says_skip(report)) {
        report->outcome = OUTCOME_SKIP;
        report->reason = last_words(report);
    }
    if (error == NULL && missing == NULL) {
        plot_read(report, lab->plot);
        report_findings(report);
        judge(report, lab);
    }
    free(path);
    return error;
}

static void begin_command_report(char *const *argv, struct report *report)
{
    *report = (struct report){.variant = VARIANT_COMMAND};
    report_machine(report);
    report->program = xstrdup(argv[0]);
    if (strchr(argv[0], '/') != NULL)
        run_read_libc(argv[0], "", report);
    for (char *const *word = argv + 1; *word != NULL; word++) {
        char *longer = xasprintf("%s %s", report->program, *word);
        free(report->program);
        report->program = longer;
    }
}

static char *run_command_once(const struct cage_spec *spec,
                              const struct watch_options *watch,
                              struct report *report)
{
    struct cage cage;

    begin_command_report(spec->argv, report);
    char *error = run_in_cage(NULL, spec, NULL, watch, report, &cage);
    cage_clear(&cage);
    cage_close(&cage, report);
    return error;
}

/* A program that makes a seccomp listener of its own cannot do so below the
 * witness. It is ended at that call, and begun again without the witness: it
 * runs as it does elsewhere, and nothing is proved. */
char *run_command(char *const *argv, const struct run_options *options,
                  struct report *report)
{
    struct cage_spec spec = {.argv = argv,
                             .more_env = options->more_env,
                             .output = OUTPUT_PIPE,
                             .limits = options->limits,
                             .may_have_threads = threaded_command};
    struct watch_options watch = {.deadline_s = options->deadline_s,
                                  .falsify_s = options->falsify_s,
                                  .explain = true,
                                  .ends_listener = true,
                                  .proves_nothing = options->proves_nothing,
                                  .max_processes = MAX_PROCESSES,
                                  .interrupted = options->interrupted};

    char *error = run_command_once(&spec, &watch, report);
    if (error == NULL && report->wants_listener) {
        report_free(report);
        spec.no_witness = watch.proves_nothing = true;
        error = run_command_once(&spec, &watch, report);
        strings_add(
            &report->notes,
            "It makes a seccomp listener of its own, which the kernel refuses "
            "below the cage's: it was begun again, without the cage's, so that "
            "nothing is proved");
    }
    if (error == NULL)
        report_findings(report);
    return error;
}

bool run_as_wanted(const struct report *report)
{
    if (report->lab == 0)
        return report->verdict == VERDICT_EXIT && report->code == 0;

    bool hazard = report->variant == VARIANT_LAB && !report->cured;
    return report->outcome == (hazard ? OUTCOME_HAZARD : OUTCOME_SAFE);
}

/* SPDX-License-Identifier: MIT
 *
 * doctor: see doctor.h. Most of it is seen from one run of true(1) and one of a
 * program that waits for ever, in the cage.
 */
#define _GNU_SOURCE
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/files.h"
#include "base/next.h"
#include "course/compile.h"
#include "run/mariadb.h"
#include "run/run.h"

/* ok: it is there, and `with` is what that gives. NO: labs cannot run. --: they
 * can, but `without` is lost; it names the cure. */
static void line(bool good, bool needed, const char *what, const char *with,
                 const char *without)
{
    printf("  %-4s%-24s  %s\n",
           good     ? "ok"
           : needed ? "NO"
                    : "--",
           what, good ? with : without);
}

/* Is there such a command in PATH? */
static bool have_command(const char *name)
{
    const char *path = getenv("PATH");
    char *found = file_in_path(path ? path : "/usr/bin:/bin", name);
    bool have = found != NULL;

    free(found);
    return have;
}

static void machine(void)
{
    struct report report = {0};
    long memory = sysconf(_SC_PHYS_PAGES) / 1024 * sysconf(_SC_PAGESIZE) / 1024;

    report_machine(&report);
    printf("%s, Linux %s, %s, %d CPUs, %ld MiB, %s\n\n", report.machine.libc,
           report.machine.kernel, report.machine.arch, get_nprocs(), memory,
           geteuid() == 0 ? "as root" : "as an ordinary user");
    report_free(&report);
}

/* A program that waits for a writer who never comes: HANG, or the proof does
 * not work here. */
static bool can_prove(char **layers, char **tmp_note)
{
    /* The fifo lies in the run's own directory: nobody else can open it. A
     * shell has handlers for signals, which without namespaces may come from
     * anybody; cat has none. */
    char *argv[] = {"sh", "-c", "mkfifo $TMPDIR/f; exec cat $TMPDIR/f", NULL};
    /* It ends with the proof; a slow machine takes its time. */
    struct run_options options = {.deadline_s = 20};
    struct report report;
    char *error = run_command(argv, &options, &report);
    bool proved = error == NULL && report.verdict == VERDICT_HANG;
    *layers = report.layers ? xstrdup(report.layers) : xstrdup("");
    *tmp_note = report.tmp_note ? xstrdup(report.tmp_note) : NULL;
    free(error);
    report_free(&report);
    return proved;
}

static void cage_layers(const char *layers, const char *tmp_note)
{
    bool spaces = strstr(layers, "namespace") != NULL;

    line(spaces, false, "private namespaces",
         "nothing that the program does escapes",
         "not permitted: the kill loop is used instead");
    if (spaces)
        line(strstr(layers, "fresh /tmp") != NULL, false, "private /tmp",
             "files created there are removed with it",
             "files created there remain");
    if (tmp_note != NULL)
        printf("      %s\n", tmp_note);
    if (!spaces)
        line(strstr(layers, "Landlock") != NULL, false, "Landlock",
             "confines signals to the run",
             "kill(-1) may reach forklab: needs Linux 6.12");
    line(strstr(layers, "witness") != NULL, true, "seccomp notification",
         "exits and alarm clocks are observed",
         "no hang can be proved: another seccomp filter prevents it");
}

static void command(const char *name, bool needed, const char *with,
                    const char *without)
{
    line(have_command(name), needed, name, with, without);
}

/* Where runs have their directories, and attempts that cannot go to build/. */
static void temporary(void)
{
    const char *directory = getenv("TMPDIR");
    struct statvfs info;

    if (directory == NULL || directory[0] == '\0')
        directory = "/tmp";
    bool there = statvfs(directory, &info) == 0 && access(directory, W_OK) == 0;
    bool room = there && info.f_bavail * info.f_frsize > 64UL << 20;
    char *what = xasprintf("room in %.16s", directory);
    line(room, true, what, "each run has its own directory there",
         there ? "less than 64 MiB is free: set TMPDIR to another directory"
               : "it cannot be written: set TMPDIR to another directory");
    free(what);
}

/* `without`, and what to do: "no LIBC=musl; make setup check". */
static void package(bool good, const char *what, const char *with,
                    const char *without, bool for_tests)
{
    char *advice = xasprintf("%s; %s", without, next_setup(for_tests));

    line(good, false, what, with, advice);
    free(advice);
}

/* "labs 20, 21, 22": those with that word in their Needs: line. The caller
 * frees it. */
static char *labs_needing(const struct lab_list *labs, const char *word)
{
    char *text = NULL;

    for (size_t i = 0; i < labs->count; i++) {
        if (!lab_needs(&labs->lab[i], word))
            continue;
        char *more = text == NULL
                         ? xasprintf("labs %02d", labs->lab[i].number)
                         : xasprintf("%s, %02d", text, labs->lab[i].number);
        free(text);
        text = more;
    }
    return text != NULL ? text : xstrdup("no lab");
}

/* What labs have in their Needs: line: "skipped: labs 20, 21; make setup". */
static void need(const struct lab_list *labs, const char *word,
                 const char *what, bool have)
{
    char *numbers = labs_needing(labs, word);
    char *skipped = xasprintf("skipped: %s", numbers);

    package(have, what, numbers, skipped, false);
    free(skipped);
    free(numbers);
}

static void for_labs(const struct lab_list *labs)
{
    char *lab = next_verb("lab", 31);
    bool installed = next_is_installed();

    command("cc", true, "labs and attempts can be compiled",
            installed ? "nothing compiles: install gcc or clang"
                      : "nothing compiles: sh harness/scripts/setup.sh");
    command(
        "make", !installed, installed ? "the targets that the pages name" : lab,
        installed ? "not needed" : "install it: sh harness/scripts/setup.sh");
    need(labs, "mariadb", "mariadbd", mariadb_missing() == NULL);
    need(labs, "openmp", "OpenMP (libgomp)", compile_have_header("omp.h"));
    need(labs, "gcov", "coverage (libgcov)", compile_have_header("gcov.h"));
#ifdef __GLIBC__
    package(have_command("musl-gcc"), "musl-gcc", "LIBC=musl", "no LIBC=musl",
            true);
#endif
    free(lab);
}

/* What a checkout can do, and an installed forklab has no need of. */
static void for_others(void)
{
    command("parallel", false, "make class",
            "no make class: sh harness/scripts/setup.sh class");
    command("bats", false, "make check", "no make check: make setup check");
    command("gdb", false, "to look at a process yourself",
            "not needed; make bench compares with it");
    command("stress-ng", false, "to measure under load",
            "not needed; only to measure under load");
}

bool doctor(const struct lab_list *labs)
{
    char *layers, *tmp_note, *lab = next_verb("lab", 31);

    machine();
    bool proves = can_prove(&layers, &tmp_note);
    line(proves, true, "a hang can be proved",
         "which thread is stuck, where, on what",
         "other processes cannot be looked into: ptrace(2)");
    cage_layers(layers, tmp_note);
    temporary();
    for_labs(labs);
    if (!next_is_installed())
        for_others();
    printf("\n%s%s\n",
           proves ? "Labs can run here.  Start with: "
                  : "Labs cannot run correctly on this machine.",
           proves ? lab : "");
    free(lab);
    free(tmp_note);
    free(layers);
    return proves;
}

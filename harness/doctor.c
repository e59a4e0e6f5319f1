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
#include <sys/sysinfo.h>
#include <unistd.h>

#include "mariadb.h"
#include "run.h"

static void line(bool good, bool needed, const char *what, const char *then)
{
    printf("  %-4s%-34s  %s\n",
           good     ? "ok"
           : needed ? "NO"
                    : "--",
           what, then ? then : "");
}

/* Is there such a command in PATH? */
static bool have_command(const char *name)
{
    char *path = xstrdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    bool found = false;

    for (char *rest = path, *folder; !found && (folder = strsep(&rest, ":"));) {
        char *full = xasprintf("%s/%s", folder, name);
        found = access(full, X_OK) == 0;
        free(full);
    }
    free(path);
    return found;
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
static bool can_prove(char **layers)
{
    /* The fifo lies in the run's own folder: nobody else can open it. */
    char *argv[] = {"sh", "-c", "mkfifo $TMPDIR/f; read x <$TMPDIR/f", NULL};
    struct run_options options = {.deadline_s = 0.5};
    struct report report;
    char *error = run_command(argv, &options, &report);
    bool proved = error == NULL && report.verdict == VERDICT_HANG;
    *layers = report.layers ? xstrdup(report.layers) : xstrdup("");
    free(error);
    report_free(&report);
    return proved;
}

static void cage_layers(const char *layers)
{
    bool spaces = strstr(layers, "namespace") != NULL;

    line(spaces, false, "namespaces of our own",
         spaces ? "nothing escapes, whatever it does"
                : "refused here: the kill loop holds instead");
    if (spaces)
        line(strstr(layers, "fresh /tmp") != NULL, false,
             "a /tmp of the program's own",
             "what it makes there vanishes with it");
    else
        line(strstr(layers, "Landlock") != NULL, false,
             "Landlock keeps signals inside",
             "else kill(-1) would reach us: Linux 6.12");
    line(strstr(layers, "witness") != NULL, true, "seccomp user notification",
         "exits and alarm clocks are seen");
}

static void command(const char *name, bool needed, const char *without)
{
    bool there = have_command(name);

    line(there, needed, name, there ? NULL : without);
}

bool doctor(void)
{
    char *layers;

    machine();
    bool proves = can_prove(&layers);
    line(proves, true, "a hang can be proved",
         proves ? NULL : "system calls of others are hidden: ptrace rights");
    cage_layers(layers);
    command("cc", true, "labs cannot be compiled: make setup");
    command("make", true, "apt install make");
    line(mariadb_missing() == NULL, false, "mariadbd",
         mariadb_missing() ? "lab 20 is skipped: make setup" : NULL);
#ifdef __GLIBC__
    command("musl-gcc", false, "no LIBC=musl: make setup check");
#endif
    command("bats", false, "make check needs it: make setup check");
    command("stress-ng", false, "only for measuring under load");
    free(layers);
    printf("\n%s\n", proves ? "Labs can run here.  Start with: make lab-31"
                            : "Labs cannot run here as they should.");
    return proves;
}

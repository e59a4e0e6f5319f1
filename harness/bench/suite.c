/* SPDX-License-Identifier: MIT
 *
 * suite: what people type: all labs, and the check of an attempt. The peer of
 * all labs is a constant: those that hang, each under `timeout 5`.
 */
#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "course/flags.h"

#define TIMEOUT_MS 5000

/* What forklab tells the compiler for an attempt. The caller frees it. */
static char *compiler(void)
{
    static const char *const flags[] = {FLAGS_LANGUAGE, FLAGS_CODE,
                                        FLAGS_WARNINGS, "-Ilabs"};
    char *line = NULL;
    size_t size;
    FILE *stream = open_memstream(&line, &size);

    if (stream == NULL)
        abort();
    fputs("cc", stream);
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        fprintf(stream, " %s", flags[i]);
    fclose(stream);
    return line;
}

/* A shell's script, which ends with 127 where something is missing. */
static double wall_of(const char *script)
{
    char *argv[] = {"sh", "-c", (char *)script, NULL};

    return cost_of(argv).wall;
}

/* Does the header of a lab say that it hangs? */
static bool hangs(const char *path)
{
    char line[256];
    bool found = false;
    FILE *stream = fopen(path, "re");

    while (stream != NULL && !found && fgets(line, sizeof(line), stream) &&
           strstr(line, "*/") == NULL)
        found = strstr(line, "] hang") != NULL;
    if (stream != NULL)
        fclose(stream);
    return found;
}

static int count_hangs(void)
{
    glob_t labs;
    int count = 0;

    if (glob("labs/[0-9]*.c", 0, NULL, &labs) != 0)
        return 0;
    for (size_t i = 0; i < labs.gl_pathc; i++)
        count += hangs(labs.gl_pathv[i]);
    globfree(&labs);
    return count;
}

static void all_labs(void)
{
    if (!wanted("labs"))
        return;
    table_add((struct row){.name = "labs",
                           .unit = "ms, all labs and solutions",
                           .floor = -1,
                           .peer = count_hangs() * TIMEOUT_MS,
                           .peer_is = "5 s for each lab that hangs: a constant",
                           .ours = cost_of(words(FORKLAB " run --all")).wall});
}

static void check_of(const char *name, const char *lab, const char *file)
{
    char line[128], compile[512];

    if (!wanted(name) || access(file, R_OK) != 0)
        return;
    char *cc = compiler();
    snprintf(line, sizeof(line), FORKLAB " check %s %s", lab, file);
    snprintf(compile, sizeof(compile), "exec %s -o build/bench.out %s", cc,
             file);
    free(cc);
    table_add((struct row){.name = name,
                           .unit = "ms, 20 runs",
                           .floor = wall_of(compile),
                           .floor_is = "the compiler alone",
                           .peer = -1,
                           .ours = cost_of(words(line)).wall});
}

#define CLASS "build/bench.class"
#define GRADED "build/bench.graded"

/* 20 students, each with an attempt that is safe and one that is not. No two
 * files are the same: those are checked once. */
static void a_class(void)
{
    static const char name[] = "class";
    char compile[512];

    if (!wanted(name))
        return;
    wall_of("rm -rf " CLASS " " GRADED "; for i in $(seq 20); do "
            "mkdir -p " CLASS "/s$i && for f in solutions/31-*.c labs/12-*.c; "
            "do { cat $f; echo '/*' $i '*/'; } >" CLASS "/s$i/${f##*/}; done; "
            "done");
    char *cc = compiler();
    snprintf(compile, sizeof(compile),
             "ls " CLASS "/*/*.c | xargs -P $(nproc) -n 1 %s -o /dev/null || "
             "exit 127",
             cc);
    free(cc);
    double floor = wall_of(compile);
    double ours = wall_of("RUNS=20 harness/scripts/class.sh " CLASS " " GRADED
                          " || exit 127");
    wall_of("rm -rf " CLASS " " GRADED);
    if (floor < 0 || ours < 0)
        table_miss(name, "make class");
    else
        table_add((struct row){.name = name,
                               .unit = "ms, 20 students, 2 attempts each",
                               .floor = floor,
                               .floor_is = "the compiler alone",
                               .peer = -1,
                               .ours = ours});
}

void bench_suite(void)
{
    if (quick)
        return;
    all_labs();
    a_class();
    check_of("check-31", "31", "solutions/31-lock-nobody-holds.c");
    check_of("check-70", "70", "solutions/70-slower-as-you-grow.c");
}

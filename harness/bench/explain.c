/* SPDX-License-Identifier: MIT
 *
 * explain: a hung process, explained: ours against eu-stack and gdb, on the
 * same one; and how the time grows with its threads: the floor of a ring of
 * many is that of a ring of a quarter, four times.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "bench/bench.h"

#define SCRIPT "build/bench.gdb"

enum explainer { OURS, EU_STACK, GDB };

/* A command line has no blanks in its words: a file has. */
static bool write_script(void)
{
    FILE *stream = fopen(SCRIPT, "we");

    if (stream == NULL)
        return false;
    bool written = fputs("thread apply all bt\n", stream) >= 0;
    return fclose(stream) == 0 && written;
}

/* The least CPU time of some explanations of a process, ms. */
static double least(enum explainer who, pid_t pid, int count)
{
    char line[128];
    struct sample sample = {0};

    if (who == OURS)
        snprintf(line, sizeof(line), FORKLAB " autopsy %d", (int)pid);
    else if (who == EU_STACK)
        snprintf(line, sizeof(line), "eu-stack -p %d", (int)pid);
    else
        snprintf(line, sizeof(line), "gdb -nx -p %d -batch -x " SCRIPT,
                 (int)pid);
    for (int i = 0; i < count; i++)
        sample_add(&sample, cost_of(words(line)).cpu);
    return sample_least(&sample);
}

/* A ring of so many threads that has hung, or -1. */
static pid_t start_ring(int threads)
{
    char line[64];
    pid_t pid;

    snprintf(line, sizeof(line), LOAD " ring %d", threads);
    pid = start(words(line));
    for (double used = -1; pid != -1 && used != cpu_of(pid);) {
        used = cpu_of(pid);
        pause_ms(300);
    }
    return pid;
}

/* The floor of one that has more threads than a few: what a quarter of it
 * takes, four times. */
static double floor_of(int threads)
{
    if (threads < 100)
        return -1;
    pid_t quarter = start_ring(threads / 4);
    double floor = 4 * least(OURS, quarter, runs_of(5, 3));
    end(quarter);
    return floor;
}

static void ring(const char *name, int threads, bool peers)
{
    if (!wanted(name))
        return;
    double floor = floor_of(threads);
    pid_t pid = start_ring(threads);
    double eu = peers ? least(EU_STACK, pid, 2) : -1;
    table_add((struct row){.name = name,
                           .unit = "ms CPU to explain",
                           .floor = floor,
                           .floor_is = "a quarter of it, four times",
                           .peer = peers ? least(GDB, pid, 1) : -1,
                           .peer_is = "gdb: thread apply all bt",
                           .ours = least(OURS, pid, runs_of(3, 2))});
    if (peers && eu < 0)
        printf("  %-16s not here: eu-stack\n", name);
    else if (peers)
        printf("  %-16s %.2f ms: eu-stack\n", name, eu);
    end(pid);
}

/* Ours to gdb's, on the same process. */
static void against_gdb(const char *name)
{
    if (!wanted(name))
        return;
    pid_t pid = start_ring(8);
    double gdb = write_script() ? least(GDB, pid, runs_of(3, 2)) : -1;
    double ours = least(OURS, pid, runs_of(20, 5));
    end(pid);
    if (gdb <= 0)
        table_miss(name, "gdb");
    else
        table_add((struct row){.name = name,
                               .unit = "ms CPU to explain",
                               .floor = -1,
                               .peer = gdb,
                               .peer_is = "gdb: thread apply all bt",
                               .ours = ours,
                               .ratio = ours / gdb});
}

void bench_explain(void)
{
    against_gdb("autopsy-gdb");
    if (!quick && write_script()) {
        ring("explain-8", 8, true);
        ring("explain-2000", 2000, true);
    }
    ring("explain-800", 800, false);
}

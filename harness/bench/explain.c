/* SPDX-License-Identifier: MIT
 *
 * explain: a hung process, explained: ours against eu-stack and gdb, on the
 * same one; and how the time grows with its threads: the floor of a ring of
 * many is that of a ring of a quarter, four times.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "bench/bench.h"

static double least(const char *format, pid_t pid, int count)
{
    char line[128];
    struct sample sample = {0};

    snprintf(line, sizeof(line), format, (int)pid);
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

static void ring(const char *name, int threads, bool peers)
{
    if (!wanted(name))
        return;
    pid_t quarter = start_ring(threads / 4), pid = start_ring(threads);
    double floor = 4 * least(FORKLAB " autopsy %d", quarter, runs_of(5, 3));
    double ours = least(FORKLAB " autopsy %d", pid, runs_of(3, 2));
    double eu = peers ? least("eu-stack -p %d", pid, 2) : -1;
    double gdb = peers ? least("gdb -p %d -batch -ex bt", pid, 1) : -1;
    table_add((struct row){.name = name,
                           .unit = "ms CPU to explain",
                           .floor = floor,
                           .floor_is = "a quarter of it, four times",
                           .peer = gdb,
                           .peer_is = "gdb -batch -ex bt",
                           .ours = ours});
    if (peers && eu < 0)
        printf("  %-16s not here: eu-stack\n", name);
    else if (peers)
        printf("  %-16s %.2f ms: eu-stack\n", name, eu);
    end(quarter);
    end(pid);
}

void bench_explain(void)
{
    ring("explain-8", 8, !quick);
    if (!quick)
        ring("explain-2000", 2000, true);
    ring("explain-800", 800, false);
}

/* SPDX-License-Identifier: MIT
 *
 * calls: what the cage makes slower while a program lives: calls that the
 * witness hears, forks, threads, output. Of a single call the CPU time is told,
 * the program's and ours together, the least of some runs: other programs
 * change that least.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "bench/bench.h"

static double least_cpu(const char *line, int count)
{
    struct sample sample = {0};

    for (int i = 0; i < count; i++)
        sample_add(&sample, cost_of(words(line)).cpu);
    return sample_least(&sample);
}

/* The same in the cage, without the cage's own start and end. */
static double least_in_cage(const char *line, int count)
{
    char caged[256];

    snprintf(caged, sizeof(caged), FORKLAB " cage --quiet --deadline 60 -- %s",
             line);
    return least_cpu(caged, count) -
           least_cpu(FORKLAB " cage --quiet -- true", count);
}

/* A call that is heard goes to us and back, as a byte goes to a child and back:
 * that is the floor. */
static void heard_call(void)
{
    const int calls = runs_of(5000, 4000), count = runs_of(5, 3);
    char turns[64], kills[64], traced[128];

    if (!wanted("heard-call"))
        return;
    snprintf(turns, sizeof(turns), LOAD " turns %d", calls);
    snprintf(kills, sizeof(kills), LOAD " kill %d", calls);
    snprintf(traced, sizeof(traced), "strace -f -o /dev/null " LOAD " kill %d",
             calls);
    double floor = least_cpu(turns, count);
    double ours = least_in_cage(kills, count) - least_cpu(kills, count);
    double peer = quick ? -1 : least_cpu(traced, 2);
    table_add((struct row){.name = "heard-call",
                           .unit = "us CPU a call",
                           .floor = floor * 1e3 / calls,
                           .floor_is = "a byte to a child and back",
                           .peer = peer < 0 ? -1 : peer * 1e3 / calls,
                           .peer_is = "strace -f",
                           .ours = ours * 1e3 / calls,
                           .runs = count});
}

/* So many of something, bare and in the cage, in turns. The time counts, from
 * start to end: that of the processors is much the same, whether we sleep or
 * wait awake, see run/awake.h. */
static void many(const char *name, const char *what, int number, int few,
                 bool traces)
{
    struct sample bare = {0}, caged = {0};
    char line[64], ours[128], traced[128];
    const int count = runs_of(5, 4), times = runs_of(number, few);

    if (times == 0 || !wanted(name))
        return;
    snprintf(line, sizeof(line), LOAD " %s %d", what, times);
    snprintf(ours, sizeof(ours), FORKLAB " cage --quiet --deadline 60 -- %s",
             line);
    snprintf(traced, sizeof(traced), "strace -f -o /dev/null %s", line);
    for (int i = 0; i < count; i++) {
        sample_add(&bare, cost_of(words(line)).wall);
        sample_add(&caged, cost_of(words(ours)).wall);
    }
    table_add((struct row){
        .name = name,
        .unit = "ms from start to end",
        .floor = sample_median(&bare),
        .floor_is = "bare",
        .peer = traces && !quick ? cost_of(words(traced)).wall : -1,
        .peer_is = "strace -f",
        .ours = sample_median(&caged),
        .p90 = sample_p90(&caged),
        .runs = count});
}

/* What it writes goes through a pipe to somebody who reads it, in both ways: so
 * here it is the time that counts, from start to end. */
static void stream(const char *name, const char *what, int number)
{
    struct sample bare = {0}, caged = {0};
    const int count = 7;
    char piped[128], ours[128];
    char *shell[] = {"sh", "-c", piped, NULL};

    if (quick || !wanted(name))
        return;
    snprintf(piped, sizeof(piped), LOAD " %s %d | cat", what, number);
    snprintf(ours, sizeof(ours),
             FORKLAB " cage --quiet --deadline 60 -- " LOAD " %s %d", what,
             number);
    for (int i = 0; i < count; i++) {
        sample_add(&bare, cost_of(shell).wall);
        sample_add(&caged, cost_of(words(ours)).wall);
    }
    table_add((struct row){.name = name,
                           .unit = "ms from start to end",
                           .floor = sample_median(&bare),
                           .floor_is = "through a pipe to cat",
                           .peer = -1,
                           .ours = sample_median(&caged),
                           .p90 = sample_p90(&caged),
                           .runs = count});
}

void bench_calls(void)
{
    heard_call();
    many("forks", "fork", 5000, 1500, true);
    many("threads", "thread", 10000, 5000, true);
    stream("lines", "lines", 200000);
    stream("output", "bytes", 1024);
}

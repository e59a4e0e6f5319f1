/* SPDX-License-Identifier: MIT
 *
 * start: a program that ends at once: bare, and in what starts it. All in
 * turns, so that what else happens on the machine hits all of them.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"

enum { BARE, TIMEOUT, UNSHARE, BWRAP, STRACE, VERSION, CAGE, WAYS };

static const char *const ways[WAYS] = {
    [BARE] = "true",
    [TIMEOUT] = "timeout 5 true",
    [UNSHARE] = "unshare -rpimf true",
    [BWRAP] = "bwrap --ro-bind / / --dev /dev --unshare-pid true",
    [STRACE] = "strace -f -o /dev/null true",
    [VERSION] = FORKLAB " --version",
    [CAGE] = FORKLAB " cage --quiet -- true",
};

static void measure_ways(struct sample *wall, struct sample *cpu, int count)
{
    for (int i = 0; i < count; i++)
        for (int way = 0; way < WAYS; way++) {
            struct cost cost = cost_of(words(ways[way]));
            sample_add(&wall[way], cost.wall);
            sample_add(&cpu[way], cost.cpu);
        }
}

static void tell_peers(struct sample *wall)
{
    for (int way = TIMEOUT; way <= VERSION; way++)
        if (sample_median(&wall[way]) < 0)
            printf("  %-16s not here: %s\n", "start", ways[way]);
        else
            printf("  %-16s %.2f ms: %s\n", "start", sample_median(&wall[way]),
                   ways[way]);
}

static void add_start(const char *name)
{
    static struct sample wall[WAYS], cpu[WAYS];
    const int count = 30;

    memset(wall, 0, sizeof(wall));
    memset(cpu, 0, sizeof(cpu));
    measure_ways(wall, cpu, count);
    tell_peers(wall);
    table_add((struct row){.name = name,
                           .unit = "ms from start to end of true",
                           .floor = sample_median(&wall[BARE]),
                           .floor_is = "bare fork and exec",
                           .peer = sample_median(&wall[TIMEOUT]),
                           .peer_is = ways[TIMEOUT],
                           .ours = sample_median(&wall[CAGE]),
                           .p90 = sample_p90(&wall[CAGE]),
                           .ratio = sample_least(&cpu[CAGE]) /
                                    sample_least(&cpu[BARE]),
                           .runs = count});
}

/* Ten times that command where /tmp has so many entries: in a mount namespace,
 * where /tmp is ours. */
static struct cost ten_beside(int entries, const char *command)
{
    char here[512], count[16];
    char script[] = "mount -t tmpfs none /tmp && seq \"$1\" | "
                    "(cd /tmp && xargs -r touch) && cd \"$0\" || exit 127; "
                    "for i in 1 2 3 4 5 6 7 8 9 10; do $2 || exit 127; done";
    char *argv[] = {"unshare", "-rm",           "sh", "-c", script, here,
                    count,     (char *)command, NULL};

    snprintf(count, sizeof(count), "%d", entries);
    return getcwd(here, sizeof(here)) == NULL ? (struct cost){-1, -1}
                                              : cost_of(argv);
}

static void full_tmp(void)
{
    static const char name[] = "start-tmp300";
    struct sample empty = {0}, full = {0};

    if (quick || !wanted(name))
        return;
    for (int i = 0; i < 3; i++) {
        sample_add(&empty, ten_beside(0, ways[CAGE]).wall / 10);
        sample_add(&full, ten_beside(300, ways[CAGE]).wall / 10);
    }
    if (empty.without > 0 || full.without > 0)
        table_miss(name, "unshare -rm");
    else
        table_add((struct row){.name = name,
                               .unit = "ms, 300 entries in /tmp",
                               .floor = sample_median(&empty),
                               .floor_is = "the same, none in /tmp",
                               .peer = -1,
                               .ours = sample_median(&full)});
}

/* For the bound: CPU time where /tmp is empty, whatever this machine has. */
static void start_compared(void)
{
    struct sample bare = {0}, caged = {0};

    for (int i = 0; i < 3; i++) {
        sample_add(&bare, ten_beside(0, "/bin/true").cpu);
        sample_add(&caged, ten_beside(0, ways[CAGE]).cpu);
    }
    if (bare.without > 0 || caged.without > 0)
        table_miss("start", "unshare -rm");
    else
        table_add((struct row){.name = "start",
                               .unit = "ms CPU, ten starts, an empty /tmp",
                               .floor = sample_least(&bare),
                               .floor_is = "bare",
                               .peer = -1,
                               .ours = sample_least(&caged)});
}

void bench_start(void)
{
    if (quick && wanted("start"))
        start_compared();
    else if (wanted("start"))
        add_start("start");
    full_tmp();
}

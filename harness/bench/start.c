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
            if (quick && way != BARE && way != CAGE)
                continue;
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
    int count = runs_of(60, 20);

    memset(wall, 0, sizeof(wall));
    memset(cpu, 0, sizeof(cpu));
    measure_ways(wall, cpu, count);
    if (!quick)
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

/* One start of a cage where /tmp has so many entries, ms: in a mount namespace,
 * where /tmp is ours. */
static double start_beside(int entries)
{
    char here[512], count[16];
    char script[] = "mount -t tmpfs none /tmp && seq \"$1\" | "
                    "(cd /tmp && xargs -r touch) && cd \"$0\" || exit 127; "
                    "for i in 1 2 3 4 5 6 7 8 9 10; do "
                    "build/forklab cage --quiet -- true || exit 127; done";
    char *argv[] = {"unshare", "-rm", "sh", "-c", script, here, count, NULL};

    snprintf(count, sizeof(count), "%d", entries);
    return getcwd(here, sizeof(here)) == NULL ? -1 : cost_of(argv).wall / 10;
}

static void full_tmp(void)
{
    static const char name[] = "start-tmp300";
    struct sample empty = {0}, full = {0};

    if (quick || !wanted(name))
        return;
    for (int i = 0; i < 3; i++) {
        sample_add(&empty, start_beside(0));
        sample_add(&full, start_beside(300));
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

void bench_start(void)
{
    if (wanted("start"))
        add_start("start");
    full_tmp();
}

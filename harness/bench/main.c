/* SPDX-License-Identifier: MIT
 *
 * bench: what the runner costs, beside the usual ways and beside the least that
 * is possible, in one run on one machine.
 *
 *   build/bench                     all rows: make bench
 *   build/bench NAME                rows with that in their names: ONLY=NAME
 *   build/bench --check BOUNDS [NAME]     few runs; ratios against the bounds
 *   build/bench --compare BOUNDS MEASURED [NAME]    measures nothing
 *
 * Prints a table; writes build/bench.svg and build/bench.tsv, the ratios. Times
 * are of this machine and of what else it does: only ratios are compared.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

#define MEASURED "build/bench.tsv"

static void measure(void)
{
    puts("  row                  floor      peer      ours       p90 "
         "ours/floor");
    bench_verdicts();
    bench_watcher();
    bench_start();
    bench_calls();
    bench_explain();
    bench_suite();
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 3 && strcmp(argv[1], "--compare") == 0)
        return bounds_compare(argv[2], argv[3], argc > 4 ? argv[4] : NULL);
    quick = argc > 2 && strcmp(argv[1], "--check") == 0;
    only_rows = argc > (quick ? 3 : 1) ? argv[quick ? 3 : 1] : NULL;
    measure();
    if (!table_save(MEASURED)) {
        perror(MEASURED);
        return 4;
    }
    if (quick)
        return bounds_compare(argv[2], MEASURED, only_rows);
    table_print();
    if (!table_draw("build/bench.svg"))
        perror("build/bench.svg");
    puts("\nwrote build/bench.svg and " MEASURED);
    return 0;
}

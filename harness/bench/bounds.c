/* SPDX-License-Identifier: MIT
 *
 * bounds: `make check-bench` compares what was measured with bounds.tsv.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

/* The number after a name; NAN if there is none. */
static double number_of(const char *path, const char *name)
{
    char line[256], found[64], value[64];
    double number = NAN;
    FILE *stream = fopen(path, "re");

    while (stream != NULL && fgets(line, sizeof(line), stream) != NULL)
        if (line[0] != '#' && sscanf(line, "%63s %63s", found, value) == 2 &&
            strcmp(found, name) == 0 && sscanf(value, "%lf", &number) != 1)
            number = -1; /* "-": it cannot be measured here */
    if (stream != NULL)
        fclose(stream);
    return number;
}

static void say(int number, const char *name, double ratio, double bound,
                int *passed, int *failed, int *skipped)
{
    bool good = ratio >= 0 && ratio <= bound;

    if (isnan(ratio)) {
        printf("not ok %d %s: it was not measured\n", number, name);
        ++*failed;
    } else if (ratio < 0) {
        printf("ok %d %s # SKIP it cannot be measured here\n", number, name);
        ++*skipped;
    } else {
        printf("%sok %d %s: %.2f, at most %.2f\n", good ? "" : "not ", number,
               name, ratio, bound);
        ++*(good ? passed : failed);
    }
}

int bounds_compare(const char *bounds, const char *measured, const char *only)
{
    char line[256], name[64];
    double bound;
    int passed = 0, failed = 0, skipped = 0;
    FILE *stream = fopen(bounds, "re");

    if (stream == NULL) {
        perror(bounds);
        return 4;
    }
    while (fgets(line, sizeof(line), stream) != NULL)
        if (line[0] != '#' && sscanf(line, "%63s %lf", name, &bound) == 2 &&
            (only == NULL || strstr(name, only) != NULL))
            say(passed + failed + skipped + 1, name, number_of(measured, name),
                bound, &passed, &failed, &skipped);
    fclose(stream);
    printf("1..%d\n%d passed, %d failed", passed + failed + skipped, passed,
           failed);
    if (skipped > 0)
        printf(", %d skipped", skipped);
    putchar('\n');
    return failed > 0 || passed == 0;
}

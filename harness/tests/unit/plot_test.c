/* SPDX-License-Identifier: MIT
 *
 * Tests of what becomes of a lab's measurements: which lines are some, the
 * table, the picture. TAP; exit 1 on failure.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "print/plot.h"
#include "report/measured.h"
#include "report/report.h"

static int tests, failures;

static void ok(bool good, const char *what)
{
    printf("%s %d - %s\n", good ? "ok" : "not ok", ++tests, what);
    failures += !good;
}

static void same_text(const char *got, const char *wanted, const char *what)
{
    bool good = strcmp(got, wanted) == 0;

    ok(good, what);
    if (!good)
        printf("# got    %s\n# wanted %s\n", got, wanted);
}

static void add(struct report *report, int stream, const char *text)
{
    report->records = xrealloc(report->records, (report->record_count + 1) *
                                                    sizeof(*report->records));
    report->records[report->record_count++] = (struct record){
        .stream = stream, .text = xstrdup(text), .length = strlen(text)};
}

/* Two curves, with a place at which the second has no point. */
static struct report measured(void)
{
    struct report report = {.variant = VARIANT_LAB,
                            .stem = xstrdup("70-a<b&c")};

    add(&report, 2, "parent: fork: slowly: 80 us at 4 MiB\n");
    add(&report, 2, "parent: spawn: 9.5 us at 4 MiB\n");
    add(&report, 2, "parent: fork: slowly: 160 us at 16 MiB\n");
    plot_read(&report, "us at MiB");
    return report;
}

static void declared(void)
{
    ok(plot_declared("us at MiB"), "two units");
    ok(plot_declared("MiB kept at MiB read"), "units of two words");
    ok(!plot_declared("us"), "one unit is none");
    ok(!plot_declared("us at "), "half a declaration");
    ok(!plot_declared(" at MiB"), "the other half");
    ok(!plot_declared("a at b at c"), "three units");
}

/* How many points a line gives, and is it marked? */
static void line(int stream, const char *text, size_t points, const char *what)
{
    struct report report = {0};

    add(&report, stream, text);
    plot_read(&report, "us at MiB");
    ok(report.plot.count == points &&
           report.records[0].measured == (points > 0),
       what);
    report_free(&report);
}

static void lines(void)
{
    line(2, "parent: fork: 80 us at 4 MiB\n", 1, "a measurement");
    line(1, "parent: fork: 80 us at 4 MiB\n", 0, "evidence is none");
    line(2, "parent: 80 us at 4 MiB\n", 0, "without a curve's name");
    line(2, "parent: fork: 80 ms at 4 MiB\n", 0, "another unit");
    line(2, "parent: fork: 80 us at 4 MiBs\n", 0, "a unit that goes on");
    line(2, "parent: fork: 80 us at 4 MiB, or so\n", 0, "more behind it");
    line(2, "parent: fork: 80 us at 4 MiB", 0, "half a line");
    line(2, "parent: fork: many us at 4 MiB\n", 0, "no number");
    line(2, "parent: fork: -1 us at 4 MiB\n", 0, "less than nothing");
    line(2, "parent: fork: nan us at 4 MiB\n", 0, "not a number");
    line(2, "parent: fork: 1e999 us at 4 MiB\n", 0, "too much");
    line(2, "fork: \n", 0, "nothing behind the name");
}

static void no_declaration(void)
{
    struct report report = {0};

    add(&report, 2, "parent: fork: 80 us at 4 MiB\n");
    plot_read(&report, NULL);
    ok(report.plot.count == 0 && !report.records[0].measured,
       "a lab without Plot: measures nothing");
    report_free(&report);
}

static void too_many(void)
{
    struct report report = {0};

    for (int i = 0; i < 100; i++) {
        char *text = xasprintf("p: curve %d: 1 us at 1 MiB\n", i);
        add(&report, 2, text);
        free(text);
    }
    plot_read(&report, "us at MiB");
    ok(report.plot.count == 12 && !report.records[99].measured,
       "a flood of curves has an end");
    report_free(&report);
}

static void table(void)
{
    struct report report = measured();
    report.plot.file = xstrdup("a.svg");
    struct strings rows = plot_table(&report.plot, 70);

    ok(rows.count == 3, "a head and a row for each curve");
    same_text(rows.item[0], "a.svg          4 MiB  16 MiB", "head");
    same_text(rows.item[1], "fork: slowly   80 us  160 us", "a curve");
    same_text(rows.item[2], "spawn         9.5 us       -", "with a gap");
    strings_free(&rows);
    rows = plot_table(&report.plot, 25);
    same_text(rows.item[1], "fork: slowly   80 us", "no room: fewer columns");
    strings_free(&rows);
    report_free(&report);
}

/* What takes long is told in larger units, in columns that stay narrow. */
static void slow(void)
{
    struct report report = {.variant = VARIANT_LAB, .stem = xstrdup("70-a")};

    add(&report, 2, "parent: fork: 9999 us at 4 MiB\n");
    add(&report, 2, "parent: fork: 1152000 us at 8 MiB\n");
    add(&report, 2, "parent: fork: 31000000 us at 1048576 MiB\n");
    plot_read(&report, "us at MiB");
    struct strings rows = plot_table(&report.plot, 70);

    same_text(rows.item[0], "            4 MiB        8 MiB  1048576 MiB",
              "head");
    same_text(rows.item[1], "fork      9999 us      1152 ms         31 s",
              "times");
    strings_free(&rows);
    report_free(&report);
}

static char *content(const char *path)
{
    char *text = xcalloc(65536, 1);
    FILE *stream = fopen(path, "re");

    if (stream != NULL) {
        if (fread(text, 1, 65535, stream) == 0)
            text[0] = '\0';
        fclose(stream);
    }
    return text;
}

static int count_of(const char *text, const char *word)
{
    int count = 0;

    for (; (text = strstr(text, word)) != NULL; text++)
        count++;
    return count;
}

static void picture(void)
{
    struct report report = measured();
    char path[] = "/tmp/plot_test.XXXXXX";
    int fd = mkstemp(path);

    ok(fd != -1 && plot_draw(&report, path), "it is drawn");
    char *text = content(path);
    ok(count_of(text, "<polyline") == 2, "a line for each curve");
    ok(count_of(text, "<circle") == 3, "a dot for each point");
    ok(strstr(text, "lab 70-a&lt;b&amp;c<") != NULL, "text is no markup");
    ok(strstr(text, "points=\"200.0,210.0 560.0,50.0 \"") != NULL,
       "4 of 16 and 80 of 160 are where they belong");
    ok(count_of(text, "</svg>") == 1, "it has an end");
    free(text);
    ok(!plot_draw(&report, "/no/such/directory/a.svg"), "nowhere to draw");
    if (access("/dev/full", W_OK) == 0)
        ok(!plot_draw(&report, "/dev/full"), "no room to draw");
    close(fd);
    unlink(path);
    report_free(&report);
}

int main(void)
{
    declared();
    lines();
    no_declaration();
    too_many();
    table();
    slow();
    picture();
    printf("1..%d\n", tests);
    return failures != 0;
}

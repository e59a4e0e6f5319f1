/* SPDX-License-Identifier: MIT
 *
 * verdicts: from stuck to verdict, by an outside clock: stamp.c tells when the
 * last thread stopped, the report when the verdict was given (on the same
 * clock, and before the runner's first SIGKILL, which stamp.c tells, too). The
 * floor is to read the two files of each thread twice.
 */
#define _GNU_SOURCE
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

#define SLOTS 4096
#define TIMEOUT_MS 5000 /* a constant: timeout(1) that is told 5 */
#define AGREES 0.2      /* our own word differs by so much at most ... */
#define AGREES_MS 0.1   /* ... or by that: what a clock and a call take */

struct verdict_run {
    bool proved;
    double verdict, killed, own_word; /* ms, the first two from the block */
};

static cJSON *read_report(void)
{
    static char text[16 << 20];
    FILE *stream = fopen(REPORT, "re");
    size_t length = stream ? fread(text, 1, sizeof(text) - 1, stream) : 0;

    if (stream != NULL)
        fclose(stream);
    text[length] = '\0';
    return cJSON_Parse(text);
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItem(object, name);

    return cJSON_IsNumber(value) ? value->valuedouble : 0;
}

/* When it stopped, and when the runner killed it; 0: it did not. */
static void read_stamps(const char *path, double *blocked, double *killed)
{
    double slots[SLOTS] = {0};
    FILE *stream = fopen(path, "re");

    if (stream == NULL || fread(slots, sizeof(double), SLOTS, stream) == 0)
        slots[0] = 0;
    if (stream != NULL)
        fclose(stream);
    *killed = slots[0];
    *blocked = 0;
    for (int i = 1; i < SLOTS; i++)
        if (slots[i] > *blocked)
            *blocked = slots[i];
}

/* Runs a command in the cage, with both clocks. */
static struct verdict_run run_once(const char *command)
{
    char line[256], library[PATH_MAX], stamps[PATH_MAX];
    struct verdict_run run = {0};
    double blocked, killed;
    int file = open("build/bench.stamps", O_CREAT | O_TRUNC | O_WRONLY, 0600);

    if (file == -1 || realpath(STAMP, library) == NULL ||
        realpath("build/bench.stamps", stamps) == NULL)
        return run;
    close(file);
    unlink(REPORT);
    setenv("LD_PRELOAD", library, 1);
    setenv("BENCH_STAMP", stamps, 1);
    snprintf(line, sizeof(line),
             FORKLAB " cage --quiet --json " REPORT " --deadline 5 -- %s",
             command);
    (void)cost_of(words(line));
    unsetenv("LD_PRELOAD");
    unsetenv("BENCH_STAMP");
    read_stamps(stamps, &blocked, &killed);
    cJSON *report = read_report();
    const cJSON *ms = cJSON_GetObjectItem(report, "ms");
    double at = number(ms, "verdict_at");
    run = (struct verdict_run){
        .proved = cJSON_IsTrue(cJSON_GetObjectItem(report, "proved")) &&
                  blocked > 0 && at > blocked && killed > at,
        .verdict = at - blocked,
        .killed = killed - blocked,
        .own_word = number(ms, "stuck_to_verdict")};
    cJSON_Delete(report);
    return run;
}

/* What it takes to read status and syscall of one thread, ms: the least of
 * many. */
static double cost_of_thread(void)
{
    static char text[8192];
    double least = 1e9;
    pid_t pid = fork();

    if (pid == 0) {
        pause();
        _exit(0);
    }
    for (int i = 0; i < 300; i++) {
        const char *const names[] = {"status", "syscall"};
        double before = now_ms();
        for (int k = 0; k < 2; k++) {
            char path[64];
            snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)pid,
                     (int)pid, names[k]);
            int file = open(path, O_RDONLY | O_CLOEXEC);
            while (file != -1 && read(file, text, sizeof(text)) > 0)
                ;
            close(file);
        }
        least = fmin(least, now_ms() - before);
    }
    end(pid);
    return least;
}

/* ---- rows ---- */

struct case_of {
    const char *name, *killed, *command;
    int threads, many, few;
};

/* Of how many of the runs is our own word not what the clock says? */
static int count_wrong(const struct verdict_run *runs, int count)
{
    int wrong = 0;

    for (int i = 0; i < count; i++) {
        double off = fabs(runs[i].own_word - runs[i].verdict);
        wrong +=
            runs[i].proved && off > AGREES_MS && off > AGREES * runs[i].verdict;
    }
    return wrong;
}

static void add_rows(const struct case_of *which, struct verdict_run *runs,
                     int count, double floor)
{
    struct sample verdict = {0}, killed = {0};

    for (int i = 0; i < count; i++) {
        sample_add(&verdict, runs[i].proved ? runs[i].verdict : -1);
        sample_add(&killed, runs[i].proved ? runs[i].killed : -1);
    }
    table_add((struct row){
        .name = which->name,
        .unit = "ms from stuck to verdict",
        .floor = floor,
        .floor_is = "each thread is read twice",
        .peer = TIMEOUT_MS,
        .peer_is = "timeout 5: a constant",
        .ours = sample_median(&verdict),
        .p90 = sample_p90(&verdict),
        .ratio = verdict.count ? sample_least(&verdict) / floor : -1,
        .runs = count,
        .unproved = verdict.without});
    if (which->killed == NULL || quick)
        return;
    table_add((struct row){.name = which->killed,
                           .unit = "ms from stuck to killed, explained",
                           .floor = floor,
                           .peer = TIMEOUT_MS,
                           .ours = sample_median(&killed),
                           .p90 = sample_p90(&killed),
                           .runs = count,
                           .unproved = killed.without});
    printf("  %-16s in %d of %d runs our own word is off by more than 20 %%\n",
           which->name, count_wrong(runs, count), verdict.count);
}

/* Runs that are not proved take until the deadline: three are enough. */
static void measure_case(const struct case_of *which, double thread)
{
    static struct verdict_run runs[MOST];
    int count = runs_of(which->many, which->few), bad = 0, done = 0;

    if (count == 0 || !wanted(which->name))
        return;
    while (done < count && bad < 3) {
        runs[done] = run_once(which->command);
        bad += !runs[done++].proved;
    }
    add_rows(which, runs, done, 2 * which->threads * thread);
}

/* Of many runs, how often the report and the outside clock agree. */
static void measure_own_word(void)
{
    static const char name[] = "own-word";
    static struct verdict_run runs[MOST];
    const int count = runs_of(200, 40);
    int proved = 0;

    if (!wanted(name))
        return;
    for (int i = 0; i < count; i++) {
        runs[i] = run_once(LOAD " tree 10");
        proved += runs[i].proved;
    }
    double right = 100.0 * (proved - count_wrong(runs, count)) / count;
    table_add((struct row){.name = name,
                           .unit = "% of runs where it is right within 20 %",
                           .floor = 100,
                           .floor_is = "our word is what the clock says",
                           .peer = -1,
                           .ours = right,
                           .ratio = right > 0 ? 100 / right : -1,
                           .runs = count,
                           .unproved = count - proved});
}

/* Of a program that never hangs: for the test, by its name alone. */
static void measure_unproved(double thread)
{
    static const struct case_of alive = {.name = "verdict-unproved",
                                         .command = LOAD " alive 2",
                                         .threads = 3,
                                         .many = 3};

    if (!quick && named(alive.name))
        measure_case(&alive, thread);
}

/* The same while eight processes compute. */
static void measure_under_load(double thread)
{
    static const struct case_of busy = {
        .name = "verdict-loaded", .command = LOAD " stuck 10", 11, 15, 0};

    if (quick || !wanted(busy.name))
        return;
    pid_t load = start(words("stress-ng --cpu 8 --timeout 60s"));
    if (load == -1) {
        table_miss(busy.name, "stress-ng");
        return;
    }
    pause_ms(500);
    measure_case(&busy, thread);
    kill(load, SIGTERM);
    waitpid(load, NULL, 0);
}

void bench_verdicts(void)
{
    static const struct case_of cases[] = {
        {"verdict-lab31", "killed-lab31", "build/labs/31-lock-nobody-holds", 2,
         25, 0},
        {"verdict-2", NULL, LOAD " stuck 2", 3, 25, 0},
        {"verdict-10", "killed-10", LOAD " stuck 10", 11, 25, 8},
        {"verdict-50", NULL, LOAD " stuck 50", 51, 15, 0},
        {"verdict-1000", NULL, LOAD " stuck 1000", 1001, 3, 0},
        {"verdict-tree250", NULL, LOAD " tree 250", 251, 3, 0},
    };
    double thread = cost_of_thread();

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        measure_case(&cases[i], thread);
    measure_own_word();
    measure_under_load(thread);
    measure_unproved(thread);
}

/* SPDX-License-Identifier: MIT
 *
 * bench: what the runner costs, beside the usual ways, in one run on one
 * machine. `make bench`; prints a table and writes build/bench.svg. Nothing in
 * the tests depends on these times.
 *
 *   a  from stuck to verdict, against `timeout 5`; the explanation, against
 *      eu-stack and gdb on the same hung processes
 *   b  a program that ends at once: bare, under timeout(1), under forklab
 *   c  all labs: forklab run --all, against the same programs under `timeout 5`
 *   d  the watcher's own CPU time while a program runs for ten seconds
 */
#define _GNU_SOURCE
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/svg.h"

#define MOST 400
#define BARS 24

extern char **environ;

static const char forklab[] = "build/forklab";

/* ---- measuring ---- */

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Starts a command with its output thrown away. */
static pid_t start(char *const *argv)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/* Milliseconds from the start of a command to its end; -1 if it is not here. */
static double time_of(char *const *argv)
{
    double before = now_ms();
    pid_t pid = start(argv);
    int status;

    if (pid == -1 || waitpid(pid, &status, 0) == -1 ||
        (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        return -1;
    return now_ms() - before;
}

static int rising(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static double median(double *values, int count)
{
    if (count == 0)
        return -1;
    qsort(values, (size_t)count, sizeof(values[0]), rising);
    return values[count / 2];
}

static double median_time(char *const *argv, int count)
{
    double times[MOST];

    for (int i = 0; i < count; i++)
        if ((times[i] = time_of(argv)) < 0)
            return -1;
    return median(times, count);
}

/* ---- results ---- */

static struct bar {
    char what[64];
    double ms;
} bars[BARS];
static int bar_count;

static void result(const char *what, double ms, double reference,
                   const char *than)
{
    if (ms < 0) {
        printf("  %-46s not here\n", what);
        return;
    }
    printf("  %-46s %10.2f ms", what, ms);
    if (reference > 0)
        printf("  %8.1f x %s", reference / ms, than);
    putchar('\n');
    if (bar_count < BARS) {
        snprintf(bars[bar_count].what, sizeof(bars[0].what), "%s", what);
        bars[bar_count++].ms = ms;
    }
}

/* Bars on a logarithmic scale: from 0.1 ms to 100 s are 600 points. */
static int length_of(double ms)
{
    int length = 0;

    for (double at = 0.1; at < ms && length < 600; at *= 1.0232930)
        length++;
    return length;
}

static void draw(const char *path)
{
    FILE *svg = svg_begin(path, 1000, bar_count * 22 + 10,
                          "forklab beside the usual ways, milliseconds, "
                          "logarithmic");

    for (int i = 0; svg != NULL && i < bar_count; i++) {
        char text[32];
        int y = 10 + i * 22, length = length_of(bars[i].ms);
        snprintf(text, sizeof(text), "%.2f ms", bars[i].ms);
        svg_text(svg, 4, y + 12, "start", bars[i].what);
        fprintf(svg,
                "<rect x=\"320\" y=\"%d\" width=\"%d\" height=\"16\" "
                "fill=\"steelblue\"/>\n",
                y, length);
        svg_text(svg, 326 + length, y + 12, "start", text);
    }
    if (svg == NULL || !svg_end(svg))
        perror(path);
}

/* ---- a: verdict and explanation ---- */

static cJSON *read_json(const char *path)
{
    static char text[1 << 20];
    FILE *stream = fopen(path, "re");
    size_t length = stream ? fread(text, 1, sizeof(text) - 1, stream) : 0;

    if (stream != NULL)
        fclose(stream);
    text[length] = '\0';
    return cJSON_Parse(text);
}

/* The median of one of the report's times, and the verdict must be a proof. */
static double time_to_verdict(char *lab, const char *which, int count)
{
    char *argv[] = {(char *)forklab,    "run", lab, "--quiet", "--json",
                    "build/bench.json", NULL};
    double times[MOST];
    int good = 0;

    for (int i = 0; i < count; i++) {
        if (time_of(argv) < 0)
            return -1;
        cJSON *report = read_json("build/bench.json");
        const cJSON *ms = cJSON_GetObjectItem(report, "ms");
        const cJSON *value = cJSON_GetObjectItem(ms, which);
        if (cJSON_IsTrue(cJSON_GetObjectItem(report, "proved")) &&
            cJSON_IsNumber(value))
            times[good++] = value->valuedouble;
        cJSON_Delete(report);
    }
    return median(times, good);
}

/* The only child of a process, 0 if there is none yet. */
static pid_t child_of(pid_t pid)
{
    char path[64];
    int child = 0;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    FILE *stream = fopen(path, "re");
    if (stream != NULL) {
        if (fscanf(stream, "%d", &child) != 1)
            child = 0;
        fclose(stream);
    }
    return child;
}

/* Lab 31, hung, outside of any cage: parent and child. */
static pid_t start_hung(pid_t *child)
{
    char *argv[] = {"build/labs/31-lock-nobody-holds", NULL};
    const struct timespec pause = {.tv_nsec = 10000000};
    pid_t pid = start(argv);

    *child = 0;
    for (int i = 0; pid != -1 && *child == 0 && i < 500; i++) {
        nanosleep(&pause, NULL);
        *child = child_of(pid);
    }
    for (int i = 0; i < 20; i++) /* it hangs some microseconds later */
        nanosleep(&pause, NULL);
    return pid;
}

static double time_of_both(char *const *first, char *const *second, int count)
{
    double times[MOST];

    for (int i = 0; i < count; i++) {
        double a = time_of(first), b = time_of(second);
        if (a < 0 || b < 0)
            return -1;
        times[i] = a + b;
    }
    return median(times, count);
}

static void explanation(void)
{
    char parent[16], child[16];
    pid_t child_pid, pid = start_hung(&child_pid);

    if (pid == -1 || child_pid == 0)
        return;
    snprintf(parent, sizeof(parent), "%d", pid);
    snprintf(child, sizeof(child), "%d", child_pid);
    char *ours[] = {(char *)forklab, "autopsy", parent, NULL};
    char *eu1[] = {"eu-stack", "-s", "-p", parent, NULL};
    char *eu2[] = {"eu-stack", "-s", "-p", child, NULL};
    char *gdb1[] = {"gdb", "-p", parent, "-batch", "-ex", "thread apply all bt",
                    NULL};
    char *gdb2[] = {"gdb", "-p", child, "-batch", "-ex", "thread apply all bt",
                    NULL};
    double mine = median_time(ours, 20);
    result("forklab autopsy, both processes", mine, 0, NULL);
    double eu = time_of_both(eu1, eu2, 5), gdb = time_of_both(gdb1, gdb2, 3);
    result("eu-stack -s, both", eu, 0, NULL);
    result("gdb -batch, both", gdb, 0, NULL);
    if (eu > 0 && gdb > 0)
        printf("  forklab is %.1f times as fast as eu-stack, %.1f as gdb\n",
               eu / mine, gdb / mine);
    kill(child_pid, SIGKILL);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void verdicts(void)
{
    static char *const labs[] = {"12", "31"};
    static const char stuck[] = "stuck_to_verdict";

    puts("a  from stuck to verdict (median of 50; `timeout 5` takes 5000 ms)");
    for (size_t i = 0; i < sizeof(labs) / sizeof(labs[0]); i++) {
        char what[32];
        snprintf(what, sizeof(what), "lab %s", labs[i]);
        result(what, time_to_verdict(labs[i], stuck, 50), 5000, "sooner");
    }
    char *load[] = {"stress-ng", "--cpu", "8", "--timeout", "60s", NULL};
    pid_t pid = start(load);
    if (pid != -1) {
        const struct timespec pause = {.tv_sec = 1};
        nanosleep(&pause, NULL);
        result("lab 31, stress-ng --cpu 8", time_to_verdict("31", stuck, 50),
               5000, "sooner");
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
    }
    result("of lab 31's, the last look and proof",
           time_to_verdict("31", "autopsy", 50), 0, NULL);
    puts("   the explanation, of a process that hangs already");
    explanation();
}

/* ---- b, c, d ---- */

/* In turns, so that what else happens on the machine hits all of them. */
static void overhead(void)
{
    char *argv[][7] = {
        {"true", NULL},
        {"timeout", "5", "true", NULL},
        {(char *)forklab, "cage", "--quiet", "--", "true", NULL}};
    double times[3][200], middle[3];

    puts("b  a program that ends at once (median of 200)");
    for (int i = 0; i < 200; i++)
        for (int k = 0; k < 3; k++)
            times[k][i] = time_of(argv[k]);
    for (int k = 0; k < 3; k++)
        middle[k] = median(times[k], 200);
    result("bare", middle[0], 0, NULL);
    result("timeout(1)", middle[1], 0, NULL);
    result("forklab cage", middle[2], 0, NULL);
    printf("  over bare: timeout %.2f ms, forklab %.2f ms\n",
           middle[1] - middle[0], middle[2] - middle[0]);
}

static void all_labs(void)
{
    char *ours[] = {(char *)forklab, "run", "--all", NULL};
    glob_t found;
    double sum = 0, mine = time_of(ours);

    puts("c  all labs and solutions, one after the other");
    if (glob("build/labs/[0-9]*", 0, NULL, &found) != 0 ||
        glob("build/solutions/[0-9]*", GLOB_APPEND, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *path = found.gl_pathv[i];
        if (strstr(path, ".d") == path + strlen(path) - 2)
            continue;
        char *argv[] = {"timeout", "-k", "1", "5", path, NULL};
        sum += time_of(argv);
    }
    globfree(&found);
    result("forklab run --all", mine, sum, "faster than timeout");
    result("the same under timeout 5", sum, 0, NULL);
}

static double cpu_ms_of(char *const *argv)
{
    struct rusage usage;
    int status;
    pid_t pid = start(argv);

    if (pid == -1 || wait4(pid, &status, 0, &usage) == -1)
        return -1;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void watcher(void)
{
    char *asleep[] = {(char *)forklab, "cage", "--quiet",
                      "--deadline",    "10",   "--",
                      "sleep",         "20",   NULL};
    char *busy[] = {(char *)forklab,
                    "cage",
                    "--quiet",
                    "--deadline",
                    "10",
                    "--",
                    "sh",
                    "-c",
                    "while :; do :; done",
                    NULL};
    double idle = cpu_ms_of(asleep);

    puts("d  CPU time of the runner during a run of 10 s");
    result("a program that sleeps", idle, 0, NULL);
    printf("  %.2f %% of a core\n", idle / 100);
    /* The busy program is the keeper's child, and not counted with us. */
    result("a program that computes", cpu_ms_of(busy), 0, NULL);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    verdicts();
    overhead();
    all_labs();
    watcher();
    draw("build/bench.svg");
    puts("\nwrote build/bench.svg");
    return 0;
}

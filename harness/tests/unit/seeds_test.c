/* SPDX-License-Identifier: MIT
 *
 * seeds_test: of the runs that are made at a time, the first that failed is the
 * one that is told of, whichever ends first. And the deadline that fits a lab.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/uri.h"
#include "course/base.h"
#include "course/seeds.h"
#include "tests/unit/tap.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* Waits as long as a run may last, or until it is interrupted. */
static void last(int ms)
{
    for (; ms > 0 && !interrupted; ms -= 10)
        usleep(10000);
}

struct plan {
    int first_bad, slow_bad; /* seeds that fail, one of them later */
    int lasts_ms;            /* a run that does not fail */
    int dies;                /* this one is killed */
};

static bool run(void *context, int seed, FILE *told)
{
    const struct plan *plan = context;

    if (seed == plan->dies)
        raise(SIGKILL);
    if (seed == plan->slow_bad)
        last(300);
    bool bad = seed == plan->slow_bad ||
               (plan->first_bad != 0 && seed >= plan->first_bad);
    if (bad)
        fprintf(told, "run %d", seed);
    else
        last(plan->lasts_ms);
    return !bad;
}

/* What was told of the run that failed. */
static const char *told_of(struct seeds *seeds)
{
    static char text[64];
    ssize_t length =
        seeds->told == -1 ? 0 : pread(seeds->told, text, sizeof(text) - 1, 0);

    text[length > 0 ? length : 0] = '\0';
    if (seeds->told != -1)
        close(seeds->told);
    return text;
}

static struct seeds seeds_of(struct plan *plan, int to, int jobs)
{
    return (struct seeds){.from = 2,
                          .to = to,
                          .jobs = jobs,
                          .run = run,
                          .context = plan,
                          .interrupted = &interrupted};
}

static void test_which_failed(void)
{
    struct plan plan = {.slow_bad = 4, .first_bad = 5, .lasts_ms = 10};
    struct seeds seeds = seeds_of(&plan, 20, 4);

    ok(seeds_run(&seeds) && seeds.failed == 4, "the first, not the fastest");
    same_text(told_of(&seeds), "run 4", "what was told of it");

    plan = (struct plan){.lasts_ms = 10};
    seeds = seeds_of(&plan, 9, 3);
    ok(seeds_run(&seeds) && seeds.failed == 0 && seeds.told == -1,
       "none has failed");
}

/* The later ones are ended: they would last a minute. */
static void test_no_waiting(void)
{
    struct plan plan = {.slow_bad = 2, .lasts_ms = 60000};
    struct seeds seeds = seeds_of(&plan, 9, 4);
    int64_t start = clock_now();

    ok(seeds_run(&seeds) && seeds.failed == 2, "the first has failed");
    ok(clock_now() - start < 30000000000, "nobody waits for the others");
    close(seeds.told);
}

/* Whoever is told to end passes that on: the runs would last a minute. */
static void test_interrupted(void)
{
    struct plan plan = {.lasts_ms = 60000};
    struct seeds seeds = seeds_of(&plan, 99, 4);
    int64_t start = clock_now();
    int status = -1;

    fflush(stdout); /* or each of us writes it */
    pid_t caller = fork();

    if (caller == 0)
        _exit(seeds_run(&seeds) && seeds.failed == 0 && interrupted ? 0 : 1);
    usleep(200000);
    kill(caller, SIGTERM);
    waitpid(caller, &status, 0);
    ok(status == 0, "it is interrupted, and so are the workers");
    ok(clock_now() - start < 30000000000, "nobody waits for them");
}

/* Each waits until all are there, or a minute. */
static bool meet(void *context, int seed, FILE *told)
{
    volatile int *there = context;
    int ms = 60000;

    (void)told;
    there[seed] = 1;
    for (int i = 2; i <= 9; i++)
        for (; !there[i] && ms > 0; ms -= 10)
            usleep(10000);
    return ms > 0;
}

static void test_beside_each_other(void)
{
    int *there = mmap(NULL, 10 * sizeof(*there), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct seeds seeds = {
        .from = 2, .to = 9, .jobs = 8, .run = meet, .context = there};

    ok(seeds_run(&seeds) && seeds.failed == 0, "eight runs meet each other");
    munmap(there, 10 * sizeof(*there));
}

static void test_a_worker_dies(void)
{
    struct plan plan = {.dies = 3, .lasts_ms = 10};
    struct seeds seeds = seeds_of(&plan, 6, 2);

    ok(!seeds_run(&seeds), "a run that was not made is no safe one");
}

static double deadline_of(const char *result, double ms, double longest)
{
    char directory[] = "/tmp/forklab-base-XXXXXX";

    if (mkdtemp(directory) == NULL)
        return -1;
    char *below = xasprintf("%s/07", directory);
    char *path = xasprintf("%s/results.json", below);
    char *text = xasprintf("{\"tests\": [{\"extra_data\": {\"lab\": 7, "
                           "\"result\": \"%s\", \"slowest_ms\": %g}}]}",
                           result, ms);
    bool good = mkdir(below, 0700) == 0 && file_new(path, text, strlen(text));
    double deadline = good ? base_deadline(directory, 7, longest) : -1;
    unlink(path);
    rmdir(below);
    rmdir(directory);
    free(text);
    free(path);
    free(below);
    return deadline;
}

static void test_deadline(void)
{
    ok(deadline_of("pass", 300, 10) == 300.0 / 1000 * BASE_FACTOR, "fits");
    ok(deadline_of("pass", 1, 10) == BASE_LEAST_S, "not too short");
    ok(deadline_of("pass", 9000, 10) == 10, "never longer than asked for");
    ok(deadline_of("broken", 300, 10) == 10,
       "a solution that failed fits none");
    ok(deadline_of("pass", 0, 10) == 10, "no time, no deadline");
    ok(base_deadline("/nowhere", 7, 10) == 10 && base_deadline(NULL, 7, 9) == 9,
       "nothing was measured");
}

static void test_uri(void)
{
    char *uri = uri_of_path("a b/\xff<\n%#?:~-._9/31.html");

    same_text(uri, "a%20b/%FF%3C%0A%25%23%3F%3A~-._9/31.html", "any path");
    free(uri);
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGTERM, &action, NULL);
    test_which_failed();
    test_no_waiting();
    test_interrupted();
    test_beside_each_other();
    test_a_worker_dies();
    test_deadline();
    test_uri();
    printf("1..%d\n", tests);
    return failures != 0;
}

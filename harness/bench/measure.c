/* SPDX-License-Identifier: MIT
 *
 * measure: clocks, processes, medians; see bench.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"

extern char **environ;

/* ---- samples ---- */

void sample_add(struct sample *sample, double value)
{
    if (value < 0 || sample->count == MOST)
        sample->without++;
    else
        sample->value[sample->count++] = value;
}

static int rising(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static double sample_at(struct sample *sample, int percent)
{
    int at = sample->count * percent / 100;

    if (sample->count == 0)
        return -1;
    qsort(sample->value, (size_t)sample->count, sizeof(double), rising);
    return sample->value[at < sample->count ? at : sample->count - 1];
}

double sample_median(struct sample *sample)
{
    return sample_at(sample, 50);
}

double sample_p90(struct sample *sample)
{
    return sample_at(sample, 90);
}

double sample_least(struct sample *sample)
{
    return sample_at(sample, 0);
}

/* ---- clocks ---- */

double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void pause_ms(double ms)
{
    struct timespec pause = {.tv_sec = (time_t)(ms / 1e3)};

    pause.tv_nsec = (long)((ms - (double)pause.tv_sec * 1e3) * 1e6);
    nanosleep(&pause, NULL);
}

/* The first number of /proc/PID/schedstat: nanoseconds on a processor. */
double cpu_of(pid_t pid)
{
    char path[64];
    double ns = -1;

    snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return -1;
    if (fscanf(stream, "%lf", &ns) != 1)
        ns = -1e6;
    fclose(stream);
    return ns / 1e6;
}

/* ---- processes ---- */

pid_t start(char *const *argv)
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

static double ms_of(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

struct cost cost_of(char *const *argv)
{
    struct rusage usage;
    double before = now_ms();
    pid_t pid = start(argv);
    int status;

    if (pid == -1 || wait4(pid, &status, 0, &usage) == -1 ||
        (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        return (struct cost){.wall = -1, .cpu = -1};
    return (struct cost){.wall = now_ms() - before,
                         .cpu = ms_of(usage.ru_utime) + ms_of(usage.ru_stime)};
}

void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

char **words(const char *line)
{
    static char *list[8][16], text[8][512];
    static unsigned next;
    unsigned at = next++ % 8, count = 0;
    char *rest;

    snprintf(text[at], sizeof(text[at]), "%s", line);
    for (char *word = strtok_r(text[at], " ", &rest); word && count < 15;
         word = strtok_r(NULL, " ", &rest))
        list[at][count++] = word;
    list[at][count] = NULL;
    return list[at];
}

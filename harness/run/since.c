/* SPDX-License-Identifier: MIT
 *
 * since: see since.h.
 *
 * The clocks of two processors differ, and from ours: each stands still while
 * the processor serves interrupts or, in a virtual machine, another one. So we
 * go to that processor and compare our own last time there with clock_now().
 */
#define _GNU_SOURCE
#include "run/since.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "linux/proc.h"

#define MOST_THREADS 64

/* Somebody last ran there, at that time of its clock. */
struct last_run {
    int processor;
    int64_t at;
};

/* "se.exec_start   :   12345.678901", milliseconds; -1: there is no such line.
 */
static int64_t exec_start(pid_t pid, pid_t tid)
{
    char text[4096];
    const char *at;

    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/sched", (int)pid,
                  (int)tid) <= 0 ||
        (at = strstr(text, "\nse.exec_start")) == NULL ||
        (at = strchr(at, ':')) == NULL)
        return -1;
    char *point;
    int64_t ms = strtoll(at + 1, &point, 10);
    return *point == '.' ? ms * 1000000 + strtoll(point + 1, NULL, 10) : -1;
}

/* Field 39 of /proc/PID/task/TID/stat; -1: not known. */
static int last_processor(pid_t pid, pid_t tid)
{
    char text[1024];

    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/stat", (int)pid,
                  (int)tid) <= 0)
        return -1;
    const char *at = proc_stat_field(text, 39);
    return at ? atoi(at + 1) : -1;
}

/* Keeps the latest time of each processor. Returns how many there are then. */
static size_t keep_latest(struct last_run *runs, size_t count,
                          struct last_run run)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].processor == run.processor) {
            if (runs[i].at < run.at)
                runs[i].at = run.at;
            return count;
        }
    runs[count] = run;
    return count + 1;
}

/* The last time of each processor where one of the threads was. Returns how
 * many; 0: one of them is not known. */
static size_t read_runs(const struct snapshot *shot, const bool *part,
                        struct last_run *runs)
{
    size_t count = 0;

    for (size_t i = 0; i < shot->thread_count; i++) {
        const struct thread_shot *thread = &shot->thread[i];
        pid_t pid = shot->process[thread->process].pid;
        if (part != NULL && !part[i])
            continue;
        struct last_run run = {last_processor(pid, thread->tid),
                               exec_start(pid, thread->tid)};
        if (run.processor < 0 || run.processor >= CPU_SETSIZE || run.at < 0)
            return 0;
        count = keep_latest(runs, count, run);
    }
    return count;
}

/* Goes to the processor; sched_yield(2) notes the time there. 0: it cannot. */
static int64_t time_of(struct last_run run)
{
    cpu_set_t only;

    CPU_ZERO(&only);
    CPU_SET((size_t)run.processor, &only);
    if (sched_setaffinity(0, sizeof(only), &only) == -1)
        return 0;
    sched_yield();
    int64_t now = clock_now(), ours = exec_start(getpid(), gettid());
    return ours < run.at ? 0 : now - (ours - run.at);
}

int64_t since_last_ran(const struct snapshot *shot, const bool *part)
{
    struct last_run runs[MOST_THREADS];
    int64_t latest = 0;
    cpu_set_t before;

    if (shot->thread_count > MOST_THREADS ||
        sched_getaffinity(0, sizeof(before), &before) == -1)
        return 0;
    size_t count = read_runs(shot, part, runs);
    for (size_t i = 0; i < count; i++) {
        int64_t time = time_of(runs[i]);
        if (time == 0) {
            latest = 0;
            break;
        }
        if (time > latest)
            latest = time;
    }
    sched_setaffinity(0, sizeof(before), &before);
    return latest;
}

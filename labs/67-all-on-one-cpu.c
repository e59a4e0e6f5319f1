/* SPDX-License-Identifier: MIT
 *
 * 67-all-on-one-cpu: two workers for two CPUs, and both get the same one.
 *
 * Hazard:  the workers found {n*n}
 *          they may run on one CPU
 *          2 [worker] exit 42
 * Safe:    the workers found {n*n}
 *          they may run on several CPUs
 *          2 [worker] exit 42
 * Work:    pipe
 * Number:  100
 *
 * Skipped where there is one CPU. See 67-all-on-one-cpu.md, fork(2),
 * sched_setaffinity(2), taskset(1), nproc(1).
 */
#include "lab.h"

#include <sched.h>
#include <sys/wait.h>

enum { WORKERS = 2 };

static struct event seen;
static cpu_set_t given; /* the CPUs that the program was given */

/* Pinned: whoever started us may have bound himself to one CPU. */
static void take_all_cpus(void)
{
    memset(&given, 0xff, sizeof(given));
    if (sched_setaffinity(0, sizeof(given), &given) == -1 ||
        sched_getaffinity(0, sizeof(given), &given) == -1)
        die("sched_setaffinity");
    if (CPU_COUNT(&given) < 2) {
        say("lab: there is only one CPU here");
        _exit(77);
    }
}

/* As a library for matrices does: each of its threads gets a CPU, and the first
 * of them is its caller. */
static void library_init(void)
{
    cpu_set_t one = {0};

    CPU_SET((size_t)sched_getcpu(), &one);
    if (sched_setaffinity(0, sizeof(one), &one) == -1)
        die("sched_setaffinity");
}

/* Adds up every second one of the first odd numbers, count of them. */
__attribute__((noreturn)) static void work(int first, int count, int result)
{
    int sum = 0;

    call_me("worker");
    for (int i = first; i < count; i += WORKERS)
        sum += 2 * i + 1;
    if (write(result, &sum, sizeof(sum)) != sizeof(sum))
        die("write");
    event_wait(&seen);
    _exit(42);
}

int main(void)
{
    int result[2], part, sum = 0, count = run_number(100);
    pid_t worker[WORKERS];
    cpu_set_t cpus, any = {0};

    event_make(&seen);
    if (pipe2(result, O_CLOEXEC) == -1)
        die("pipe2");
    take_all_cpus();
    library_init();
    for (int i = 0; i < WORKERS; i++) {
        worker[i] = fork();
        if (worker[i] == -1)
            die("fork");
        if (worker[i] == 0)
            work(i, count, result[1]);
    }
    for (int i = 0; i < WORKERS; i++, sum += part)
        if (read(result[0], &part, sizeof(part)) != sizeof(part))
            die("read");
    for (int i = 0; i < WORKERS; i++) {
        if (sched_getaffinity(worker[i], sizeof(cpus), &cpus) == -1)
            die("sched_getaffinity");
        CPU_OR(&any, &any, &cpus);
    }
    show("the workers found %d", sum);
    show("they may run on %s",
         CPU_COUNT(&any) == 1 ? "one CPU" : "several CPUs");
    for (int i = 0; i < WORKERS; i++)
        event_announce(&seen);
    while (wait(NULL) > 0)
        continue;
    return 0;
}

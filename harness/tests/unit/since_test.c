/* SPDX-License-Identifier: MIT
 *
 * When a thread last ran is known to less than what looks tell.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "run/since.h"
#include "tap.h"

#define MS INT64_C(1000000)

static void pause_ms(long ms)
{
    const struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

/* A child that sleeps for good, and sometime before *asleep fell asleep. */
static pid_t start_sleeper(struct snapshot *shot, int64_t *asleep)
{
    pid_t child = fork();

    if (child == 0)
        for (;;)
            pause();
    for (int i = 0; i < 500; i++) {
        snapshot_one(shot, child);
        *asleep = clock_now();
        if (shot->thread_count == 1 && shot->thread[0].state == 'S' &&
            shot->thread[0].call != -1)
            break;
        snapshot_free(shot);
        pause_ms(10);
    }
    return child;
}

int main(void)
{
    struct snapshot shot;
    int64_t begin = clock_now(), asleep;
    bool none[1] = {false};
    cpu_set_t before, after;

    if (access("/proc/self/sched", R_OK) == -1) {
        printf("1..0 # SKIP this kernel has no /proc/PID/sched\n");
        return 0;
    }
    pid_t child = start_sleeper(&shot, &asleep);
    sched_getaffinity(0, sizeof(before), &before);
    pause_ms(400);
    int64_t ran = since_last_ran(&shot, NULL);
    sched_getaffinity(0, sizeof(after), &after);
    /* Its processor's clock stands still while the processor is another
     * machine's: then the time comes out too late, but not by all that it
     * slept. */
    ok(ran > begin && ran < asleep + 200 * MS, "a thread ran before it slept");
    ok(CPU_EQUAL(&before, &after), "we may run where we could before");
    ok(since_last_ran(&shot, none) == 0, "no thread of a part, no time");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ok(since_last_ran(&shot, NULL) == 0, "of one that has gone it is unknown");
    snapshot_free(&shot);
    printf("1..%d\n", tests);
    return failures != 0;
}

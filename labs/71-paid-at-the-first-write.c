/* SPDX-License-Identifier: MIT
 *
 * 71-paid-at-the-first-write: fork was quick, the parent pays afterwards.
 *
 * Hazard:  before the fork: 0 % of writes fault
 *          child alive: 100 % of writes fault
 *          memory of both: 2 times the cache
 *          child ended: 100 % of writes fault
 *          each page was written {n} times
 *          [child] exit 42
 *          [child 2] exit 42
 * Safe:    before the fork: 0 % of writes fault
 *          child alive: 0 % of writes fault
 *          memory of both: 1 times the cache
 *          child ended: 0 % of writes fault
 *          each page was written {n} times
 *          [child] exit 42
 *          [child 2] exit 42
 * Number:  4
 * Plot:    us at MiB
 *
 * See 71-paid-at-the-first-write.md, fork(2), madvise(2), getrusage(2).
 */
#include "price.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A byte in each page, and what that costs. */
static void rewrite(char *memory, long mib, const char *when)
{
    long quarter = mib / 4, faults = 0, us = 0;

    for (long done = quarter; done <= mib; done += quarter) {
        long before = minor_faults(), start = now_us();
        touch(memory + (size_t)(done - quarter) * MIB, quarter);
        us += now_us() - start;
        faults += minor_faults() - before;
        say("parent: %s: %ld us at %ld MiB", when, us, done);
    }
    show("%s: %d %% of writes fault", when,
         percent(faults, mib * (long)(MIB / PAGE)));
}

/* A child that has no use for the cache. */
static pid_t start_child(struct event *work)
{
    pid_t child = fork();

    if (child == -1)
        die("fork");
    if (child == 0) {
        event_wait(work);
        _exit(42);
    }
    return child;
}

static void wait_for(pid_t child)
{
    int status;

    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
}

int main(void)
{
    const long mib = mib_allowed(32, 32) / 4 * 4;
    char *cache = reserve(mib, false);
    struct event work;

    event_make(&work);
    for (int times = run_number(4); times > 3; times--)
        touch(cache, mib);
    rewrite(cache, mib, "before the fork");

    pid_t child = start_child(&work);
    say("parent: has forked, goes on writing");
    rewrite(cache, mib, "child alive");
    long both = kib_of(getpid(), "smaps_rollup", "Private_Dirty:") +
                kib_of(child, "smaps_rollup", "Private_Dirty:");
    show("memory of both: %ld times the cache",
         (both + mib * 512) / mib / 1024);
    event_announce(&work);
    wait_for(child);

    child = start_child(&work);
    event_announce(&work);
    wait_for(child);
    rewrite(cache, mib, "child ended");
    show("each page was written %d times", cache[(size_t)mib * MIB - PAGE]);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 72-reading-copies-memory: the worker only reads, and its memory doubles.
 *
 * Hazard:  the mean of all values is {n}
 *          resident memory grew by 0 %
 *          private memory grew by 100 %
 *          [child] exit 42
 * Safe:    the mean of all values is {n}
 *          resident memory grew by 0 %
 *          private memory grew by 0 %
 *          [child] exit 42
 * Number:  42
 * Plot:    MiB at MiB
 *
 * See 72-reading-copies-memory.md, fork(2), proc(5).
 */
#include "price.h"

#include <sys/wait.h>
#include <unistd.h>

/* A value of an interpreter: each use adds 1 to its count and takes 1 off
 * again. The count is volatile, or the compiler would drop both. */
struct object {
    volatile long count;
    long value;
    char rest[48];
};

static void take(struct object *object)
{
    object->count++;
}

static void drop(struct object *object)
{
    object->count--;
}

#define PER_MIB ((long)(MIB / sizeof(struct object)))

static struct object *load(long mib, long mean)
{
    struct object *all = (struct object *)reserve(mib, false);

    for (long i = 0; i < mib * PER_MIB; i++)
        all[i] = (struct object){.count = 1, .value = mean - 1 + i % 2 * 2};
    return all;
}

/* KiB of the calling process. "Private_Dirty:" has no other owner. */
static long memory(const char *kind)
{
    return kib_of(getpid(), "smaps_rollup", kind);
}

/* The worker reads all objects, and says from time to time what that took. */
static void work(struct object *all, long mib)
{
    const long private = memory("Private_Dirty:"), resident = memory("Rss:");
    long sum = 0;

    for (long i = 0, done = 0; i < mib * PER_MIB; i++) {
        take(&all[i]);
        sum += all[i].value;
        drop(&all[i]);
        if ((i + 1) % (mib / 4 * PER_MIB) != 0)
            continue;
        done += mib / 4;
        say("child: more resident memory: %ld MiB at %ld MiB",
            (memory("Rss:") - resident) / 1024, done);
        say("child: more private memory: %ld MiB at %ld MiB",
            (memory("Private_Dirty:") - private) / 1024, done);
    }
    show("the mean of all values is %ld", sum / mib / PER_MIB);
    show("resident memory grew by %d %%",
         percent(memory("Rss:") - resident, mib * 1024));
    show("private memory grew by %d %%",
         percent(memory("Private_Dirty:") - private, mib * 1024));
}

int main(void)
{
    const long mib = mib_allowed(32, 32) / 4 * 4;
    struct object *all = load(mib, run_number(42));
    int status;

    say("parent: has %ld objects, starts a worker", mib * PER_MIB);
    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        work(all, mib);
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 74-huge-pages-undone: a helper was started once, and the cache has lost all
 * of its huge pages.
 *
 * Hazard:  before the fork: 100 % in huge pages
 *          a write to each: {n}
 *          faults for each huge page, at least: 1
 *          child ended: 0 % in huge pages
 *          [child] exit 42
 * Safe:    before the fork: 100 % in huge pages
 *          a write to each: {n}
 *          faults for each huge page, at least: 0
 *          child ended: 100 % in huge pages
 *          [child] exit 42
 * Number:  42
 *
 * See 74-huge-pages-undone.md, fork(2), madvise(2), proc(5).
 */
#include "price.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

static int in_huge_pages(long mib)
{
    return percent(kib_of(getpid(), "smaps_rollup", "AnonHugePages:"),
                   mib * 1024);
}

/* The kernel gives huge pages if it has some: it may have none left. */
static volatile char *fill_cache(long mib)
{
    char *cache = reserve(mib, true);

    /* Not touch(): where it reads first (on arm64), the kernel maps a huge page
     * of zeros, which Linux 6.12 splits at the write. */
    memset(cache, 1, (size_t)mib * MIB);
    if (in_huge_pages(mib) != 100) {
        say("lab: needs huge pages, %d %% were to be had", in_huge_pages(mib));
        _exit(77);
    }
    /* khugepaged makes huge pages of small ones, slowly: not while we look. */
    if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == -1)
        die("prctl");
    return cache;
}

/* Has no use for the cache; it is there when the parent writes. */
static pid_t start_helper(struct event *leave)
{
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0) {
        event_wait(leave);
        _exit(42);
    }
    return pid;
}

int main(void)
{
    const long mib = mib_allowed(32, 32) / 2 * 2;
    int number = run_number(42);
    struct event leave;

    event_make(&leave);
    volatile char *cache = fill_cache(mib);
    show("before the fork: %d %% in huge pages", in_huge_pages(mib));
    pid_t helper = start_helper(&leave);

    long before = minor_faults();
    for (size_t at = 0; at < (size_t)mib * MIB; at += HUGE_PAGE)
        cache[at] = (char)number; /* one byte of 2 MiB */
    long faults = minor_faults() - before;
    show("a write to each: %d", cache[(size_t)mib * MIB - HUGE_PAGE]);
    show("faults for each huge page, at least: %ld", faults / (mib / 2));

    event_announce(&leave);
    if (waitpid(helper, NULL, 0) == -1)
        die("waitpid");
    show("child ended: %d %% in huge pages", in_huge_pages(mib));
    return 0;
}

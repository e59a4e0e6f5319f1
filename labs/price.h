/* SPDX-License-Identifier: MIT
 *
 * price.h: what the labs on the price of fork share: memory to pay for, and
 * what the kernel counts. Times are talk, never evidence. It does not call
 * malloc() and takes no lock, as lab.h.
 *
 *   mib_allowed(64, 256)      so many MiB may be used here: 64 to 256
 *   reserve(mib, huge)        memory, none of it there yet
 *   touch(memory, mib)        writes one byte to each page of it
 *   minor_faults()            page faults of this process so far
 *   percent(part, whole)      rounded
 *   kib_of(pid, file, "Rss:") a number from /proc/PID/FILE
 *   now_us()                  a clock, in microseconds
 *   in_check()                one of many runs, for which no picture is drawn
 */
#ifndef FORKLAB_PRICE_H
#define FORKLAB_PRICE_H

#include "lab.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#define PAGE ((size_t)sysconf(_SC_PAGESIZE))
#define MIB ((size_t)1 << 20)
#define HUGE_PAGE (2 * MIB)

/* The first number after word in a file, -1 where the file, the word or the
 * number is not there. An empty word: the first thing in the file. */
static inline long number_in(const char *path, const char *word)
{
    char text[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd == -1 ? -1 : read(fd, text, sizeof(text) - 1);

    if (fd != -1)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    char *at = strstr(text, word);
    if (got <= 0 || at == NULL)
        return -1;
    at += strlen(word);
    char *end;
    long number = strtol(at, &end, 10);
    return end == at ? -1 : number;
}

/* KiB, from /proc/PID/status or /proc/PID/smaps_rollup. */
static inline long kib_of(pid_t pid, const char *file, const char *word)
{
    char path[64];
    size_t used = 0;

    lab_append(path, sizeof(path) - 1, &used, "/proc/");
    lab_append_number(path, sizeof(path) - 1, &used, pid, 10);
    lab_append(path, sizeof(path) - 1, &used, "/");
    lab_append(path, sizeof(path) - 1, &used, file);
    path[used] = '\0';
    long number = number_in(path, word);
    if (number == -1)
        die(file);
    return number;
}

/* The MiB to use: `wished`, or MIB in the environment, but at most half of what
 * is free, in this container too. Skips the lab where that is less than
 * `least`. */
static inline long mib_allowed(long least, long wished)
{
    static const char *const limits[][2] = {
        {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
        {"/sys/fs/cgroup/memory/memory.limit_in_bytes",
         "/sys/fs/cgroup/memory/memory.usage_in_bytes"},
    };
    const char *other = getenv("MIB");
    long half = number_in("/proc/meminfo", "MemAvailable:") / 1024 / 2;

    for (int i = 0; i < 2; i++) {
        long limit = number_in(limits[i][0], "");
        long used = number_in(limits[i][1], "");
        if (limit > 0 && used >= 0 && (limit - used) / (long)MIB / 2 < half)
            half = (limit - used) / (long)MIB / 2;
    }
    if (other != NULL)
        wished = atol(other);
    if (wished < least)
        wished = least;
    if (half < least) {
        say("lab: needs %ld MiB of free memory", 2 * least);
        _exit(77);
    }
    return half < wished ? half : wished;
}

/* Private memory of that many MiB, of huge pages where the kernel has some,
 * else of small ones. */
static inline char *reserve(long mib, bool huge)
{
    size_t size = (size_t)mib * MIB + HUGE_PAGE;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        die("mmap");
    memory += -(size_t)memory % HUGE_PAGE;
    /* A kernel without huge pages knows neither; then all pages are small. */
    madvise(memory, (size_t)mib * MIB, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return memory;
}

/* Writes one byte to each page. */
static inline void touch(volatile char *memory, long mib)
{
    const size_t page = PAGE;

    for (size_t at = 0; at < (size_t)mib * MIB; at += page)
        memory[at]++;
}

static inline long minor_faults(void)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) == -1)
        die("getrusage");
    return usage.ru_minflt;
}

/* Rounded: one in a thousand may have had a reason of its own. */
static inline int percent(long part, long whole)
{
    return (int)((part * 100 + whole / 2) / whole);
}

/* Runs of a check have a seed each: see stage.h. */
static inline bool in_check(void)
{
    return getenv("FORKLAB_SEED") != NULL;
}

static inline long now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * 70-slower-as-you-grow: the bigger the server, the longer it takes to start a
 * helper.
 *
 * Hazard:  marked for copying: 100 % of the server's pages
 *          25 [true] exit 0
 * Safe:    marked for copying: {n} % of the server's pages
 *          25 [true] exit 0
 * Number:  0
 * Plot:    us at MiB
 *
 * See 70-slower-as-you-grow.md, fork(2), vfork(2), posix_spawn(3).
 */
#include "price.h"

#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char program[] = "true";
static char *const arguments[] = {program, NULL};

static pid_t by_fork(void)
{
    pid_t child = fork();

    if (child == 0) {
        execvp(program, arguments);
        _exit(127);
    }
    return child;
}

static pid_t by_vfork(void)
{
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): measured */
    pid_t child = vfork();

    if (child == 0) {
        execvp(program, arguments);
        _exit(127);
    }
    return child;
}

static pid_t by_spawn(void)
{
    pid_t child;

    errno = posix_spawnp(&child, program, NULL, NULL, arguments, environ);
    return errno == 0 ? child : -1;
}

/* How the server starts a helper. */
static pid_t (*const start_helper)(void) = by_fork;

/* How long the caller stands still, in microseconds. */
static long time_of(pid_t (*start)(void))
{
    long before = now_us();
    pid_t child = start();
    long took = now_us() - before;

    if (child == -1)
        die("start a helper");
    if (waitpid(child, NULL, 0) == -1)
        die("waitpid");
    return took;
}

/* The server grows; at each size, all three ways. */
static void compare(bool huge)
{
    const char *pages = huge ? "huge pages" : "small pages";
    long most = in_check() ? 1 : mib_allowed(64, 128) / 64 * 64;
    char *memory = reserve(most, huge);

    for (long part = 64; part > 0; part /= 4) {
        long mib = (most + part - 1) / part;
        touch(memory, mib);
        say("parent: fork, %s: %ld us at %ld MiB", pages, time_of(by_fork),
            mib);
        say("parent: vfork, %s: %ld us at %ld MiB", pages, time_of(by_vfork),
            mib);
        say("parent: posix_spawn, %s: %ld us at %ld MiB", pages,
            time_of(by_spawn), mib);
    }
    munmap(memory, (size_t)most * MIB);
}

/* Of each hundred pages, some become those of a file. Of these the process has
 * no copy until it writes: they are marked, whoever forks or does not. */
static void map_file(char *memory, long mib, int some)
{
    const size_t page = PAGE, pages = (size_t)mib * MIB / page;
    const size_t size = pages * (size_t)some / 100 * page;

    if (size == 0)
        return;
    int file = memfd_create("data", MFD_CLOEXEC);
    if (file == -1 || ftruncate(file, (off_t)size) == -1 ||
        mmap(memory, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
             file, 0) == MAP_FAILED)
        die("map a file");
    for (size_t at = 0; at < size; at += page)
        (void)((volatile char *)memory)[at];
    close(file);
}

int main(void)
{
    const long mib = 16;
    char *memory = reserve(mib, false);

    touch(memory, mib);
    map_file(memory, mib, run_number(0));
    say("parent: has %ld MiB, starts a helper", mib);
    time_of(start_helper);
    /* The kernel has marked those pages whose first write is a page fault. */
    long before = minor_faults();
    touch(memory, mib);
    show("marked for copying: %d %% of the server's pages",
         percent(minor_faults() - before, mib * (long)(MIB / PAGE)));
    munmap(memory, (size_t)mib * MIB);
    compare(false);
    compare(true);
    return 0;
}

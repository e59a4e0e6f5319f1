/* SPDX-License-Identifier: MIT
 *
 * 73-no-memory-with-memory-free: the program uses next to nothing, and there is
 * no memory for its child.
 *
 * Hazard:  program: reserved 120 % of all memory
 *          program: uses less than 16 MiB
 *          program: helper {n}: ENOMEM
 *          program: goes on
 * Safe:    program: reserved 120 % of all memory
 *          program: uses less than 16 MiB
 *          helper {n} runs
 *          program: goes on
 *          [helper] exit 42
 * Work:    program
 * Number:  4711
 *
 * See 73-no-memory-with-memory-free.md, fork(2), mmap(2), proc(5).
 */
#include "price.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

static size_t all_memory(void)
{
    struct sysinfo machine;

    if (sysinfo(&machine) == -1)
        die("sysinfo");
    return (machine.totalram + machine.totalswap) * machine.mem_unit;
}

/* Room for a heap that may grow. Nothing of it is used. */
static void reserve_heap(size_t size)
{
    if (mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
             -1, 0) == MAP_FAILED) {
        say("lab: a limit forbids to reserve %ld MiB", (long)(size / MIB));
        _exit(77);
    }
}

/* Our own program, with the number as its argument. */
static void start_helper(const char *number)
{
    char *words[] = {(char *)"helper", (char *)number, NULL};
    pid_t pid;

    /* FIX: no memory is copied, so none is asked for. */
    errno = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, words, environ);
    if (errno != 0)
        show("program: helper %s: %s", number,
             errno == ENOMEM ? "ENOMEM" : "another error");
    else if (waitpid(pid, NULL, 0) == -1)
        die("waitpid");
}

__attribute__((noreturn)) static void help(const char *number)
{
    call_me("helper");
    show("helper %s runs", number);
    _exit(42);
}

int main(int count, char **words)
{
    const char *number = run_word("4711");
    const size_t all = all_memory();

    if (count == 2) /* "a.out NUMBER": this is the helper */
        help(words[1]);
    if (number_in("/proc/sys/vm/overcommit_memory", "") != 0) {
        say("lab: needs vm.overcommit_memory = 0, as it is by default");
        _exit(77);
    }
    reserve_heap(all / 10 * 6);
    reserve_heap(all / 10 * 6);
    long reserved = kib_of(getpid(), "status", "VmSize:");
    show("program: reserved %d0 %% of all memory",
         percent(reserved, (long)(all / 1024)) / 10);
    show("program: uses %s than 16 MiB",
         kib_of(getpid(), "status", "VmRSS:") < 16384 ? "less" : "more");
    start_helper(number);
    show("program: goes on");
    return 0;
}

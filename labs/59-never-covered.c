/* SPDX-License-Identifier: MIT
 *
 * 59-never-covered: a test calls a function, and the coverage says that nobody
 * did.
 *
 * Hazard:  test: passed
 *          runner: the loop in sum_to() ran 0 times
 *          [test] exit 42
 * Safe:    test: passed
 *          runner: the loop in sum_to() ran {n} times
 *          [test] exit 42
 * Needs:   gcov
 * Number:  4711
 *
 * See 59-never-covered.md, fork(2), _exit(2), gcov(1).
 */
#include "lab.h"

#include <glob.h>
#include <stdio.h>
#include <sys/wait.h>

/* What is tested. The compiler adds counters to it: --coverage. */
static long sum_to(long last)
{
    long sum = 0;

    for (long i = 1; i <= last; i++)
        sum += i;
    return sum;
}

__attribute__((noreturn)) static void test(int times)
{
    call_me("test");
    show("test: %s",
         sum_to(times) == times * (times + 1L) / 2 ? "passed" : "failed");
    _exit(42); /* not exit(): that would also flush the runner's buffers */
}

/* A test that crashes must not take the others with it: each one has its own
 * process. */
static void run_test(int times)
{
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0)
        test(times);
    if (waitpid(pid, NULL, 0) == -1)
        die("waitpid");
}

/* Is that number among the counters in the files that gcov reads? */
static bool counted(long number)
{
    static char counters[65536];
    glob_t files;
    bool found = false;

    if (glob("*.gcda", GLOB_PERIOD, NULL, &files) != 0)
        return false; /* there is none */
    for (size_t i = 0; i < files.gl_pathc; i++) {
        FILE *file = fopen(files.gl_pathv[i], "re");
        size_t size = fread(counters, 1, sizeof(counters), file);
        fclose(file);
        unlink(files.gl_pathv[i]);
        found = found || memmem(counters, size, &number, sizeof(number));
    }
    globfree(&files);
    return found;
}

int main(void)
{
    char place[] = "/tmp/forklab-59-XXXXXX";
    int times = run_number(4711);

    /* Counters are not to lie beside the program, but in a place of our own. */
    if (mkdtemp(place) == NULL || chdir(place) == -1)
        die("mkdtemp");
    setenv("GCOV_PREFIX", place, 1);
    setenv("GCOV_PREFIX_STRIP", "99", 1);
    run_test(times);
    show("runner: the loop in sum_to() ran %d times",
         counted(times) ? times : 0);
    rmdir(place);
    _exit(0);
}

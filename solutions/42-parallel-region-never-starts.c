/* SPDX-License-Identifier: MIT
 *
 * 42-parallel-region-never-starts: the child waits for OpenMP's threads, which
 * are in the parent.
 *
 * Hazard:  parent: 2 threads, sum is 5000050000
 *          [child] hang in GOMP_parallel
 * Safe:    parent: 2 threads, sum is 5000050000
 *          child: sum is 5000050000
 *          [child] exit 42
 * Work:    thread
 * Needs:   openmp
 *
 * See 42-parallel-region-never-starts.md, fork(2), signal-safety(7).
 */
#include "lab.h"

#include <omp.h>
#include <sys/wait.h>

static int threads;

/* 1 + 2 + ... + 100000, by two threads. */
static long sum_up(void)
{
    long sum = 0;

#pragma omp parallel num_threads(2) reduction(+ : sum)
    {
#pragma omp single nowait
        threads = omp_get_num_threads();
#pragma omp for nowait
        for (long i = 1; i <= 100000; i++)
            sum += i;
    }
    return sum;
}

int main(void)
{
    int status;

    omp_set_dynamic(0); /* two threads, on any machine */
    long sum = sum_up();
    show("parent: %d threads, sum is %ld", threads, sum);
    /* FIX: ends OpenMP's threads and forgets them, so that the child copies no
     * list of threads. Its next region makes new ones. */
    if (omp_pause_resource_all(omp_pause_hard) != 0)
        die("omp_pause_resource_all");
    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: starts a parallel region");
        show("child: sum is %ld", sum_up());
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * seeds: see seeds.h.
 */
#define _GNU_SOURCE
#include "course/seeds.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/* Exit status of a worker. */
enum { RUNS_SAFE, RUN_FAILED, RUNS_INTERRUPTED };

/* What all of them, and we, can write. */
struct turns {
    atomic_int next;   /* seed: whoever is free takes it */
    atomic_int failed; /* the lowest seed that failed so far; 0: none */
    atomic_int at[];   /* for each worker: its seed */
};

struct worker {
    pid_t pid; /* 0: none */
    int seed;  /* its last one */
    int told;
};

static bool stopped(const struct seeds *seeds)
{
    return seeds->interrupted != NULL && *seeds->interrupted;
}

/* ---- in a worker ---- */

static void note_failure(struct turns *turns, int seed)
{
    int lowest = atomic_load(&turns->failed);

    while ((lowest == 0 || seed < lowest) &&
           !atomic_compare_exchange_weak(&turns->failed, &lowest, seed))
        ;
}

/* The next seed, 0: there is none. It is written down before it is looked
 * whether one has failed: so either we see that, or end_later() sees us. */
static int take_turn(const struct seeds *seeds, struct turns *turns, int which)
{
    int seed = atomic_fetch_add(&turns->next, 1);

    if (seed > seeds->to || stopped(seeds))
        return 0;
    atomic_store(&turns->at[which], seed);
    int failed = atomic_load(&turns->failed);
    return failed == 0 || seed < failed ? seed : 0;
}

__attribute__((noreturn)) static void work(const struct seeds *seeds,
                                           struct turns *turns, int which,
                                           int told, pid_t parent)
{
    int seed;
    bool safe = true;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    FILE *stream = fdopen(told, "w");
    if (getppid() != parent || stream == NULL)
        _exit(RUNS_INTERRUPTED);
    while (safe && (seed = take_turn(seeds, turns, which)) != 0) {
        safe = seeds->run(seeds->context, seed, stream);
        if (!safe && !stopped(seeds))
            note_failure(turns, seed);
    }
    fflush(stream);
    _exit(stopped(seeds) ? RUNS_INTERRUPTED : safe ? RUNS_SAFE : RUN_FAILED);
}

/* ---- in the caller ---- */

static bool begin(const struct seeds *seeds, struct turns *turns, int which,
                  struct worker *worker)
{
    pid_t parent = getpid();

    worker->told = memfd_create("run", MFD_CLOEXEC);
    if (worker->told == -1)
        return false;
    fflush(NULL);
    worker->pid = fork();
    if (worker->pid == 0)
        work(seeds, turns, which, worker->told, parent);
    if (worker->pid != -1)
        return true;
    worker->pid = 0;
    close(worker->told);
    return false;
}

/* Ends the runs with a higher seed than that. */
static void end_later(const struct seeds *seeds, struct turns *turns,
                      struct worker *workers, int seed)
{
    for (int i = 0; i < seeds->jobs; i++)
        if (workers[i].pid > 0 && atomic_load(&turns->at[i]) > seed)
            kill(workers[i].pid, SIGTERM);
}

static bool take_in(struct seeds *seeds, struct turns *turns,
                    struct worker *workers, struct worker *worker, int status)
{
    bool exited = WIFEXITED(status);
    int code = exited ? WEXITSTATUS(status) : 0;

    worker->pid = 0;
    worker->seed = atomic_load(&turns->at[worker - workers]);
    if (exited && code == RUN_FAILED &&
        (seeds->failed == 0 || worker->seed < seeds->failed)) {
        if (seeds->told != -1)
            close(seeds->told);
        seeds->told = worker->told;
        seeds->failed = worker->seed;
        /* One that comes after it tells nothing new. */
        end_later(seeds, turns, workers, worker->seed);
        return true;
    }
    close(worker->told);
    bool after = seeds->failed != 0 && worker->seed > seeds->failed;
    bool good = exited && (code == RUNS_SAFE || after || stopped(seeds));
    if (!good)
        errno = ECHILD;
    return good;
}

/* Waits for one of the workers; who else ends meanwhile is our child by
 * adoption. False with errno. */
static bool wait_for_one(struct seeds *seeds, struct turns *turns,
                         struct worker *workers)
{
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        int error = errno;
        if (stopped(seeds)) {
            atomic_store(&turns->next, seeds->to + 1);
            end_later(seeds, turns, workers, 0);
        }
        if (pid == -1 && error == EINTR)
            continue;
        if (pid == -1) { /* there is none left to wait for */
            for (int i = 0; i < seeds->jobs; i++)
                workers[i].pid = 0;
            return false;
        }
        for (int i = 0; pid > 0 && i < seeds->jobs; i++)
            if (workers[i].pid == pid)
                return take_in(seeds, turns, workers, &workers[i], status);
    }
}

static bool any_at_work(const struct seeds *seeds, const struct worker *workers)
{
    for (int i = 0; i < seeds->jobs; i++)
        if (workers[i].pid > 0)
            return true;
    return false;
}

static bool run_all(struct seeds *seeds, struct turns *turns,
                    struct worker *workers)
{
    int count = seeds->to - seeds->from + 1, error = 0;

    atomic_store(&turns->next, seeds->from);
    for (int i = 0; i < seeds->jobs && i < count && error == 0; i++)
        if (!begin(seeds, turns, i, &workers[i]))
            error = errno;
    if (error != 0)
        atomic_store(&turns->next, seeds->to + 1);
    while (any_at_work(seeds, workers))
        if (!wait_for_one(seeds, turns, workers) && error == 0) {
            error = errno;
            atomic_store(&turns->next, seeds->to + 1);
        }
    errno = error;
    return error == 0;
}

bool seeds_run(struct seeds *seeds)
{
    size_t size =
        sizeof(struct turns) + (size_t)seeds->jobs * sizeof(atomic_int);
    struct turns *turns = mmap(NULL, size, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    seeds->failed = 0;
    seeds->told = -1;
    if (turns == MAP_FAILED)
        return false;
    struct worker *workers = xcalloc((size_t)seeds->jobs, sizeof(*workers));
    bool good = run_all(seeds, turns, workers);
    int error = errno;
    free(workers);
    munmap(turns, size);
    errno = error;
    return good;
}

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
#include "linux/children.h"

/* Exit status of a worker. */
enum { RUNS_SAFE, RUN_FAILED, RUNS_INTERRUPTED };

/* Memory that we share with the workers. */
struct turns {
    atomic_int next;   /* seed: whoever is free takes it */
    atomic_int failed; /* the lowest seed that failed so far; 0: none */
    atomic_int at[];   /* for each worker: its seed */
};

/* The caller's side of all workers, each of which has an index. */
struct crew {
    struct seeds *seeds;
    struct turns *turns;
    pid_t *pid; /* 0: none, or it has ended */
    int *told;
    sigset_t before; /* the signal mask */
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

/* The next seed, 0: there is none. It is stored before `failed` is read: either
 * this worker sees the failure, or end_later() sees the seed. */
static int take_turn(const struct seeds *seeds, struct turns *turns, int which)
{
    int seed = atomic_fetch_add(&turns->next, 1);

    if (seed > seeds->to || stopped(seeds))
        return 0;
    atomic_store(&turns->at[which], seed);
    int failed = atomic_load(&turns->failed);
    return failed == 0 || seed < failed ? seed : 0;
}

__attribute__((noreturn)) static void work(const struct crew *crew, int which,
                                           pid_t parent)
{
    const struct seeds *seeds = crew->seeds;
    int seed;
    bool safe = true;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    children_end(&crew->before);
    FILE *stream = fdopen(crew->told[which], "w");
    if (getppid() != parent || stream == NULL ||
        (seeds->begin != NULL && !seeds->begin(seeds->context)))
        _exit(RUNS_INTERRUPTED);
    while (safe && (seed = take_turn(seeds, crew->turns, which)) != 0) {
        safe = seeds->run(seeds->context, seed, stream);
        if (!safe && !stopped(seeds))
            note_failure(crew->turns, seed);
    }
    fflush(stream);
    _exit(stopped(seeds) ? RUNS_INTERRUPTED : safe ? RUNS_SAFE : RUN_FAILED);
}

/* ---- in the caller ---- */

static bool begin(const struct crew *crew, int which)
{
    pid_t parent = getpid();

    crew->told[which] = memfd_create("run", MFD_CLOEXEC);
    if (crew->told[which] == -1)
        return false;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        work(crew, which, parent);
    if (pid != -1) {
        crew->pid[which] = pid;
        return true;
    }
    close(crew->told[which]);
    return false;
}

/* No further run is begun. */
static void end_turns(const struct crew *crew)
{
    atomic_store(&crew->turns->next, crew->seeds->to + 1);
}

/* Ends the runs with a higher seed than that; -1: all. */
static void end_later(const struct crew *crew, int seed)
{
    for (int i = 0; i < crew->seeds->jobs; i++)
        if (crew->pid[i] != 0 && atomic_load(&crew->turns->at[i]) > seed)
            kill(crew->pid[i], SIGTERM);
}

/* A worker has ended. False with errno: not as it should. */
static bool take_in(const struct crew *crew, int which, int status)
{
    struct seeds *seeds = crew->seeds;
    int seed = atomic_load(&crew->turns->at[which]);
    bool exited = WIFEXITED(status);
    int code = exited ? WEXITSTATUS(status) : 0;

    crew->pid[which] = 0;
    if (exited && code == RUN_FAILED &&
        (seeds->failed == 0 || seed < seeds->failed)) {
        if (seeds->told != -1)
            close(seeds->told);
        seeds->told = crew->told[which];
        seeds->failed = seed;
        end_later(crew, seed); /* what comes after it tells nothing new */
        return true;
    }
    close(crew->told[which]);
    bool after = seeds->failed != 0 && seed > seeds->failed;
    bool good = exited && (code == RUNS_SAFE || after || stopped(seeds));
    if (!good)
        errno = ECHILD;
    return good;
}

/* Takes in all who have ended; who else has is our child by adoption. False
 * with errno. */
static bool take_all_in(const struct crew *crew)
{
    int status, error = 0;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < crew->seeds->jobs; i++)
            if (crew->pid[i] == pid && !take_in(crew, i, status))
                error = errno;
    errno = error;
    return error == 0;
}

static bool any_at_work(const struct crew *crew)
{
    for (int i = 0; i < crew->seeds->jobs; i++)
        if (crew->pid[i] != 0)
            return true;
    return false;
}

static bool run_all(const struct crew *crew)
{
    struct seeds *seeds = crew->seeds;
    int count = seeds->to - seeds->from + 1, error = 0;

    atomic_store(&crew->turns->next, seeds->from);
    for (int i = 0; i < seeds->jobs && i < count && error == 0; i++)
        if (!begin(crew, i))
            error = errno;
    while (any_at_work(crew)) {
        if (error != 0 || stopped(seeds))
            end_turns(crew);
        if (stopped(seeds))
            end_later(crew, -1);
        children_wait(crew->pid, (size_t)seeds->jobs, &crew->before);
        if (!take_all_in(crew) && error == 0)
            error = errno;
    }
    errno = error;
    return error == 0;
}

bool seeds_run(struct seeds *seeds)
{
    size_t jobs = (size_t)seeds->jobs;
    size_t size = sizeof(struct turns) + jobs * sizeof(atomic_int);
    struct crew crew = {.seeds = seeds,
                        .turns = mmap(NULL, size, PROT_READ | PROT_WRITE,
                                      MAP_SHARED | MAP_ANONYMOUS, -1, 0)};

    seeds->failed = 0;
    seeds->told = -1;
    if (crew.turns == MAP_FAILED)
        return false;
    crew.pid = xcalloc(jobs, sizeof(pid_t));
    crew.told = xcalloc(jobs, sizeof(int));
    children_begin(&crew.before);
    bool good = run_all(&crew);
    int error = errno;
    children_end(&crew.before);
    free(crew.told);
    free(crew.pid);
    munmap(crew.turns, size);
    errno = error;
    return good;
}

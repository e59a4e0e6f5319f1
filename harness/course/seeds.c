/* SPDX-License-Identifier: MIT
 *
 * seeds: see seeds.h.
 */
#define _GNU_SOURCE
#include "course/seeds.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/* Exit status of a worker. */
enum { RUN_SAFE, RUN_FAILED, RUN_INTERRUPTED };

struct worker {
    pid_t pid; /* 0: none */
    int seed;
    int told;
};

static bool stopped(const struct seeds *seeds)
{
    return seeds->interrupted != NULL && *seeds->interrupted;
}

__attribute__((noreturn)) static void work(const struct seeds *seeds, int seed,
                                           int told, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    FILE *stream = fdopen(told, "w");
    if (getppid() != parent || stream == NULL)
        _exit(RUN_INTERRUPTED);
    bool safe = seeds->run(seeds->context, seed, stream);
    fflush(stream);
    _exit(stopped(seeds) ? RUN_INTERRUPTED : safe ? RUN_SAFE : RUN_FAILED);
}

static bool begin(const struct seeds *seeds, struct worker *worker, int seed)
{
    pid_t parent = getpid();

    worker->told = memfd_create("run", MFD_CLOEXEC);
    if (worker->told == -1)
        return false;
    worker->seed = seed;
    fflush(NULL);
    worker->pid = fork();
    if (worker->pid == 0)
        work(seeds, seed, worker->told, parent);
    if (worker->pid != -1)
        return true;
    worker->pid = 0;
    close(worker->told);
    return false;
}

/* A run that comes after the failed one tells nothing new. */
static void end_later(const struct seeds *seeds, struct worker *workers)
{
    for (int i = 0; i < seeds->jobs; i++)
        if (workers[i].pid > 0 && workers[i].seed > seeds->failed)
            kill(workers[i].pid, SIGTERM);
}

static bool take_in(struct seeds *seeds, struct worker *workers,
                    struct worker *worker, int status)
{
    bool exited = WIFEXITED(status);
    int code = exited ? WEXITSTATUS(status) : 0;

    worker->pid = 0;
    if (exited && code == RUN_FAILED &&
        (seeds->failed == 0 || worker->seed < seeds->failed)) {
        if (seeds->told != -1)
            close(seeds->told);
        seeds->told = worker->told;
        seeds->failed = worker->seed;
        end_later(seeds, workers);
        return true;
    }
    close(worker->told);
    bool after = seeds->failed != 0 && worker->seed > seeds->failed;
    bool good = exited && (code == RUN_SAFE || after || stopped(seeds));
    if (!good)
        errno = ECHILD;
    return good;
}

/* Waits for one of the workers; who else ends meanwhile is our child by
 * adoption. False with errno. */
static bool wait_for_one(struct seeds *seeds, struct worker *workers)
{
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid == -1 && errno == EINTR)
            continue;
        if (pid == -1) { /* there is none left to wait for */
            for (int i = 0; i < seeds->jobs; i++)
                workers[i].pid = 0;
            return false;
        }
        for (int i = 0; pid > 0 && i < seeds->jobs; i++)
            if (workers[i].pid == pid)
                return take_in(seeds, workers, &workers[i], status);
    }
}

static struct worker *free_place(struct seeds *seeds, struct worker *workers,
                                 bool *busy)
{
    struct worker *place = NULL;

    *busy = false;
    for (int i = 0; i < seeds->jobs; i++)
        if (workers[i].pid > 0)
            *busy = true;
        else
            place = &workers[i];
    return place;
}

bool seeds_run(struct seeds *seeds)
{
    struct worker *workers = xcalloc((size_t)seeds->jobs, sizeof(*workers));
    int next = seeds->from, error = 0;
    bool busy = true;

    seeds->failed = 0;
    seeds->told = -1;
    while (busy || error == 0) {
        struct worker *place = free_place(seeds, workers, &busy);
        bool more = error == 0 && next <= seeds->to && seeds->failed == 0 &&
                    !stopped(seeds);
        if (!more && !busy)
            break;
        bool good = more && place != NULL ? begin(seeds, place, next++)
                                          : wait_for_one(seeds, workers);
        if (!good && error == 0)
            error = errno;
    }
    free(workers);
    errno = error;
    return error == 0;
}

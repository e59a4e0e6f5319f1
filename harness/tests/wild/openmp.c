/* SPDX-License-Identifier: MIT
 *
 * Two threads of OpenMP, one of which stays in its part of the work: the other
 * waits for it, in the way that the argument names.
 */
#include <omp.h>
#include <string.h>

#include "say.h"

static omp_lock_t lock;
static omp_nest_lock_t nest;

/* Stays, if this is the thread that does. */
static void stay(int stays)
{
    if (stays)
        for (;;)
            pause();
    usleep(300000);
}

static void share(const char *mode)
{
    const int other = omp_get_thread_num() == 1;

    if (strcmp(mode, "barrier") == 0) {
        stay(other);
#pragma omp barrier
    } else if (strcmp(mode, "loop") == 0) {
#pragma omp for schedule(dynamic)
        for (int i = 0; i < 2; i++)
            stay(other);
    } else if (strcmp(mode, "sections") == 0) {
#pragma omp sections
        {
#pragma omp section
            stay(other);
#pragma omp section
            stay(other);
        }
    } else if (strcmp(mode, "ordered") == 0) {
#pragma omp for ordered schedule(static, 1)
        for (int i = 0; i < 2; i++)
#pragma omp ordered
            stay(i == 0);
    } else if (strcmp(mode, "taskwait") == 0 && !other) {
#pragma omp task
        stay(omp_get_thread_num() == 1);
        usleep(300000);
#pragma omp taskwait
    } else if (strcmp(mode, "lock") == 0) {
        usleep(other ? 0 : 300000);
        omp_set_lock(&lock);
        stay(1);
    } else if (strcmp(mode, "nest") == 0) {
        usleep(other ? 0 : 300000);
        omp_set_nest_lock(&nest);
        stay(1);
    }
}

int main(int argc, char **argv)
{
    omp_init_lock(&lock);
    omp_init_nest_lock(&nest);
    printf("PIDS %d %d\n", (int)getpid(), (int)getpid());
    fflush(stdout);
#pragma omp parallel num_threads(2)
    share(argc > 1 ? argv[1] : "");
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The second of two snapshots reads less of a thread that has not run since the
 * first: never of one that has, nor of a first thread.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proof/snapshot.h"
#include "tap.h"

/* No thread blocks these: whoever has them in a snapshot was not read again. */
#define MARK UINT64_C(0xdead0000)

enum { FIRST, QUIET, BUSY, THREADS };

static void *read_for_ever(void *fd)
{
    char byte;

    while (read((int)(intptr_t)fd, &byte, 1) == 1)
        ;
    return NULL;
}

/* A child with three threads; QUIET and BUSY each read from a pipe. */
static pid_t start_child(int quiet, int busy)
{
    pthread_t one, two;
    pid_t child = fork();

    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (pthread_create(&one, NULL, read_for_ever, (void *)(intptr_t)quiet) ||
        pthread_create(&two, NULL, read_for_ever, (void *)(intptr_t)busy))
        _exit(1);
    pthread_join(one, NULL);
    _exit(0);
}

/* Our children, while all of their threads sleep. */
static void take_asleep(struct snapshot *shot, const struct snapshot *before)
{
    for (;;) {
        bool asleep = true;
        snapshot_take(shot, getpid(), before);
        for (size_t i = 0; i < shot->thread_count; i++)
            asleep &= shot->thread[i].state == 'S' && shot->thread[i].call >= 0;
        if (asleep && shot->thread_count == THREADS)
            return;
        snapshot_free(shot);
        poll(NULL, 0, 1);
    }
}

static void wake_busy(int pipe_of_busy)
{
    int left = 1;

    if (write(pipe_of_busy, "", 1) != 1)
        exit(1);
    while (ioctl(pipe_of_busy, FIONREAD, &left) == 0 && left > 0)
        poll(NULL, 0, 1);
}

static void mark(struct snapshot *shot)
{
    for (size_t i = 0; i < shot->thread_count; i++)
        shot->thread[i].blocked |= MARK;
}

static bool is_marked(const struct snapshot *shot, int which)
{
    return (shot->thread[which].blocked & MARK) != 0;
}

static bool same_text_of_status(const struct thread_shot *a,
                                const struct thread_shot *b)
{
    return a->nspid == b->nspid && strcmp(a->name, b->name) == 0 &&
           snapshot_same_thread(a, b);
}

int main(void)
{
    struct snapshot first, again, whole;
    int quiet[2], busy[2];

    if (pipe(quiet) == -1 || pipe(busy) == -1)
        return 1;
    pid_t child = start_child(quiet[0], busy[0]);
    take_asleep(&first, NULL);
    take_asleep(&whole, NULL);
    bool counted = first.thread[QUIET].turns > 0; /* by this kernel */
    take_asleep(&again, &first);
    ok(snapshot_same(&first, &again) && snapshot_same(&again, &whole),
       "nothing has moved");
    for (int i = 0; i < THREADS; i++)
        ok(same_text_of_status(&again.thread[i], &whole.thread[i]),
           "thread %d is as if it had been read again", i);
    snapshot_free(&again);
    wake_busy(busy[1]);
    take_asleep(&again, &first);
    ok(!snapshot_same(&first, &again), "one has run");
    snapshot_free(&again);
    mark(&first);
    take_asleep(&again, &first);
    ok(is_marked(&again, QUIET) == counted,
       "who has not run is not read again");
    ok(!is_marked(&again, BUSY), "who has run is");
    ok(!is_marked(&again, FIRST), "and the first thread, for its process");
    memcpy(again.thread[QUIET].name, "old", 4);
    snapshot_name_threads(&again);
    same_text(again.thread[QUIET].name,
              counted ? whole.thread[QUIET].name : "old",
              "its name is read again when it matters");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    snapshot_free(&first);
    snapshot_free(&again);
    snapshot_free(&whole);
    printf("1..%d\n", tests);
    return failures > 0;
}

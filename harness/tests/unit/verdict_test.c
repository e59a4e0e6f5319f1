/* SPDX-License-Identifier: MIT
 *
 * verdict_test: the least fixpoint of verdict.c against a naive reference, on
 * random snapshots. The reference is the theorem as it stands in verdict.h:
 * thread by thread, pair by pair, until nothing changes.
 *
 *   build/tests/unit/verdict_test [SEED [ROUNDS]]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/syscalls.h"
#include "proof/verdict.h"
#include "report/report.h"

enum { MAX_PROCESSES = 6, MAX_THREADS = 24, MAX_OBJECTS = 8 };

static struct process_shot processes[MAX_PROCESSES];
static struct thread_shot threads[MAX_THREADS];
static struct object objects[MAX_OBJECTS];
static struct waited_on waited_on[MAX_THREADS];
static struct holding holdings[2 * MAX_OBJECTS];
static struct snapshot shot;

/* ---- random snapshots ---- */

static uint64_t state;

static unsigned below(unsigned limit)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % limit;
}

static bool one_in(unsigned count)
{
    return below(count) == 0;
}

/* Mostly waits that nothing but another thread could end. */
static enum wait_kind random_wait(void)
{
    static const enum wait_kind kinds[] = {
        WAIT_FUTEX,  WAIT_FUTEX,  WAIT_FUTEX,   WAIT_FDS,
        WAIT_FDS,    WAIT_FDS,    WAIT_LOCK,    WAIT_CHILD,
        WAIT_SIGNAL, WAIT_VFORK,  WAIT_IPC,     WAIT_CLIENT,
        WAIT_TIME,   WAIT_KERNEL, WAIT_NOTHING, WAIT_STOPPED};

    /* Half of the snapshots have nobody with help at all. */
    return kinds[below(state & 1 << 20 ? 11 : 16)];
}

static void random_thread(size_t process)
{
    struct thread_shot *thread = &threads[shot.thread_count++];

    *thread = (struct thread_shot){.tid = (pid_t)(100 + shot.thread_count),
                                   .process = process,
                                   .wait = random_wait(),
                                   .call = SYS_futex,
                                   .child = -1};
    thread->reach = one_in(8) ? REACH_TREE : REACH_PROCESS;
    thread->word_shared = one_in(10);
    thread->args[1] = one_in(10) ? 6 /* FUTEX_LOCK_PI */ : 0;
    thread->by_set = one_in(10);
    thread->locker = one_in(2) ? processes[process].pid : 0;
    thread->blocked = one_in(2) ? 1ULL << (SIGUSR1 - 1) : 0;
    if (thread->wait == WAIT_FDS || thread->wait == WAIT_LOCK) {
        thread->first_fd = shot.waited_on_count;
        thread->fd_count = 1;
        waited_on[shot.waited_on_count++].object = below(MAX_OBJECTS);
    }
    processes[process].thread_count++;
}

static void random_process(void)
{
    size_t index = shot.process_count++;

    processes[index] =
        (struct process_shot){.pid = (pid_t)(10 + index),
                              .first_thread = shot.thread_count,
                              .shares_memory = one_in(10),
                              .reaches = one_in(6),
                              .caught = one_in(6) ? 1ULL << (SIGUSR1 - 1) : 0};
    for (unsigned left = below(5); left > 0; left--)
        random_thread(index);
}

static void random_snapshot(void)
{
    static const enum object_kind kinds[] = {
        OBJECT_PIPE, OBJECT_PIPE,     OBJECT_UNIX, OBJECT_EVENTFD,
        OBJECT_FIFO, OBJECT_SIGNALFD, OBJECT_PIDFD};

    shot = (struct snapshot){.process = processes,
                             .thread = threads,
                             .objects = objects,
                             .object_count = MAX_OBJECTS,
                             .waited_on = waited_on,
                             .holdings = holdings,
                             .explored = true,
                             .private_ipc = true};
    shot.part_explored = !one_in(8);
    shot.fds_in_flight = one_in(8);
    shot.unreadable = one_in(20);
    for (size_t i = 0; i < MAX_OBJECTS; i++)
        objects[i] = (struct object){.kind = kinds[below(7)]};
    for (unsigned left = 1 + below(MAX_PROCESSES); left > 0; left--)
        random_process();
    for (unsigned left = below(2 * MAX_OBJECTS); left > 0; left--)
        holdings[shot.holding_count++] =
            (struct holding){.process = below((unsigned)shot.process_count),
                             .object = below(MAX_OBJECTS)};
}

/* ---- the reference ---- */

static bool handles_a_signal(const struct process_shot *process)
{
    for (size_t i = 0; i < process->thread_count; i++)
        if (process->caught & ~threads[process->first_thread + i].blocked)
            return true;
    return false;
}

static bool others_have(const struct thread_shot *sleeper)
{
    size_t object = waited_on[sleeper->first_fd].object;

    for (size_t i = 0; i < shot.holding_count; i++)
        if (holdings[i].object == object &&
            holdings[i].process != sleeper->process)
            return true;
    return objects[object].kind == OBJECT_FIFO ||
           objects[object].kind == OBJECT_SIGNALFD ||
           objects[object].kind == OBJECT_PIDFD;
}

/* May one thread that lives end the wait of the other one? */
static bool wakes(const struct thread_shot *waker,
                  const struct thread_shot *sleeper)
{
    const struct process_shot *process = &processes[sleeper->process];

    if (waker->process == sleeper->process)
        return true;
    if (!shot.part_explored || processes[waker->process].reaches ||
        process->shares_memory || handles_a_signal(process))
        return true;
    if (sleeper->wait == WAIT_FUTEX)
        return sleeper->reach != REACH_PROCESS || sleeper->word_shared ||
               sleeper->args[1] != 0;
    if (sleeper->wait == WAIT_FDS)
        return sleeper->by_set || shot.fds_in_flight || others_have(sleeper);
    if (sleeper->wait == WAIT_LOCK)
        return sleeper->locker != process->pid || sleeper->by_set ||
               shot.fds_in_flight || others_have(sleeper);
    return true;
}

static void find_live_naively(const struct diagnosis *d, bool *live)
{
    bool more = true;

    for (size_t i = 0; i < shot.thread_count; i++)
        live[i] = shot.unreadable || d->help[i] != NULL;
    while (more) {
        more = false;
        for (size_t i = 0; i < shot.thread_count; i++)
            for (size_t k = 0; k < shot.thread_count; k++)
                if (live[k] && !live[i] && wakes(&threads[k], &threads[i]))
                    live[i] = more = true;
    }
}

/* ---- the test ---- */

struct tally {
    size_t trees, parts, alive, wrong;
};

static void one_round(struct tally *tally)
{
    struct diagnosis d;
    bool live[MAX_THREADS] = {false};
    size_t left = 0;
    bool same = true;

    random_snapshot();
    autopsy_judge(&shot, &d);
    find_live_naively(&d, live);
    for (size_t i = 0; i < shot.thread_count; i++) {
        same &= d.live[i] == live[i] && d.stuck_for_good[i] == !live[i];
        left += !live[i];
    }
    bool tree = shot.thread_count > 0 && left == shot.thread_count;
    same &= (d.condition == CONDITION_STUCK) == tree;
    same &= d.stuck_for_good_count == left;
    tally->trees += tree;
    tally->parts += left > 0 && !tree;
    tally->alive += left == 0;
    tally->wrong += !same;
    diagnosis_free(&d);
}

int main(int argc, char **argv)
{
    struct tally tally = {0};
    unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;

    state = seed;
    for (unsigned long i = 0; i < rounds; i++)
        one_round(&tally);
    bool all = tally.trees > rounds / 100 && tally.parts > rounds / 100 &&
               tally.alive > rounds / 100;
    printf("%s 1 - %lu random snapshots from seed %lu, %zu differ\n",
           tally.wrong ? "not ok" : "ok", rounds, seed, tally.wrong);
    printf("%s 2 - all kinds among them: %zu trees, %zu parts, %zu alive\n",
           all ? "ok" : "not ok", tally.trees, tally.parts, tally.alive);
    printf("1..2\n");
    return tally.wrong > 0 || !all;
}

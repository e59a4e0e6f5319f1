/* SPDX-License-Identifier: MIT
 *
 * plan: a random program from a seed, see maze.h.
 *
 * It is made of pairs: a wait is put somewhere into the script of one actor,
 * and what ends it most often somewhere into the script of another one. The
 * order is left to chance, and so is whether the program ever ends.
 */
#define _GNU_SOURCE
#include "plan.h"

#include <string.h>
#include <sys/socket.h>

struct plan plan;

/* splitmix64, by S. Vigna. */
static uint64_t state;

static uint64_t next(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

int below(int limit)
{
    return (int)(next() % (uint64_t)limit);
}

bool percent(int chance)
{
    return below(100) < chance;
}

/* ---- scripts ---- */

/* Room is left for those that make and wait for other actors. */
#define RESERVED 12

void insert(int actor, int at, struct step step)
{
    struct actor *who = &plan.actor[actor];

    if (who->count == MAX_STEPS)
        return;
    memmove(&who->step[at + 1], &who->step[at],
            (size_t)(who->count - at) * sizeof(step));
    who->step[at] = step;
    who->count++;
}

/* Somewhere; with a short sleep before it, at times. */
void put(int actor, struct step step)
{
    struct actor *who = &plan.actor[actor];
    int at = below(who->count + 1);

    if (who->count + 2 > MAX_STEPS - RESERVED)
        return;
    insert(actor, at, step);
    if (percent(35))
        insert(actor, at, (struct step){OP_SLEEP, 1 + below(60), 0, 0});
}

void put_first(int actor, struct step step)
{
    if (plan.actor[actor].count < MAX_STEPS - RESERVED)
        insert(actor, 0, step);
}

/* ---- actors ---- */

static void make_actors(void)
{
    int processes = 1;

    plan.count = 2 + below(percent(15) ? MAX_ACTORS - 1 : 5);
    for (int i = 0; i < plan.count; i++) {
        struct actor *actor = &plan.actor[i];
        actor->parent = i ? below(i) : -1;
        actor->is_process =
            i == 0 || (processes < MAX_PROCESSES && percent(45));
        processes += i > 0 && actor->is_process;
        actor->process =
            actor->is_process ? i : plan.actor[actor->parent].process;
    }
}

/* Each is made early by its parent, who may wait for its end. A process whose
 * first thread ends takes the others with it, unless that waits for them. */
static void make_ends(void)
{
    for (int i = plan.count - 1; i > 0; i--) {
        struct actor *actor = &plan.actor[i];
        int parent = actor->parent, count = plan.actor[parent].count;
        insert(parent, below(count < 3 ? count + 1 : 3),
               (struct step){actor->is_process ? OP_FORK : OP_START, i, 0, 0});
    }
    for (int i = 1; i < plan.count; i++) {
        struct actor *actor = &plan.actor[i];
        if (percent(75))
            insert(actor->parent, plan.actor[actor->parent].count,
                   (struct step){actor->is_process ? OP_WAIT_CHILD : OP_JOIN,
                                 percent(85) || !actor->is_process ? i : -1, 0,
                                 0});
    }
    for (int i = 0; i < plan.count; i++) {
        if (!percent(20))
            continue;
        insert(i, plan.actor[i].count, (struct step){OP_SLEEP, 30, 0, 0});
        insert(i, plan.actor[i].count,
               (struct step){percent(60) ? OP_EXIT_THREAD : OP_EXIT, 0, 0, 0});
    }
}

static void make_kinds(void)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

    for (int i = 0; i < MUTEXES; i++)
        plan.mutex_type[i] = below(5);
    for (int i = 0; i < PAIRS; i++)
        plan.pair_type[i] = types[below(3)];
    plan.event_flags = below(2);
}

void plan_make(unsigned long seed)
{
    state = seed * 0x2545f4914f6cdd1d + 1;
    memset(&plan, 0, sizeof(plan));
    make_actors();
    make_kinds();
    int count = 1 + below(plan.count + 1);
    for (int i = 0; i < count; i++) {
        struct two two = {below(plan.count), below(plan.count), percent(95)};
        if (two.waiter == two.waker && percent(80))
            two.waker = (two.waker + 1) % plan.count;
        pair_put(&two);
    }
    /* Who lives longer than a short deadline, beside those that may be stuck.
     */
    if (percent(15))
        put(below(plan.count), (struct step){OP_SLEEP, 600 + below(800), 0, 0});
    make_ends();
}

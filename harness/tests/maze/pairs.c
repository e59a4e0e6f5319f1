/* SPDX-License-Identifier: MIT
 *
 * pairs: waits, and what ends them, see maze.h. Each function puts one such
 * pair into the scripts of two actors.
 */
#define _GNU_SOURCE
#include "plan.h"

#include <signal.h>

/* Seldom so late that a short deadline has come. */
static void wake(const struct two *two, struct step step)
{
    if (!two->woken)
        return;
    put(two->waker, step);
    if (percent(4))
        put_first(two->waker, (struct step){OP_SLEEP, 600 + below(500), 0, 0});
}

/* Of what only threads of one process can do to each other. */
static int beside(int actor)
{
    int first = below(plan.count);

    for (int i = 0; i < plan.count; i++) {
        int other = (first + i) % plan.count;
        if (other != actor &&
            plan.actor[other].process == plan.actor[actor].process)
            return other;
    }
    return actor;
}

static int where_of(const struct two *two)
{
    bool same =
        plan.actor[two->waiter].process == plan.actor[two->waker].process;

    return same ? percent(30) : !percent(10);
}

static int use(int slot)
{
    plan.uses[slot] = true;
    return slot;
}

/* Two slots where what is written to the second can be read from the first. */
static int channel(int *write_to)
{
    int kind = below(10), slot;

    if (kind < 5) {
        slot = SLOT_PIPE + 2 * below(PIPES);
        *write_to = slot + 1;
        return use(slot);
    }
    slot = kind < 8 ? SLOT_PAIR + 2 * below(PAIRS) : SLOT_TCP;
    use(slot);
    int end = below(2);
    *write_to = slot + !end;
    return slot + end;
}

static void data(const struct two *two)
{
    int to, from = channel(&to);

    put(two->waiter, (struct step){OP_READ, from, 1, 0});
    wake(two, (struct step){OP_WRITE, to, 1, 0});
}

static void much_data(const struct two *two)
{
    int to, from = channel(&to), bytes = 300000;

    put(two->waiter, (struct step){OP_WRITE, to, bytes, 0});
    wake(two, (struct step){OP_DRAIN, from, bytes, 0});
}

static void events(const struct two *two)
{
    int slot = use(SLOT_EVENT) + below(2);

    put(two->waiter, (struct step){OP_READ, slot, 8, 0});
    wake(two, (struct step){OP_WRITE, slot, 8, 0});
}

static void timer(const struct two *two)
{
    int slot = use(SLOT_TIMER) + below(2);

    put(two->waiter, (struct step){OP_READ, slot, 8, 0});
    wake(two, (struct step){OP_ARM, slot, percent(80) * (1 + below(80)), 0});
}

static void polls(const struct two *two)
{
    static const enum op ops[] = {OP_POLL, OP_POLL_COMMON, OP_SELECT,
                                  OP_POLL_LIMIT};
    enum op op = ops[below(4)];
    int to, from = channel(&to), to2, other = channel(&to2);

    put(two->waiter,
        (struct step){op, from, op == OP_POLL_LIMIT ? below(80) : other, 0});
    wake(two, (struct step){OP_WRITE, percent(70) ? to : to2, 1, 0});
    if (op == OP_POLL_COMMON && percent(40))
        wake(two, (struct step){OP_POLL_CHANGE, other, below(2), 0});
}

static void epoll(const struct two *two)
{
    int set = use(SLOT_EPOLL) + below(2), to, from = channel(&to);

    put(two->waiter,
        (struct step){OP_EPOLL, set, percent(20) ? 1 + below(80) : 0, 0});
    put_first(percent(70) ? two->waiter : two->waker,
              (struct step){OP_EPOLL_ADD, set, from, 0});
    wake(two, (struct step){OP_WRITE, to, 1, 0});
    if (percent(20))
        put(two->waker, (struct step){OP_EPOLL_TAKE, set, from, 0});
    if (percent(20))
        put(two->waker, (struct step){OP_EPOLL_ADD, set, set ^ 1, 0});
}

static void passing(const struct two *two)
{
    int by = use(SLOT_PAIR + 2 * below(PAIRS)), to, from = channel(&to);
    int spare = SLOT_SPARE + below(2);

    put(two->waiter, (struct step){OP_TAKE_SLOT, by, spare, 0});
    wake(two, (struct step){OP_SEND_SLOT, by + 1, percent(50) ? from : to, 0});
    put(two->waiter,
        (struct step){percent(60) ? OP_READ : OP_WRITE, spare, 1, 0});
    if (percent(60))
        wake(two, (struct step){OP_WRITE, to, 1, 0});
    if (percent(40))
        put(two->waker, (struct step){OP_CLOSE, from, 0, 0});
}

static void connections(const struct two *two)
{
    int spare = SLOT_SPARE + below(2);

    use(SLOT_LISTENER);
    put(two->waiter, (struct step){OP_ACCEPT, SLOT_LISTENER, spare, 0});
    wake(two, (struct step){OP_CONNECT, 0, spare, 0});
    if (percent(60)) {
        put(two->waiter, (struct step){OP_READ, spare, 1, 0});
        wake(two, (struct step){OP_WRITE, spare, 1, 0});
    }
}

/* Both actors take it, and give it back most often. */
static void taken(const struct two *two, struct step take, struct step drop)
{
    put(two->waiter, take);
    if (percent(95))
        put(two->waiter, drop);
    wake(two, take);
    if (percent(95))
        wake(two, drop);
}

static void mutexes(const struct two *two)
{
    int which = below(MUTEXES), where = where_of(two);

    taken(two,
          (struct step){percent(15) ? OP_LOCK_LIMIT : OP_LOCK, which, 0, where},
          (struct step){OP_UNLOCK, which, 0, where});
}

static void rwlocks(const struct two *two)
{
    int which = below(RWLOCKS), where = where_of(two);

    taken(two,
          (struct step){percent(50) ? OP_READ_LOCK : OP_WRITE_LOCK, which, 0,
                        where},
          (struct step){OP_RW_UNLOCK, which, 0, where});
}

static void file_locks(const struct two *two)
{
    static const enum op takes[] = {OP_FLOCK, OP_OFD, OP_RECORD};
    static const enum op drops[] = {OP_FLOCK_DROP, OP_OFD_DROP, OP_RECORD_DROP};
    int kind = below(3), byte = below(2), slot = use(SLOT_FILE);

    put(two->waiter, (struct step){takes[kind], slot, byte, 0});
    if (percent(95))
        put(two->waiter, (struct step){drops[kind], slot, byte, 0});
    wake(two, (struct step){takes[kind], slot + 1, byte, 0});
    if (percent(95))
        wake(two, (struct step){drops[kind], slot + 1, byte, 0});
}

static void conditions(const struct two *two)
{
    int which = below(CONDITIONS), where = where_of(two);

    put(two->waiter,
        (struct step){percent(20) ? OP_WAIT_LIMIT : OP_WAIT, which, 0, where});
    wake(two, (struct step){percent(50) ? OP_NOTIFY : OP_NOTIFY_ALL, which, 0,
                            where});
}

static void semaphores(const struct two *two)
{
    int which = below(SEMAPHORES), where = where_of(two);

    put(two->waiter, (struct step){percent(20) ? OP_SEM_LIMIT : OP_SEM_WAIT,
                                   which, 0, where});
    wake(two, (struct step){OP_SEM_POST, which, 0, where});
}

static void barriers(const struct two *two)
{
    int where = where_of(two);

    put(two->waiter, (struct step){OP_BARRIER, 0, 0, where});
    wake(two, (struct step){OP_BARRIER, 0, 0, where});
}

static void words(const struct two *two)
{
    int which = below(WORDS), where = where_of(two);

    put(two->waiter, (struct step){OP_FUTEX_WAIT, which, 0, where});
    if (percent(40)) {
        wake(two, (struct step){OP_FUTEX_REQUEUE, which, 0, where});
        which ^= 1;
    }
    wake(two, (struct step){OP_FUTEX_WAKE, which, 0, where});
}

static void signals(const struct two *two)
{
    static const enum op ops[] = {OP_PAUSE, OP_SUSPEND, OP_SIGWAIT, OP_READ};
    int signal = percent(60) ? SIGUSR1 : SIGUSR2, kind = below(4);
    bool blocked = kind > 0;

    if (kind == 3)
        signal = SIGUSR2;
    put(two->waiter,
        (struct step){ops[kind], kind == 3 ? use(SLOT_SIGNAL) : signal, 128,
                      0});
    if (blocked || percent(20))
        put_first(two->waiter, (struct step){OP_BLOCK, signal, 0, 0});
    wake(two, (struct step){percent(50) ? OP_SIGNAL : OP_SIGNAL_THREAD,
                            two->waiter, signal, 0});
}

/* The handler ends a wait for something else. */
static void handlers(const struct two *two)
{
    int to, from = channel(&to), handling = below(4);

    put_first(two->waiter, (struct step){OP_HANDLE, SIGUSR1, handling, 0});
    switch (handling) {
    case HANDLE_POST:
        put(two->waiter, (struct step){OP_SEM_WAIT, 0, 0, percent(50)});
        break;
    case HANDLE_WRITE:
        use(SLOT_PIPE);
        put(two->waiter, (struct step){OP_READ, SLOT_PIPE, 1, 0});
        break;
    default:
        put(two->waiter, (struct step){OP_READ, from, 1, 0});
    }
    wake(two, (struct step){OP_SIGNAL, two->waiter, SIGUSR1, 0});
}

static void clocks(const struct two *two)
{
    int to, from = channel(&to), handling = below(4);
    bool alarm = percent(50);

    put(two->waiter, (struct step){OP_READ, from, 1, 0});
    put_first(two->waiter, (struct step){alarm ? OP_ALARM : OP_POSIX_TIMER,
                                         1 + below(90), percent(20), 0});
    put_first(two->waiter,
              (struct step){OP_HANDLE, alarm ? SIGALRM : SIGUSR1, handling, 0});
    if (percent(50))
        wake(two, (struct step){OP_WRITE, to, 1, 0});
}

static void limits(const struct two *two)
{
    int slot = use(SLOT_PAIR + 2 * below(PAIRS));

    put(two->waiter, (struct step){OP_READ, slot, 1, 0});
    put_first(two->waiter,
              (struct step){OP_RECEIVE_LIMIT, slot, 10 + below(80), 0});
}

static void pidfds(const struct two *two)
{
    use(SLOT_PIPE);
    put(two->waiter, (struct step){OP_OPEN_PIDFD, two->waker, 0, 0});
    put(two->waiter, (struct step){OP_POLL, SLOT_PIDFD, SLOT_PIPE, 0});
}

/* ---- traps ---- */

/* What a number means changes while somebody waits there: the kernel stays with
 * the old file, which is ready after a while. */
static void old_timers(const struct two *two)
{
    int to, from = channel(&to), slot = use(SLOT_TIMER) + below(2);
    int other = beside(two->waiter);

    put(two->waiter, (struct step){OP_READ, slot, 8, 0});
    put_first(two->waiter, (struct step){OP_ARM, slot, 50 + below(150), 0});
    put(other, percent(70) ? (struct step){OP_DUP, from, slot, 0}
                           : (struct step){OP_CLOSE, slot, 0, 0});
}

/* The same of an array that poll(2) has read, or of a set. */
static void old_sets(const struct two *two)
{
    int to, from = channel(&to), slot = use(SLOT_TIMER) + below(2);
    int other = beside(two->waiter), set = use(SLOT_EPOLL);

    if (percent(50)) {
        put(two->waiter, (struct step){OP_POLL_COMMON, slot, from, 0});
        put(other, (struct step){OP_POLL_CHANGE, from, 0, 0});
    } else {
        put(two->waiter, (struct step){OP_EPOLL, set, 0, 0});
        put_first(two->waiter, (struct step){OP_EPOLL_ADD, set, slot, 0});
        put(other, percent(50) ? (struct step){OP_DUP, set + 1, set, 0}
                               : (struct step){OP_DUP, from, slot, 0});
    }
    put_first(two->waiter, (struct step){OP_ARM, slot, 50 + below(150), 0});
}

/* What was written comes to the old file. */
static void old_files(const struct two *two)
{
    int to, from = channel(&to), to2, other = channel(&to2);

    put(two->waiter, (struct step){OP_READ, from, 1, 0});
    put(beside(two->waiter), percent(70) ? (struct step){OP_DUP, other, from, 0}
                                         : (struct step){OP_CLOSE, from, 0, 0});
    wake(two, (struct step){OP_WRITE, to, 1, 0});
}

static void ends_of_files(const struct two *two)
{
    int to, from = channel(&to);

    put(two->waiter, (struct step){OP_READ, from, 1, 0});
    wake(two, (struct step){percent(50) ? OP_CLOSE : OP_SHUTDOWN, to, 0, 0});
}

/* A stopped process, and who lets it go on. */
static void stops(const struct two *two)
{
    int to, from = channel(&to);

    put(two->waiter, (struct step){OP_READ, from, 1, 0});
    put(two->waker, (struct step){OP_SIGNAL, two->waiter, SIGSTOP, 0});
    insert(two->waker, plan.actor[two->waker].count,
           (struct step){OP_SLEEP, 1 + below(40), 0, 0});
    insert(two->waker, plan.actor[two->waker].count,
           (struct step){OP_SIGNAL, two->waiter, SIGCONT, 0});
    wake(two, (struct step){OP_WRITE, to, 1, 0});
}

/* ---- more processes ---- */

static void queues(const struct two *two)
{
    int type = below(2);

    put(two->waiter, (struct step){OP_QUEUE_TAKE, type, 0, 0});
    wake(two, (struct step){OP_QUEUE_SEND, type, 0, 0});
}

static void timer_threads(const struct two *two)
{
    put(two->waiter, (struct step){OP_SEM_WAIT, 1, 0, 0});
    put_first(two->waiter,
              (struct step){OP_TIMER_THREAD, 1, 10 + below(150), 0});
}

static void programs(const struct two *two)
{
    if (percent(60))
        put(two->waiter, (struct step){OP_VFORK, 10 + below(150), 0, 0});
    else
        insert(two->waiter, plan.actor[two->waiter].count,
               (struct step){OP_EXEC, 10 + below(150), 0, 0});
}

typedef void pair(const struct two *two);
static pair *const pairs[] = {
    data,       data,       data,      much_data,     events,     timer,
    timer,      polls,      polls,     epoll,         epoll,      passing,
    mutexes,    mutexes,    mutexes,   rwlocks,       barriers,   file_locks,
    conditions, semaphores, words,     handlers,      handlers,   signals,
    clocks,     clocks,     limits,    pidfds,        old_timers, old_timers,
    old_sets,   old_sets,   old_files, ends_of_files, stops,      connections,
    queues,     queues,     programs,  timer_threads};

void pair_put(const struct two *two)
{
    pairs[below((int)(sizeof(pairs) / sizeof(*pairs)))](two);
}

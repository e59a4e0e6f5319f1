/* SPDX-License-Identifier: MIT
 *
 * autopsy_test: the proof as a pure function: snapshots made by hand, one for
 * each row of the table in verdict.c and for each way of being stuck.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linux/syscalls.h"
#include "proof/verdict.h"
#include "report/report.h"

static int tests, failures;

static void check(bool good, const char *what)
{
    tests++;
    failures += !good;
    printf("%s %d - %s\n", good ? "ok" : "not ok", tests, what);
}

/* ---- building ---- */

/* Room for small worlds; snapshot_free() is not for these. */
static struct process_shot processes[4];
static struct thread_shot threads[8];
static struct object objects[4];
static struct waited_on waited_on[8];
static struct holding holdings[8];
static struct snapshot shot;

static void new_world(void)
{
    memset(processes, 0, sizeof(processes));
    memset(threads, 0, sizeof(threads));
    memset(objects, 0, sizeof(objects));
    memset(waited_on, 0, sizeof(waited_on));
    shot = (struct snapshot){.process = processes,
                             .thread = threads,
                             .objects = objects,
                             .waited_on = waited_on,
                             .holdings = holdings,
                             .explored = true,
                             .part_explored = true,
                             .private_ipc = true};
}

static struct process_shot *process(pid_t pid, pid_t parent)
{
    struct process_shot *made = &processes[shot.process_count++];

    made->pid = made->nspid = pid;
    made->parent = parent;
    made->first_thread = shot.thread_count;
    return made;
}

/* A thread of the process that was made last. */
static struct thread_shot *thread(enum wait_kind wait)
{
    struct thread_shot *made = &threads[shot.thread_count++];

    made->tid = made->nspid = (pid_t)(100 + shot.thread_count);
    made->process = shot.process_count - 1;
    made->state = wait == WAIT_NOTHING ? 'R' : 'S';
    made->wait = wait;
    made->child = -1;
    made->call = -1;
    processes[made->process].thread_count++;
    return made;
}

/* The thread waits on one object of this kind. */
static struct object *waits_on(struct thread_shot *waiter,
                               enum object_kind kind)
{
    struct object *object = &objects[shot.object_count];

    object->kind = kind;
    object->inode = 1000 + shot.object_count;
    waiter->first_fd = shot.waited_on_count;
    waiter->fd_count = 1;
    waited_on[shot.waited_on_count++] =
        (struct waited_on){.fd = 3, .object = shot.object_count++};
    return object;
}

static enum condition condition(void)
{
    struct diagnosis diagnosis;

    autopsy_judge(&shot, &diagnosis);
    enum condition found = diagnosis.condition;
    diagnosis_free(&diagnosis);
    return found;
}

static size_t stuck_for_good(void)
{
    struct diagnosis diagnosis;

    autopsy_judge(&shot, &diagnosis);
    size_t count = diagnosis.stuck_for_good_count;
    diagnosis_free(&diagnosis);
    return count;
}

static void one_thread(enum wait_kind wait, enum condition wanted,
                       const char *what)
{
    new_world();
    process(10, 1);
    thread(wait);
    check(condition() == wanted, what);
}

static struct object *one_waiter(enum wait_kind wait, enum object_kind kind)
{
    new_world();
    process(10, 1);
    return waits_on(thread(wait), kind);
}

/* ---- what is never proved ---- */

static void test_rows_of_the_table(void)
{
    one_thread(WAIT_NOTHING, CONDITION_ALIVE, "a running thread lives");
    one_thread(WAIT_TIME, CONDITION_ALIVE, "a sleeping thread lives");
    one_thread(WAIT_KERNEL, CONDITION_ALIVE, "D, and unknown calls, live");
    one_thread(WAIT_STOPPED, CONDITION_STOPPED, "stopped is not stuck");
    one_thread(WAIT_TRACED, CONDITION_ALIVE, "a tracee may be continued");

    one_thread(WAIT_SIGNAL, CONDITION_STUCK, "pause, and nobody there");
    processes[0].alarmed = true;
    check(condition() == CONDITION_ALIVE, "... but an alarm clock may ring");
    processes[0].alarmed = false;
    processes[0].alarm_ends_it = true;
    check(condition() == CONDITION_ALIVE, "... or end it");
    processes[0].alarm_ends_it = false;
    processes[0].timers = true;
    check(condition() == CONDITION_ALIVE, "... or a POSIX timer");
    processes[0].timers = false;
    processes[0].async = true;
    check(condition() == CONDITION_ALIVE, "... or io_uring, or SIGIO");

    processes[0].async = false;
    shot.open_world = true;
    check(condition() == CONDITION_ALIVE, "... or we did not start it");

    one_thread(WAIT_FUTEX, CONDITION_STUCK, "a lock, and a handler for USR1");
    processes[0].caught = 1ULL << (SIGUSR1 - 1);
    check(condition() == CONDITION_STUCK, "... and nobody there to send it");
    shot.open_world = true;
    check(condition() == CONDITION_ALIVE, "... but somebody outside");
    threads[0].blocked = processes[0].caught;
    check(condition() == CONDITION_STUCK,
          "... who could, if it were not blocked");

    one_thread(WAIT_FUTEX, CONDITION_STUCK, "a private futex, alone");
    threads[0].pending = 1ULL << (SIGUSR1 - 1);
    check(condition() == CONDITION_ALIVE, "... but a signal is on its way");
    threads[0].blocked = threads[0].pending;
    check(condition() == CONDITION_STUCK, "... which the thread blocks");
    threads[0].wait = WAIT_SIGNAL;
    check(condition() == CONDITION_STUCK, "... in sigwait, for another one");
    threads[0].blocked = 0;
    check(condition() == CONDITION_ALIVE, "... for this one");
    threads[0].blocked = threads[0].pending;
    struct object *object = waits_on(&threads[0], OBJECT_PIPE);
    threads[0].wait = WAIT_FDS;
    check(condition() == CONDITION_STUCK, "... or in read, of a pipe");
    object->kind = OBJECT_SIGNALFD;
    check(condition() == CONDITION_ALIVE, "... of a signalfd, which takes it");

    one_thread(WAIT_FUTEX, CONDITION_STUCK, "a futex in shared memory");
    threads[0].reach = REACH_WORLD;
    check(condition() == CONDITION_ALIVE, "... that others may map");
    one_thread(WAIT_IPC, CONDITION_STUCK, "a queue of our own");
    shot.private_ipc = false;
    check(condition() == CONDITION_ALIVE, "... that others can reach");
}

static void test_objects(void)
{
    struct object *object = one_waiter(WAIT_FDS, OBJECT_PIPE);
    check(condition() == CONDITION_STUCK, "a pipe, both ends our own");
    object->open_to_world = true;
    check(condition() == CONDITION_ALIVE, "... or one end outside");

    one_waiter(WAIT_FDS, OBJECT_UNKNOWN);
    check(condition() == CONDITION_ALIVE, "terminals, devices, inotify, UDP");
    one_waiter(WAIT_FDS, OBJECT_FILE);
    check(condition() == CONDITION_ALIVE, "a file that makes us wait");
    one_waiter(WAIT_FDS, OBJECT_FIFO)->open_to_world = true;
    check(condition() == CONDITION_ALIVE, "a named pipe others can open");

    object = one_waiter(WAIT_FDS, OBJECT_TIMERFD);
    check(condition() == CONDITION_STUCK, "a timerfd that is not armed");
    object->armed = true;
    check(condition() == CONDITION_ALIVE, "... that is");

    object = one_waiter(WAIT_FDS, OBJECT_TCP);
    check(condition() == CONDITION_STUCK, "TCP, both ends our own");
    object->armed = true;
    check(condition() == CONDITION_ALIVE, "... with data under way");
    object->armed = false;
    shot.timeouts = true;
    check(condition() == CONDITION_ALIVE, "... with a time limit");

    object = one_waiter(WAIT_LOCK, OBJECT_FILE);
    check(condition() == CONDITION_STUCK, "a file lock within the tree");
    object->open_to_world = true;
    check(condition() == CONDITION_ALIVE, "... held outside");

    one_waiter(WAIT_CLIENT, OBJECT_LISTENER);
    check(condition() == CONDITION_IDLE, "accept is idle, not stuck");
    processes[0].alarmed = true;
    check(condition() == CONDITION_ALIVE, "... unless an alarm may ring");
    processes[0].alarmed = false;
    processes[0].caught = 1ULL << (SIGTERM - 1);
    shot.open_world = true;
    check(condition() == CONDITION_IDLE, "... and idle with a handler, too");

    one_thread(WAIT_FUTEX, CONDITION_STUCK, "what can be read is judged");
    shot.unreadable = true;
    check(condition() == CONDITION_ALIVE, "what cannot be read is not");
}

/* ---- the tree, and a part of it ---- */

static void test_tree(void)
{
    new_world();
    process(10, 1);
    thread(WAIT_CHILD);
    process(11, 10);
    thread(WAIT_FUTEX);
    check(condition() == CONDITION_STUCK, "parent waits for a stuck child");
    threads[1].wait = WAIT_TIME;
    check(condition() == CONDITION_ALIVE, "parent waits for a sleeping child");
    check(stuck_for_good() == 0, "... and nothing is stuck for good");

    new_world();
    check(condition() == CONDITION_ENDED, "nobody is there");
}

static void test_stuck_part(void)
{
    new_world();
    process(10, 1);
    thread(WAIT_TIME);
    thread(WAIT_CHILD);
    process(11, 10);
    thread(WAIT_FUTEX);
    check(condition() == CONDITION_ALIVE, "the rest of the tree lives");
    check(stuck_for_good() == 1,
          "... a child on its own futex is stuck for good");
    threads[2].reach = REACH_TREE;
    check(stuck_for_good() == 0, "... not on a shared one");
    threads[2].reach = REACH_PROCESS;
    processes[1].shares_memory = true;
    check(stuck_for_good() == 0, "... not where memory is shared");
    processes[1].shares_memory = false;
    processes[1].alarmed = true;
    check(stuck_for_good() == 0, "... not with an alarm clock");
    processes[1].alarmed = false;
    processes[1].caught = 1ULL << (SIGUSR1 - 1);
    check(stuck_for_good() == 0, "... not with a handler for a signal");
    threads[2].blocked = processes[1].caught;
    check(stuck_for_good() == 1,
          "... but with one for a signal that it blocks");
    threads[2].wait = WAIT_SIGNAL;
    check(stuck_for_good() == 0, "... not where a signal could help");
}

/* A parent that sleeps until a time, and a child that waits. Returns the
 * child's thread. */
static struct thread_shot *beside_sleeper(enum wait_kind wait)
{
    new_world();
    process(10, 1);
    thread(WAIT_TIME);
    process(11, 10);
    return thread(wait);
}

static void hold(size_t process, size_t object)
{
    holdings[shot.holding_count++] = (struct holding){
        .process = process, .object = object, .can_write = true};
}

static void test_exposed_by_memory(void)
{
    struct thread_shot *child = beside_sleeper(WAIT_FUTEX);

    child->word_shared = true;
    check(stuck_for_good() == 0, "a private futex whose word others can write");
    child->word_shared = false;
    shot.part_explored = false;
    check(stuck_for_good() == 0, "... or of which that is not known");
    shot.part_explored = true;
    processes[0].reaches = true;
    check(stuck_for_good() == 0, "... or beside who may trace it");
    processes[0].reaches = false;
    processes[1].reaches = true;
    check(stuck_for_good() == 1, "... but who is stuck traces nobody");
    child->call = SYS_futex;
    child->args[1] = 6 /* FUTEX_LOCK_PI */;
    check(stuck_for_good() == 0, "an owner that others may end unlocks");
}

static void test_exposed_by_object(void)
{
    struct thread_shot *child = beside_sleeper(WAIT_FDS);
    struct object *object = waits_on(child, OBJECT_PIPE);

    hold(1, 0);
    check(stuck_for_good() == 1, "a child reads the pipe that only it has");
    child->by_set = true;
    check(stuck_for_good() == 0, "... or by a set, to which others may add");
    child->by_set = false;
    shot.fds_in_flight = true;
    check(stuck_for_good() == 0, "... or the other end is on its way");
    shot.fds_in_flight = false;
    object->kind = OBJECT_FIFO;
    check(stuck_for_good() == 0, "... or it has a name");
    object->kind = OBJECT_SIGNALFD;
    check(stuck_for_good() == 0, "... or it is for signals");
    object->kind = OBJECT_PIDFD;
    check(stuck_for_good() == 0, "... or for the end of a process");
    object->kind = OBJECT_PIPE;
    hold(0, 0);
    check(stuck_for_good() == 0, "... or who lives has the other end");
    process(12, 10);
    waits_on(thread(WAIT_FDS), OBJECT_PIPE);
    hold(2, 1);
    hold(1, 1);
    holdings[1].process = 2;
    check(stuck_for_good() == 0, "a ring of two, of which one may be ended");
}

static void test_exposed_by_lock(void)
{
    struct thread_shot *child = beside_sleeper(WAIT_LOCK);

    waits_on(child, OBJECT_FILE);
    hold(1, 0);
    child->locker = 11;
    check(stuck_for_good() == 1, "a file lock that it holds itself");
    child->locker = 10;
    check(stuck_for_good() == 0, "... or another one, that may end");
    child->locker = 11;
    hold(0, 0);
    check(stuck_for_good() == 0, "... or that has the file, too");
    beside_sleeper(WAIT_CHILD);
    check(stuck_for_good() == 0, "a child that may be ended is waited for");
    beside_sleeper(WAIT_IPC);
    check(stuck_for_good() == 0, "a queue that others can reach");
}

static void test_siblings_wake(void)
{
    new_world();
    process(10, 1);
    thread(WAIT_FUTEX);
    thread(WAIT_TIME);
    check(stuck_for_good() == 0, "a live sibling can wake a futex");
    threads[1].wait = WAIT_FUTEX;
    check(stuck_for_good() == 2 && condition() == CONDITION_STUCK,
          "two siblings on futexes are stuck");
}

static void test_ring(void)
{
    new_world();
    process(10, 1);
    waits_on(thread(WAIT_FDS), OBJECT_PIPE);
    process(11, 10);
    waits_on(thread(WAIT_FDS), OBJECT_PIPE);
    check(condition() == CONDITION_STUCK, "a ring of two pipes");
    objects[1].open_to_world = true;
    check(condition() == CONDITION_ALIVE, "... is broken by one end outside");
}

static void test_soft(void)
{
    struct diagnosis diagnosis;

    one_waiter(WAIT_FDS, OBJECT_TCP)->in_flight = true;
    autopsy_judge(&shot, &diagnosis);
    check(diagnosis.condition == CONDITION_STUCK && diagnosis.in_flight,
          "TCP must hold again later");
    diagnosis_free(&diagnosis);
}

int main(void)
{
    test_rows_of_the_table();
    test_objects();
    test_tree();
    test_stuck_part();
    test_exposed_by_memory();
    test_exposed_by_object();
    test_exposed_by_lock();
    test_siblings_wake();
    test_ring();
    test_soft();
    printf("1..%d\n", tests);
    return failures != 0;
}

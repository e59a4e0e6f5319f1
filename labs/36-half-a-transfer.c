/* SPDX-License-Identifier: MIT
 *
 * 36-half-a-transfer: the child gets the lock, and books that do not balance.
 *
 * Hazard:  child: {n-100}+{n} = {2*n-100}
 *          parent: {n-100}+{n+100} = {2*n}
 *          [child] exit 42
 * Safe:    child: {}+{} = {2*n}
 *          parent: {n-100}+{n+100} = {2*n}
 *          [child] exit 42
 * Work:    thread
 * Number:  1000
 *
 * See 36-half-a-transfer.md, fork(2), pthread_atfork(3), tgkill(2), futex(2).
 */
#include "lab.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

/* Of linux/futex.h, which does not come with every libc. */
enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };

/* A lock that knows its owner: the number of a thread, 0 if it is free. If the
 * owner does not exist, it is free as well: no thread waits for a dead one. */
static atomic_int owner;

static void take(void)
{
    for (;;) {
        int holder = 0;
        if (atomic_compare_exchange_strong(&owner, &holder, gettid()))
            return;
        if (syscall(SYS_tgkill, getpid(), holder, 0) == -1 && errno == ESRCH)
            atomic_compare_exchange_strong(&owner, &holder, 0);
        else
            syscall(SYS_futex, &owner, FUTEX_WAIT_PRIVATE, holder, NULL);
    }
}

static void give(void)
{
    atomic_store(&owner, 0);
    syscall(SYS_futex, &owner, FUTEX_WAKE_PRIVATE, 1);
}

static int savings, purse; /* the lock protects both */

static struct event halfway, forked;

static void *work(void *main_tid)
{
    call_me("worker");
    take();
    savings -= 100;
    say("worker: 100 out of savings");
    event_announce(&halfway);
    event_wait_or_futex(&forked, *(pid_t *)main_tid);
    purse += 100;
    say("worker: 100 into the purse");
    give();
    return NULL;
}

static void audit(const char *who)
{
    take();
    show("%s: %d+%d = %d", who, savings, purse, savings + purse);
    give();
}

int main(void)
{
    pthread_t worker;
    pid_t main_tid = gettid();
    int status;

    savings = purse = run_number(1000);
    event_make(&halfway);
    event_make(&forked);
    if (pthread_create(&worker, NULL, work, &main_tid) != 0)
        die("pthread_create");

    event_wait(&halfway);
    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        audit("child");
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    event_announce(&forked);
    pthread_join(worker, NULL);
    audit("parent");
    return 0;
}

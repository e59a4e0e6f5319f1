/* SPDX-License-Identifier: MIT
 *
 * locks: steps on what threads meet at in memory, see maze.h.
 */
#define _GNU_SOURCE
#include "maze.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* So many ms from now, on the clock of the pthread functions. */
static struct timespec soon(int ms)
{
    struct timespec when;

    clock_gettime(CLOCK_REALTIME, &when);
    when.tv_nsec += ms * 1000000L;
    when.tv_sec += when.tv_nsec / 1000000000L;
    when.tv_nsec %= 1000000000L;
    return when;
}

static pthread_mutex_t *mutex_of(const struct step *step)
{
    return &meeting_of(step)->mutex[step->a % MUTEXES];
}

static pthread_cond_t *condition_of(const struct step *step)
{
    return &meeting_of(step)->condition[step->a];
}

static void take(pthread_mutex_t *mutex)
{
    if (pthread_mutex_lock(mutex) == EOWNERDEAD)
        pthread_mutex_consistent(mutex);
}

static void do_take(const struct step *step)
{
    take(mutex_of(step));
}

static void do_unlock(const struct step *step)
{
    pthread_mutex_unlock(mutex_of(step));
}

static void do_take_limit(const struct step *step)
{
    struct timespec when = soon(30);

    if (pthread_mutex_timedlock(mutex_of(step), &when) == EOWNERDEAD)
        pthread_mutex_consistent(mutex_of(step));
}

static void do_wait(const struct step *step)
{
    take(mutex_of(step));
    if (pthread_cond_wait(condition_of(step), mutex_of(step)) == EOWNERDEAD)
        pthread_mutex_consistent(mutex_of(step));
    pthread_mutex_unlock(mutex_of(step));
}

static void do_wait_limit(const struct step *step)
{
    struct timespec when = soon(40);

    take(mutex_of(step));
    pthread_cond_timedwait(condition_of(step), mutex_of(step), &when);
    pthread_mutex_unlock(mutex_of(step));
}

static void do_notify(const struct step *step)
{
    pthread_cond_signal(condition_of(step));
}

static void do_notify_all(const struct step *step)
{
    pthread_cond_broadcast(condition_of(step));
}

static sem_t *semaphore_of(const struct step *step)
{
    return &meeting_of(step)->semaphore[step->a];
}

static void do_sem_wait(const struct step *step)
{
    sem_wait(semaphore_of(step));
}

static void do_sem_limit(const struct step *step)
{
    struct timespec when = soon(30);

    sem_timedwait(semaphore_of(step), &when);
}

static void do_sem_post(const struct step *step)
{
    sem_post(semaphore_of(step));
}

static void do_read_lock(const struct step *step)
{
    pthread_rwlock_rdlock(&meeting_of(step)->rwlock[step->a]);
}

static void do_write_lock(const struct step *step)
{
    pthread_rwlock_wrlock(&meeting_of(step)->rwlock[step->a]);
}

static void do_rw_unlock(const struct step *step)
{
    pthread_rwlock_unlock(&meeting_of(step)->rwlock[step->a]);
}

static void do_barrier(const struct step *step)
{
    pthread_barrier_wait(&meeting_of(step)->barrier);
}

/* futex(2) on the word of the step; `moved` of those that wait are moved to the
 * other word. */
static void call_futex(const struct step *step, int operation, uint32_t value,
                       unsigned long moved)
{
    uint32_t *word = meeting_of(step)->word;
    int how = step->where ? operation : operation | FUTEX_PRIVATE_FLAG;

    syscall(SYS_futex, &word[step->a], how, value, moved, &word[!step->a], 0);
}

static void do_futex_wait(const struct step *step)
{
    call_futex(step, FUTEX_WAIT, meeting_of(step)->word[step->a], 0);
}

static void do_futex_wake(const struct step *step)
{
    call_futex(step, FUTEX_WAKE, 1, 0);
}

static void do_futex_requeue(const struct step *step)
{
    call_futex(step, FUTEX_REQUEUE, 0, 1);
}

doing *const do_lock[OPS] = {
    [OP_LOCK] = do_take,
    [OP_UNLOCK] = do_unlock,
    [OP_LOCK_LIMIT] = do_take_limit,
    [OP_WAIT] = do_wait,
    [OP_WAIT_LIMIT] = do_wait_limit,
    [OP_NOTIFY] = do_notify,
    [OP_NOTIFY_ALL] = do_notify_all,
    [OP_SEM_WAIT] = do_sem_wait,
    [OP_SEM_LIMIT] = do_sem_limit,
    [OP_SEM_POST] = do_sem_post,
    [OP_READ_LOCK] = do_read_lock,
    [OP_WRITE_LOCK] = do_write_lock,
    [OP_RW_UNLOCK] = do_rw_unlock,
    [OP_BARRIER] = do_barrier,
    [OP_FUTEX_WAIT] = do_futex_wait,
    [OP_FUTEX_WAKE] = do_futex_wake,
    [OP_FUTEX_REQUEUE] = do_futex_requeue,
};

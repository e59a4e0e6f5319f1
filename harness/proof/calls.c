/* SPDX-License-Identifier: MIT
 *
 * calls: see calls.h. One table; some architectures lack some of the calls.
 *
 * WAIT_KERNEL and WAIT_TIME are the safe side: a thread that counts as able to
 * run again can only delay a verdict, never make it wrong.
 */
#define _GNU_SOURCE
#include "proof/calls.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <sched.h>

#include "linux/syscalls.h"

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif
#define NO_ARGUMENT (-1)

struct call {
    long number;
    const char *name;
    enum wait_kind wait;
    int timeout; /* which argument points to a time limit; none if NULL */
    enum fd_source source;
    bool writes;
};

static const struct call calls[] = {
#define CALL(name, ...)                                                        \
    {                                                                          \
        SYS_##name, #name, __VA_ARGS__                                         \
    }
    CALL(futex, WAIT_FUTEX, 3, 0, false),
    CALL(futex_waitv, WAIT_FUTEX, 3, 0, false),
    CALL(read, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, false),
    CALL(readv, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, false),
    CALL(recvfrom, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, false),
    CALL(recvmsg, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, false),
    CALL(recvmmsg, WAIT_FDS, 4, FDS_FIRST, false),
    CALL(write, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, true),
    CALL(writev, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, true),
    CALL(sendto, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, true),
    CALL(sendmsg, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, true),
    CALL(splice, WAIT_FDS, NO_ARGUMENT, FDS_SPLICE, false),
    CALL(tee, WAIT_FDS, NO_ARGUMENT, FDS_TEE, false),
    CALL(vmsplice, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, true),
    CALL(sendfile, WAIT_FDS, NO_ARGUMENT, FDS_TEE, true),
    CALL(accept, WAIT_CLIENT, NO_ARGUMENT, FDS_FIRST, false),
    CALL(accept4, WAIT_CLIENT, NO_ARGUMENT, FDS_FIRST, false),
    CALL(io_uring_enter, WAIT_FDS, NO_ARGUMENT, FDS_FIRST, false),
    CALL(connect, WAIT_FDS, NO_ARGUMENT, FDS_CONNECT, true),
    CALL(ppoll, WAIT_FDS, 2, FDS_POLL, false),
    CALL(pselect6, WAIT_FDS, 4, FDS_SELECT, false),
    CALL(epoll_pwait, WAIT_FDS, NO_ARGUMENT, FDS_EPOLL, false),
#ifdef SYS_epoll_pwait2
    CALL(epoll_pwait2, WAIT_FDS, 3, FDS_EPOLL, false),
#endif
#ifdef SYS_poll
    CALL(poll, WAIT_FDS, NO_ARGUMENT, FDS_POLL, false),
    CALL(select, WAIT_FDS, 4, FDS_SELECT, false),
    CALL(epoll_wait, WAIT_FDS, NO_ARGUMENT, FDS_EPOLL, false),
    CALL(open, WAIT_FDS, NO_ARGUMENT, FDS_OPEN, false),
    CALL(pause, WAIT_SIGNAL, NO_ARGUMENT, 0, false),
    CALL(vfork, WAIT_VFORK, NO_ARGUMENT, 0, false),
#endif
    CALL(openat, WAIT_FDS, NO_ARGUMENT, FDS_OPEN, false),
    CALL(clone, WAIT_VFORK, NO_ARGUMENT, 0, false),
#ifdef SYS_clone3
    CALL(clone3, WAIT_VFORK, NO_ARGUMENT, 0, false),
#endif
    CALL(wait4, WAIT_CHILD, NO_ARGUMENT, 0, false),
    CALL(waitid, WAIT_CHILD, NO_ARGUMENT, 0, false),
    CALL(nanosleep, WAIT_TIME, NO_ARGUMENT, 0, false),
    CALL(clock_nanosleep, WAIT_TIME, NO_ARGUMENT, 0, false),
    CALL(rt_sigsuspend, WAIT_SIGNAL, NO_ARGUMENT, 0, false),
    CALL(rt_sigtimedwait, WAIT_SIGNAL, 2, 0, false),
    CALL(flock, WAIT_LOCK, NO_ARGUMENT, FDS_FIRST, false),
    CALL(fcntl, WAIT_LOCK, NO_ARGUMENT, FDS_FIRST, false),
#ifdef SYS_msgrcv
    CALL(msgrcv, WAIT_IPC, NO_ARGUMENT, 0, false),
    CALL(msgsnd, WAIT_IPC, NO_ARGUMENT, 0, true),
    CALL(semop, WAIT_IPC, NO_ARGUMENT, 0, false),
    CALL(semtimedop, WAIT_IPC, 3, 0, false),
#endif
    CALL(mq_timedreceive, WAIT_IPC, 4, 0, false),
    CALL(mq_timedsend, WAIT_IPC, 4, 0, true),
#undef CALL
};

static const struct call *find(long number)
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        if (calls[i].number == number)
            return &calls[i];
    return NULL;
}

/* Is it FUTEX_WAIT or a variant of it? All others return at once. */
static bool futex_waits(unsigned long operation)
{
    switch ((int)operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
    case FUTEX_WAIT_REQUEUE_PI:
        return true;
    default:
        return false;
    }
}

bool call_by_owner(const struct thread_shot *thread)
{
    int operation = (int)thread->args[1] & FUTEX_CMD_MASK;

    return thread->wait == WAIT_FUTEX && thread->call == SYS_futex &&
           (operation == FUTEX_LOCK_PI || operation == FUTEX_LOCK_PI2 ||
            operation == FUTEX_WAIT_REQUEUE_PI);
}

/* poll(2) and epoll_wait(2) take their time limit as a number: < 0 is none. */
static bool has_number_limit(const struct thread_shot *thread)
{
    int limit = 0;

    switch (thread->call) {
#ifdef SYS_poll
    case SYS_poll:
        limit = (int)thread->args[2];
        break;
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
        limit = (int)thread->args[3];
        break;
    default:
        return false;
    }
    return limit >= 0;
}

/* What does a thread wait for that sleeps in this call? */
static enum wait_kind sleeping_waits_for(const struct thread_shot *thread,
                                         const struct call *call)
{
    if (call->timeout != NO_ARGUMENT && thread->args[call->timeout] != 0)
        return WAIT_TIME;
    if (has_number_limit(thread))
        return WAIT_TIME;
    if (thread->call == SYS_futex && !futex_waits(thread->args[1]))
        return WAIT_KERNEL;
    if (thread->call == SYS_fcntl && thread->args[1] != F_SETLKW &&
        thread->args[1] != F_OFD_SETLKW)
        return WAIT_KERNEL;
    /* With any other flag it may have a time limit, or name no descriptor. */
    if (thread->call == SYS_io_uring_enter &&
        thread->args[3] != IORING_ENTER_GETEVENTS)
        return WAIT_KERNEL;
    if (call->wait == WAIT_VFORK)
        return WAIT_KERNEL; /* a vfork(2) parent would be in state D */
    return call->wait;
}

/* A 32-bit program on a 64-bit kernel has other numbers for its calls. Its
 * stack lies below 4 GiB, which tells it apart. */
static bool foreign(const struct thread_shot *thread)
{
    return sizeof(long) == 8 && thread->sp != 0 && thread->sp >> 32 == 0;
}

enum wait_kind call_waits_for(const struct thread_shot *thread,
                              const char **name)
{
    const struct call *call =
        thread->call < 0 || foreign(thread) ? NULL : find(thread->call);

    if (name != NULL)
        *name = call ? call->name : NULL;
    switch (thread->state) {
    case 'R':
        return WAIT_NOTHING;
    case 'T':
        return WAIT_STOPPED;
    case 't':
        return WAIT_TRACED;
    case 'D':
        /* A vfork(2) parent waits uninterruptibly; others may wait for a disk.
         */
        return call && call->wait == WAIT_VFORK ? WAIT_VFORK : WAIT_KERNEL;
    case 'S':
        return call ? sleeping_waits_for(thread, call) : WAIT_KERNEL;
    default:
        return WAIT_KERNEL;
    }
}

bool call_writes(const struct thread_shot *thread)
{
    const struct call *call = find(thread->call);

    return call != NULL && call->writes;
}

enum fd_source call_fd_source(const struct thread_shot *thread)
{
    const struct call *call = find(thread->call);

    return call ? call->source : FDS_FIRST;
}

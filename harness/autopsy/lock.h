/* SPDX-License-Identifier: MIT
 *
 * lock: which lock a futex word belongs to, and who owns the lock.
 *
 * A futex(2) wait has an address and nothing else. What is there follows from
 * the function that waits (on the stack), from the type of the variable (debug
 * information) and from the bytes, in the layouts of glibc and musl.
 *
 * All of this is explanation. No proof depends on it: a program can write to a
 * lock word what it likes.
 */
#ifndef FORKLAB_LOCK_H
#define FORKLAB_LOCK_H

#include <sys/types.h>

#include "autopsy/unwind.h"

enum lock_kind {
    LOCK_FUTEX,     /* a futex(2) word of which nothing else is known */
    LOCK_MUTEX,     /* pthread_mutex_t, also recursive, robust ... */
    LOCK_RWLOCK,    /* pthread_rwlock_t */
    LOCK_CONDITION, /* pthread_cond_t: has no owner */
    LOCK_SEMAPHORE, /* sem_t: has no owner */
    LOCK_BARRIER,   /* pthread_barrier_t */
    LOCK_JOIN,      /* pthread_join: waits for a thread to end */
    LOCK_ONCE,      /* pthread_once, __cxa_guard */
    LOCK_LIBC,      /* a lock inside libc or another library */
};

struct lock {
    enum lock_kind kind;
    enum waits waits;      /* the same kind, for the report */
    unsigned long address; /* where the object starts, in the process */
    pid_t owner;           /* its owner's tid as the program sees it (tids of
                              its own PID namespace); 0 if none or unknown */
    char *name;            /* "pool.lock", as of stack_variable(), or NULL */
    char *type;            /* "pthread_mutex_t", or NULL */
    char *detail;          /* "value 0, 1 waiter", "held by 1 reader", or NULL:
                              what the bytes say beyond the owner */
};

/* Describes the lock that a thread of the process waits for. `futex` is the
 * address that it sleeps on, `frames` its call stack, `stack` may be NULL.
 * Where nothing can be read the kind is LOCK_FUTEX or LOCK_LIBC and all else is
 * empty. The caller calls lock_free(). */
void lock_identify(struct stack *stack, pid_t pid, unsigned long futex,
                   const struct frame *frames, size_t count, struct lock *lock);
void lock_free(struct lock *lock);

#endif

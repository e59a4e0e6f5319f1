/* SPDX-License-Identifier: MIT
 *
 * lock: which lock lies under a futex word, and what it says of its owner.
 *
 * A futex(2) wait names an address and nothing else. What lies there is told by
 * the function that waits (its name is on the stack), by the type of the
 * variable (debug information), and by the bytes, for glibc and musl, whose
 * layouts differ.
 *
 * All of it is explanation. No proof rests on it: a lock word may lie.
 */
#ifndef FORKLAB_LOCK_H
#define FORKLAB_LOCK_H

#include <sys/types.h>

#include "autopsy/unwind.h"

enum lock_kind {
    LOCK_FUTEX,     /* a bare futex: nothing more is known */
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
    bool has_owner;        /* this kind of lock says who holds it */
    bool robust, recursive;
    char *name;   /* "pool.lock" as stack_variable(), or NULL */
    char *type;   /* "pthread_mutex_t", or NULL */
    char *detail; /* "value 0, 1 waiter", "held by 1 reader", or NULL:
                     what the bytes say beyond the owner */
};

/* Describes the lock that a thread waits for. `futex` is the address it waits
 * at, `frames` its stack. The caller calls lock_free(). Never fails: at worst
 * the kind is LOCK_FUTEX. */
void lock_identify(struct stack *stack, pid_t pid, unsigned long futex,
                   const struct frame *frames, size_t count, struct lock *lock);
void lock_free(struct lock *lock);

#endif

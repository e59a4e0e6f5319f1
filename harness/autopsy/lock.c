/* SPDX-License-Identifier: MIT
 *
 * lock: see lock.h.
 *
 * Layouts on 64-bit machines, all of them stable for years, and part of the ABI
 * of static initialisers; all objects are aligned to 8 bytes:
 *   glibc  pthread_mutex_t   lock 0, count 4, owner 8, nusers 12, kind 16
 *          (sysdeps/nptl/bits/struct_mutex.h)
 *          pthread_rwlock_t  readers 0, wrphase_futex 8, writers_futex 12,
 *          cur_writer 24 (struct_rwlock.h)
 *          pthread_cond_t    signals 40 and 44
 *          pthread_barrier_t current_round 4
 *          sem_t             value and waiters in one 64-bit word
 *          pthread_join      waits for the tid of the thread to become 0;
 *          since 2.43 for its state, which is 2 until it ends. On x86-64 the
 *          structure begins with its own address, which comes again 16 bytes
 *          later, and has the tid after 720 bytes, in 2.31 to 2.43
 *   musl   pthread_mutex_t   type 0, lock word 4: the owner's tid, but only 16
 *          for a normal mutex (src/thread/pthread_mutex_trylock.c)
 *          pthread_rwlock_t  lock word 0: readers, or 0x7fffffff for a writer
 *          pthread_join      waits for the thread's state, 2 words after its
 *          tid; the structure begins with its own address, 56 bytes before on
 *          x86-64, 40 where the thread pointer is at its end
 *          (src/internal/pthread_impl.h)
 */
#define _GNU_SOURCE
#include "autopsy/lock.h"

#include <stdint.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "autopsy/recognise.h"
#include "base/memory.h"
#include "linux/libc.h"
#include "linux/remote.h"

#define MUSL_OWNER 0x3fffffffU

static const struct {
    const char *type;
    enum lock_kind kind;
} by_type[] = {
    {"pthread_mutex_t", LOCK_MUTEX},
    {"mtx_t", LOCK_MUTEX},
    {"pthread_cond_t", LOCK_CONDITION},
    {"cnd_t", LOCK_CONDITION},
    {"pthread_rwlock_t", LOCK_RWLOCK},
    {"sem_t", LOCK_SEMAPHORE},
    {"pthread_barrier_t", LOCK_BARRIER},
    {"pthread_once_t", LOCK_ONCE},
    {"once_flag", LOCK_ONCE},
};

static const enum waits waits[] = {
    [LOCK_FUTEX] = WAITS_FUTEX,         [LOCK_MUTEX] = WAITS_MUTEX,
    [LOCK_RWLOCK] = WAITS_RWLOCK,       [LOCK_CONDITION] = WAITS_CONDITION,
    [LOCK_SEMAPHORE] = WAITS_SEMAPHORE, [LOCK_BARRIER] = WAITS_BARRIER,
    [LOCK_JOIN] = WAITS_JOIN,           [LOCK_ONCE] = WAITS_ONCE,
    [LOCK_LIBC] = WAITS_LIBRARY_LOCK,
};

static enum lock_kind kind_by_type(const char *type)
{
    for (size_t i = 0; i < sizeof(by_type) / sizeof(by_type[0]); i++)
        if (strcmp(type, by_type[i].type) == 0)
            return by_type[i].kind;
    return LOCK_FUTEX;
}

static bool read_int(pid_t pid, unsigned long address, int *value)
{
    return remote_read(pid, address, value, sizeof(*value));
}

/* Do these bytes look like a mutex of glibc that is locked and waited for? Used
 * only where neither a type nor a function tells what it is. */
static bool looks_like_mutex(pid_t pid, unsigned long futex)
{
    int word[5]; /* lock, count, owner, nusers, kind */

    return futex % 8 == 0 && remote_read(pid, futex, word, sizeof(word)) &&
           word[0] == 2 && word[2] > 0 && word[3] > 0 && word[3] < 0x10000 &&
           word[4] >= 0 && word[4] < 0x400;
}

/* The type of the variable is the best evidence: a thread in pthread_cond_wait
 * may be waiting for the mutex that it has to lock again. Next comes what the
 * functions on the stack tell. */
static enum lock_kind find_kind(pid_t pid, unsigned long futex,
                                const struct lock *lock,
                                const struct recognised *seen, size_t count)
{
    enum lock_kind kind = LOCK_FUTEX;

    if (lock->type != NULL)
        kind = kind_by_type(lock->type);
    if (kind != LOCK_FUTEX)
        return kind;
    return ((count == 0 && seen->kind == LOCK_FUTEX) ||
            (seen->kind == LOCK_CONDITION && !seen->foreign)) &&
                   looks_like_mutex(pid, futex)
               ? LOCK_MUTEX
               : seen->kind;
}

/* The start address of the lock that the futex word is a part of. */
static unsigned long object_start(pid_t pid, enum lock_kind kind,
                                  unsigned long futex)
{
    int readers;

    switch (kind) {
    case LOCK_MUTEX:
    case LOCK_BARRIER:
        return futex % 8 == 4 ? futex - 4 : futex;
    case LOCK_RWLOCK:
        if (futex % 8 == 4)
            return futex - 12;
        /* glibc's wrphase_futex, at 8, is 0 to 3. musl's lock word, at 0, is
         * never that small while a thread sleeps on it. */
        return read_int(pid, futex, &readers) && (readers & ~3) != 0
                   ? futex
                   : futex - 8;
    default:
        return futex;
    }
}

static void read_glibc_mutex(pid_t pid, struct lock *lock)
{
    int kind = 0, word;

    if (!read_int(pid, lock->address + 8, &lock->owner) ||
        !read_int(pid, lock->address + 16, &kind))
        return;
    /* With priority inheritance the lock word holds the owner, for the kernel.
     */
    if ((kind & 32) && lock->owner == 0 && read_int(pid, lock->address, &word))
        lock->owner = (pid_t)((unsigned)word & FUTEX_TID_MASK);
}

static void read_musl_mutex(pid_t pid, unsigned long futex, struct lock *lock)
{
    int word = 0, type = 0;

    if (!read_int(pid, futex, &word) || !read_int(pid, lock->address, &type))
        return;
    if ((type & 15) != 0)
        lock->owner = (pid_t)((unsigned)word & MUSL_OWNER);
}

static void read_rwlock(pid_t pid, unsigned long futex, struct lock *lock)
{
    int readers = 0, writer = 0;

    if (!read_int(pid, lock->address, &readers))
        return;
    if (lock->address != futex) { /* glibc */
        read_int(pid, lock->address + 24, &writer);
        readers >>= 3;
    } else if ((readers & 0x7fffffff) == 0x7fffffff)
        return; /* musl does not note the writer */
    lock->owner = writer > 0 ? writer : 0;
    if (writer <= 0 && (readers & 0x7fffffff) != 0)
        lock->detail = xasprintf("held by %d reader%s", readers & 0x7fffffff,
                                 (readers & 0x7fffffff) == 1 ? "" : "s");
}

/* A thread structure of musl starts with its own address. */
static bool points_to_itself(pid_t pid, unsigned long address)
{
    unsigned long self;

    return remote_read(pid, address, &self, sizeof(self)) && self == address;
}

/* The tid in the structure of glibc that has this word of pthread_join; the
 * word itself where no such structure is found. */
static unsigned long glibc_tid(pid_t pid, unsigned long futex)
{
#ifdef __x86_64__
    const unsigned long aligned = 64, longest = 4096;
    unsigned long first = futex & -aligned;

    for (unsigned long at = first; first - at < longest; at -= aligned) {
        unsigned long word[3];
        if (!remote_read(pid, at, word, sizeof(word)))
            break;
        if (word[0] == at && word[2] == at)
            return at + GLIBC_TID_AT;
    }
#else
    (void)pid;
#endif
    return futex;
}

/* Reads the tid of the thread that pthread_join waits for. */
static void read_join(pid_t pid, unsigned long futex, struct lock *lock)
{
    bool musl =
        points_to_itself(pid, futex - 56) || points_to_itself(pid, futex - 40);
    int value = 0;

    read_int(pid, musl ? futex - 8 : glibc_tid(pid, futex), &value);
    lock->owner = value;
}

static void read_lock(pid_t pid, unsigned long futex, struct lock *lock)
{
    int value;

    switch (lock->kind) {
    case LOCK_MUTEX:
        if (lock->address != futex)
            read_musl_mutex(pid, futex, lock);
        else
            read_glibc_mutex(pid, lock);
        break;
    case LOCK_RWLOCK:
        read_rwlock(pid, futex, lock);
        break;
    case LOCK_JOIN:
        read_join(pid, futex, lock);
        break;
    case LOCK_SEMAPHORE:
        if (read_int(pid, lock->address, &value))
            lock->detail = xasprintf("value %d", value & 0x7fffffff);
        break;
    default:
        break;
    }
}

/* Without debug information the name of the futex word has an offset, "rw+8":
 * takes the name of the lock's start instead. */
static void find_name(struct stack *stack, unsigned long futex,
                      struct lock *lock)
{
    char *type, *name;

    if (stack == NULL || lock->type != NULL || lock->address == futex)
        return;
    name = stack_variable(stack, lock->address, &type);
    free(type);
    if (name == NULL)
        return;
    free(lock->name);
    lock->name = name;
}

/* What the functions on the stack tell, where the variable tells nothing. */
static void add_words(const struct recognised *seen, struct lock *lock)
{
    static const char guard[] = "guard variable for ";

    if (lock->name != NULL && strncmp(lock->name, guard, strlen(guard)) == 0)
        memmove(lock->name, lock->name + strlen(guard),
                strlen(lock->name + strlen(guard)) + 1);
    /* "runtime.m0+328" says less. */
    if (seen->name != NULL && lock->kind == seen->kind &&
        (lock->name == NULL || strchr(lock->name, '+') != NULL)) {
        free(lock->name);
        lock->name = xstrdup(seen->name);
    }
    if (lock->detail == NULL && seen->detail != NULL)
        lock->detail = xstrdup(seen->detail);
    if (lock->detail == NULL && lock->kind == LOCK_FUTEX &&
        lock->name == NULL && seen->library != NULL)
        lock->detail = xasprintf("in %s", seen->library);
}

void lock_identify(struct stack *stack, pid_t pid, unsigned long futex,
                   const struct frame *frames, size_t count, struct lock *lock)
{
    const struct recognised seen = recognise(frames, count);

    *lock = (struct lock){.address = futex};
    if (stack != NULL)
        lock->name = stack_variable(stack, futex, &lock->type);
    bool foreign = seen.foreign && lock->type == NULL;
    lock->kind = find_kind(pid, futex, lock, &seen, count);
    lock->waits = waits[lock->kind];
    if (!foreign)
        lock->address = object_start(pid, lock->kind, futex);
    find_name(stack, futex, lock);
    if (!foreign)
        read_lock(pid, futex, lock);
    if (lock->owner < 0)
        lock->owner = 0;
    add_words(&seen, lock);
}

void lock_free(struct lock *lock)
{
    free(lock->name);
    free(lock->type);
    free(lock->detail);
}

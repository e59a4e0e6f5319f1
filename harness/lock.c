/* SPDX-License-Identifier: MIT
 *
 * lock: see lock.h.
 *
 * Layouts, all of them stable for decades and part of the ABI:
 *   glibc  pthread_mutex_t   lock 0, count 4, owner 8, nusers 12, kind 16
 *          (sysdeps/nptl/bits/struct_mutex.h)
 *          pthread_rwlock_t  readers 0, cur_writer 24 (struct_rwlock.h)
 *          sem_t             value and waiters in one 64-bit word
 *          pthread_join      waits for the tid of the thread to become 0
 *   musl   pthread_mutex_t   type 0, lock word 4: the owner's tid, but only 16
 *          for a normal mutex (src/thread/pthread_mutex_trylock.c)
 */
#define _GNU_SOURCE
#include "lock.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUSL_OWNER 0x3fffffffU

/* What the name of a waiting function says. The first that fits counts. */
static const struct {
    const char *part;
    enum lock_kind kind;
} by_function[] = {
    {"pthread_cond", LOCK_CONDITION},
    {"cnd_", LOCK_CONDITION},
    {"pthread_rwlock", LOCK_RWLOCK},
    {"pthread_mutex", LOCK_MUTEX},
    {"mtx_", LOCK_MUTEX},
    {"sem_", LOCK_SEMAPHORE},
    {"pthread_barrier", LOCK_BARRIER},
    {"pthread_join", LOCK_JOIN},
    {"pthread_clockjoin", LOCK_JOIN},
    {"thrd_join", LOCK_JOIN},
    {"pthread_once", LOCK_ONCE},
    {"call_once", LOCK_ONCE},
    {"cxa_guard_acquire", LOCK_ONCE},
};

static const struct {
    const char *type;
    enum lock_kind kind;
} by_type[] = {
    {"pthread_mutex_t", LOCK_MUTEX},     {"mtx_t", LOCK_MUTEX},
    {"pthread_cond_t", LOCK_CONDITION},  {"cnd_t", LOCK_CONDITION},
    {"pthread_rwlock_t", LOCK_RWLOCK},   {"sem_t", LOCK_SEMAPHORE},
    {"pthread_barrier_t", LOCK_BARRIER},
};

static const char *const words[] = {
    [LOCK_FUTEX] = "futex",         [LOCK_MUTEX] = "mutex",
    [LOCK_RWLOCK] = "rwlock",       [LOCK_CONDITION] = "condition",
    [LOCK_SEMAPHORE] = "semaphore", [LOCK_BARRIER] = "barrier",
    [LOCK_JOIN] = "join",           [LOCK_ONCE] = "once",
    [LOCK_LIBC] = "library lock",
};

static enum lock_kind kind_by_function(const char *function)
{
    for (size_t i = 0;
         function != NULL && i < sizeof(by_function) / sizeof(by_function[0]);
         i++)
        if (strstr(function, by_function[i].part) != NULL)
            return by_function[i].kind;
    return LOCK_LIBC;
}

static enum lock_kind kind_by_type(const char *type)
{
    for (size_t i = 0; i < sizeof(by_type) / sizeof(by_type[0]); i++)
        if (strcmp(type, by_type[i].type) == 0)
            return by_type[i].kind;
    return LOCK_FUTEX;
}

/* The library function that the program called says most; a program that calls
 * futex(2) itself has none. */
static enum lock_kind find_kind(const struct lock *lock,
                                const struct frame *frames, size_t count)
{
    const char *library;

    stack_program_frame(frames, count, &library);
    if (library != NULL && strcmp(library, "syscall") != 0)
        return kind_by_function(library);
    return lock->type ? kind_by_type(lock->type) : LOCK_FUTEX;
}

static bool read_int(pid_t pid, unsigned long address, int *value)
{
    return stack_memory(pid, address, value, sizeof(*value));
}

/* musl keeps its lock word behind the type, and never a count there. */
static bool is_musl(pid_t pid)
{
    char path[64], line[512];
    bool glibc = false, musl = false;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(path, "re");
    while (stream != NULL && fgets(line, sizeof(line), stream) != NULL) {
        glibc |= strstr(line, "/libc.so.6") != NULL;
        musl |= strstr(line, "musl") != NULL;
    }
    if (stream != NULL)
        fclose(stream);
    return musl && !glibc;
}

static void read_glibc_mutex(pid_t pid, struct lock *lock)
{
    int kind = 0;

    lock->has_owner = read_int(pid, lock->address + 8, &lock->owner);
    if (read_int(pid, lock->address + 16, &kind)) {
        lock->recursive = (kind & 3) == 1;
        lock->robust = (kind & 16) != 0;
    }
}

static void read_musl_mutex(pid_t pid, unsigned long futex, struct lock *lock)
{
    int word = 0, type = 0;

    lock->address = futex - 4;
    read_int(pid, futex, &word);
    read_int(pid, lock->address, &type);
    lock->has_owner = (type & 15) != 0;
    lock->owner = lock->has_owner ? (pid_t)((unsigned)word & MUSL_OWNER) : 0;
}

static void read_lock(pid_t pid, unsigned long futex, struct lock *lock)
{
    int value;

    switch (lock->kind) {
    case LOCK_MUTEX:
        if (is_musl(pid))
            read_musl_mutex(pid, futex, lock);
        else
            read_glibc_mutex(pid, lock);
        break;
    case LOCK_RWLOCK:
        lock->has_owner =
            read_int(pid, lock->address + 24, &lock->owner) && lock->owner != 0;
        if (!lock->has_owner && read_int(pid, lock->address, &value))
            lock->detail = xasprintf("%d readers", value >> 3);
        break;
    case LOCK_JOIN:
        lock->has_owner = read_int(pid, futex, &lock->owner);
        break;
    case LOCK_SEMAPHORE:
        if (read_int(pid, lock->address, &value))
            lock->detail = xasprintf("value %d", value);
        break;
    default:
        break;
    }
}

/* The words of a rwlock or a condition that threads sleep on are not its first:
 * the named object says where it starts, else the nearest that may be. */
static unsigned long object_start(enum lock_kind kind, unsigned long futex)
{
    switch (kind) {
    case LOCK_RWLOCK:
        return futex - 8; /* __writers_futex; see struct_rwlock.h */
    default:
        return futex;
    }
}

void lock_identify(struct stack *stack, pid_t pid, unsigned long futex,
                   const struct frame *frames, size_t count, struct lock *lock)
{
    *lock = (struct lock){.address = futex};
    if (stack != NULL)
        lock->name = stack_variable(stack, futex, &lock->type);
    lock->kind = find_kind(lock, frames, count);
    lock->word = words[lock->kind];
    lock->address = object_start(lock->kind, futex);
    read_lock(pid, futex, lock);
    if (lock->owner < 0)
        lock->owner = 0;
}

void lock_free(struct lock *lock)
{
    free(lock->name);
    free(lock->type);
    free(lock->detail);
}

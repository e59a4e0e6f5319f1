/* SPDX-License-Identifier: MIT
 * A thread is in jemalloc, with a lock of it, while main makes a child that
 * allocates too. _Fork(3) runs no handlers: fork(3) would have waited. */
#define _GNU_SOURCE
#include <jemalloc/jemalloc.h>
#include <pthread.h>

#include "say.h"

static volatile int inside;
static extent_hooks_t hooks;

/* jemalloc asks for memory here, and has its lock. */
static void *wait_inside(extent_hooks_t *same, void *at, size_t size,
                       size_t alignment, bool *zero, bool *commit,
                       unsigned arena)
{
    (void)same, (void)at, (void)size, (void)alignment, (void)zero, (void)commit;
    (void)arena;
    inside = 1;
    for (;;)
        pause();
}

static void *allocate(void *arena)
{
    return mallocx(64 << 20, MALLOCX_ARENA(*(unsigned *)arena) |
                                 MALLOCX_TCACHE_NONE);
}

int main(void)
{
    extent_hooks_t *all = &hooks, *now;
    size_t size = sizeof(now), number = sizeof(unsigned);
    unsigned arena;
    pthread_t thread;

    if (mallctl("arenas.create", &arena, &number, NULL, 0) != 0 ||
        mallctl("arena.0.extent_hooks", &now, &size, NULL, 0) != 0)
        return 1;
    hooks = *now;
    hooks.alloc = wait_inside;
    char name[64];
    snprintf(name, sizeof(name), "arena.%u.extent_hooks", arena);
    if (mallctl(name, NULL, NULL, &all, sizeof(all)) != 0)
        return 1;
    pthread_create(&thread, NULL, allocate, &arena);
    while (!inside)
        usleep(1000);
    pid_t child = _Fork();
    if (child == 0)
        allocate(&arena);
    return say_and_wait(child);
}

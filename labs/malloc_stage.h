/* SPDX-License-Identifier: MIT
 *
 * malloc_stage.h: how lab 32 keeps a thread inside malloc(), with its lock,
 * where the C library is musl. The lab itself has how it is done with glibc.
 *
 *   worker   malloc(): takes the lock, looks at its records
 *                        page fault -> let_read() -> hold_the_lock()
 *   parent                                  _Fork(), in the middle of it
 *   worker                                            let_read() opens the page
 *            malloc(): goes on, gives the lock back
 */
#ifndef FORKLAB_MALLOC_STAGE_H
#define FORKLAB_MALLOC_STAGE_H

#include "lab.h"

#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>

static void hold_the_lock(void); /* the lab's */

#ifdef __GLIBC__
/* A sanitizer, for one, brings another malloc() than the C library's. */
static bool other_malloc(void)
{
    size_t before = mallinfo2().uordblks;
    void *volatile memory = malloc(2000);
    bool same = mallinfo2().uordblks == before;

    free(memory);
    return same;
}

#else
/* musl's malloc() keeps its records at the end of the heap. A thread that reads
 * them, with malloc's lock, hits an unreadable page, and then this handler. */
static char *records;
static size_t page;

static void let_read(int unused LAB_UNUSED)
{
    hold_the_lock();
    if (mprotect(records, page, PROT_READ | PROT_WRITE) == -1)
        die("mprotect");
}

/* Calls malloc() and comes back when hold_the_lock() has. */
static void use_malloc(void)
{
    struct sigaction action = {.sa_handler = let_read};
    void *volatile memory = malloc(1); /* from here on there are records */

    free(memory);
    page = (size_t)sysconf(_SC_PAGESIZE);
    records = (char *)sbrk(0) - page;
    if (sigaction(SIGSEGV, &action, NULL) == -1 ||
        mprotect(records, page, PROT_NONE) == -1)
        die("mprotect");
    memory = malloc(1);
    free(memory);
}

#endif

#endif

/* SPDX-License-Identifier: MIT
 *
 * word: a futex word in memory that somebody outside of the tree may map, too,
 * and what the rows of outside.c and passed.c share with it.
 */
#ifndef FORKLAB_WORD_H
#define FORKLAB_WORD_H

#include "lab.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline void sleep_a_second(void)
{
    struct timespec left = {.tv_sec = 1};

    while (nanosleep(&left, &left) == -1)
        ;
}

/* A word at the start of the file, which gets the size for it. */
static inline unsigned *map_word(int fd)
{
    unsigned *word =
        ftruncate(fd, 4096) == -1
            ? MAP_FAILED
            : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (word == MAP_FAILED)
        die("mmap");
    return word;
}

/* Ends with status 7 when somebody has woken it. */
static inline void wait_for_word(unsigned *word)
{
    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == 0)
        syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
    _exit(7);
}

static inline void wake_word(unsigned *word)
{
    __atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

#endif

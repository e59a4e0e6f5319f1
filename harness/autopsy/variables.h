/* SPDX-License-Identifier: MIT
 *
 * variables: the name of the variable at an address, from DWARF debug
 * information; where there is none, from the symbols.
 */
#ifndef FORKLAB_VARIABLES_H
#define FORKLAB_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "autopsy/symbols.h"

/* A place on a stack. */
struct place {
    unsigned long where; /* in the instruction: a return address minus one */
    unsigned long pc;    /* the program counter itself */
    unsigned long sp;    /* stack pointer there; 0 if unknown */
};

/* All variables of a process that are pointers, read once: those of more frames
 * are added as they are met. An empty one is {0}. */
struct pointers {
    struct pointer *item;
    size_t count;
    bool globals;      /* they are in */
    size_t seen_count; /* ... and those of so many frames */
};

void pointers_free(struct pointers *pointers);

/* The name of the variable that the address is in, with its member path:
 * "lock", "pool.lock", "forks[2]"; or of one that points to it: "pool->lock".
 * `seen` are the frames whose local variables may be it, each with the stack
 * pointer of its *caller* (the canonical frame address). *type gets the name of
 * its type ("pthread_mutex_t") or NULL. Returns NULL where nothing is known.
 * The caller frees both, and *pointers, which is the same for a process. */
char *variable_at(const struct image *image, struct pointers *pointers,
                  const struct place *seen, size_t seen_count,
                  unsigned long address, char **type);

#endif

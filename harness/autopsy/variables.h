/* SPDX-License-Identifier: MIT
 *
 * variables: the name of the variable at an address, from DWARF debug
 * information; where there is none, from the symbols.
 */
#ifndef FORKLAB_VARIABLES_H
#define FORKLAB_VARIABLES_H

#include <stddef.h>

#include "autopsy/symbols.h"

/* A place on a stack. */
struct place {
    unsigned long where; /* in the instruction: a return address minus one */
    unsigned long pc;    /* the program counter itself */
    unsigned long sp;    /* stack pointer there; 0 if unknown */
};

/* The name of the variable that the address is in, with its member path:
 * "lock", "pool.lock", "forks[2]"; or of one that points to it: "pool->lock".
 * `seen` are the frames whose local variables may be it, each with the stack
 * pointer of its *caller* (the canonical frame address). *type gets the name of
 * its type ("pthread_mutex_t") or NULL. Returns NULL where nothing is known.
 * The caller frees both. */
char *variable_at(const struct image *image, const struct place *seen,
                  size_t seen_count, unsigned long address, char **type);

#endif

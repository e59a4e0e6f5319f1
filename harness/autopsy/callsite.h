/* SPDX-License-Identifier: MIT
 *
 * callsite: the call instruction before a return address, decoded on x86-64 and
 * arm64. Used to check guesses: an unwinding is believed only where calls lead
 * there.
 */
#ifndef FORKLAB_CALLSITE_H
#define FORKLAB_CALLSITE_H

#include <stdbool.h>

#include "autopsy/symbols.h"

/* Does a call instruction end at this address? *target gets the function that
 * it calls, with the stub of a library call followed to its end; 0 where a
 * register or memory decides. On other machines: is it an address in a mapped
 * file? */
bool follows_call(const struct image *image, unsigned long address,
                  unsigned long *target);

/* Could the call before this return address be the one that has called the
 * function at `where`? */
bool could_call(const struct image *image, unsigned long return_address,
                unsigned long where);

#endif

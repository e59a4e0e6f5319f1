/* SPDX-License-Identifier: MIT
 *
 * pylines: the line of an instruction, from the table that CPython keeps for
 * it.
 */
#ifndef FORKLAB_PYLINES_H
#define FORKLAB_PYLINES_H

#include <stddef.h>

/* The tables of code objects: co_lnotab (up to 3.9, Objects/lnotab_notes.txt),
 * co_linetable of 3.10 (PEP 626), and that since 3.11 (Objects/locations.md).
 */
enum pylines { PYLINES_LNOTAB, PYLINES_310, PYLINES_311 };

/* The line of the instruction at so many bytes from the first one of a function
 * that begins at line `first`. 0: it has none. */
int pylines_line(enum pylines kind, const unsigned char *table, size_t size,
                 int first, unsigned long offset);

#endif

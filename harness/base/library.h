/* SPDX-License-Identifier: MIT
 *
 * library: a shared library that is loaded when it is first needed.
 */
#ifndef FORKLAB_LIBRARY_H
#define FORKLAB_LIBRARY_H

#include <stdbool.h>

/* Loads it, with all that it needs. NULL: it is not installed. It stays. */
void *library_open(const char *name);

/* Puts the address of that function into *function, a pointer to a function.
 * False: the library has none. */
bool library_find(void *library, const char *name, void *function);

#endif

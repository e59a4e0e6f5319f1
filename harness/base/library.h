/* SPDX-License-Identifier: MIT
 *
 * library: functions of a shared library that is loaded when they are first
 * needed. See autopsy/dw.h for how they are called.
 */
#ifndef FORKLAB_LIBRARY_H
#define FORKLAB_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_function {
    const char *name;
    void *place; /* of the pointer to it */
};

/* Loads the library, with all that it needs, and finds these functions; it
 * stays loaded. False: it is not installed, or lacks one of them. dlopen(3) */
bool library_load(const char *name, const struct library_function *functions,
                  size_t count);

#endif

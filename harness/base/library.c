/* SPDX-License-Identifier: MIT
 *
 * library: see library.h.
 */
#define _GNU_SOURCE
#include "base/library.h"

#include <dlfcn.h>
#include <stddef.h>

void *library_open(const char *name)
{
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

/* ISO C has no conversion from the void pointer of dlsym(3) to a function;
 * POSIX has this way. */
bool library_find(void *library, const char *name, void *function)
{
    *(void **)function = dlsym(library, name);
    return *(void **)function != NULL;
}

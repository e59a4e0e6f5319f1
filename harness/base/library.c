/* SPDX-License-Identifier: MIT
 *
 * library: see library.h.
 */
#define _GNU_SOURCE
#include "base/library.h"

#include <dlfcn.h>

/* ISO C has no conversion from the void pointer of dlsym(3) to a function;
 * POSIX has this way. */
static bool find(void *library, const struct library_function *function)
{
    void **place = function->place;

    *place = dlsym(library, function->name);
    return *place != NULL;
}

bool library_load(const char *name, const struct library_function *functions,
                  size_t count)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    bool good = library != NULL;

    for (size_t i = 0; good && i < count; i++)
        good = find(library, &functions[i]);
    return good;
}

/* SPDX-License-Identifier: MIT
 *
 * dw: see dw.h.
 */
#define _GNU_SOURCE
#include "autopsy/dw.h"

#include <dlfcn.h>
#include <stddef.h>

struct dw dw;

/* ISO C has no conversion from the void pointer of dlsym(3) to a function;
 * POSIX has this way. */
static bool find_function(void *library, const char *name, void *function)
{
    *(void **)function = dlsym(library, name);
    return *(void **)function != NULL;
}

static bool load(void)
{
    void *library = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
    bool good = library != NULL;

#define DW_FIND(name) good = good && find_function(library, #name, &dw.name);
    DW_FUNCTIONS(DW_FIND)
#undef DW_FIND
    return good;
}

bool dw_load(void)
{
    static bool tried, good;

    if (!tried)
        good = load();
    tried = true;
    return good;
}

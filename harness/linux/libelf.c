/* SPDX-License-Identifier: MIT
 *
 * libelf: see libelf.h.
 */
#define _GNU_SOURCE
#include "linux/libelf.h"

#include <stddef.h>

#include "base/library.h"

struct libelf libelf;

static bool load(void)
{
    void *library = library_open("libelf.so.1");
    bool good = library != NULL;

#define LIBELF_FIND(name)                                                      \
    good = good && library_find(library, #name, &libelf.name);
    LIBELF_FUNCTIONS(LIBELF_FIND)
#undef LIBELF_FIND
    return good;
}

bool libelf_load(void)
{
    static bool tried, good;

    if (!tried)
        good = load();
    tried = true;
    return good;
}

/* SPDX-License-Identifier: MIT
 *
 * dw: see dw.h.
 */
#define _GNU_SOURCE
#include "autopsy/dw.h"

#include <stddef.h>

#include "base/library.h"
#include "linux/libelf.h"

struct dw dw;

static bool load(void)
{
    void *library = library_open("libdw.so.1");
    bool good = library != NULL && libelf_load();

#define DW_FIND(name) good = good && library_find(library, #name, &dw.name);
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

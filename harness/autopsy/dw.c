/* SPDX-License-Identifier: MIT
 *
 * dw: see dw.h.
 */
#define _GNU_SOURCE
#include "autopsy/dw.h"

#include "base/library.h"
#include "linux/libelf.h"

struct dw dw;

bool dw_load(void)
{
#define DW_ENTRY(name) {#name, &dw.name},
    static const struct library_function functions[] = {DW_FUNCTIONS(DW_ENTRY)};
#undef DW_ENTRY
    static bool tried, good;

    if (!tried)
        good = libelf_load() &&
               library_load("libdw.so.1", functions,
                            sizeof(functions) / sizeof(functions[0]));
    tried = true;
    return good;
}

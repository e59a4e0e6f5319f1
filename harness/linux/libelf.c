/* SPDX-License-Identifier: MIT
 *
 * libelf: see libelf.h.
 */
#define _GNU_SOURCE
#include "linux/libelf.h"

#include "base/library.h"

struct libelf libelf;

bool libelf_load(void)
{
#define LIBELF_ENTRY(name) {#name, &libelf.name},
    static const struct library_function functions[] = {
        LIBELF_FUNCTIONS(LIBELF_ENTRY)};
#undef LIBELF_ENTRY
    static bool tried, good;

    if (!tried)
        good = library_load("libelf.so.1", functions,
                            sizeof(functions) / sizeof(functions[0]));
    tried = true;
    return good;
}

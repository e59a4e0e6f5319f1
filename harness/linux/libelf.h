/* SPDX-License-Identifier: MIT
 *
 * libelf: elfutils' libelf, loaded with dlopen(3) when it is first needed.
 *
 * With libz it takes 0.2 ms to load; a run needs it while it waits for the
 * keeper. Its functions are called as libelf.elf_begin(). <libelf.h> and
 * <gelf.h> describe them.
 */
#ifndef FORKLAB_LIBELF_H
#define FORKLAB_LIBELF_H

#include <gelf.h>
#include <stdbool.h>

/* clang-format off */
#define LIBELF_FUNCTIONS(F) \
    F(elf_begin) \
    F(elf_end) \
    F(elf_getdata) \
    F(elf_getphdrnum) \
    F(elf_kind) \
    F(elf_nextscn) \
    F(elf_rawfile) \
    F(elf_strptr) \
    F(elf_version) \
    F(gelf_getdyn) \
    F(gelf_getehdr) \
    F(gelf_getnote) \
    F(gelf_getphdr) \
    F(gelf_getshdr) \
    F(gelf_getsym)
/* clang-format on */

struct libelf {
#define LIBELF_MEMBER(name) __typeof__(name) *(name);
    LIBELF_FUNCTIONS(LIBELF_MEMBER)
#undef LIBELF_MEMBER
};

extern struct libelf libelf;

/* Loads libelf, the first time. False if it is not installed, or lacks one of
 * these functions: then none may be called. */
bool libelf_load(void);

#endif

/* SPDX-License-Identifier: MIT
 *
 * symbols: from an address in a process to the mapped file, the symbol and the
 * source line. Used by the files of this directory only.
 */
#ifndef FORKLAB_SYMBOLS_H
#define FORKLAB_SYMBOLS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "autopsy/dw.h"

struct symbol {
    const char *name;
    unsigned long start, end;
    unsigned long reach; /* the largest end of this symbol and those before */
    bool object;         /* a variable, not a function */
};

/* One file that the process has mapped. */
struct module {
    struct module *next;
    const struct image *image;
    Dwfl_Module *dwfl;
    bool in_library;       /* not the program's own */
    bool sorted;           /* `symbol` has been filled */
    struct symbol *symbol; /* in the order of their addresses */
    size_t symbols;
};

/* The files that one process has mapped: its program and its libraries. */
struct image {
    Dwfl *dwfl;
    pid_t pid;
    char program[PATH_MAX]; /* the path of its executable, "" if unknown */
    char root[PATH_MAX];    /* as of mapped_root() */
    bool c_library;         /* the C library is a file of its own */
    struct module *modules;
};

/* Lists the files that the process has mapped. Returns false where they cannot
 * be read: only image_close() may follow then. dw_load() must have succeeded.
 * The image must not move in memory until it is closed. */
bool image_open(struct image *image, pid_t pid);
void image_close(struct image *image);

/* The file that is mapped at the address, or NULL. The image owns it. */
struct module *module_at(const struct image *image, unsigned long address);

/* Is it the C library, or its loader? */
bool module_in_libc(const struct module *module);

/* The file's name without its directory, or NULL. The caller frees it. */
char *module_name(const struct module *module);

/* The symbol whose extent holds the address: a variable if `object`, else a
 * function. Of several, the name that a programmer writes: pthread_mutex_lock,
 * not ___pthread_mutex_lock. NULL if there is none. The module owns it. */
const struct symbol *symbol_at(struct module *module, unsigned long address,
                               bool object);

/* The address of the variable or function of this name that the program itself,
 * or its interpreter's library (libpython3.11.so), defines; 0 if there is none.
 */
unsigned long symbol_address(const struct image *image, const char *name);

/* A part of `name`, without what a library or a sanitizer puts before it:
 * "___pthread_mutex_lock" is pthread_mutex_lock. */
const char *plain_name(const char *name);

/* The length of `name` without what a compiler or a linker has added to it:
 * "read.part.0", "pthread_cond_wait@@GLIBC_2.3.2". */
size_t name_length(const char *name);

/* Do both names mean one function? */
bool same_function(const char *one, const char *other);

/* The debug information of the compilation unit that the address is in, or
 * NULL. *bias gets the difference between addresses in the process and in it.
 */
Dwarf_Die *unit_at(Dwfl_Module *module, Dwarf_Addr where, Dwarf_Addr *bias);

/* Was it compiled from Go? That has units of a whole package each. */
bool unit_is_of_go(Dwarf_Die *unit);

/* Is it a header of a compiler or of the system, or the standard library of a
 * language, rather than somebody's own code? */
bool source_is_foreign(const char *file);

/* The source file of the instruction at this address, as the program names it,
 * and its line; where that is foreign and inlined, the call in one's own code.
 * NULL where it is not known. The caller frees it. */
char *source_at(struct module *module, unsigned long where, int *line);

/* Is this code the program's own, not a library's? False if module is NULL. */
bool is_program(struct module *module, unsigned long where);
bool program_at(const struct image *image, unsigned long where);

#endif

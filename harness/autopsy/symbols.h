/* SPDX-License-Identifier: MIT
 *
 * symbols: what lies at an address of a process: its file, the symbol, the line
 * of its source. For the files of this directory.
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
    unsigned long reach; /* the largest end so far, in order of start */
    bool object;         /* a variable, not a function */
};

/* What we know of one file that the process has mapped. */
struct module {
    struct module *next;
    const struct image *image;
    Dwfl_Module *dwfl;
    bool in_library; /* not the program's own */
    bool sorted;     /* symbols have been read */
    struct symbol *symbol;
    size_t symbols;
};

/* The files that one process has mapped: its program and its libraries. */
struct image {
    Dwfl *dwfl;
    pid_t pid;
    char program[PATH_MAX];
    char root[PATH_MAX]; /* of mapped_root() */
    bool c_library;      /* it has one that is no part of the program */
    struct module *modules;
};

/* Lists the files that the process has mapped. False where /proc does not let
 * us, or the process has ended: then nothing but image_close() may follow.
 * libdw must have been loaded. The image must stay where it is until it is
 * closed. */
bool image_open(struct image *image, pid_t pid);
void image_close(struct image *image);

/* The file that the address belongs to, or NULL. The image owns it. */
struct module *module_at(const struct image *image, unsigned long address);

/* The symbol whose extent holds the address: a variable if `object`, else a
 * function. Of several, the name that a programmer writes: pthread_mutex_lock,
 * not ___pthread_mutex_lock. NULL if there is none. The module owns it. */
const struct symbol *symbol_at(struct module *module, unsigned long address,
                               bool object);

/* A part of `name`, without what a library or a sanitizer puts before it:
 * "___pthread_mutex_lock" is pthread_mutex_lock. */
const char *plain_name(const char *name);

/* The length of `name` without what a compiler or a linker has added to it:
 * "read.part.0", "pthread_cond_wait@@GLIBC_2.3.2". */
size_t name_length(const char *name);

/* Do both names mean one function? */
bool same_function(const char *one, const char *other);

/* The debug information of the compilation unit that the address is in, or
 * NULL. *bias gets what must be taken from addresses of the process to compare
 * them with those in it. */
Dwarf_Die *unit_at(Dwfl_Module *module, Dwarf_Addr where, Dwarf_Addr *bias);

/* The source file of the instruction at this address, as the program names it,
 * and its line. NULL where that is not known. The caller frees it. */
char *source_at(struct module *module, unsigned long where, int *line);

/* Is this code the program's own, not a library's? A module of NULL is not. */
bool is_program(struct module *module, unsigned long where);
bool program_at(const struct image *image, unsigned long where);

#endif

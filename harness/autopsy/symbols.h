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
#include "autopsy/unwind.h"

#define MOST_FRAMES 64
#define WORD sizeof(unsigned long)

/* Registers by their DWARF numbers. Others are unknown, and rarely needed. */
#if defined(__aarch64__)
enum { REGISTER_FP = 29, REGISTER_SP = 31 };
#else
enum { REGISTER_FP = 6, REGISTER_SP = 7 };
#endif

struct symbol {
    const char *name;
    unsigned long start, end;
    unsigned long reach; /* the largest end so far, in order of start */
    bool object;         /* a variable, not a function */
};

/* What we know of one file that the process has mapped. */
struct module {
    struct module *next;
    const struct stack *stack;
    Dwfl_Module *dwfl;
    bool in_library; /* not the program's own */
    bool sorted;     /* symbols have been read */
    struct symbol *symbol;
    size_t symbols;
};

/* A place on a stack. */
struct place {
    unsigned long where; /* in the instruction: a return address minus one */
    unsigned long pc;    /* the program counter itself */
    unsigned long sp;    /* stack pointer there; 0 if unknown */
};

struct trace {
    struct place place[MOST_FRAMES];
    size_t count;
    bool reached; /* the place where threads begin: it is all of it */
};

/* Where an unwinding starts. A frame pointer of 0 is unknown. */
struct start {
    unsigned long pc, sp, fp;
    bool resumed; /* pc is a return address */
};

struct stack {
    Dwfl *dwfl;
    pid_t pid, tid;
    char program[PATH_MAX];
    char root[PATH_MAX]; /* of mapped_root() */
    bool c_library;      /* it has one that is no part of the program */
    struct module *modules;
    struct start start; /* for libdwfl's questions */
    struct trace trace; /* what it has found */
    /* All frames unwound so far, for their local variables: where, and the
     * stack pointer of the caller ("canonical frame address"). */
    struct place *seen;
    size_t seen_count;
};

struct module *module_at(const struct stack *stack, unsigned long address);

const struct symbol *symbol_at(struct module *module, unsigned long address,
                               bool object);

const char *plain_name(const char *name);
size_t name_length(const char *name);
bool same_function(const char *one, const char *other);

Dwarf_Die *unit_at(Dwfl_Module *module, Dwarf_Addr where, Dwarf_Addr *bias);
Dwarf_Line *line_at(struct module *module, unsigned long where,
                    Dwarf_Die **unit);
char *source_name(Dwarf_Die *unit, const char *file);

bool is_program(struct module *module, unsigned long where);
bool program_at(const struct stack *stack, unsigned long where);

#endif

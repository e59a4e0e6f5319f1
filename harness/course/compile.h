/* SPDX-License-Identifier: MIT
 *
 * compile: a student's C file becomes a program, or the compiler says why not.
 *
 * The compiler runs in the cage, with limits on its time, memory and output: a
 * file may include /dev/zero, or itself, or ask for a table of a terabyte. The
 * options are those of make (flags.h), so that both give the same warnings.
 */
#ifndef FORKLAB_COMPILE_H
#define FORKLAB_COMPILE_H

#include <signal.h>
#include <stdbool.h>

#include "base/memory.h"
#include "oracle/labs.h"

/* More than a lab takes by far. */
#define COMPILE_SECONDS 30  /* by the clock; 20 of CPU */
#define COMPILE_WORDS 16384 /* bytes of the compiler's words that are kept */

enum compile_end {
    COMPILE_DONE,    /* the program is there */
    COMPILE_ERROR,   /* the compiler refused; its words say why */
    COMPILE_LIMIT,   /* it ran into a limit: time, memory, size */
    COMPILE_MISSING, /* a library that the lab needs is not installed */
    COMPILE_CANNOT,  /* no compiler, or it could not be started */
};

struct compile_result {
    enum compile_end end;
    char *words;   /* what the compiler wrote, as it wrote it, bounded; ""
                      where it was silent. Warnings too */
    size_t length; /* ... in bytes: there may be a NUL in them */
    char *reason;  /* LIMIT, MISSING, CANNOT: one sentence. Else NULL */
};

/* Compiles the file `source` into `program`; the directory `labs` is where
 * lab.h is. Paths are used as given: they are what the compiler's words will
 * show. `lab` tells which libraries it needs; where labs/STEM.so.c is, the
 * program is linked with what make has built of it (build/labs/STEM.so beside
 * labs/). $CC is the compiler, or cc; with musl $MUSL_CC, or musl-gcc. A signal
 * that sets *interrupted ends it (COMPILE_LIMIT). The caller calls
 * compile_free() in any case. */
void compile_attempt(const struct lab *lab, bool musl, const char *labs,
                     const char *source, const char *program,
                     volatile sig_atomic_t *interrupted,
                     struct compile_result *result);

/* Does $CC, or cc, find that header ("omp.h")? */
bool compile_have_header(const char *header);

/* Adds what the compiler is told for a word of a Needs: line, one option an
 * element, to argv; nothing for a word like root, which is no library. False:
 * the library is not installed. $CC is asked for headers. */
bool compile_need(const char *word, struct strings *argv);

/* Can a lab with that word in its Needs: line be built with any C library
 * alone?
 */
bool compile_needs_libc_only(const char *word);

void compile_free(struct compile_result *result);

#endif

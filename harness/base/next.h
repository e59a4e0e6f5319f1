/* SPDX-License-Identifier: MIT
 *
 * next: the command that a message tells its reader to type.
 *
 * In the directory of the project that is "make check-31", elsewhere "make -C
 * DIRECTORY check-31", and for an installed forklab "forklab check 31". Until
 * next_here() is called it is the first.
 */
#ifndef FORKLAB_NEXT_H
#define FORKLAB_NEXT_H

#include <stdbool.h>

struct next {
    const char *verb; /* of make: "lab", "solution", "check" ...; "list" */
    int number;       /* of the lab, or for "list" of a chapter; 0: none */
    int seed;         /* 0: not said */
    bool musl;
    bool portable; /* for others to read: never with a directory of ours */
};

/* Where the project is, and whether forklab was installed, for all that is said
 * from now on. root is copied. */
void next_here(const char *root, bool installed);
bool next_is_installed(void);

/* The command, which the caller frees. */
char *next_command(struct next next);

/* The same with only a verb and a number, or 0. */
char *next_verb(const char *verb, int number);

/* One line of two commands: "make try-31          why: make explain-31". Takes
 * both; second may be NULL. What stands before NEXT_GAP may have a line of its
 * own. The caller frees it. */
#define NEXT_GAP "    "
char *next_with(char *first, const char *what, char *second);

/* How forklab itself is called: "build/forklab", or "forklab". Static. */
const char *next_forklab(void);

/* What to do where a package is missing: "make setup", or for one that only the
 * tests need "make setup check". Static. */
const char *next_setup(bool for_tests);

/* What to do where a program is missing that make builds. Static. */
const char *next_build(void);

#endif

/* SPDX-License-Identifier: MIT
 *
 * known: the names by which a lab is usually cured: those that its solution
 * adds, those that "Cures and their cost" of its page names, and what does the
 * same as one of them. Which attempt uses none of them is worth a look.
 */
#ifndef FORKLAB_KNOWN_H
#define FORKLAB_KNOWN_H

#include <stdbool.h>

#include "base/memory.h"
#include "oracle/lab.h"

struct known {
    struct strings calls; /* functions and constants: used in a call */
    struct strings names; /* variables of the solution: named */
    char *lab, *solution; /* without comments and strings; NULL: no solution */
    struct strings statements; /* of the solution, with their strings */
    bool moves; /* the solution calls nothing more: it takes statements away, or
                   has them in another place */
};

/* Of root's solution and page. Where there is no solution, any name that makes
 * a cure in some lab is known. */
void known_read(const char *root, const struct lab *lab, struct known *known);
void known_free(struct known *known);

/* The names that an attempt uses more often than the lab, of texts without
 * comments and strings. The caller calls strings_free(). */
struct strings known_used(const struct known *known, const char *ours,
                          const char *theirs);

/* A function of the lab itself that the attempt calls less often than the lab,
 * and the solution does not. NULL: none. The caller frees it. */
char *known_lost(const struct known *known, const char *ours,
                 const char *theirs);

/* Is it a function of a library that is never inlined and no macro? Then who
 * calls it imports it. */
bool known_is_imported(const char *name);

/* "a, b": those that a reader knows, of used. NULL: none. The caller frees. */
char *known_words(const struct strings *used);

#endif

/* SPDX-License-Identifier: MIT
 *
 * sources: what an attempt has that its lab has not, and what it lacks.
 *
 * Compares two C files as words, without their comments. It judges nothing: a
 * run decides whether an attempt is safe. `used` names what probably cures it,
 * and `flag` says why a person should look at an attempt that is safe: the
 * lines of evidence can be typed, and this is what typing them looks like.
 */
#ifndef FORKLAB_SOURCES_H
#define FORKLAB_SOURCES_H

#include <stdbool.h>

#include "oracle/lab.h"

struct sources {
    bool same;    /* byte by byte */
    bool earlier; /* the lab's header has Number:, the attempt's has not: it was
                     begun from an earlier text of the lab */
    bool calls;   /* the lab itself calls the function that it hangs in */
    char *used;   /* "pthread_atfork, O_CLOEXEC"; NULL: none of these words */
    char *flag;   /* reasons to look at it, "; " between them; or NULL */
};

/* Does root's solution of the lab use nothing new? Where a cure only moves what
 * is there, it says nothing that an attempt does so, too. */
bool sources_moves_only(const char *root, const struct lab *lab);

/* Compares the lab, as it was when forklab was built, with the file. Where one
 * of them cannot be read, all is false and NULL. moves_only: of
 * sources_moves_only(). The caller calls sources_free(). */
void sources_compare(const char *root, const struct lab *lab, bool moves_only,
                     const char *file, struct sources *sources);
void sources_free(struct sources *sources);

/* Adds to the flag what the compiled attempt no longer imports, of the function
 * that the lab's Hazard: hangs in. */
void sources_see_program(struct sources *sources, const struct lab *lab,
                         const char *program);

#endif

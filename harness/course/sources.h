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

#include "base/memory.h"
#include "course/known.h"
#include "oracle/lab.h"

/* Bytes of an attempt; a lab has 5,000. */
#define MAX_SOURCE ((size_t)1 << 20)

struct sources {
    bool same;    /* byte by byte */
    bool earlier; /* the lab's header has Number:, the attempt's has not: it was
                     begun from an earlier text of the lab */
    bool calls;   /* the lab itself calls the function that it hangs in */
    bool moved;   /* statements, as a solution does that adds no call */
    struct strings cures; /* names that usually cure it, added in a call */
    char
        *used; /* those of libraries, "pthread_atfork, O_CLOEXEC"; NULL: none */
    char *flag; /* reasons to look at it, "; " between them; or NULL */
};

/* Compares the lab, as it was when forklab was built, with the file. Where one
 * of them cannot be read, all is false and NULL. The caller calls
 * sources_free(). */
void sources_compare(const char *root, const struct lab *lab,
                     const struct known *known, const char *file,
                     struct sources *sources);
void sources_free(struct sources *sources);

/* Adds to the flag what only the compiled attempt tells: that it imports no
 * function that usually cures the lab, or not the one that the lab hangs in.
 * NULL: there is none, the source alone is looked at. */
void sources_see_program(struct sources *sources, const struct lab *lab,
                         const char *program);

#endif

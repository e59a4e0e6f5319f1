/* SPDX-License-Identifier: MIT
 *
 * original: the labs as they were when forklab was built, in
 * build/original/labs/. Students are to change a copy in attempts/; some change
 * labs/ itself. Then nothing that is said of "the lab" must rest on that file,
 * and it can be brought back.
 *
 * Where there is no such copy (an installed forklab, whose labs are not the
 * user's), or `git fetch` or `git pull` came after it, nothing is known, and
 * nothing is claimed.
 */
#ifndef FORKLAB_ORIGINAL_H
#define FORKLAB_ORIGINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"

/* All bytes of the lab as it was; *size is their number. The caller frees it.
 * NULL: not known. */
char *original_text(const char *root, const struct lab *lab, size_t *size);

/* "The file labs/31-x.c was changed ...; make restore-31 brings it back", for
 * the lab and for the headers that labs share. NULL: all are as they were, or
 * it is not known. The caller frees it. */
char *original_note(const char *root, const struct lab *lab);

/* The lab as its original header declares it. False where that is not known;
 * else the caller calls lab_free(). */
bool original_lab(const char *root, const struct lab *lab, struct lab *was);

/* `forklab restore N`: brings the lab and the shared headers back. What was
 * there becomes the attempt, or beside one attempts/NN-name.c.1, or the next
 * number that is free. Returns NULL, or what is wrong, which the caller frees.
 */
char *original_restore(FILE *stream, const char *root, const char *number);

#endif

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
#include <stddef.h>

#include "base/memory.h"
#include "oracle/labs.h"

#define ORIGINALS "build/original"
#define MAX_LAB_SIZE ((size_t)1 << 20) /* bytes of a lab */

/* "labs/31-x.c", then "labs/lab.h" and the other headers that labs include: a
 * change of one changes each of them. The caller calls strings_free(). */
struct strings original_files(const char *root, const struct lab *lab);

/* The original of root/NAME, *size bytes, which the caller frees; NULL: not
 * known. */
char *original_read(const char *root, const char *name, size_t *size);

/* Is root/NAME another file than it was? */
bool original_differs(const char *root, const char *name);

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

#endif

/* SPDX-License-Identifier: MIT
 *
 * project: where the labs are, and where the user's files go.
 */
#ifndef FORKLAB_PROJECT_H
#define FORKLAB_PROJECT_H

#include <stdbool.h>

#include "oracle/labs.h"

/* The directory that has labs/, solutions/, attempts/ and build/, an absolute
 * path: the project that forklab was built in, or $FORKLAB_ROOT. If that has no
 * build/, for it was installed, it is $XDG_DATA_HOME/forklab (or
 * ~/.local/share/forklab), which is set up with links to the installed files,
 * if `writes`, or else the installed directory itself where the user has none
 * yet. Ends forklab if there is none. The caller frees it. */
char *project_root(bool writes);

/* Reads all labs below root. Ends forklab if one of them cannot be read. The
 * caller calls labs_free(). */
void project_labs(const char *root, struct lab_list *labs);

/* The lab with that number, which may have leading zeros. Ends forklab with the
 * nearest one if there is none. */
const struct lab *project_lab(const struct lab_list *labs, const char *number);

#endif

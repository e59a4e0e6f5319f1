/* SPDX-License-Identifier: MIT
 *
 * project: where the labs are, and where the user's files go.
 */
#ifndef FORKLAB_PROJECT_H
#define FORKLAB_PROJECT_H

#include "oracle/labs.h"

/* The directory that has labs/, solutions/ and build/, an absolute path. Ends
 * forklab if it cannot tell. The caller frees it. */
char *project_root(void);

/* Reads all labs below root. Ends forklab if one of them cannot be read. The
 * caller calls labs_free(). */
void project_labs(const char *root, struct lab_list *labs);

/* The lab with that number, which may have leading zeros. Ends forklab with the
 * nearest one if there is none. */
const struct lab *project_lab(const struct lab_list *labs, const char *number);

#endif

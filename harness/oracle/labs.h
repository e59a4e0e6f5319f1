/* SPDX-License-Identifier: MIT
 *
 * labs: all labs. The directory is the list: a lab is labs/NN-symptom.c with
 * solutions/NN-symptom.c beside it.
 */
#ifndef FORKLAB_LABS_H
#define FORKLAB_LABS_H

#include <stddef.h>

#include "oracle/lab.h"

struct lab_list {
    struct lab *lab; /* by rising number */
    size_t count;
};

/* Reads all of labs/NN-*.c below root. Returns NULL or the first error, as
 * lab_read() does; *list is then empty. Two labs with one number are an error.
 * Files that are no labs (NN-name.exec.c, NN-name.so.c) are left out. */
char *labs_find(const char *root, struct lab_list *list);

/* The lab of that number; NULL if there is none, and *nearest is then the one
 * whose number is nearest (NULL in an empty list). */
const struct lab *labs_get(const struct lab_list *list, int number,
                           const struct lab **nearest);

void labs_free(struct lab_list *list);

#endif

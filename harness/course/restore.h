/* SPDX-License-Identifier: MIT
 *
 * restore: brings a lab back as it was when forklab was built, see original.h.
 */
#ifndef FORKLAB_RESTORE_H
#define FORKLAB_RESTORE_H

#include <stdio.h>

/* `forklab restore N`: brings the lab and the shared headers back. What was
 * there becomes the attempt, or beside one attempts/NN-name.c.1, or the next
 * number that is free. Returns NULL, or what is wrong, which the caller frees.
 */
char *restore_lab(FILE *stream, const char *root, const char *number);

#endif

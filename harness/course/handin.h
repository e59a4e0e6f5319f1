/* SPDX-License-Identifier: MIT
 *
 * handin: what a student hands in, as one file, attempts/handin.tar: the
 * attempts with their older versions, what is known of the progress, the text
 * of `forklab doctor`, and the SHA-256 of each. It has no name, no host and no
 * path of the student's. Nothing is sent anywhere.
 */
#ifndef FORKLAB_HANDIN_H
#define FORKLAB_HANDIN_H

#include <stdio.h>

#include "oracle/labs.h"

/* Writes the archive and says on stream what is in it. Returns NULL, or what is
 * wrong in one line, which the caller frees; an older archive is then as it
 * was. */
char *handin_pack(FILE *stream, const char *root, const struct lab_list *labs,
                  const char *doctor);

#endif

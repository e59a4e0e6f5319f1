/* SPDX-License-Identifier: MIT
 *
 * onsave: checks an attempt again each time it is saved.
 */
#ifndef FORKLAB_ONSAVE_H
#define FORKLAB_ONSAVE_H

#include <signal.h>
#include <stdio.h>

#include "oracle/labs.h"

/* Runs `forklab check N` now and after every save of attempts/NN-name.c, until
 * *interrupted is set. inotify(7) tells of a save at once; where it does not
 * work (some network and shared directories), looking twice a second does.
 * Returns NULL, or why it cannot, which the caller frees. */
char *check_on_save(FILE *stream, const char *root, const struct lab *lab,
                    volatile sig_atomic_t *interrupted);

#endif

/* SPDX-License-Identifier: MIT
 *
 * kept: what a check has said of the same attempt before.
 *
 * In a class, many hand in the same file: the lab as it was, our solution, what
 * went round. Its runs are made once, and stand in the grades of each of them.
 */
#ifndef FORKLAB_KEPT_H
#define FORKLAB_KEPT_H

#include <stddef.h>

/* Waits until nobody else checks what has that key. Returns what is to be
 * closed by close(2) when it is checked; -1: there is no directory (NULL), or
 * no lock to be had, or a signal came. */
int kept_turn(const char *directory, const char *key);

/* The answer that the directory keeps by that key, of *size bytes and a NUL.
 * NULL: none, or there is no directory (NULL). The caller frees it. */
char *kept_read(const char *directory, const char *key, size_t *size);

/* Keeps it; what is kept is whole. Where that is not possible it is not kept:
 * then the next one is checked, too. */
void kept_write(const char *directory, const char *key, const char *text,
                size_t size);

#endif

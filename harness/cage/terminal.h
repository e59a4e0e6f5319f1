/* SPDX-License-Identifier: MIT
 *
 * terminal: the settings of the user's terminal, where the program can reach
 * it.
 *
 * In the cage it has no terminal of ours (shield.h). Without namespaces it can
 * open the user's by its name in /dev/pts, and turn the echo off: termios(3).
 */
#ifndef FORKLAB_TERMINAL_H
#define FORKLAB_TERMINAL_H

#include <termios.h>

struct terminal {
    int fd; /* open on our controlling terminal, or -1: nothing was saved */
    struct termios before;
};

/* Saves the settings, if we are in the foreground of a terminal. */
struct terminal terminal_save(void);

/* Restores them if they have changed, and closes the terminal. Not if we are in
 * the background now, or if a pager may read our output: then somebody else
 * sets the terminal. */
void terminal_restore(struct terminal *terminal);

#endif

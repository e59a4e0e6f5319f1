/* SPDX-License-Identifier: MIT
 *
 * view: what a program of a stranger can see while it is graded.
 *
 * The cage lets no process escape; it does not keep a program from reading or
 * writing the files of its user. To grade a class, a process enters a view
 * first: it and its descendants see the system's own directories (/usr, /lib,
 * /dev ...; read-only), an empty /tmp and one working directory, and have a
 * loopback network and a host name of their own. /etc holds what compilers and
 * loaders need, and invented accounts and hosts. Home directories, other
 * submissions and their results are not visible. Root becomes nobody.
 *
 * There is no way back. Descriptors that were opened before stay usable: that
 * is how results are written. See user_namespaces(7), pivot_root(2).
 */
#ifndef FORKLAB_VIEW_H
#define FORKLAB_VIEW_H

#include <stdbool.h>

/* The working directory inside the view, a file system in memory. */
#define VIEW_DIRECTORY "/grade"

/* Enters a view; the current directory is then VIEW_DIRECTORY, empty, and
 * TMPDIR is /tmp. `results` is open on a directory that stays writable for us,
 * or -1. Returns NULL, or why not (the caller frees it): then the process must
 * exit, for it may be half inside. Call it while there is one thread. */
char *view_enter(int results);

/* Can a view be entered on this machine? Tries it in a child. */
bool view_possible(void);

/* Inside a view: another loopback network, of this process and what it starts.
 * False with errno. */
bool view_own_network(void);

/* Makes the working directory read-only. False with errno. */
bool view_seal(void);

#endif

/* SPDX-License-Identifier: MIT
 *
 * view: what a stranger's program may see while it is graded.
 *
 * The cage lets nothing escape; it does not keep a program from reading, or
 * writing, what its user may. Whoever grades a class enters a view first: the
 * process, and all that it starts from then on, see the system's own folders
 * (/usr, /lib, /dev ...; read-only), a fresh /tmp and one working folder, and
 * have a loopback network and a host name of their own. Of /etc there is what
 * compilers and loaders need, and accounts and hosts that no machine has. Home
 * folders, other submissions and their results are not there at all. Root
 * becomes nobody.
 *
 * There is no way back. Descriptors that were opened before go on working: that
 * is how results are written. See user_namespaces(7), pivot_root(2).
 */
#ifndef FORKLAB_VIEW_H
#define FORKLAB_VIEW_H

#include <stdbool.h>

/* The working folder inside the view, a file system in memory. */
#define VIEW_FOLDER "/grade"

/* Enters a view; the present folder is then VIEW_FOLDER, empty, and TMPDIR is
 * /tmp. `results` is a folder, open, that whoever we become must be able to
 * write to; -1 for none. Returns NULL, or why not (the caller frees it): then
 * this process should not go on, for it may be half inside. Call it while there
 * is one thread. */
char *view_enter(int results);

/* Can a view be entered on this machine? Tries it in a child. */
bool view_possible(void);

/* Makes the working folder read-only for all that is started from now on. */
bool view_seal(void);

#endif

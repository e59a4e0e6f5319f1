/* SPDX-License-Identifier: MIT
 *
 * threaded: can what a command starts have several threads?
 *
 * The witness hears close(2) and dup2(2) only there: a process with one thread
 * cannot change what its own numbers mean while it sleeps. To hear a call has a
 * price that no kernel lets us avoid: until the runner has received it, a
 * signal interrupts it, also a call that never fails with EINTR otherwise. A
 * shell, whose handler of SIGCHLD is without SA_RESTART, leaks a descriptor by
 * that.
 */
#ifndef FORKLAB_THREADED_H
#define FORKLAB_THREADED_H

#include <stdbool.h>

/* False if the program of the command, and each program or script that its
 * arguments name (also in words of a shell's command), is an ELF file that
 * loads only libc and libraries which start no threads, and imports none of the
 * calls that make them. What such a program starts may have threads all the
 * same: then no wait of theirs on a descriptor is proved. `argv` ends with
 * NULL; names without a slash are searched for in PATH. */
bool threaded_command(char *const *argv);

#endif

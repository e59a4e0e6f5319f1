/* SPDX-License-Identifier: MIT
 *
 * children: to wait for our children, or for a signal that ends us, whichever
 * comes first. waitpid(2) alone misses a signal that comes right before it.
 */
#ifndef FORKLAB_CHILDREN_H
#define FORKLAB_CHILDREN_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

/* From now on SIGINT, SIGTERM and SIGHUP wait for children_wait(). Call it
 * before a child is made; the child calls children_end(), too. */
void children_begin(sigset_t *before);
void children_end(const sigset_t *before);

/* Returns when one of these children has ended (waitpid(2) is the caller's), or
 * when one of the signals has come and its handler has run. A pid of 0 is none.
 */
void children_wait(const pid_t *children, size_t count, const sigset_t *before);

#endif

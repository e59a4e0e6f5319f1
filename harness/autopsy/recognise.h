/* SPDX-License-Identifier: MIT
 *
 * recognise: what a thread waits for, by the innermost function on its stack
 * that tells.
 *
 * A call of SSL_CTX_free may wait in pthread_rwlock_wrlock, and that of exit in
 * pthread_cond_destroy: the outermost function says nothing of the lock. So the
 * innermost frames are compared with a table of exact names, and a name that is
 * in no row is never guessed from a similar one.
 */
#ifndef FORKLAB_RECOGNISE_H
#define FORKLAB_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>

#include "autopsy/lock.h"

struct recognised {
    enum lock_kind kind;
    bool foreign;        /* not in the layout of the C library's own types */
    const char *name;    /* static: what it is called, or NULL */
    const char *detail;  /* static: what is to be said beside that, or NULL */
    const char *library; /* where an unknown one waits: a part of the frames */
};

/* LOCK_FUTEX where nothing is known. */
struct recognised recognise(const struct frame *frames, size_t count);

#endif

/* SPDX-License-Identifier: MIT
 *
 * heard: what the program was heard to do that a later proof must know, since
 * /proc shows no trace of it: alarm clocks, time limits of sockets, descriptors
 * passed, numbers closed. The witness tells of each call before it is executed.
 */
#ifndef FORKLAB_HEARD_H
#define FORKLAB_HEARD_H

#include <stdbool.h>
#include <stddef.h>

#include "cage/witness.h"
#include "proof/changes.h"
#include "proof/snapshot.h"
#include "run/passing.h"

struct alarm_clock;

struct heard {
    bool has_witness;   /* else nothing is heard: anything may have been done */
    bool hears_numbers; /* ... close(2) and the like are heard, too */
    struct alarm_clock *clocks;
    size_t clock_count;
    struct pids ringing;  /* for heard_tell() */
    struct fileids timed; /* sockets that got a time limit */
    bool timeouts;        /* ... one did, unknown which */
    struct passing passing;
    /* What only the tree can reach, as in struct knowledge. */
    const char *directory;
    const dev_t *devices;
    size_t device_count;
    size_t rings; /* so often io_uring or aio was set up */
    size_t aio;   /* contexts of aio that there may be */
    struct changes changes;
    bool async;   /* somebody has set O_ASYNC */
    bool strange; /* it uses what nobody can look into: nothing is proved */
};

/* Notes a call of the process `pid`, a descendant of `root`. */
void heard_note(struct heard *heard, pid_t root, pid_t pid,
                const struct testimony *testimony);

/* Notes what changes the meaning of what /proc shows of other threads: see
 * changes.h. False if the call is nothing of that kind, and is for
 * heard_note(). */
bool heard_change(struct heard *heard, const struct testimony *testimony);

/* Completes `known` by what was heard; it is about `shot`, and refers to
 * `heard` and to *alarmed, which gets the processes that an alarm clock may yet
 * wake. The caller frees the latter. */
void heard_tell(struct heard *heard, const struct snapshot *shot,
                struct pids *alarmed, struct knowledge *known);

/* Frees all that it has. */
void heard_free(struct heard *heard);

#endif

/* SPDX-License-Identifier: MIT
 *
 * falsify: after a proof, is it true? For `--falsify SECONDS`.
 *
 * The program is not ended but watched on. A proof says that none of the stuck
 * threads will ever run again, so one look that differs refutes it. That none
 * did within some seconds confirms nothing: this finds bugs, it makes no
 * verdict.
 *
 * Where only a part of the tree was proved, only its threads are watched, and
 * the rest of the tree may kill them: no proof excludes that.
 */
#ifndef FORKLAB_FALSIFY_H
#define FORKLAB_FALSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "proof/snapshot.h"
#include "report/report.h"
#include "run/family.h"

struct falsify {
    const struct snapshot *proof;
    const bool *part; /* of its threads; NULL: all of them */
    uint64_t *cpu;    /* ... the nanoseconds that each had used */
    bool hears_exits; /* a witness tells of each exit_group(2) */
    bool woken;       /* a thread may be woken in vain: it goes on sleeping in
                         the same call. Who has closed a ring of io_uring is,
                         when the kernel has cleaned up after it. */
};

/* Starts: notes the CPU time of each thread. The snapshot must stay. The caller
 * calls falsify_end(). */
void falsify_begin(struct falsify *falsify, const struct snapshot *proof,
                   const bool *part, bool hears_exits);

/* Compares with a later snapshot. Returns what has moved, in words that the
 * caller frees; NULL: nothing. `family` knows how those ended that are gone. */
char *falsify_look(const struct falsify *falsify, const struct snapshot *now,
                   const struct family *family);

/* Puts what was found, with both snapshots, into the report. Takes `moved`. */
void falsify_report(const struct falsify *falsify, const struct snapshot *now,
                    char *moved, double after_ms, struct report *report);

void falsify_end(struct falsify *falsify);

#endif

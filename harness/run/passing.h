/* SPDX-License-Identifier: MIT
 *
 * passing: which open files the program has passed to somebody outside, or got
 * from there, as messages on UNIX sockets: SCM_RIGHTS, unix(7).
 *
 * The witness tells of each message before it is sent. Who is at the other end
 * is then still the same.
 */
#ifndef FORKLAB_PASSING_H
#define FORKLAB_PASSING_H

#include "cage/witness.h"
#include "proof/snapshot.h"

struct passing {
    struct passed passed; /* what may be open outside */
    struct fileids pairs; /* connected sockets with both ends in the tree */
    bool inside;          /* something was passed within the tree */
    bool ring;            /* a ring of io_uring was passed, to whomever */
};

/* Notes what a message of the process `pid`, a descendant of `root`, passes. */
void passing_hear(struct passing *passing, pid_t root, pid_t pid,
                  const struct testimony *testimony);

void passing_free(struct passing *passing);

#endif

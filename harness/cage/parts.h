/* SPDX-License-Identifier: MIT
 *
 * parts: what the files of the cage share, and nobody else includes. Three
 * processes run this code: the runner (cage.c), the keeper (keeper.c) and the
 * program's first process until its exec (inmate.c). channels.c makes what they
 * talk through; killloop.c ends processes, for the runner and for the keeper.
 */
#ifndef FORKLAB_CAGE_PARTS_H
#define FORKLAB_CAGE_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cage/cage.h"

/* Ways to hold a program, strongest first. */
enum hold {
    HOLD_NAMESPACES, /* root: PID, IPC and mount namespace */
    HOLD_USER_NS,    /* the same inside a user namespace of our own */
    HOLD_SUBREAPER,  /* no namespaces: subreaper and kill loop */
};

/* Both ends of everything, while the keeper is being made. */
struct plumbing {
    int sync[2];   /* [0] runner, [1] program: hello, go, exec's error */
    int life[2];   /* [0] keeper reads, [1] runner holds */
    int status[2]; /* [0] runner reads, [1] keeper writes */
    int out[2];    /* [0] runner reads, [1] program's stdout */
    int err[2];
    int pid_max; /* kernel.pid_max of the runner's PID namespace */
};

/* The first message on the status pipe. */
struct keeper_hello {
    int error; /* 0, or errno of what could not be set up */
    struct mounts mounts;
};

/* ---- channels.c ---- */

/* Opens all of it. Returns 0, or -1 with errno; what is open then is for
 * unplumb(). `p` has only -1 in it. An output of the kind OUTPUT_FILE lies in
 * `folder`. */
int plumb(struct plumbing *p, enum output_kind kind, const char *folder);

/* Closes what is open of it. */
void unplumb(struct plumbing *p);

/* Closes a descriptor if it is open, and makes it -1. */
void close_fd(int *fd);

/* Sends one int, and a descriptor with it if fd is not -1: unix(7). Does not
 * tell whether it arrives. */
void send_int(int socket, int value, int fd);

/* Receives one int with the sender's pid and a descriptor, which the caller
 * closes (-1 if none came). False at the end of the channel. */
bool receive_int(int socket, int *value, pid_t *sender, int *fd);

/* ---- inmate.c ---- */

/* The program's first process: becomes the program, when the runner says so, or
 * ends with status 127. `inside` is the directory that is TMPDIR. */
__attribute__((noreturn)) void program_side(const struct cage_spec *spec,
                                            const struct plumbing *p,
                                            const char *inside, enum hold hold);

/* ---- keeper.c ---- */

/* The keeper: sets up what holds the program, starts it, tells the runner of
 * deaths, and ends everything when the runner closes `life`, or writes to it.
 */
__attribute__((noreturn)) void keeper_side(const struct cage_spec *spec,
                                           struct plumbing *p,
                                           const struct cage *cage,
                                           enum hold hold);

/* ---- killloop.c ---- */

#define LOOK_MS 1000 /* is_stubborn() looks as often as this */

/* When those that are to end were last seen to stir. Begins with {0}. */
struct patience {
    int64_t looked, stirred; /* ms, CLOCK_MONOTONIC */
    uint64_t switches;       /* context switches of all their threads */
};

/* True when none of those processes has run for 20 s: it is in an
 * uninterruptible wait, or we cannot kill it. To be asked again and again. */
bool is_stubborn(struct patience *patience, const struct pids *found);

/* Appends all processes below this one but the spared. With `deadly` it sends
 * each of them SIGKILL. */
void find_below(pid_t pid, const struct pids *spared, bool deadly,
                struct pids *found);

/* Kills and reaps until this subreaper has no child left but the spared.
 * Returns how many would not go: see is_stubborn(). */
int kill_all_below_us(const struct pids *spared);

#endif

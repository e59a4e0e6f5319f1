/* SPDX-License-Identifier: MIT
 *
 * parts: what the files of the cage share; no other file includes it. Three
 * processes run this code: the runner (cage.c), the keeper (keeper.c) and the
 * program's first process until its exec (inmate.c). channels.c makes the
 * sockets and pipes between them. killloop.c kills processes, for the runner
 * and for the keeper.
 */
#ifndef FORKLAB_CAGE_PARTS_H
#define FORKLAB_CAGE_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cage/cage.h"

/* Ways to hold a program, strongest first. */
enum hold {
    HOLD_NAMESPACES, /* root: PID and mount namespace; the program has a user,
                        IPC, UTS and mount namespace below them */
    HOLD_USER_NS,    /* PID, IPC and mount namespace inside a user namespace */
    HOLD_SUBREAPER,  /* no namespaces: subreaper and kill loop */
};

/* Both ends of everything, while the keeper is being made; -1: not open. */
struct channels {
    int sync[2];   /* [0] runner, [1] program: its pid; has it threads?; its
                      witness; exec's error */
    int life[2];   /* [0] keeper reads, [1] runner holds */
    int status[2]; /* [0] runner reads, [1] keeper writes */
    int out[2];    /* [0] runner reads, [1] program's stdout */
    int err[2];    /* [0] runner reads, [1] program's stderr */
    int pid_max;   /* PID_MAX_FILE of the runner's PID namespace */
};

/* The first message on the status pipe. */
struct keeper_hello {
    int error;     /* 0, or errno of what could not be set up */
    bool own_user; /* the program is in a user namespace */
    struct mounts mounts;
};

/* ---- channels.c ---- */

/* Opens all of them. `channels` must hold only -1. OUTPUT_FILE makes its files
 * in `directory`. Returns 0, or -1 with errno; channels_close() then closes
 * what is open already. */
int channels_open(struct channels *channels, enum output_kind kind,
                  const char *directory);

/* Closes those that are open. */
void channels_close(struct channels *channels);

/* Closes a descriptor if it is open, and makes it -1. */
void close_fd(int *fd);

/* Sends one int, and a copy of a descriptor with it if fd is not -1, unix(7).
 * An error shows only at the other end, as the end of the channel. */
void send_int(int socket, int value, int fd);

/* Receives one int, the sender's pid and a descriptor, which the caller closes
 * (-1 if none came). False at the end of the channel. */
bool receive_int(int socket, int *value, pid_t *sender, int *fd);

/* ---- inmate.c ---- */

/* What the keeper tells it. */
struct inmate {
    const struct cage_spec *spec;
    const struct channels *channels;
    const struct cage *cage;
    enum hold hold;
    pid_t ours[2]; /* runner, keeper */
    bool own_user; /* it is in a user namespace */
};

/* Runs in the program's first process: waits for cage_go(), executes the
 * program, or exits with status 127. */
__attribute__((noreturn)) void inmate_run(const struct inmate *inmate);

/* ---- keeper.c ---- */

/* Runs in the keeper: sets up what holds the program, starts it, reports deaths
 * to the runner. Kills everything when the runner has closed `life`, or has
 * written to it. */
__attribute__((noreturn)) void keeper_run(const struct cage_spec *spec,
                                          struct channels *channels,
                                          const struct cage *cage,
                                          enum hold hold);

/* ---- killloop.c ---- */

/* is_stubborn() looks at the processes as often as this. */
#define LOOK_MS 1000

/* When the processes that are to end were last seen to run. Begins as {0}. */
struct patience {
    int64_t looked, ran; /* clock_now() */
    uint64_t switches;   /* context switches of all their threads */
};

/* True if none of these processes has run for 20 s: each of them is in an
 * uninterruptible wait, or we may not kill it. Call it again and again. */
bool is_stubborn(struct patience *patience, const struct pids *found);

/* Appends all descendants of a process to `found`, without the spared ones and
 * theirs. With `deadly`, each gets SIGKILL. */
void find_descendants(pid_t pid, const struct pids *spared, bool deadly,
                      struct pids *found);

/* Kills and reaps until this process, a subreaper, has no child left but the
 * spared ones. Returns how many could not be killed: see is_stubborn(). */
int kill_descendants(const struct pids *spared);

#endif

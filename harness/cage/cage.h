/* SPDX-License-Identifier: MIT
 *
 * cage: starts a program and lets nothing of it escape.
 *
 *     runner ---- keeper ---- program ---- whatever it starts
 *
 * The keeper is a small process between the runner and the program: the init
 * of a PID namespace where one can be made, otherwise a subreaper,
 * PR_SET_CHILD_SUBREAPER(2const). All processes of the program, daemons too,
 * stay below it. When the runner dies, even by SIGKILL, the keeper kills them
 * all and removes the run's directory; when the keeper is killed, the runner
 * does so.
 *
 * The cage knows nothing of labs. The code of the three processes is in cage.c,
 * keeper.c and inmate.c.
 */
#ifndef FORKLAB_CAGE_H
#define FORKLAB_CAGE_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "cage/mounts.h"
#include "cage/output.h"
#include "cage/terminal.h"
#include "cage/witness.h"
#include "linux/proc.h"
#include "linux/processors.h"
#include "report/report.h"

/* Limits for each process of a command, setrlimit(2). */
struct cage_limits {
    rlim_t cpu_s;  /* seconds, RLIMIT_CPU */
    rlim_t memory; /* bytes, RLIMIT_AS */
    rlim_t file;   /* bytes that it may write to one, RLIMIT_FSIZE */
};

struct cage_spec {
    char *const *argv;       /* argv[0] is a path, or is searched for in PATH */
    char *const *more_env;   /* NAME=VALUE strings to add, NULL at the end */
    enum output_kind output; /* what stdout and stderr are */
    bool hear_work;          /* witness the calls of enum work, too */
    /* May the command have threads? Then close and the like are witnessed. It
     * is asked while the keeper sets up the rest: see run/threaded.h. NULL: it
     * may. */
    bool (*may_have_threads)(char *const *argv);
    const struct cage_limits *limits; /* or NULL: those of any program */
    bool no_witness;     /* the program makes a seccomp listener itself */
    const char *project; /* a path into what the program belongs to, which
                            it may load from; or NULL */
    bool own_directory;  /* start it in its TMPDIR, which is its HOME, too;
                            it can make and write no file of the user's */
};

struct ledger;

/* A program in its cage. cage_start() fills it, cage_close() empties it. */
struct cage {
    pid_t keeper; /* our child; -1: there is none (any more) */
    pid_t first;  /* the program's first process, in our PID namespace */
    pid_t nspid;  /* ... and in its own */
    int out[2];   /* read ends of stdout [0] and stderr [1], always two; -1
                     once closed */
    int witness;  /* listener for witness_hear(), since cage_go(); or -1 */
    bool threads; /* the program may have some: the witness hears close and the
                     like, too */
    int status;   /* pipe: struct cage_death for each process it reaped */
    int life;     /* pipe: the keeper ends everything when it closes */
    int go;       /* socket for cage_go() */
    struct pids spared; /* our children that are not the program's */
    enum output_kind output;
    uid_t uid; /* our effective ids */
    gid_t gid;
    struct mounts mounts;         /* what the mount namespace hides */
    struct terminal terminal;     /* the user's */
    struct processors processors; /* that we, and the program, may use */
    bool own_user;                /* the program is in a user namespace */
    bool namespaces;              /* PID, IPC and mount namespace hold it */
    struct ledger *ledger; /* NULL with namespaces: what must be removed */
    bool listed;           /* the witness lets the ledger record all of it */
    bool call_pending;     /* the program waits for an answer to ... */
    struct testimony pending_call; /* ... this: it came during cage_go() */
    char *not_removed;   /* what cage_clear() could not remove, and why; or NULL
                          */
    char *directory;     /* the directory of the run */
    bool make_directory; /* the keeper makes it */
    int directory_fd;    /* open on it (it may be renamed), or -1; in a /tmp of
                            the program's own we have none */
    char *inside;        /* the program's part of it, TMPDIR */
    const char *held_by; /* "pid, ipc and mount namespace" */
};

/* What the keeper writes to cage->status: a process has ended which it had to
 * reap, as no other parent did. */
struct cage_death {
    pid_t pid;  /* as the keeper sees it: cage->nspid is the first process */
    int status; /* as of waitpid(2) */
};

/* Starts the keeper and the program's first process, which waits for cage_go()
 * before it gets its witness and becomes the program. `directory` is from
 * directory_make(); the cage owns it from now on, also when it fails. NULL: the
 * cage makes one, if it can where it is gone with the program. Returns NULL, or
 * what went wrong (the caller frees it). Call cage_clear() and cage_close() in
 * either case. */
char *cage_start(struct cage *cage, const struct cage_spec *spec,
                 char *directory);

/* Lets the program run. Returns NULL, or why it could not be executed (the
 * caller frees it). */
char *cage_go(struct cage *cage);

/* What holds the program, a line for the report, which the caller frees. After
 * cage_go(). */
char *cage_describe(const struct cage *cage);

/* Kills all processes that are left and waits until they have ended. Returns
 * how many could not be killed: 0, unless one is in an uninterruptible wait.
 * May be called twice. */
int cage_clear(struct cage *cage);

/* Removes the directory, closes descriptors, frees memory; after cage_clear().
 * Notes in the report what could be watched (/tmp, IPC), and what could not be
 * removed. */
void cage_close(struct cage *cage, struct report *report);

#endif

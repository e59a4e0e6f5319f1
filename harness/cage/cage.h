/* SPDX-License-Identifier: MIT
 *
 * cage: starts a program and lets nothing of it escape.
 *
 *     runner ---- keeper ---- program ---- whatever it starts
 *
 * The keeper is a small process between the runner and the program: the init
 * of a PID namespace where there can be one, a subreaper elsewhere,
 * PR_SET_CHILD_SUBREAPER(2const). All that the program starts, daemons too,
 * stays below it. When the runner dies, by SIGKILL too, the keeper ends all of
 * it and removes the run's folder; when the keeper is killed, the runner does.
 *
 * The cage knows nothing of labs.
 */
#ifndef FORKLAB_CAGE_H
#define FORKLAB_CAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "oracle/labs.h"
#include "cage/mounts.h"
#include "linux/proc.h"
#include "report/report.h"
#include "cage/witness.h"

struct cage_spec {
    char *const *argv;       /* argv[0] is the path, or is found in PATH */
    char *const *more_env;   /* NAME=VALUE strings to add, NULL at the end */
    enum output_kind output; /* what stdout and stderr are */
    bool hear_work;          /* what it makes is heard: witness.h */
    bool own_folder;         /* start it in its own folder, not in ours */
};

struct plain;

struct cage {
    pid_t keeper; /* our child */
    pid_t first;  /* the program's first process, as we see it */
    pid_t nspid;  /* ... and as it sees itself */
    int out[2];   /* where its stdout and stderr arrive (the same descriptor
                     twice never; -1 when closed) */
    int witness;  /* listener for witness_hear(), or -1 */
    int status;   /* pipe: struct cage_death for each process it reaped */
    int life;     /* pipe: the keeper ends everything when it closes */
    int go;       /* socket for cage_go() */
    struct pids spared; /* our children that are not the program's */
    enum output_kind output;
    uid_t uid; /* whoever started us */
    gid_t gid;
    struct mounts mounts; /* what is made in /tmp vanishes, or why not */
    dev_t devices[3];     /* file systems that only the program can reach */
    size_t device_count;
    bool namespaces;     /* PID, IPC and mount namespace hold it */
    struct plain *plain; /* without them: what has to be removed; see plain.h */
    bool listed;         /* ... and all that has to be is heard of */
    bool has_spoken;     /* the program waits for the answer to that: */
    struct testimony first_words;
    char *not_removed; /* what cage_clear() has left, and why; or NULL */
    char *folder;      /* all that the run writes is in here */
    int folder_fd;     /* ... open on it, whatever its name becomes; or -1 */
    char *inside;      /* ... and this part is the program's, TMPDIR */
    char *layers;      /* for the report: "pid, ipc and mount namespace" */
};

/* What the keeper tells: a process that nobody else waited for has ended. */
struct cage_death {
    pid_t pid;  /* as the keeper sees it: cage->nspid is the first process */
    int status; /* as of waitpid(2) */
};

/* Makes the folder of a run, for programs and servers. Owned by the caller;
 * NULL with errno on failure. cage_clear() removes it with all that is in it.
 */
char *cage_folder(void);

/* Starts the keeper and the program, which waits before its exec until
 * cage_go(). `folder` is from cage_folder(); the cage owns it from now on, also
 * when it fails. Returns NULL or what went wrong (the caller frees it). */
char *cage_start(struct cage *cage, const struct cage_spec *spec, char *folder);

/* Lets the program run. Returns NULL, or why it could not be executed. */
char *cage_go(struct cage *cage);

/* Ends everything that is left and waits until it is gone. Returns how many
 * processes would not go (0 unless something is very wrong). Safe to call
 * twice. */
int cage_clear(struct cage *cage);

/* Removes the folder, closes descriptors, frees memory; after cage_clear().
 * Notes in the report what was looked at, and what could not be removed. */
void cage_close(struct cage *cage, struct report *report);

/* In a user namespace that we have just made we are who we were:
 * user_namespaces(7). Also for view_enter(). */
bool cage_map_myself(uid_t uid, gid_t gid);

/* May the first process of a new PID namespace set kernel.pid_max? Since Linux
 * 6.14 each namespace has one of its own; before, it is the whole machine's.
 * `release` is the kernel's, as of uname(2); `outside` is open on the file of
 * the same name in the namespace of the runner, which must be another file in
 * the same /proc. False where that is not certain. */
bool cage_owns_pid_max(const char *release, int outside);

#endif

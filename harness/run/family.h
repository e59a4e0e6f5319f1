/* SPDX-License-Identifier: MIT
 *
 * family: all processes that were ever seen of a run, and their roles.
 *
 * Some are met in a snapshot, some only when they write or end. Each becomes a
 * process of the report, with a role: parent, child, child 2, grandchild ... by
 * birth, or the name that it gave itself, PR_SET_NAME(2const).
 */
#ifndef FORKLAB_FAMILY_H
#define FORKLAB_FAMILY_H

#include "report/report.h"
#include "proof/snapshot.h"

struct member {
    pid_t pid, nspid, parent;
    int pidfd;           /* -1: none */
    pid_t reparented_to; /* a zombie's parent now: who made it may have ended */
    unsigned long long start; /* clock ticks since boot */
    uint64_t birth;           /* pidfd_birth() */
    char name[16];
    int64_t named_at; /* clock_now() when that was read */
    enum process_end end;
    int code;
    int doom;            /* a signal is about to end it, see fatal.h; 0: none */
    int64_t doom_at;     /* clock_now() when that was heard */
    int at_end_of_maker; /* a signal that it wants then, PR_SET_PDEATHSIG */
    pid_t maker;         /* the thread that made it; 0: not known */
    bool zombie, left_behind;
    bool executed;   /* another program than the first process's */
    bool calls_exec; /* it was heard to call execve(2) */
    bool reaper;     /* it was heard to ask for orphans, as a child subreaper */
    bool tracer;     /* of a sanitizer, made by no fork(2): nobody's child */
    bool unasked;    /* looked at for another one's sake: run_autopsy() */
    double ms_ended;
    struct facts extra; /* findings, whose role is not known yet: "" */
};

#define SEEN_WORDS 64

struct family {
    struct member *member; /* [0] is the first process */
    size_t count;
    /* A bit for a pid, one of 4096: where it is not set, no member has it. */
    uint64_t seen[SEEN_WORDS];
    pid_t outside; /* the keeper: nobody's role */
    bool met;      /* nobody started them for us: several may have no parent
                      here, and none needs to be the first */
};

/* The member with this pid (ours); NULL if it was never seen. */
struct member *family_find(const struct family *family, pid_t pid);

/* ... with the pid that it has inside. */
struct member *family_find_nspid(const struct family *family, pid_t nspid);

/* Makes the acquaintance of a process by its pid or one of its tids, from /proc
 * as it is now. NULL if it is not there (any more). */
struct member *family_meet(struct family *family, pid_t tid);

/* The member with this pid, if it is alive and its name was read in the last
 * millisecond; else NULL. Reads nothing. */
struct member *family_known(const struct family *family, pid_t pid);

/* Takes all processes of a snapshot in, with their names and zombies. */
void family_update(struct family *family, const struct snapshot *shot);

/* Notes how a member ended: a status as of waitpid(2). */
void family_note_end(struct member *member, int status);

/* Makes the report's processes, in the order of birth, with roles. `program`
 * is the path of the first program, NULL: those who are called as the eldest
 * is. */
void family_report(struct family *family, const char *program,
                   struct report *report);

/* Adds the threads of a snapshot to the report's processes. */
void family_threads(const struct snapshot *shot, struct report *report);

/* A process whose threads are all stuck is stuck. */
void family_ends(struct report *report);

void family_free(struct family *family);

#endif

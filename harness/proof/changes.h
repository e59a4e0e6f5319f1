/* SPDX-License-Identifier: MIT
 *
 * changes: which descriptor numbers were closed or replaced, and what else a
 * program was heard to do that makes /proc tell of another thing than the one
 * that a sleeping thread waits for.
 *
 * A thread that sleeps in read(5) holds a reference to the open file, not to
 * the number. If another thread closes 5, and the number is used again,
 * /proc/PID/fd/5 leads to another file: the thread waits for the old one. The
 * witness hears close(2), dup2(2), dup3(2) and close_range(2) before they are
 * executed; here it is kept until when each of them may have happened, to be
 * compared with when a thread fell asleep (history.c). A process with one
 * thread cannot do that to itself, so its calls are not kept.
 */
#ifndef FORKLAB_CHANGES_H
#define FORKLAB_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct snapshot;
struct thread_shot;

/* These numbers of that process were about to be closed or replaced. */
struct change {
    pid_t pid, tid; /* the process, and its thread that called */
    unsigned low, high;
    bool regular;    /* only of files that never become ready: on a disk */
    long call;       /* the system call: see changes_settle() */
    int64_t settled; /* clock_now() when it was over; INT64_MAX: not yet */
    pid_t last_tid;  /* the last one that the kernel had given out then; 0 where
                        that is not known */
    int64_t lasts;   /* so long the numbers do not begin anew, nanoseconds */
};

struct changes {
    struct change *item;
    size_t count;
    bool too_many;         /* more than are kept: any number may have changed */
    bool common_files;     /* processes may share one table: CLONE_FILES */
    bool common_memory;    /* ... or their memory: CLONE_VM, not vfork(2) */
    bool common_directory; /* ... or their working directory: CLONE_FS */
    bool places;           /* mounts changed, or a symbolic link was made */
    bool mapped_shared;    /* a process mapped memory with MAP_SHARED */
    bool mapped_world;     /* ... of a file that somebody outside may map */
    bool reached;          /* one process wrote into another, or traced it */
    bool requeued; /* futex(2) moved waiters to another word, that is not
                      private to the process */
};

/* Notes that the thread is about to close or replace these numbers. */
void changes_note(struct changes *changes, const struct change *change);

/* The thread makes another call: what it was about to do before is over. */
void changes_settle_thread(struct changes *changes, pid_t tid, int64_t now);

/* The same for each thread that the snapshot, taken before `now`, shows past
 * its call. Forgets what was over before any thread there fell asleep. */
void changes_settle(struct changes *changes, const struct snapshot *shot,
                    int64_t now);

/* May the number have changed its meaning while the thread slept as it does
 * now? */
bool changes_touch(const struct changes *changes, pid_t pid,
                   const struct thread_shot *thread, unsigned fd);

/* The same for all numbers of its process, as far as poll(2) may have waited
 * for what they meant. */
bool changes_touch_any(const struct changes *changes, pid_t pid,
                       const struct thread_shot *thread);

/* Frees all that it has; it is empty then. */
void changes_free(struct changes *changes);

#endif

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

#include "proof/link.h"
#include "proof/mappers.h"

struct snapshot;
struct thread_shot;

/* These numbers of that process were about to be closed or replaced. */
struct change {
    pid_t pid, tid; /* the process, and its thread that called */
    unsigned low, high;
    bool regular;     /* only of files that never become ready: on a disk */
    int64_t heard_at; /* clock_now() before which it did not happen */
    bool was_open;    /* low is high, and led to `former` then, ... */
    bool overtaken;   /* ... but may have led to another file when it happened:
                         another thread changed it at the same time */
    struct link former;
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
    struct mappers mappers; /* who mapped memory with MAP_SHARED */
    bool reached;           /* one process wrote into another, or traced it */
    bool requeued; /* futex(2) moved waiters to another word, that is not
                      private to the process */
};

/* Notes that the thread is about to close or replace these numbers. It has to
 * be asked for what they lead to (was_open, former) while it waits for our
 * answer: then nobody but another change, that is noted too, can take that
 * away. */
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

/* Who gets the files that a number may have led to. */
typedef void former_taker(void *context, const struct link *former);

/* Tells of each file that a number from low to high may have led to when the
 * thread fell asleep, and does not any more. False if not all of them are
 * known. With `polled`, without those that never become ready. */
bool changes_formers(const struct changes *changes, pid_t pid,
                     const struct thread_shot *thread, unsigned low,
                     unsigned high, bool polled, former_taker *take,
                     void *context);

/* Is one of them not seen to be over yet? Then it is worth while to look soon:
 * whoever begins to wait after that look waits for what the number means now.
 */
bool changes_pending(const struct changes *changes);

/* Frees all that it has; it is empty then. */
void changes_free(struct changes *changes);

#endif

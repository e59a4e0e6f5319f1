/* SPDX-License-Identifier: MIT
 *
 * changes: see changes.h.
 */
#include "proof/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "linux/proc.h"
#include "proof/snapshot.h"

#define MAX_KEPT 4096

/* No machine gives out thread numbers faster than one in this time. */
#define NS_PER_TID 5000

/* The last thread number that was given out in our PID namespace: the last word
 * of /proc/loadavg. 0 where that is unknown. *lasts is the time in which
 * numbers do not begin anew. */
static pid_t last_tid_given(int64_t *lasts)
{
    char text[128];
    const char *word = NULL;

    *lasts = 0;
    if (proc_read(text, sizeof(text), "/proc/sys/kernel/pid_max") > 0)
        *lasts = atol(text) * (int64_t)NS_PER_TID;
    if (proc_read(text, sizeof(text), "/proc/loadavg") > 0)
        word = strrchr(text, ' ');
    return word ? (pid_t)atoi(word) : 0;
}

/* The same change, by the same thread, that is over: a later one takes its
 * place. */
static struct change *same_change(struct changes *changes,
                                  const struct change *change)
{
    for (size_t i = 0; i < changes->count; i++) {
        struct change *old = &changes->item[i];
        if (old->pid == change->pid && old->tid == change->tid &&
            old->low == change->low && old->high == change->high &&
            old->settled != INT64_MAX && old->regular == change->regular &&
            old->was_open == change->was_open && !old->overtaken &&
            (!old->was_open || link_same(&old->former, &change->former)))
            return old;
    }
    return NULL;
}

/* Two threads change the same number at once: nobody knows who comes first. */
static bool overtake(struct changes *changes, const struct change *change)
{
    bool overtaken = false;

    for (size_t i = 0; i < changes->count; i++) {
        struct change *other = &changes->item[i];
        if (other->settled == INT64_MAX && other->pid == change->pid &&
            other->tid != change->tid && other->low <= change->high &&
            change->low <= other->high)
            overtaken = other->overtaken = true;
    }
    return overtaken;
}

void changes_note(struct changes *changes, const struct change *change)
{
    struct change *place = same_change(changes, change);
    bool overtaken = overtake(changes, change);
    int64_t heard_at = place ? place->heard_at : change->heard_at;

    if (place == NULL && changes->count >= MAX_KEPT) {
        changes->too_many = true;
        return;
    }
    if (place == NULL) {
        GROW(changes->item, changes->count);
        place = &changes->item[changes->count++];
    }
    *place = *change;
    place->heard_at = heard_at;
    place->overtaken = overtaken;
    place->settled = INT64_MAX;
    place->last_tid = 0;
}

/* It was over before `now`, and before the threads were made that the kernel
 * will give numbers to. */
static void settle(struct change *change, int64_t now)
{
    change->settled = now;
    change->last_tid = last_tid_given(&change->lasts);
}

void changes_settle_thread(struct changes *changes, pid_t tid, int64_t now)
{
    for (size_t i = 0; i < changes->count; i++) {
        struct change *change = &changes->item[i];
        if (change->tid != tid || change->settled != INT64_MAX)
            continue;
        settle(change, now);
    }
}

/* Was the thread made when the change was over? Numbers are given out in
 * ascending order, until they begin anew. */
static bool made_later(const struct change *change,
                       const struct thread_shot *thread)
{
    return change->settled != INT64_MAX && change->last_tid != 0 &&
           thread->tid > change->last_tid &&
           change->settled - thread->absent_at < change->lasts;
}

/* Is the thread past its call? It has ended, or sleeps in another one. */
static bool is_behind(const struct change *change, const struct snapshot *shot)
{
    for (size_t i = 0; i < shot->thread_count; i++)
        if (shot->thread[i].tid == change->tid)
            return shot->thread[i].state == 'S' &&
                   shot->thread[i].call != change->call;
    return !shot->changed_while_reading && !shot->too_many;
}

/* May it still have changed what a thread of its process waits for? */
static bool still_matters(const struct changes *changes,
                          const struct change *change,
                          const struct snapshot *shot)
{
    const struct process_shot *process = snapshot_process(shot, change->pid);

    if (change->settled == INT64_MAX || changes->common_files)
        return true;
    for (size_t i = 0; process != NULL && i < process->thread_count; i++)
        if (shot->thread[process->first_thread + i].awake_at < change->settled)
            return true;
    return false;
}

void changes_settle(struct changes *changes, const struct snapshot *shot,
                    int64_t now)
{
    size_t kept = 0;

    for (size_t i = 0; i < changes->count; i++) {
        struct change *change = &changes->item[i];
        if (change->settled == INT64_MAX && is_behind(change, shot))
            settle(change, now);
        if (still_matters(changes, change, shot))
            changes->item[kept++] = *change;
    }
    changes->count = kept;
}

/* May the change have been made while the thread slept as it does now? */
static bool came_later(const struct changes *changes,
                       const struct change *change, pid_t pid,
                       const struct thread_shot *thread)
{
    return change->tid != thread->tid &&
           (change->pid == pid || changes->common_files) &&
           change->settled >= thread->awake_at && !made_later(change, thread);
}

bool changes_touch(const struct changes *changes, pid_t pid,
                   const struct thread_shot *thread, unsigned fd)
{
    bool touched = changes->too_many;

    for (size_t i = 0; !touched && i < changes->count; i++) {
        const struct change *change = &changes->item[i];
        touched = change->low <= fd && fd <= change->high &&
                  came_later(changes, change, pid, thread);
    }
    return touched;
}

/* Was it a file on a disk, for certain? */
static bool never_ready(const struct change *change)
{
    return change->regular && !change->overtaken;
}

bool changes_touch_any(const struct changes *changes, pid_t pid,
                       const struct thread_shot *thread)
{
    bool touched = changes->too_many;

    for (size_t i = 0; !touched && i < changes->count; i++)
        touched = !never_ready(&changes->item[i]) &&
                  came_later(changes, &changes->item[i], pid, thread);
    return touched;
}

/* Had the thread begun its call before the change was even heard of, so that it
 * does not wait for a file which came to this number after that? */
static bool slept_before(const struct change *change,
                         const struct thread_shot *thread)
{
    return thread->still_since != 0 && thread->still_since < change->heard_at;
}

bool changes_formers(const struct changes *changes, pid_t pid,
                     const struct thread_shot *thread, unsigned low,
                     unsigned high, bool polled, former_taker *take,
                     void *context)
{
    bool known = !changes->too_many && !changes->common_files;

    for (size_t i = 0; known && i < changes->count; i++) {
        const struct change *change = &changes->item[i];
        if (change->high < low || high < change->low ||
            (polled && never_ready(change)) ||
            !came_later(changes, change, pid, thread))
            continue;
        if (change->was_open && !change->overtaken)
            take(context, &change->former);
        else
            known = change->low == change->high && !change->overtaken &&
                    slept_before(change, thread);
    }
    return known;
}

bool changes_pending(const struct changes *changes)
{
    bool pending = false;

    for (size_t i = 0; !pending && i < changes->count; i++)
        pending = changes->item[i].settled == INT64_MAX;
    return pending;
}

void changes_free(struct changes *changes)
{
    free(changes->item);
    mappers_free(&changes->mappers);
    *changes = (struct changes){0};
}

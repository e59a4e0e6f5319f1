/* SPDX-License-Identifier: MIT
 *
 * filelock: who holds the lock of a file for which a thread waits, see
 * explorer.h and proc_locks(5).
 *
 * A record lock, F_SETLKW, is a process's. Those of flock(2) and F_OFD_SETLKW
 * are an open file description's: they outlive the process that took them as
 * long as somebody has a copy of the descriptor; and /proc/PID/fdinfo shows
 * them where that descriptor is. Such waiters are not told apart in
 * /proc/locks: if each lock that one of them waits for is held in the tree, so
 * is each one's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "linux/filelocks.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/explorer.h"

/* All locks of one file, and waits for them. */
struct locks {
    struct filelock *item;
    size_t count;
};

static const char *kind_of_wait(const struct thread_shot *thread)
{
    return thread->call == SYS_flock              ? "FLOCK"
           : (int)thread->args[1] == F_OFD_SETLKW ? "OFDLCK"
                                                  : "POSIX";
}

/* ---- descriptions ---- */

static bool same_lock(const struct filelock *a, const struct filelock *b)
{
    return strcmp(a->kind, b->kind) == 0 && strcmp(a->mode, b->mode) == 0 &&
           a->inode == b->inode && a->from == b->from && a->to == b->to;
}

/* Does the open file description of this descriptor hold the lock? */
static bool holds(const struct explorer *x, const struct link *link,
                  const struct filelock *lock)
{
    char text[4096];
    struct filelock own;

    if (link->inode != lock->inode ||
        !read_fdinfo(x, link->process, link->fd, text, sizeof(text)))
        return false;
    for (const char *at = text; (at = strstr(at, "\nlock:\t")) != NULL; at++)
        if (filelock_parse(at + strlen("\nlock:\t"), &own) &&
            same_lock(&own, lock))
            return true;
    return false;
}

/* Are they certainly two open file descriptions? A sandbox may refuse to tell.
 */
static bool are_two(const struct explorer *x, const struct link *a,
                    const struct link *b)
{
    return syscall(SYS_kcmp, living_tid(x, a->process),
                   living_tid(x, b->process), 0 /* KCMP_FILE */, a->fd,
                   b->fd) > 0;
}

/* How many descriptions of the tree hold such a lock. */
static size_t count_holders(const struct explorer *x,
                            const struct filelock *lock)
{
    const struct link *found[64];
    size_t count = 0;

    for (size_t i = 0; i < x->link_count; i++) {
        bool other = count < 64 && holds(x, &x->links[i], lock);
        for (size_t k = 0; other && k < count; k++)
            other = are_two(x, found[k], &x->links[i]);
        if (other)
            found[count++] = &x->links[i];
    }
    return count;
}

/* ---- the holders ---- */

/* Is the lock held in the tree, and all those that look like it? */
static bool held_in_tree(const struct explorer *x, const struct locks *all,
                         const struct filelock *lock)
{
    size_t like_it = 0;

    if (strcmp(lock->kind, "POSIX") == 0)
        return snapshot_process(x->shot, lock->pid) != NULL;
    if (strcmp(lock->kind, "FLOCK") != 0 && strcmp(lock->kind, "OFDLCK") != 0)
        return false;
    for (size_t i = 0; i < all->count; i++)
        like_it += !all->item[i].waits && same_lock(&all->item[i], lock);
    return count_holders(x, lock) >= like_it;
}

/* The lock that this one waits for. */
static const struct filelock *blocker_of(const struct locks *all,
                                         const struct filelock *waiting)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->item[i].waits && all->item[i].number == waiting->number)
            return &all->item[i];
    return NULL;
}

/* How many threads of the tree wait for a lock of this kind on this file. */
static size_t count_waiting(const struct explorer *x, ino_t inode,
                            const char *kind)
{
    size_t count = 0;

    for (size_t i = 0; i < x->shot->thread_count; i++) {
        const struct thread_shot *thread = &x->shot->thread[i];
        const struct link *link;
        if (call_waits_for(thread, NULL) != WAIT_LOCK ||
            strcmp(kind_of_wait(thread), kind) != 0)
            continue;
        link = find_link(x, thread->process, (int)thread->args[0]);
        count += link != NULL && link->inode == inode;
    }
    return count;
}

/* Which process of the tree holds a lock that this thread may wait for? Another
 * process rather than its own, and never through the description that it waits
 * with. */
static pid_t find_holder(const struct explorer *x, const struct link *file,
                         const struct filelock *lock)
{
    pid_t own = x->shot->process[file->process].pid, found = 0;

    if (strcmp(lock->kind, "POSIX") == 0)
        return lock->pid;
    for (size_t i = 0; i < x->link_count; i++) {
        const struct link *link = &x->links[i];
        pid_t pid = x->shot->process[link->process].pid;
        if ((found == 0 || found == own) && holds(x, link, lock) &&
            are_two(x, link, file))
            found = pid;
    }
    return found;
}

/* Is each lock that a waiter of this kind waits for held in the tree? A lock
 * whose holder cannot be seen from our PID namespace is not shown, nor who
 * waits for it: then there are fewer waiters in the list than in the tree.
 * *holder gets one of them who may stand in the thread's way; unchanged if none
 * does. */
static bool all_in_tree(const struct explorer *x, const struct link *file,
                        const char *kind, pid_t *holder)
{
    struct locks all = {0};
    size_t waiting = 0;
    bool ours = true;

    all.item = filelocks_of(file->inode, &all.count);
    for (size_t i = 0; ours && i < all.count; i++) {
        const struct filelock *wait = &all.item[i];
        if (!wait->waits || strcmp(wait->kind, kind) != 0)
            continue;
        const struct filelock *blocker = blocker_of(&all, wait);
        ours = blocker != NULL && held_in_tree(x, &all, blocker);
        pid_t found = ours ? find_holder(x, file, blocker) : 0;
        if (found > 0 && *holder <= 0)
            *holder = found;
        waiting++;
    }
    free(all.item);
    return ours && waiting > 0 &&
           waiting >= count_waiting(x, file->inode, kind);
}

/* Has this description the exclusive lock of flock(2)? Then *taker gets who
 * took it: 0 if that process is not in our PID namespace. */
static bool holds_exclusively(const struct explorer *x, const struct link *link,
                              pid_t *taker)
{
    char text[4096];
    struct filelock lock;

    if (!read_fdinfo(x, link->process, link->fd, text, sizeof(text)))
        return false;
    for (const char *at = text; (at = strstr(at, "\nlock:\t")) != NULL; at++)
        if (filelock_parse(at + strlen("\nlock:\t"), &lock) && !lock.waits &&
            strcmp(lock.kind, "FLOCK") == 0 &&
            strcmp(lock.mode, "WRITE") == 0) {
            *taker = lock.pid;
            return true;
        }
    return false;
}

/* Is it an exclusive lock of flock(2), which one description has at a time, and
 * is that one the tree's? (The cage hands on no file; see inmate.c.)
 * /proc/locks does not show a lock whose taker is not in our PID namespace, as
 * it is where that process has ended; see locks_show() in fs/locks.c. *holder
 * gets the taker. */
static bool exclusive_in_tree(const struct explorer *x, const struct link *file,
                              pid_t *holder)
{
    pid_t taker;

    /* A sandbox may refuse kcmp(2); who has no such lock is another one. */
    if (holds_exclusively(x, file, &taker))
        return false;
    for (size_t i = 0; i < x->link_count; i++) {
        const struct link *link = &x->links[i];
        if (link->inode != file->inode || link->device != file->device ||
            !holds_exclusively(x, link, &taker) || is_passed(x, link))
            continue;
        *holder = taker > 0 ? taker : LOCKER_ENDED;
        return true;
    }
    return false;
}

/* Is the holder of the lock in the tree? Or a process of the tree has the open
 * file description to which the lock belongs: it may outlive the process that
 * /proc/locks names. */
void explore_lock(struct explorer *x, struct thread_shot *thread)
{
    const struct link *link =
        find_link(x, thread->process, (int)thread->args[0]);

    if (!number_holds(x, thread, (int)thread->args[0])) {
        wait_on_unknown(x, thread, (int)thread->args[0]);
        return;
    }
    wait_on_number(x, thread, (int)thread->args[0]);
    if (link == NULL)
        return;
    thread->locker =
        filelocks_holder(x->shot->process[thread->process].pid, link->inode);
    bool ours =
        thread->locker > 0 && snapshot_process(x->shot, thread->locker) != NULL;
    bool nobodys = thread->locker <= 0 || /* -1: of a description */
                   (kill(thread->locker, 0) == -1 && errno == ESRCH);
    if (!ours && nobodys)
        ours = all_in_tree(x, link, kind_of_wait(thread), &thread->locker);
    if (!ours && thread->call == SYS_flock && x->known->passing_heard)
        ours = exclusive_in_tree(x, link, &thread->locker);
    x->shot->objects[x->shot->waited_on[thread->first_fd].object]
        .open_to_world = !ours || is_passed(x, link);
}

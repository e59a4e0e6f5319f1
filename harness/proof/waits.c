/* SPDX-License-Identifier: MIT
 *
 * waits: the second step of a snapshot (snapshot.h): what each sleeping thread
 * waits for, and who else holds it.
 *
 * One function for each kind of wait; then what is to be known of each process.
 * Waits on descriptors are in waited_on.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/imports.h"
#include "linux/remote.h"
#include "linux/sockets.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/changes.h"
#include "proof/explorer.h"
#include "proof/snapshot.h"

/* ---- queues, children ---- */

/* A message queue of mq_open(2) is a file: it may have been passed to somebody
 * outside, or be one of another IPC namespace, by a mount of that. The name of
 * one that mq_open(2) has opened is a single "/name". */
static void explore_ipc(struct explorer *x, struct thread_shot *thread)
{
    int fd = (int)thread->args[0];

    if (thread->call != SYS_mq_timedreceive && thread->call != SYS_mq_timedsend)
        return;
    const struct link *link =
        number_holds(x, thread, fd) ? find_link(x, thread->process, fd) : NULL;
    if (link == NULL || is_passed(x, link) ||
        strrchr(link->target, '/') != link->target)
        thread->reach = REACH_WORLD;
}

static void explore_child(struct explorer *x, struct thread_shot *thread)
{
    pid_t wanted = -1;

    if (thread->call == SYS_wait4)
        wanted = (int)thread->args[0];
    else if (thread->args[0] == P_PID)
        wanted = (int)thread->args[1];
    const struct process_shot *child =
        wanted > 0 ? snapshot_process_by_nspid(
                         x->shot, &x->shot->process[thread->process], wanted)
                   : NULL;
    thread->child = child ? child->pid : -1;
}

/* clone(2) has CLONE_VFORK in its first argument, clone3(2) in memory. Without
 * it, or without a child, the thread is in the kernel for another reason. */
static void explore_vfork(struct explorer *x, struct thread_shot *thread)
{
    unsigned long flags = CLONE_VFORK;
    bool child = false;

    if (thread->call == SYS_clone)
        flags = thread->args[0];
#ifdef SYS_clone3
    if (thread->call == SYS_clone3 &&
        !remote_read(living_tid(x, thread->process), thread->args[0], &flags,
                     sizeof(flags)))
        flags = 0;
#endif
    for (size_t i = 0; i < x->shot->process_count; i++)
        child |=
            x->shot->process[i].parent == x->shot->process[thread->process].pid;
    if (!(flags & CLONE_VFORK) || !child)
        thread->wait = WAIT_KERNEL;
}

static void explore_thread(struct explorer *x, struct thread_shot *thread)
{
    thread->wait = call_waits_for(thread, &thread->call_name);
    switch (thread->wait) {
    case WAIT_FUTEX:
        explore_futex(x, thread);
        break;
    case WAIT_FDS:
    case WAIT_CLIENT:
        explore_fds(x, thread);
        break;
    case WAIT_CHILD:
        explore_child(x, thread);
        break;
    case WAIT_VFORK:
        explore_vfork(x, thread);
        break;
    case WAIT_IPC:
        explore_ipc(x, thread);
        break;
    case WAIT_LOCK:
        explore_lock(x, thread);
        break;
    default:
        break;
    }
}

/* ---- processes ---- */

static bool listed(const struct pids *list, pid_t pid)
{
    for (size_t i = 0; list != NULL && i < list->count; i++)
        if (list->pid[i] == pid)
            return true;
    return false;
}

/* How kcmp(2) orders the address spaces of two processes: 0 if they are the
 * same one, 1 if the first is less, 2 if it is greater; -1 with errno on
 * errors. */
static int compare_memory(const struct explorer *x, size_t one, size_t other)
{
    return (int)syscall(SYS_kcmp, living_tid(x, one), living_tid(x, other),
                        1 /* KCMP_VM */, 0, 0);
}

/* One process for each address space, in the order of kcmp(2). */
struct spaces {
    size_t *process;
    size_t count;
};

/* Is the address space of the process among them? *which gets its index, or the
 * one to insert it at. A process that has ended meanwhile cannot be compared.
 */
static bool find_space(const struct explorer *x, const struct spaces *spaces,
                       size_t process, size_t *which)
{
    size_t low = 0, high = spaces->count;
    int order = 0;

    while (low < high && order != -1) {
        *which = low + (high - low) / 2;
        order = compare_memory(x, process, spaces->process[*which]);
        if (order == 0)
            return true;
        if (order == 2)
            low = *which + 1;
        else
            high = *which;
    }
    *which = low;
    for (size_t i = 0; order == -1 && errno == ESRCH && i < spaces->count; i++)
        if (compare_memory(x, process, spaces->process[i]) == 0) {
            *which = i;
            return true;
        }
    return false;
}

/* A vfork(2) child and its parent share memory while the parent waits. */
static void see_vfork(struct explorer *x, struct process_shot *child)
{
    struct process_shot *parent = snapshot_process(x->shot, child->parent);

    for (size_t i = 0; parent != NULL && i < parent->thread_count; i++)
        if (x->shot->thread[parent->first_thread + i].wait == WAIT_VFORK)
            child->shares_memory = parent->shares_memory = true;
}

/* Which processes share an address space, by vfork(2) or CLONE_VM? Where a
 * sandbox refuses kcmp(2), only those are known whose vfork(2) has not
 * returned.
 */
static void see_sharing(struct explorer *x)
{
    struct process_shot *process = x->shot->process;
    size_t count = x->shot->process_count, which;
    struct spaces spaces = {.process = xcalloc(count + 1, sizeof(size_t))};

    for (size_t i = 0; i < count; i++) {
        if (find_space(x, &spaces, i, &which)) {
            process[i].shares_memory = true;
            process[spaces.process[which]].shares_memory = true;
            continue;
        }
        memmove(&spaces.process[which + 1], &spaces.process[which],
                (spaces.count - which) * sizeof(size_t));
        spaces.process[which] = i;
        spaces.count++;
    }
    free(spaces.process);
}

#define ALARM_BIT (1ULL << (SIGALRM - 1))

/* How many threads of a process block the signal? */
static size_t count_blocking(const struct snapshot *shot,
                             const struct process_shot *process, uint64_t bit)
{
    size_t count = 0;

    for (size_t i = 0; i < process->thread_count; i++)
        count += (shot->thread[process->first_thread + i].blocked & bit) != 0;
    return count;
}

/* May the process have an alarm clock? Without a witness that is unknown for a
 * program that imports one of the calls. A SIGALRM that is not caught wakes no
 * thread: it ends the process, or is discarded if it is ignored. If it is
 * blocked, sigwait(3) may take it. */
static void see_alarm(const struct explorer *x, struct process_shot *process)
{
    static const char *const alarms[] = {"alarm", "ualarm", "setitimer", NULL};
    size_t blocking = count_blocking(x->shot, process, ALARM_BIT);
    bool ignored = (process->ignored & ALARM_BIT) != 0;
    bool caught = (process->caught & ALARM_BIT) != 0;

    process->alarmed = listed(x->known->alarmed, process->pid);
    if (process->alarmed || x->known->alarms_heard ||
        (ignored && blocking == 0 && process->state != 'Z') ||
        !imports_any(process->pid, alarms))
        return;
    process->alarm_ends_it =
        !caught && !ignored && blocking < process->thread_count;
    process->alarmed = !process->alarm_ends_it;
}

/* The namespaces of a first thread that has ended cannot be looked at. */
static void see_namespace(const struct explorer *x, size_t index)
{
    char path[64];
    struct stat info;

    snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)living_tid(x, index));
    if (stat(path, &info) == 0)
        x->shot->process[index].pid_namespace = info.st_ino;
}

/* Does a process handle page faults of others, userfaultfd(2)? Then any system
 * call may sleep where it touches memory. The device /dev/userfaultfd makes
 * such a descriptor without the system call that the witness hears. */
static bool handles_faults(const struct explorer *x)
{
    for (size_t i = 0; i < x->link_count; i++)
        if (strcmp(x->links[i].target, "anon_inode:[userfaultfd]") == 0)
            return true;
    return false;
}

static void explore_process(struct explorer *x, size_t index)
{
    struct process_shot *process = &x->shot->process[index];

    see_alarm(x, process);
    process->timers =
        has_timers(process->pid) &&
        (!x->known->timers_heard || listed(x->known->ringing, process->pid));
    process->async = asynchronous(x, index);
}

/* Without a witness: may a process have set SO_RCVTIMEO or SO_SNDTIMEO? */
static bool unheard_timeouts(const struct explorer *x)
{
    static const char *const calls[] = {"setsockopt", NULL};
    bool could = false;

    for (size_t i = 0; !x->known->timeouts_heard && i < x->shot->process_count;
         i++)
        could |= imports_any(x->shot->process[i].pid, calls);
    return could;
}

/* Without a witness: may a process have passed a descriptor to somebody? */
static bool unheard_passing(const struct explorer *x)
{
    static const char *const calls[] = {"sendmsg", "sendmmsg", NULL};
    bool could = false;

    for (size_t i = 0; !x->known->passing_heard && i < x->shot->process_count;
         i++)
        could |= imports_any(x->shot->process[i].pid, calls);
    return could;
}

static void add_holding(struct snapshot *shot, const struct holding *holding)
{
    GROW(shot->holdings, shot->holding_count);
    shot->holdings[shot->holding_count++] = *holding;
}

/* The process of a pidfd can end the wait on it: by its end. */
static void list_targets(struct snapshot *shot)
{
    for (size_t k = 0; k < shot->object_count; k++)
        for (size_t i = 0;
             shot->objects[k].kind == OBJECT_PIDFD && i < shot->process_count;
             i++)
            if (shot->objects[k].target == shot->process[i].pid)
                add_holding(shot, &(struct holding){.process = i, .object = k});
}

/* Adds who has a file with this inode open. Anonymous inodes share one number,
 * so that one which only looks the same may be added: one holder too many is
 * the safe side. */
static void list_holdings_of(struct explorer *x, size_t object, ino_t inode,
                             bool peer)
{
    size_t count;
    const struct holder *holder = holders_of(x, inode, &count);

    for (size_t i = 0; i < count; i++) {
        if (peer ? !S_ISSOCK(holder[i].mode)
                 : holder[i].device != x->shot->objects[object].device)
            continue;
        add_holding(x->shot, &(struct holding){.process = holder[i].process,
                                               .object = object,
                                               .can_read = holder[i].can_read,
                                               .can_write = holder[i].can_write,
                                               .peer = peer});
    }
}

/* Adds every process of the tree that has one of the objects open, or the
 * socket at its other end. */
static void list_holdings(struct explorer *x)
{
    for (size_t k = 0; k < x->shot->object_count && !is_late(x); k++) {
        const struct object *object = &x->shot->objects[k];
        list_holdings_of(x, k, object->inode, false);
        if (object->peer != 0 && object->peer != object->inode)
            list_holdings_of(x, k, object->peer, true);
    }
}

void snapshot_explore(struct snapshot *shot, const struct knowledge *known)
{
    static const struct passed anything = {.any = true};
    struct knowledge all = *known;
    struct explorer x = {.shot = shot, .known = &all};

    if (unheard_passing(&x))
        all.passed = &anything;
    if (shot->process_count > 0)
        sockets_open(&x.sockets, shot->process[0].pid);
    list_descriptors(&x);
    snapshot_note_programs(shot);
    for (size_t i = 0; i < shot->process_count; i++)
        see_namespace(&x, i);
    see_sharing(&x);
    for (size_t i = 0; i < shot->thread_count && !is_late(&x); i++)
        explore_thread(&x, &shot->thread[i]);
    for (size_t i = 0; i < shot->process_count && !is_late(&x); i++) {
        see_vfork(&x, &shot->process[i]);
        explore_process(&x, i);
    }
    list_holdings(&x);
    list_targets(shot);
    shot->timeouts = known->timeouts || unheard_timeouts(&x);
    see_signals(&x);
    if (known->open_world)
        see_outsiders(&x);
    shot->private_ipc = known->private_ipc;
    shot->unreadable |=
        known->strange || handles_faults(&x) || hidden_async(&x);
    shot->open_world = known->open_world;
    if (known->part)
        explore_part(&x);
    shot->explored = true;
    sockets_free(&x.sockets);
    free(x.mappings);
    free(x.holders);
    free(x.links);
}

/* SPDX-License-Identifier: MIT
 *
 * others: who else has what a thread waits for, see explainer.h. Explains only:
 * that a wait can be ended from outside was decided in proof/.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "autopsy/explainer.h"
#include "linux/syscalls.h"

#define MAX_OTHERS 16 /* of one thread */

/* One of the descriptors of a thread. */
struct waited_fd {
    const struct explainer *x;
    size_t index; /* of the thread */
    int fd;
};

static void add_other(struct thread_report *report, struct other other,
                      const char *name)
{
    for (size_t i = 0; i < report->other_count; i++)
        if (report->others[i].pid == other.pid)
            return;
    if (report->other_count == MAX_OTHERS)
        return;
    snprintf(other.name, sizeof(other.name), "%s", name);
    GROW(report->others, report->other_count);
    report->others[report->other_count++] = other;
}

static bool is_pipe(const struct object *object)
{
    return object->kind == OBJECT_PIPE || object->kind == OBJECT_FIFO;
}

static bool is_socket(const struct object *object)
{
    return object->kind == OBJECT_UNIX || object->kind == OBJECT_TCP;
}

/* How a descriptor was opened: 0 for reading, 1 for writing, 2 for both, which
 * is also the answer where it cannot be told. See proc(5). */
static int access_of(pid_t pid, int fd)
{
    char text[256];

    proc_read(text, sizeof(text), "/proc/%d/fdinfo/%d", (int)pid, fd);
    const char *flags = strstr(text, "flags:\t");
    return flags ? (int)(strtol(flags + 7, NULL, 8) & 3) : 2;
}

bool waits_for_room(const struct explainer *x, const struct thread_shot *thread)
{
    const struct waited_on *on = &x->shot->waited_on[thread->first_fd];

    if (thread->for_write || thread->fd_count != 1 || thread->by_table ||
        on->fd < 0 || !is_pipe(&x->shot->objects[on->object]))
        return thread->for_write;
    return access_of(thread->tid, on->fd) == 1;
}

/* Does this end of a pipe give what the thread waits for? poll(2) of several
 * may wait for both. */
static bool gives(const struct explainer *x, const struct thread_shot *thread,
                  const struct object *object, bool can_read, bool can_write)
{
    return !is_pipe(object) || thread->fd_count > 1 || thread->by_table ||
           (waits_for_room(x, thread) ? can_read : can_write);
}

/* The descriptor by which the process has this pipe or socket, with the right
 * that is needed; -1 if it cannot be told. */
static int find_fd(pid_t pid, const char *kind, ino_t inode, bool reads,
                   bool writes)
{
    struct pids numbers = {0};
    char wanted[64], link[64], target[64];
    int found = -1;

    snprintf(wanted, sizeof(wanted), "%s:[%lu]", kind, (unsigned long)inode);
    proc_descriptors(pid, &numbers);
    for (size_t i = 0; found == -1 && i < numbers.count; i++) {
        snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid,
                 (int)numbers.pid[i]);
        ssize_t length = readlink(link, target, sizeof(target) - 1);
        target[length > 0 ? length : 0] = '\0';
        if (strcmp(target, wanted) != 0)
            continue;
        int access = access_of(pid, numbers.pid[i]);
        if ((!reads || access != 1) && (!writes || access != 0))
            found = numbers.pid[i];
    }
    pids_free(&numbers);
    return found;
}

/* The descriptor by which another process has the same open file as the thread
 * has by its number; -1: none, or kcmp(2) is refused. */
static int find_copy(pid_t own, int fd, pid_t other)
{
    struct pids numbers = {0};
    int found = -1;

    proc_descriptors(other, &numbers);
    for (size_t i = 0; found == -1 && fd >= 0 && i < numbers.count; i++)
        if (syscall(SYS_kcmp, own, other, 0 /* KCMP_FILE */, fd,
                    numbers.pid[i]) == 0)
            found = numbers.pid[i];
    pids_free(&numbers);
    return found;
}

static bool is_anonymous(const struct object *object)
{
    return object->kind == OBJECT_EVENTFD || object->kind == OBJECT_TIMERFD ||
           object->kind == OBJECT_EPOLL;
}

/* Processes of the snapshot that have a copy of an eventfd or the like. */
static void see_copies(const struct waited_fd *view,
                       struct thread_report *report)
{
    const struct snapshot *shot = view->x->shot;
    const struct thread_shot *thread = &shot->thread[view->index];

    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *process = &shot->process[i];
        int fd = i == thread->process || process->thread_count == 0
                     ? -1
                     : find_copy(thread->tid, view->fd, process->pid);
        if (fd >= 0)
            add_other(
                report,
                (struct other){.pid = process->pid, .fd = fd, .asked = true},
                process->name);
    }
}

static int fd_of_holding(const struct explainer *x,
                         const struct thread_shot *thread,
                         const struct holding *holding)
{
    const struct object *object = &x->shot->objects[holding->object];
    pid_t pid = x->shot->process[holding->process].pid;

    if (is_pipe(object))
        return find_fd(pid, "pipe", object->inode, waits_for_room(x, thread),
                       !waits_for_room(x, thread));
    if (is_socket(object))
        return find_fd(pid, "socket",
                       holding->peer ? object->peer : object->inode, false,
                       false);
    return -1;
}

/* Those of the snapshot. Anonymous inodes have one number: who seems to have an
 * eventfd may have another one, and is not named. */
static void see_holdings(const struct explainer *x, size_t index, size_t object,
                         struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];

    for (size_t i = 0; i < x->shot->holding_count; i++) {
        const struct holding *holding = &x->shot->holdings[i];
        const struct object *what = &x->shot->objects[object];
        const struct process_shot *process =
            &x->shot->process[holding->process];
        bool own = holding->process == thread->process;
        if (holding->object != object || (!is_pipe(what) && !is_socket(what)) ||
            !gives(x, thread, what, holding->can_read, holding->can_write) ||
            (is_socket(what) && own && !holding->peer))
            continue;
        add_other(report,
                  (struct other){.pid = process->pid,
                                 .fd = fd_of_holding(x, thread, holding),
                                 .asked = true,
                                 .same_end = is_socket(what) && !holding->peer},
                  process->name);
    }
}

static void see_outside(const struct explainer *x, size_t index, size_t object,
                        struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];

    for (size_t i = 0; i < x->shot->outsider_count; i++) {
        const struct outsider *outsider = &x->shot->outsiders[i];
        const struct object *what = &x->shot->objects[object];
        if (outsider->has == OUTSIDE_DESCRIPTOR && outsider->index == object &&
            gives(x, thread, what, outsider->can_read, outsider->can_write))
            add_other(
                report,
                (struct other){.pid = outsider->pid,
                               .fd = outsider->fd,
                               .same_end = is_socket(what) && !outsider->peer},
                outsider->name);
    }
}

static void see_memory(const struct explainer *x, size_t index,
                       struct thread_report *report)
{
    for (size_t i = 0; i < x->shot->outsider_count; i++) {
        const struct outsider *outsider = &x->shot->outsiders[i];
        if ((outsider->has == OUTSIDE_MAPPING && outsider->index == index) ||
            (outsider->has == OUTSIDE_MEMORY &&
             outsider->index == x->shot->thread[index].process))
            add_other(
                report,
                (struct other){
                    .pid = outsider->pid,
                    .fd = -1,
                    .asked = snapshot_process(x->shot, outsider->pid) != NULL},
                outsider->name);
    }
}

/* Does this descriptor of a process hold a lock of its file? */
static bool holds_lock(pid_t pid, int fd)
{
    char text[4096];

    return proc_read(text, sizeof(text), "/proc/%d/fdinfo/%d", (int)pid, fd) >
               0 &&
           strstr(text, "\nlock:\t") != NULL;
}

/* The holder of a file lock: known by its number, or one of those outside who
 * hold a lock of the file. */
static void see_locker(const struct explainer *x, size_t index,
                       struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    const struct process_shot *holder =
        snapshot_process(x->shot, thread->locker);
    char name[16] = "";

    if (thread->locker > 0 && holder == NULL &&
        proc_read(name, sizeof(name), "/proc/%d/comm", (int)thread->locker) > 0)
        name[strcspn(name, "\n")] = '\0';
    if (thread->locker > 0 && (holder != NULL || name[0] != '\0'))
        add_other(report,
                  (struct other){
                      .pid = thread->locker, .fd = -1, .asked = holder != NULL},
                  holder ? holder->name : name);
    for (size_t i = 0; i < x->shot->outsider_count; i++) {
        const struct outsider *outsider = &x->shot->outsiders[i];
        if (outsider->has == OUTSIDE_DESCRIPTOR && thread->fd_count > 0 &&
            outsider->index == x->shot->waited_on[thread->first_fd].object &&
            holds_lock(outsider->pid, outsider->fd))
            add_other(report,
                      (struct other){.pid = outsider->pid, .fd = outsider->fd},
                      outsider->name);
    }
}

/* What has many descriptors waits for clients: they are not listed. */
bool others_are_known(const struct thread_shot *thread)
{
    return thread->wait == WAIT_FDS && !thread->by_table &&
           thread->fd_count <= 4;
}

void see_others(const struct explainer *x, size_t index,
                struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];

    if (thread->wait == WAIT_FUTEX)
        see_memory(x, index, report);
    if (thread->wait == WAIT_LOCK)
        see_locker(x, index, report);
    if (!others_are_known(thread))
        return;
    for (size_t i = 0; i < thread->fd_count; i++) {
        size_t object = x->shot->waited_on[thread->first_fd + i].object;
        const struct waited_fd view = {
            x, index, x->shot->waited_on[thread->first_fd + i].fd};
        if (is_anonymous(&x->shot->objects[object]))
            see_copies(&view, report);
        see_holdings(x, index, object, report);
        see_outside(x, index, object, report);
    }
}

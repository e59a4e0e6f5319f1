/* SPDX-License-Identifier: MIT
 *
 * outsiders: who outside of the tree has what its threads wait on, see
 * explorer.h.
 *
 * In the cage nobody outside can have it. Of processes that were not started
 * there, a pipe may be open in any other process too: in the parent of the one
 * that was asked for, or in a daemon that some child has left. So all of /proc
 * is searched:
 *
 *   pipes, sockets    by their inode
 *   named pipes, files with locks
 *                     by device and inode
 *   eventfd, timerfd ...
 *                     by kcmp(2): they share one inode
 *   memory            by kcmp(2), and by the inode of a shared mapping
 *
 * A process whose /proc/PID/fd may not be read counts as one that has all of
 * these, except kernel threads and zombies, which have no descriptors. What
 * nobody can see from here, in a PID namespace above ours, is not counted: what
 * is passed by SCM_RIGHTS is known from elsewhere (knowledge.passed).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/proc.h"
#include "linux/syscalls.h"
#include "proof/calls.h"
#include "proof/explorer.h"

/* One process outside of the tree. */
struct stranger {
    pid_t pid;
    pid_t tid; /* a thread of it that has not ended */
    char name[16];
    int directory; /* its /proc/PID/fd; -1: it cannot be read */
};

static void add_outsider(struct explorer *x, const struct stranger *stranger,
                         struct outsider outsider)
{
    struct snapshot *shot = x->shot;

    outsider.pid = stranger->pid;
    memcpy(outsider.name, stranger->name, sizeof(outsider.name));
    GROW(shot->outsiders, shot->outsider_count);
    shot->outsiders[shot->outsider_count++] = outsider;
}

/* ---- descriptors ---- */

/* Can be in use by others, and has an end of its own. */
static bool can_be_shared(const struct object *object)
{
    switch (object->kind) {
    case OBJECT_UNKNOWN:
    case OBJECT_SIGNALFD: /* shows each process its own signals */
    case OBJECT_PIDFD:
        return false;
    default:
        return true;
    }
}

static bool is_anonymous(const struct object *object)
{
    return object->kind == OBJECT_EVENTFD || object->kind == OBJECT_TIMERFD ||
           object->kind == OBJECT_EPOLL || object->kind == OBJECT_RING;
}

/* A descriptor of the tree by which a thread waits for the object; NULL where
 * the object is not waited for by a number. */
static const struct link *waiting_link(const struct explorer *x, size_t object)
{
    for (size_t i = 0; i < x->shot->thread_count; i++) {
        const struct thread_shot *thread = &x->shot->thread[i];
        for (size_t k = 0; k < thread->fd_count; k++) {
            const struct waited_on *on =
                &x->shot->waited_on[thread->first_fd + k];
            if (on->object == object && on->fd >= 0)
                return find_link(x, thread->process, on->fd);
        }
    }
    return NULL;
}

static const char *name_of_kind(enum object_kind kind)
{
    return kind == OBJECT_EVENTFD   ? "anon_inode:[eventfd]"
           : kind == OBJECT_TIMERFD ? "anon_inode:[timerfd]"
           : kind == OBJECT_EPOLL   ? "anon_inode:[eventpoll]"
                                    : "anon_inode:[io_uring]";
}

/* Is it the same open file? Where kcmp(2) is refused, or the tree has no number
 * for it to compare, it may be. */
static bool may_be_same_file(const struct explorer *x, size_t object,
                             const struct stranger *stranger,
                             const struct link *there)
{
    const struct link *here = waiting_link(x, object);

    if (strcmp(name_of_kind(x->shot->objects[object].kind), there->target) != 0)
        return false;
    if (here == NULL)
        return true;
    long order = syscall(SYS_kcmp, living_tid(x, here->process), stranger->tid,
                         0 /* KCMP_FILE */, here->fd, there->fd);
    return order == 0 || (order == -1 && errno != ESRCH && errno != EBADF);
}

/* Is the descriptor `there` of the stranger this object, or (*peer) the other
 * end of it? */
static bool leads_to(const struct explorer *x, size_t index,
                     const struct stranger *stranger, const struct link *there,
                     bool *peer)
{
    const struct object *object = &x->shot->objects[index];

    *peer = false;
    if (is_anonymous(object))
        return starts(there->target, "anon_inode:") &&
               may_be_same_file(x, index, stranger, there);
    if (starts(there->target, "anon_inode:"))
        return false;
    if (object->kind == OBJECT_UNIX || object->kind == OBJECT_TCP ||
        object->kind == OBJECT_LISTENER) {
        *peer = object->peer != 0 && object->peer == there->inode;
        return S_ISSOCK(there->mode) &&
               (*peer || object->inode == there->inode);
    }
    return object->inode == there->inode && object->device == there->device;
}

/* Does some thread of the tree wait on the object for what this end gives? The
 * set of poll(2) may ask for both. */
static bool is_needed(const struct snapshot *shot, size_t object,
                      const struct link *there)
{
    for (size_t i = 0; i < shot->thread_count; i++) {
        const struct thread_shot *thread = &shot->thread[i];
        for (size_t k = 0; k < thread->fd_count; k++) {
            if (shot->waited_on[thread->first_fd + k].object != object)
                continue;
            if (thread->fd_count > 1 || thread->by_table ||
                call_fd_source(thread) != FDS_FIRST ||
                (thread->for_write ? there->can_read : there->can_write))
                return true;
        }
    }
    return false;
}

static bool is_pipe(const struct object *object)
{
    return object->kind == OBJECT_PIPE || object->kind == OBJECT_FIFO;
}

static void compare_with_objects(struct explorer *x,
                                 const struct stranger *stranger,
                                 const struct link *there)
{
    bool peer;

    for (size_t i = 0; i < x->shot->object_count; i++) {
        struct object *object = &x->shot->objects[i];
        if (!can_be_shared(object) || !leads_to(x, i, stranger, there, &peer))
            continue;
        if (!is_anonymous(object) || waiting_link(x, i) != NULL)
            add_outsider(x, stranger,
                         (struct outsider){.has = OUTSIDE_DESCRIPTOR,
                                           .index = i,
                                           .fd = there->fd,
                                           .can_read = there->can_read,
                                           .can_write = there->can_write,
                                           .peer = peer});
        if (object->kind != OBJECT_FILE &&
            (!is_pipe(object) || is_needed(x->shot, i, there)))
            object->open_to_world = true;
    }
}

/* May its descriptors be looked at? Its directory can often be opened where its
 * links cannot be read. */
static bool is_open_to_us(const struct stranger *stranger,
                          const struct pids *numbers)
{
    char name[16], target[16];

    if (numbers->count == 0)
        return true;
    snprintf(name, sizeof(name), "%d", (int)numbers->pid[0]);
    return readlinkat(stranger->directory, name, target, sizeof(target)) >= 0 ||
           (errno != EACCES && errno != EPERM);
}

/* False where they may not be looked at. */
static bool see_descriptors(struct explorer *x, const struct stranger *stranger)
{
    struct pids numbers = {0};

    proc_descriptors(stranger->tid, &numbers);
    bool open = is_open_to_us(stranger, &numbers);
    for (size_t i = 0; open && x->shot->object_count > 0 && i < numbers.count;
         i++) {
        struct link link;
        if (read_link(x, stranger->directory, numbers.pid[i], &link))
            compare_with_objects(x, stranger, &link);
    }
    pids_free(&numbers);
    return open;
}

/* ---- memory ---- */

/* Does the process run in the memory of one of the tree? Where kcmp(2) is
 * refused, the sizes tell: the same memory has the same ones. */
static bool same_memory(const struct explorer *x, size_t process, pid_t other)
{
    char one[128], two[128];
    pid_t tid = living_tid(x, process);
    long order = syscall(SYS_kcmp, tid, other, 1 /* KCMP_VM */, 0, 0);

    if (order != -1 || errno == ESRCH)
        return order == 0;
    return proc_read(one, sizeof(one), "/proc/%d/statm", (int)tid) > 0 &&
           proc_read(two, sizeof(two), "/proc/%d/statm", (int)other) > 0 &&
           strcmp(one, two) == 0;
}

static void see_memory(struct explorer *x, const struct stranger *stranger)
{
    for (size_t i = 0; i < x->shot->process_count; i++) {
        if (x->shot->process[i].thread_count == 0 ||
            !same_memory(x, i, stranger->tid))
            continue;
        x->shot->process[i].memory_outside = true;
        add_outsider(
            x, stranger,
            (struct outsider){.has = OUTSIDE_MEMORY, .index = i, .fd = -1});
    }
}

/* The shared words that threads of the tree wait for. */
static bool waits_for_shared(const struct thread_shot *thread)
{
    return thread->wait == WAIT_FUTEX && thread->reach != REACH_PROCESS;
}

/* Has the process mapped the same file, to share it? -1: that may not be read.
 */
static int maps_shared(pid_t pid, const struct mapping *word)
{
    char path[64], line[512], rights[8];
    unsigned major_number, minor_number;
    unsigned long inode;
    bool found = false;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return errno == EACCES || errno == EPERM ? -1 : 0;
    while (!found && fgets(line, sizeof(line), stream) != NULL)
        found = sscanf(line, "%*s %7s %*s %x:%x %lu", rights, &major_number,
                       &minor_number, &inode) == 4 &&
                rights[3] == 's' && inode == word->inode &&
                makedev(major_number, minor_number) == word->device;
    fclose(stream);
    return found;
}

/* One process of the tree: does it map words for which others wait? Most of
 * them lie in one file. */
static void see_words_of_member(struct explorer *x, size_t index,
                                const struct mapping *words)
{
    const struct process_shot *process = &x->shot->process[index];
    const pid_t tid = living_tid(x, index);
    struct stranger member = {.pid = process->pid};
    struct mapping last = {0};
    int shared = 0;

    memcpy(member.name, process->name, sizeof(member.name));
    for (size_t i = 0; i < x->shot->thread_count; i++) {
        if (words[i].inode == 0 || x->shot->thread[i].process == index)
            continue;
        if (words[i].inode != last.inode || words[i].device != last.device)
            shared = maps_shared(tid, &words[i]);
        last = words[i];
        if (shared == 1)
            add_outsider(x, &member,
                         (struct outsider){
                             .has = OUTSIDE_MAPPING, .index = i, .fd = -1});
    }
}

static void see_words(struct explorer *x, const struct stranger *stranger,
                      const struct mapping *words)
{
    for (size_t i = 0; i < x->shot->thread_count; i++) {
        struct thread_shot *thread = &x->shot->thread[i];
        int shared = words[i].inode ? maps_shared(stranger->tid, &words[i]) : 0;
        if (shared == 0)
            continue;
        thread->reach = REACH_WORLD;
        if (shared == 1)
            add_outsider(x, stranger,
                         (struct outsider){
                             .has = OUTSIDE_MAPPING, .index = i, .fd = -1});
    }
}

/* ---- all of /proc ---- */

/* Neither kernel threads nor zombies have memory or descriptors. */
static bool has_memory(pid_t tid)
{
    char text[64];

    return proc_read(text, sizeof(text), "/proc/%d/statm", (int)tid) > 0 &&
           strtoul(text, NULL, 10) != 0;
}

/* A thread that has memory: the first one may have ended before the others. 0:
 * there is none. */
static pid_t living_thread(pid_t pid)
{
    struct pids tids = {0};
    pid_t found = has_memory(pid) ? pid : 0;

    if (found == 0)
        proc_threads(pid, &tids);
    for (size_t i = 0; found == 0 && i < tids.count; i++)
        if (has_memory(tids.pid[i]))
            found = tids.pid[i];
    pids_free(&tids);
    return found;
}

/* When the process was made, in seconds since the epoch; later than any pipe
 * where that is unknown. */
static double birth_of(pid_t pid)
{
    struct timespec now, up;
    char text[1024];
    const char *at = NULL;

    if (proc_read(text, sizeof(text), "/proc/%d/stat", (int)pid) > 0)
        at = proc_stat_field(text, 22);
    if (at == NULL || clock_gettime(CLOCK_REALTIME, &now) == -1 ||
        clock_gettime(CLOCK_BOOTTIME, &up) == -1)
        return 1e18;
    return (double)(now.tv_sec - up.tv_sec) +
           (double)strtoull(at, NULL, 10) / (double)sysconf(_SC_CLK_TCK);
}

static void read_name(struct stranger *stranger)
{
    char *name = stranger->name;

    proc_read(name, sizeof(stranger->name), "/proc/%d/comm",
              (int)stranger->pid);
    name[strcspn(name, "\n")] = '\0';
}

static void see_stranger(struct explorer *x, pid_t pid,
                         const struct mapping *words, double *youngest)
{
    struct stranger stranger = {.pid = pid, .tid = living_thread(pid)};
    char path[64];

    if (stranger.tid == 0)
        return;
    snprintf(path, sizeof(path), "/proc/%d/fd", (int)stranger.tid);
    stranger.directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (stranger.directory == -1 && errno != EACCES && errno != EPERM)
        return; /* it has just ended */
    read_name(&stranger);
    see_memory(x, &stranger);
    see_words(x, &stranger, words);
    if (stranger.directory == -1 || !see_descriptors(x, &stranger)) {
        double born = birth_of(pid);
        x->shot->hidden_count++;
        x->shot->hidden = pid;
        memcpy(x->shot->hidden_name, stranger.name, sizeof(stranger.name));
        if (born > *youngest)
            *youngest = born;
    }
    if (stranger.directory != -1)
        close(stranger.directory);
}

/* When a pipe was made, in seconds since the epoch; 0: unknown. */
static double pipe_made_at(const struct explorer *x, size_t object)
{
    const struct link *link = waiting_link(x, object);
    char path[64];
    struct stat info;

    if (x->shot->objects[object].kind != OBJECT_PIPE || link == NULL)
        return 0;
    snprintf(path, sizeof(path), "/proc/%d/fd/%d",
             (int)living_tid(x, link->process), link->fd);
    return stat(path, &info) == 0 ? (double)info.st_ctim.tv_sec : 0;
}

#define CLOCK_SLACK 5.0 /* seconds by which the clock may have been set */

/* Those into which nobody may look may have anything; but a pipe is inherited
 * only by who was born after it. (What is passed is known from elsewhere.) */
static void count_hidden(struct explorer *x, double youngest)
{
    for (size_t i = 0; x->shot->hidden_count > 0 && i < x->shot->object_count;
         i++)
        if (can_be_shared(&x->shot->objects[i]) &&
            x->shot->objects[i].kind != OBJECT_FILE &&
            pipe_made_at(x, i) <= youngest + CLOCK_SLACK)
            x->shot->objects[i].open_to_world = true;
}

void see_outsiders(struct explorer *x)
{
    struct pids all = {0};
    double youngest = 0; /* of those that may not be looked into */
    struct mapping *words = xcalloc(x->shot->thread_count + 1, sizeof(*words));

    for (size_t i = 0; i < x->shot->thread_count; i++) {
        const struct thread_shot *thread = &x->shot->thread[i];
        const struct mapping *mapping =
            waits_for_shared(thread)
                ? mapping_at(x, thread->process, thread->futex)
                : NULL;
        if (mapping != NULL)
            words[i] = *mapping;
    }
    for (size_t i = 0; i < x->shot->process_count; i++)
        if (x->shot->process[i].thread_count > 0)
            see_words_of_member(x, i, words);
    proc_all(&all);
    for (size_t i = 0; i < all.count && !is_late(x); i++)
        if (all.pid[i] != getpid() &&
            snapshot_process(x->shot, all.pid[i]) == NULL)
            see_stranger(x, all.pid[i], words, &youngest);
    count_hidden(x, youngest);
    pids_free(&all);
    free(words);
}

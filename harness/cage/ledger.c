/* SPDX-License-Identifier: MIT
 *
 * ledger: see ledger.h.
 */
#define _GNU_SOURCE
#include "cage/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cage/directory.h"
#include "cage/names.h"
#include "linux/proc.h"
#include "linux/remote.h"
#include "linux/syscalls.h"
#include "report/report.h"

#define MAX_ENTRIES 1024  /* then the program gets ENOSPC */
#define MAX_TASKS 512     /* then EAGAIN */
#define MAX_PATH_SIZE 288 /* a common directory, '/', NAME_MAX, NUL */

enum kind { MADE_PATH, MADE_QUEUE, MADE_SHM, MADE_SEM, MADE_MSG };

struct entry {
    enum kind kind;
    int id;
    char name[MAX_PATH_SIZE];
};

struct ledger {
    char directory[PATH_MAX];   /* the run's */
    char kept_out[2][PATH_MAX]; /* here it makes nothing; "": nowhere */
    size_t count;
    struct entry entry[MAX_ENTRIES];
    unsigned may_fork;        /* so often before tasks are counted again */
    struct timespec next_try; /* none before, CLOCK_MONOTONIC */
};

static const char *const common_directories[] = {"/tmp", "/var/tmp",
                                                 "/dev/shm"};

#define CONTROL_GROUPS "/sys/fs/cgroup"

/* Calls that make a name, and which arguments have it. The directory is -1
 * where the call has none: a relative name is then in the current one. */
static const struct maker {
    int call;
    signed char directory, name; /* of the new one */
    signed char from_directory,
        from_name; /* of the old one; -1: there is none */
    bool moves;    /* the old name is gone */
} makers[] = {
    {SYS_openat, 0, 1, -1, -1, false},    {SYS_openat2, 0, 1, -1, -1, false},
    {SYS_mkdirat, 0, 1, -1, -1, false},   {SYS_mknodat, 0, 1, -1, -1, false},
    {SYS_symlinkat, 1, 2, -1, -1, false}, {SYS_linkat, 2, 3, 0, 1, false},
    {SYS_renameat2, 2, 3, 0, 1, true},
#ifdef SYS_renameat
    {SYS_renameat, 2, 3, 0, 1, true},
#endif
#ifdef SYS_open
    {SYS_open, -1, 0, -1, -1, false},     {SYS_creat, -1, 0, -1, -1, false},
    {SYS_mkdir, -1, 0, -1, -1, false},    {SYS_mknod, -1, 0, -1, -1, false},
    {SYS_symlink, -1, 1, -1, -1, false},  {SYS_link, -1, 1, -1, 0, false},
    {SYS_rename, -1, 1, -1, 0, true},
#endif
};

/* System V IPC: which argument has the flags. */
static const struct ipc_maker {
    int call, flags;
    enum kind kind;
} ipc_makers[] = {
    {SYS_shmget, 2, MADE_SHM},
    {SYS_semget, 2, MADE_SEM},
    {SYS_msgget, 1, MADE_MSG},
};

static const struct call_answer go_on = {.proceed = true};

static struct call_answer refuse(int error)
{
    return (struct call_answer){.error = error};
}

/* ---- entries ---- */

/* Where every user may make files, others cannot be kept out. */
static bool is_common(const char *directory)
{
    for (size_t i = 0;
         i < sizeof(common_directories) / sizeof(common_directories[0]); i++)
        if (strcmp(common_directories[i], directory) == 0)
            return true;
    return false;
}

static void keep_out(char *kept_out, const char *directory)
{
    if (directory == NULL || realpath(directory, kept_out) == NULL ||
        is_common(kept_out))
        kept_out[0] = '\0';
}

struct ledger *ledger_new(const char *directory, bool only_own)
{
    struct ledger *ledger =
        mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (ledger == MAP_FAILED)
        return NULL;
    ledger->may_fork = MAX_TASKS / 2;
    if (realpath(directory, ledger->directory) == NULL)
        ledger->directory[0] = '\0';
    if (only_own) {
        keep_out(ledger->kept_out[0], getenv("HOME"));
        keep_out(ledger->kept_out[1], ".");
    }
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (ledger != NULL)
        munmap(ledger, sizeof(*ledger));
}

static bool is_listed(const struct ledger *ledger, const char *path)
{
    for (size_t i = 0; i < ledger->count; i++)
        if (ledger->entry[i].kind == MADE_PATH &&
            strcmp(ledger->entry[i].name, path) == 0)
            return true;
    return false;
}

/* False if the ledger is full. */
static bool add_entry(struct ledger *ledger, enum kind kind, const char *name,
                      int id)
{
    if (ledger->count == MAX_ENTRIES)
        return false;
    struct entry *entry = &ledger->entry[ledger->count];
    entry->kind = kind;
    entry->id = id;
    snprintf(entry->name, sizeof(entry->name), "%s", name);
    ledger->count++; /* last: the keeper may read it at any time */
    return true;
}

/* False with errno if it is still there. */
static bool remove_entry(const struct entry *entry)
{
    switch (entry->kind) {
    case MADE_PATH:
        return unlink(entry->name) == 0 || errno == ENOENT ||
               directory_remove(entry->name);
    case MADE_QUEUE:
        return syscall(SYS_mq_unlink, entry->name) == 0 || errno == ENOENT;
    case MADE_SHM:
        return shmctl(entry->id, IPC_RMID, NULL) == 0 || errno != EPERM;
    case MADE_SEM:
        return semctl(entry->id, 0, IPC_RMID) == 0 || errno != EPERM;
    case MADE_MSG:
        return msgctl(entry->id, IPC_RMID, NULL) == 0 || errno != EPERM;
    }
    return true;
}

char *ledger_remove_all(struct ledger *ledger)
{
    static const char *const kinds[] = {
        [MADE_PATH] = "",
        [MADE_QUEUE] = "message queue ",
        [MADE_SHM] = "System V shared memory",
        [MADE_SEM] = "System V semaphores",
        [MADE_MSG] = "System V message queue",
    };
    char *left = NULL;

    while (ledger->count > 0) {
        const struct entry *entry = &ledger->entry[--ledger->count];
        if (!remove_entry(entry) && left == NULL)
            left = xasprintf("%s%s could not be removed: %s",
                             kinds[entry->kind], entry->name, strerror(errno));
    }
    return left;
}

/* ---- names ---- */

/* Is it an entry of a directory where every user may make files, or a control
 * group? */
static bool in_common_directory(const char *path)
{
    char directory[MAX_PATH_SIZE];
    const char *last = strrchr(path, '/');

    snprintf(directory, sizeof(directory), "%.*s", (int)(last - path), path);
    return is_common(directory) || name_below(path, CONTROL_GROUPS);
}

static struct call_answer list_path(struct ledger *ledger, const char *path)
{
    if (!in_common_directory(path) || name_exists(path) ||
        is_listed(ledger, path))
        return go_on;
    if (strlen(path) >= MAX_PATH_SIZE)
        return refuse(ENAMETOOLONG);
    return add_entry(ledger, MADE_PATH, path, 0) ? go_on : refuse(ENOSPC);
}

static bool is_kept_out(const struct ledger *ledger, const char *path)
{
    return !name_below(path, ledger->directory) &&
           (name_below(path, ledger->kept_out[0]) ||
            name_below(path, ledger->kept_out[1]));
}

/* As in the cage, where the run's directory is a mount point, nothing is moved
 * or linked out of it. A file that was there before the run must not be
 * removed, even when it is renamed: so its new name is not listed. */
static struct call_answer answer_name(struct ledger *ledger,
                                      const struct maker *maker,
                                      const struct testimony *call)
{
    char path[PATH_MAX], from[PATH_MAX] = "";

    if (!name_argument(call, maker->directory, maker->name, path, sizeof(path)))
        return go_on;
    if (maker->from_name != -1 &&
        !name_argument(call, maker->from_directory, maker->from_name, from,
                       sizeof(from)))
        return go_on;
    if (is_kept_out(ledger, path) ||
        (maker->moves && is_kept_out(ledger, from)))
        return refuse(EROFS);
    if (name_below(from, ledger->directory) &&
        !name_below(path, ledger->directory))
        return refuse(EXDEV);
    if (maker->moves && !is_listed(ledger, from))
        return go_on;
    return list_path(ledger, path);
}

/* A UNIX socket with a path. */
static struct call_answer answer_bind(struct ledger *ledger,
                                      const struct testimony *call)
{
    struct sockaddr_un address = {0};
    size_t size = call->args[2];
    char path[PATH_MAX];

    if (size > sizeof(address))
        size = sizeof(address);
    if (size <= sizeof(sa_family_t) ||
        !remote_read(call->tid, call->args[1], &address, size) ||
        address.sun_family != AF_UNIX || address.sun_path[0] == '\0')
        return go_on;
    char name[sizeof(address.sun_path) + 1];
    snprintf(name, sizeof(name), "%.*s", (int)sizeof(address.sun_path),
             address.sun_path);
    if (!name_resolve(call->tid, AT_FDCWD, name, path, sizeof(path)))
        return go_on;
    if (is_kept_out(ledger, path))
        return refuse(EROFS);
    return list_path(ledger, path);
}

/* ---- IPC ---- */

/* mq_open(3): the kernel gets the name without its slash. */
static struct call_answer answer_queue(struct ledger *ledger,
                                       const struct testimony *call)
{
    char name[NAME_MAX + 1];

    if (!(call->args[1] & O_CREAT) ||
        !name_read(call->tid, call->args[0], name, sizeof(name)))
        return go_on;
    int fd = (int)syscall(SYS_mq_open, name, O_RDONLY | O_CLOEXEC, 0, NULL);
    if (fd != -1)
        close(fd);
    if (fd != -1 || errno != ENOENT)
        return go_on;
    return add_entry(ledger, MADE_QUEUE, name, 0) ? go_on : refuse(ENOSPC);
}

static bool same_user(pid_t tid)
{
    char text[4096];
    unsigned real, effective;

    if (proc_read(text, sizeof(text), "/proc/%d/status", (int)tid) <= 0)
        return false;
    const char *at = strstr(text, "\nUid:");
    return at != NULL && sscanf(at + 5, "%u %u", &real, &effective) == 2 &&
           effective == geteuid();
}

/* Afterwards the kernel does not tell who made an object. So it is made here,
 * on behalf of the program, with IPC_EXCL: then it is certain that it is new.
 */
static struct call_answer answer_ipc(struct ledger *ledger,
                                     const struct ipc_maker *maker,
                                     const struct testimony *call)
{
    long args[3] = {(long)call->args[0], (long)call->args[1],
                    (long)call->args[2]};
    long flags = args[maker->flags];
    bool private = (key_t)args[0] == IPC_PRIVATE;

    if ((!private && !(flags & IPC_CREAT)) || !same_user(call->tid))
        return go_on;
    if (ledger->count == MAX_ENTRIES)
        return refuse(ENOSPC);
    if (!private)
        args[maker->flags] |= IPC_EXCL;
    long id = syscall(maker->call, args[0], args[1], args[2]);
    if (id == -1)
        return errno == EEXIST && !(flags & IPC_EXCL) ? go_on : refuse(errno);
    add_entry(ledger, maker->kind, "", (int)id);
    return (struct call_answer){.value = id};
}

/* ---- limits ---- */

/* Its parent, as /proc shows it; 0 if there is no such process. */
static pid_t parent_of(pid_t pid)
{
    char text[4096];
    const char *at;

    if (proc_read(text, sizeof(text), "/proc/%d/status", (int)pid) <= 0 ||
        (at = strstr(text, "\nPPid:")) == NULL)
        return 0;
    return (pid_t)strtol(at + 6, NULL, 10);
}

/* prlimit(2) of another process: only of the program's own. To read them is
 * free. */
static struct call_answer answer_limits(pid_t keeper,
                                        const struct testimony *call)
{
    pid_t pid = (pid_t)call->args[0];

    if (call->args[2] == 0)
        return go_on;
    if (pid != keeper)
        while (pid > 1 && (pid = parent_of(pid)) != keeper)
            ;
    return pid == keeper && (pid_t)call->args[0] != keeper ? go_on
                                                           : refuse(EPERM);
}

/* ---- forks ---- */

/* How many threads the descendants of a process have. */
static unsigned tasks_below(pid_t pid)
{
    struct pids children = {0};
    unsigned count = 0;

    proc_children(pid, &children);
    for (size_t i = 0; i < children.count && count < MAX_TASKS; i++) {
        struct pids threads = {0};
        proc_threads(children.pid[i], &threads);
        count += (unsigned)threads.count + tasks_below(children.pid[i]);
        pids_free(&threads);
    }
    pids_free(&children);
    return count;
}

static bool is_before(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec < b->tv_sec ||
           (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Counting takes time: it is done when half of the room that the last count
 * found is used, and once a second while there is none. */
static struct call_answer answer_fork(struct ledger *ledger, pid_t keeper)
{
    struct timespec now;

    if (ledger->may_fork > 0) {
        ledger->may_fork--;
        return go_on;
    }
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    if (is_before(&now, &ledger->next_try))
        return refuse(EAGAIN);
    unsigned there = tasks_below(keeper);
    if (there >= MAX_TASKS) {
        ledger->next_try = now;
        ledger->next_try.tv_sec++;
        return refuse(EAGAIN);
    }
    ledger->may_fork = (MAX_TASKS - there - 1) / 2;
    return go_on;
}

/* ---- all calls ---- */

struct call_answer ledger_answer(struct ledger *ledger, pid_t keeper,
                                 const struct testimony *call)
{
    switch (call->call) {
    case SYS_clone:
    case SYS_clone3:
#ifdef SYS_fork
    case SYS_fork:
    case SYS_vfork:
#endif
        return answer_fork(ledger, keeper);
    case SYS_bind:
        return answer_bind(ledger, call);
    case SYS_prlimit64:
        return answer_limits(keeper, call);
    case SYS_mq_open:
        return answer_queue(ledger, call);
    default:
        break;
    }
    for (size_t i = 0; i < sizeof(ipc_makers) / sizeof(ipc_makers[0]); i++)
        if (ipc_makers[i].call == call->call)
            return answer_ipc(ledger, &ipc_makers[i], call);
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
        if (makers[i].call == call->call)
            return answer_name(ledger, &makers[i], call);
    return go_on;
}

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
#include "linux/proc.h"
#include "report/report.h"
#include "linux/remote.h"
#include "linux/syscalls.h"

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
    size_t count;
    struct entry entry[MAX_ENTRIES];
    unsigned may_fork;        /* so often before tasks are counted again */
    struct timespec next_try; /* none before, CLOCK_MONOTONIC */
};

static const char *const common_directories[] = {"/tmp", "/var/tmp",
                                                 "/dev/shm"};

/* Calls that make a name, and which arguments have it. The directory is -1
 * where the call has none: a relative name is then in the current one. */
static const struct maker {
    int call;
    signed char directory, name; /* of the new one */
    signed char from_directory,
        from_name; /* of the old one; -1: there is none */
} makers[] = {
    {SYS_openat, 0, 1, -1, -1},    {SYS_openat2, 0, 1, -1, -1},
    {SYS_mkdirat, 0, 1, -1, -1},   {SYS_mknodat, 0, 1, -1, -1},
    {SYS_symlinkat, 1, 2, -1, -1}, {SYS_linkat, 2, 3, -1, -1},
    {SYS_renameat2, 2, 3, 0, 1},
#ifdef SYS_renameat
    {SYS_renameat, 2, 3, 0, 1},
#endif
#ifdef SYS_open
    {SYS_open, -1, 0, -1, -1},     {SYS_creat, -1, 0, -1, -1},
    {SYS_mkdir, -1, 0, -1, -1},    {SYS_mknod, -1, 0, -1, -1},
    {SYS_symlink, -1, 1, -1, -1},  {SYS_link, -1, 1, -1, -1},
    {SYS_rename, -1, 1, -1, 0},
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

struct ledger *ledger_new(void)
{
    struct ledger *ledger =
        mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (ledger == MAP_FAILED)
        return NULL;
    ledger->may_fork = MAX_TASKS / 2;
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

/* Copies a string of the program. False if it cannot be read, or is too long.
 */
static bool read_string(pid_t tid, unsigned long address, char *text,
                        size_t size)
{
    const size_t page = 4096;
    size_t done = 0;

    while (done < size) {
        size_t part = page - (address + done) % page;
        if (part > size - done)
            part = size - done;
        if (!remote_read(tid, address + done, text + done, part))
            return false;
        if (memchr(text + done, '\0', part) != NULL)
            return true;
        done += part;
    }
    return false;
}

/* The path as seen by the runner: the directory without links, the last part as
 * it is. False if there is no such directory, or no room. */
static bool resolve(pid_t tid, int directory, const char *name, char *path,
                    size_t size)
{
    char whole[PATH_MAX + 64], real[PATH_MAX];
    size_t length = strlen(name);

    while (length > 1 && name[length - 1] == '/')
        length--;
    if (name[0] == '/')
        snprintf(whole, sizeof(whole), "%.*s", (int)length, name);
    else if (directory == AT_FDCWD)
        snprintf(whole, sizeof(whole), "/proc/%d/cwd/%.*s", (int)tid,
                 (int)length, name);
    else
        snprintf(whole, sizeof(whole), "/proc/%d/fd/%d/%.*s", (int)tid,
                 directory, (int)length, name);
    char *last = strrchr(whole, '/');
    if (last == NULL)
        return false;
    *last++ = '\0';
    if (realpath(whole[0] ? whole : "/", real) == NULL)
        return false;
    int used = snprintf(path, size, "%s/%s", real, last);
    return used > 0 && (size_t)used < size;
}

/* Is it an entry of a directory where every user may make files? */
static bool in_common_directory(const char *path)
{
    const char *last = strrchr(path, '/');
    size_t length = (size_t)(last - path);

    for (size_t i = 0;
         i < sizeof(common_directories) / sizeof(common_directories[0]); i++)
        if (strlen(common_directories[i]) == length &&
            strncmp(common_directories[i], path, length) == 0)
            return true;
    return false;
}

static bool exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

static bool argument_path(const struct testimony *call, int directory, int name,
                          char *path, size_t size)
{
    char text[PATH_MAX];

    return read_string(call->tid, call->args[name], text, sizeof(text)) &&
           resolve(call->tid,
                   directory == -1 ? AT_FDCWD : (int)call->args[directory],
                   text, path, size);
}

static struct call_answer list_path(struct ledger *ledger, const char *path)
{
    if (!in_common_directory(path) || exists(path) || is_listed(ledger, path))
        return go_on;
    return add_entry(ledger, MADE_PATH, path, 0) ? go_on : refuse(ENOSPC);
}

/* A file that was there before the run must not be removed, even when it is
 * renamed. */
static bool moves_an_old_one(const struct ledger *ledger,
                             const struct maker *maker,
                             const struct testimony *call)
{
    char from[PATH_MAX];

    return maker->from_name != -1 &&
           (!argument_path(call, maker->from_directory, maker->from_name, from,
                           sizeof(from)) ||
            !is_listed(ledger, from));
}

static struct call_answer answer_name(struct ledger *ledger,
                                      const struct maker *maker,
                                      const struct testimony *call)
{
    char path[MAX_PATH_SIZE];

    if (!argument_path(call, maker->directory, maker->name, path,
                       sizeof(path)) ||
        moves_an_old_one(ledger, maker, call))
        return go_on;
    return list_path(ledger, path);
}

/* A UNIX socket with a path. */
static struct call_answer answer_bind(struct ledger *ledger,
                                      const struct testimony *call)
{
    struct sockaddr_un address = {0};
    size_t size = call->args[2];
    char path[MAX_PATH_SIZE];

    if (size > sizeof(address))
        size = sizeof(address);
    if (size <= sizeof(sa_family_t) ||
        !remote_read(call->tid, call->args[1], &address, size) ||
        address.sun_family != AF_UNIX || address.sun_path[0] == '\0')
        return go_on;
    char name[sizeof(address.sun_path) + 1];
    snprintf(name, sizeof(name), "%.*s", (int)sizeof(address.sun_path),
             address.sun_path);
    if (!resolve(call->tid, AT_FDCWD, name, path, sizeof(path)))
        return go_on;
    return list_path(ledger, path);
}

/* ---- IPC ---- */

/* mq_open(3): the kernel gets the name without its slash. */
static struct call_answer answer_queue(struct ledger *ledger,
                                       const struct testimony *call)
{
    char name[NAME_MAX + 1];

    if (!(call->args[1] & O_CREAT) ||
        !read_string(call->tid, call->args[0], name, sizeof(name)))
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

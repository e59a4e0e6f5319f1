/* SPDX-License-Identifier: MIT
 *
 * cage: see cage.h. In this order: the plumbing, the program's side, the
 * keeper's side, the runner's side.
 */
#define _GNU_SOURCE
#include "cage/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cage/folder.h"
#include "cage/mounts.h"
#include "linux/pidfd.h"
#include "cage/ledger.h"
#include "linux/proc.h"
#include "linux/syscalls.h"
#include "cage/witness.h"

/* Ways to hold a program, strongest first. */
enum hold {
    HOLD_NAMESPACES, /* root: PID, IPC and mount namespace */
    HOLD_USER_NS,    /* the same inside a user namespace of our own */
    HOLD_SUBREAPER,  /* no namespaces: subreaper and kill loop */
};

#define NAMESPACES (CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNS)

/* Both ends of everything, while the keeper is being made. */
struct plumbing {
    int sync[2];   /* [0] runner, [1] program: hello, go, exec's error */
    int life[2];   /* [0] keeper reads, [1] runner holds */
    int status[2]; /* [0] runner reads, [1] keeper writes */
    int out[2];    /* [0] runner reads, [1] program's stdout */
    int err[2];
    int pid_max; /* kernel.pid_max of the runner's PID namespace */
};

#define MOST_MORE_TASKS 512
#define PID_MAX "/proc/sys/kernel/pid_max"

/* The first message on the status pipe. */
struct keeper_hello {
    int error; /* 0, or errno of what could not be set up */
    struct mounts mounts;
};

/* ---- the plumbing ---- */

static void close_fd(int *fd)
{
    if (*fd != -1)
        close(*fd);
    *fd = -1;
}

/* A pair on which each write(2) is one record, with the writer's pid and the
 * time as the kernel saw them: unix(7) SO_PASSCRED, socket(7) SO_TIMESTAMPNS.
 */
static int record_pair(int pair[2])
{
    const int on = 1, room = 4 << 20;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
        return -1;
    setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
    setsockopt(pair[0], SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    /* One write may be as long as the send buffer, EMSGSIZE beyond it. */
    if (setsockopt(pair[1], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
        setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    return 0;
}

static int pty_pair(int pair[2])
{
    struct termios raw;
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    if (openpty(&pair[0], &pair[1], NULL, NULL, &size) == -1)
        return -1;
    if (tcgetattr(pair[1], &raw) == 0) {
        raw.c_oflag &= ~(tcflag_t)OPOST; /* \n stays \n */
        raw.c_lflag &= ~(tcflag_t)(ECHO | ISIG | ICANON);
        tcsetattr(pair[1], TCSANOW, &raw);
    }
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

/* A file without a name; the runner reads through a description of its own. */
static int file_pair(int pair[2], const char *folder)
{
    char path[64];

    pair[1] = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (pair[1] == -1)
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", pair[1]);
    pair[0] = open(path, O_RDONLY | O_CLOEXEC);
    return pair[0] == -1 ? -1 : 0;
}

static int output_pair(enum output_kind kind, const char *folder, int pair[2])
{
    switch (kind) {
    case OUTPUT_PIPE:
        return pipe2(pair, O_CLOEXEC);
    case OUTPUT_PTY:
        return pty_pair(pair);
    case OUTPUT_FILE:
        return file_pair(pair, folder);
    case OUTPUT_SEQPACKET:
        break;
    }
    return record_pair(pair);
}

/* Makes it; what has failed half-way is for unplumb(). `p` has only -1 in it.
 */
static int plumb(struct plumbing *p, enum output_kind kind, const char *folder)
{
    const int on = 1;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p->sync) == -1 ||
        pipe2(p->life, O_CLOEXEC) == -1 || pipe2(p->status, O_CLOEXEC) == -1 ||
        output_pair(kind, folder, p->out) == -1 ||
        output_pair(kind, folder, p->err) == -1)
        return -1;
    p->pid_max = open(PID_MAX, O_RDONLY | O_CLOEXEC); /* -1: never mind */
    setsockopt(p->sync[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
    fcntl(p->out[0], F_SETFL, O_NONBLOCK);
    fcntl(p->err[0], F_SETFL, O_NONBLOCK);
    return 0;
}

static void unplumb(struct plumbing *p)
{
    for (int side = 0; side < 2; side++) {
        close_fd(&p->sync[side]);
        close_fd(&p->life[side]);
        close_fd(&p->status[side]);
        close_fd(&p->out[side]);
        close_fd(&p->err[side]);
    }
    close_fd(&p->pid_max);
}

/* Sends one int, and a descriptor with it if fd is not -1: unix(7). */
static void send_int(int socket, int value, int fd)
{
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec io = {.iov_base = &value, .iov_len = sizeof(value)};
    struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1};

    if (fd != -1) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof(control.room);
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &fd, sizeof(int));
    }
    (void)sendmsg(socket, &message, MSG_NOSIGNAL);
}

/* Receives one int with the sender's pid and a descriptor (-1 if none came).
 * False at the end of the channel. */
static bool receive_int(int socket, int *value, pid_t *sender, int *fd)
{
    union {
        char room[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr align;
    } control;
    struct iovec io = {.iov_base = value, .iov_len = sizeof(*value)};
    struct msghdr message = {.msg_iov = &io,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof(control.room)};
    ssize_t got;

    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got == -1 && errno == EINTR);
    *fd = -1;
    *sender = 0;
    if (got != (ssize_t)sizeof(*value))
        return false;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head != NULL;
         head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET)
            continue;
        if (head->cmsg_type == SCM_RIGHTS)
            memcpy(fd, CMSG_DATA(head), sizeof(int));
        if (head->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(head), sizeof(credentials));
            *sender = credentials.pid;
        }
    }
    return true;
}

/* ---- the program's side, until exec ---- */

/* No signal leaves the domain of this process: Linux 6.12, landlock(7). Older
 * headers do not know the third member. Nor can it look into a process outside,
 * at its environment for example: that is so in every domain, and one from
 * Linux 5.13 has to forbid something, the making of block devices. */
static bool keep_signals_inside(void)
{
    struct {
        unsigned long long handled_access_fs, handled_access_net, scoped;
    } rules = {.scoped = 1ULL << 1 /* LANDLOCK_SCOPE_SIGNAL */};
    int ruleset =
        (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);

    if (ruleset == -1) {
        rules.handled_access_fs = 1ULL << 11; /* ..._FS_MAKE_BLOCK */
        ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules,
                               sizeof(rules.handled_access_fs), 0);
    }
    if (ruleset == -1)
        return false;
    bool done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return done;
}

static void limit(int resource, rlim_t most)
{
    struct rlimit now;

    if (getrlimit(resource, &now) == 0) {
        if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most)
            most = now.rlim_max;
        now.rlim_cur = now.rlim_max = most;
        setrlimit(resource, &now);
    }
}

/* How many tasks (threads) a user has now: what RLIMIT_NPROC counts. */
static rlim_t tasks_of(uid_t uid)
{
    struct pids all = {0};
    rlim_t count = 0;
    char text[4096];

    proc_all(&all);
    for (size_t i = 0; i < all.count; i++) {
        const char *at;
        if (proc_read(text, sizeof(text), "/proc/%d/status", (int)all.pid[i]) >
                0 &&
            (at = strstr(text, "\nUid:")) != NULL &&
            (uid_t)strtoul(at + 5, NULL, 10) == uid &&
            (at = strstr(text, "\nThreads:")) != NULL)
            count += strtoul(at + 9, NULL, 10);
    }
    pids_free(&all);
    return count;
}

/* What a program would inherit from us by accident is put back to what a
 * shell gives: signals, descriptors, limits. */
static void ordinary_process(enum hold hold)
{
    sigset_t none;

    for (int signal_number = 1; signal_number < NSIG; signal_number++)
        signal(signal_number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* 1, not 0: the kernel then starts no core_pattern helper either. */
    limit(RLIMIT_CORE, 1);
    limit(RLIMIT_FSIZE, (rlim_t)1 << 30);
    limit(RLIMIT_NOFILE, 1024);
    /* A PID namespace ends a fork bomb at once. The kill loop must not meet
     * more than it can kill; the limit counts all tasks of the user. */
    if (hold == HOLD_SUBREAPER)
        limit(RLIMIT_NPROC, tasks_of(geteuid()) + MOST_MORE_TASKS);
    int adjust = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (adjust != -1) {
        ssize_t ignored = write(adjust, "1000", 4);
        (void)ignored;
        close(adjust);
    }
}

static void take_descriptors(const struct plumbing *p)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    dup2(nothing, STDIN_FILENO);
    dup2(p->out[1], STDOUT_FILENO);
    dup2(p->err[1], STDERR_FILENO);
    syscall(SYS_close_range, 3U, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
}

/* Becomes the program. Returns only to say why it could not. */
static int become_program(const struct cage_spec *spec, const char *inside)
{
    if (spec->own_folder && chdir(inside) == -1)
        return errno;
    setenv("TMPDIR", inside, 1);
    for (char *const *entry = spec->more_env; entry && *entry; entry++)
        putenv(*entry);
    /* The name that exec will give us, for whoever looks before exec is done.
     */
    const char *slash = strrchr(spec->argv[0], '/');
    prctl(PR_SET_NAME, slash ? slash + 1 : spec->argv[0]);
    execvp(spec->argv[0], spec->argv);
    return errno;
}

__attribute__((noreturn)) static void program_side(const struct cage_spec *spec,
                                                   const struct plumbing *p,
                                                   const char *inside,
                                                   enum hold hold)
{
    int go, listener, ignored_fd;
    pid_t ignored;
    const char *slash = strrchr(spec->argv[0], '/');

    /* The name that exec will give us, for whoever looks before that. */
    prctl(PR_SET_NAME, slash ? slash + 1 : spec->argv[0]);
    setsid();
    take_descriptors(p);
    ordinary_process(hold);
    if (hold == HOLD_SUBREAPER)
        keep_signals_inside();
    listener = witness_install(hold == HOLD_SUBREAPER, spec->hear_work);
    send_int(p->sync[1], getpid(), listener);
    if (listener != -1)
        close(listener);
    if (!receive_int(p->sync[1], &go, &ignored, &ignored_fd))
        _exit(127);
    send_int(p->sync[1], become_program(spec, inside), -1);
    _exit(127);
}

/* ---- the keeper's side ---- */

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t length = strlen(text);

    if (fd == -1)
        return false;
    bool done = write(fd, text, length) == (ssize_t)length;
    close(fd);
    return done;
}

bool cage_map_myself(uid_t uid, gid_t gid)
{
    char map[64];

    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof(map), "%u %u 1", uid, uid);
    if (!write_file("/proc/self/uid_map", map))
        return false;
    snprintf(map, sizeof(map), "%u %u 1", gid, gid);
    return write_file("/proc/self/gid_map", map);
}

static bool among(const struct pids *list, pid_t pid)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->pid[i] == pid)
            return true;
    return false;
}

/* All of its process group at one blow: the kernel lets nobody of it fork in
 * between, so a bomb that grows faster than we can read is over. The program
 * has a session of its own, and who is in another one than we are can only be
 * in a group of the program's. */
static void kill_group(pid_t pid, const struct pids *spared)
{
    pid_t group = getpgid(pid), session = getsid(pid);

    if (group <= 1 || session <= 0 || session == getsid(0))
        return;
    for (size_t i = 0; i < spared->count; i++)
        if (getpgid(spared->pid[i]) == group)
            return;
    kill(-group, SIGKILL);
}

/* Appends all processes below this one but the spared. With `deadly`: SIGKILL
 * first, then the victim's children. A process with SIGKILL pending can no
 * longer fork, so the list that is read behind it is final. */
static void find_below(pid_t pid, const struct pids *spared, bool deadly,
                       struct pids *found)
{
    struct pids children = {0};

    proc_children(pid, &children);
    for (size_t i = 0; i < children.count; i++) {
        pid_t child = children.pid[i];
        if (among(spared, child))
            continue;
        pids_add(found, child);
        if (deadly) {
            kill_group(child, spared);
            kill(child, SIGKILL);
        }
        find_below(child, spared, deadly, found);
    }
    pids_free(&children);
}

/* ---- does what is to end still move? ---- */

#define LOOK_MS 1000      /* from one look to the next */
#define STUBBORN_MS 20000 /* then who has not stirred stays */

/* When those that are to end were last seen to stir. */
struct patience {
    int64_t looked, stirred; /* ms, CLOCK_MONOTONIC */
    uint64_t switches;       /* context switches of all their threads */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t number_behind(const char *text, const char *label)
{
    const char *at = strstr(text, label);

    return at ? strtoull(at + strlen(label), NULL, 10) : 0;
}

/* Adds up the switches of its threads. True if one of them runs, or would if it
 * got a processor. */
static bool runs(pid_t pid, uint64_t *switches)
{
    static char text[1 << 20]; /* its line of groups may be long */
    struct pids tids = {0};
    bool any = false;

    proc_threads(pid, &tids);
    for (size_t i = 0; i < tids.count; i++) {
        if (proc_read(text, sizeof(text), "/proc/%d/task/%d/status", (int)pid,
                      (int)tids.pid[i]) <= 0)
            continue;
        any |= strstr(text, "\nState:\tR") != NULL;
        *switches += number_behind(text, "\nvoluntary_ctxt_switches:") +
                     number_behind(text, "\nnonvoluntary_ctxt_switches:");
    }
    pids_free(&tids);
    return any;
}

/* No count and no time limit ends our patience with what is on its way: on a
 * busy machine a process that was killed waits long until it may die. Only who
 * neither runs nor stirs is in an uninterruptible wait, or cannot be killed. */
static bool is_stubborn(struct patience *patience, const struct pids *found)
{
    int64_t now = now_ms();
    uint64_t switches = found->count;
    bool any = false;

    if (patience->stirred == 0)
        patience->stirred = now;
    if (now - patience->looked < LOOK_MS)
        return false;
    for (size_t i = 0; i < found->count; i++)
        if (kill(found->pid[i], 0) == 0) /* else it is not ours to end */
            any |= runs(found->pid[i], &switches);
    if (any || switches != patience->switches)
        patience->stirred = now;
    patience->looked = now;
    patience->switches = switches;
    return now - patience->stirred >= STUBBORN_MS;
}

/* ---- the kill loop ---- */

static int by_pid(const void *a, const void *b)
{
    pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;

    return (left > right) - (left < right);
}

/* Is one of them new? Both lists are sorted. */
static bool has_new(const struct pids *found, const struct pids *before)
{
    for (size_t i = 0; i < found->count; i++)
        if (before->count == 0 ||
            bsearch(&found->pid[i], before->pid, before->count, sizeof(pid_t),
                    by_pid) == NULL)
            return true;
    return false;
}

/* Reaps those of our children that have ended. True if there is none left, as
 * far as waitpid(2) tells: with spared ones it does not. */
static bool reap_all(const struct pids *found, const struct pids *spared)
{
    pid_t gone;

    for (size_t i = 0; spared->count > 0 && i < found->count; i++)
        waitpid(found->pid[i], NULL, WNOHANG | __WALL);
    if (spared->count > 0)
        return false;
    do
        gone = waitpid(-1, NULL, WNOHANG | __WALL);
    while (gone > 0);
    return gone == -1 && errno == ECHILD;
}

/* Kills and reaps until this subreaper has no child left but those. Returns how
 * many would not go: see is_stubborn(). Who forks and ends all the time may be
 * missed in a round: so there is no pause as long as a round finds a new one.
 */
static int kill_all_below_us(const struct pids *spared)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    struct pids found = {0}, before = {0};
    struct patience patience = {0};
    bool over = false, stubborn = false;

    while (!over && !stubborn) {
        pids_free(&before);
        before = found;
        found = (struct pids){0};
        find_below(getpid(), spared, true, &found);
        if (found.count > 0)
            qsort(found.pid, found.count, sizeof(pid_t), by_pid);
        /* The dead leave their children to us: nobody, twice. */
        over = reap_all(&found, spared) ||
               (spared->count > 0 && found.count == 0 && before.count == 0);
        if (over || has_new(&found, &before))
            continue;
        stubborn = is_stubborn(&patience, &found);
        nanosleep(&pause, NULL);
    }
    int left = over ? 0 : (int)found.count;
    pids_free(&found);
    pids_free(&before);
    return left;
}

/* Reaps what has ended and tells the runner. False when nobody is left. */
static bool reap(int status)
{
    struct cage_death death;

    memset(&death, 0, sizeof(death));
    while ((death.pid = waitpid(-1, &death.status, WNOHANG | __WALL)) > 0) {
        ssize_t ignored = write(status, &death, sizeof(death));
        (void)ignored;
    }
    return death.pid == 0;
}

/* Waits for deaths, and for the end of the runner or its wish to clear up.
 * `mounts`: ours, or NULL. */
__attribute__((noreturn)) static void keep(const struct plumbing *p, int deaths,
                                           const struct cage *cage,
                                           const struct mounts *mounts)
{
    struct pollfd watched[2] = {{.fd = deaths, .events = POLLIN},
                                {.fd = p->life[0], .events = POLLIN}};
    struct signalfd_siginfo ignored;

    while (reap(p->status[1])) {
        if (poll(watched, 2, -1) == -1)
            continue;
        if (watched[0].revents & POLLIN &&
            read(deaths, &ignored, sizeof(ignored)) == -1)
            continue;
        if (watched[1].revents)
            break;
    }
    if (getpid() == 1)
        kill(-1, SIGKILL); /* the whole namespace, at one blow */
    kill_all_below_us(&(struct pids){0});
    close(p->status[1]);
    /* A word on life: the runner is there, and removes the folder when it has
     * read what servers have left in it. None: the runner is dead. */
    char word;
    if (read(p->life[0], &word, 1) != 1) {
        if (cage->plain != NULL)
            free(plain_settle(cage->plain));
        if (mounts != NULL)
            mounts_undo(mounts, cage->folder);
        folder_remove(cage->folder);
    }
    _exit(0);
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Nothing else that the runner had open must stay open through the keeper. */
static void close_all_but(int a, int b, int c)
{
    int kept[] = {a, b, c};
    unsigned from = 0;

    qsort(kept, 3, sizeof(kept[0]), by_number);
    for (int i = 0; i < 3; i++) {
        unsigned number = (unsigned)kept[i];
        if (number > from)
            syscall(SYS_close_range, from, number - 1, 0U);
        from = number + 1;
    }
    syscall(SYS_close_range, from, ~0U, 0U);
}

bool cage_owns_pid_max(const char *release, int outside)
{
    unsigned version, patch;
    struct stat ours, theirs;

    if (sscanf(release, "%u.%u", &version, &patch) != 2 || version < 6 ||
        (version == 6 && patch < 14))
        return false;
    return fstat(outside, &theirs) == 0 && stat(PID_MAX, &ours) == 0 &&
           (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino);
}

/* Sets up what holds the program. Returns 0 or errno. */
static int set_up_hold(const struct cage *cage, const struct plumbing *p,
                       char *const *argv, enum hold hold, struct mounts *mounts)
{
    struct utsname kernel = {0};

    if (hold == HOLD_SUBREAPER)
        return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
    if (hold == HOLD_USER_NS && !cage_map_myself(cage->uid, cage->gid))
        return errno ? errno : EPERM;
    /* Asked while /proc is still the runner's: there the two can be compared.
     */
    bool own_pid_max =
        uname(&kernel) == 0 && cage_owns_pid_max(kernel.release, p->pid_max);
    int error = mounts_make(mounts, cage->folder, argv);
    /* Fork bombs end here; elsewhere the watcher ends them. */
    if (error == 0 && own_pid_max)
        write_file(PID_MAX, "1024");
    return error;
}

__attribute__((noreturn)) static void keeper_side(const struct cage_spec *spec,
                                                  struct plumbing *p,
                                                  const struct cage *cage,
                                                  enum hold hold)
{
    struct keeper_hello hello = {0};
    sigset_t all, deaths_only;

    setsid();
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    close_fd(&p->sync[0]);
    close_fd(&p->life[1]);
    close_fd(&p->status[0]);
    close_fd(&p->out[0]);
    close_fd(&p->err[0]);
    sigemptyset(&deaths_only);
    sigaddset(&deaths_only, SIGCHLD);
    int deaths = signalfd(-1, &deaths_only, SFD_CLOEXEC | SFD_NONBLOCK);
    hello.error = deaths == -1
                      ? errno
                      : set_up_hold(cage, p, spec->argv, hold, &hello.mounts);
    pid_t program = hello.error ? -1 : fork();
    if (program == 0)
        program_side(spec, p, cage->inside, hold);
    if (program == -1 && hello.error == 0)
        hello.error = errno;
    if (write(p->status[1], &hello, sizeof(hello)) == -1 || hello.error)
        _exit(1);
    close_fd(&p->sync[1]);
    close_fd(&p->out[1]);
    close_fd(&p->err[1]);
    prctl(PR_SET_NAME, "forklab-keeper");
    close_all_but(deaths, p->life[0], p->status[1]);
    keep(p, deaths, cage, hold == HOLD_SUBREAPER ? NULL : &hello.mounts);
}

/* ---- the runner's side ---- */

char *cage_folder(void)
{
    return folder_make();
}

/* fork(), with namespaces: glibc has no wrapper for that. The keeper is single
 * threaded, and we are too: raw clone(2) is safe. */
static pid_t fork_keeper(enum hold hold)
{
    unsigned long flags = SIGCHLD;

    if (hold != HOLD_SUBREAPER)
        flags |= NAMESPACES;
    if (hold == HOLD_USER_NS)
        flags |= CLONE_NEWUSER;
    return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
}

/* Makes a keeper of this kind. Returns 0, or errno. */
static int start_keeper(const struct cage_spec *spec, struct plumbing *p,
                        struct cage *cage, enum hold hold)
{
    struct keeper_hello hello = {.error = ECHILD};

    cage->keeper = fork_keeper(hold);
    if (cage->keeper == -1)
        return errno;
    if (cage->keeper == 0)
        keeper_side(spec, p, cage, hold);
    ssize_t got;
    do
        got = read(p->status[0], &hello, sizeof(hello));
    while (got == -1 && errno == EINTR);
    if (got != sizeof(hello))
        hello.error = ECHILD;
    if (hello.error) {
        kill(cage->keeper, SIGKILL);
        waitpid(cage->keeper, NULL, __WALL);
        cage->keeper = -1;
    }
    cage->mounts = hello.mounts;
    return hello.error;
}

/* The strongest way that works here; FORKLAB_CAGE=plain asks for the weakest,
 * for tests. Returns 0 or errno. */
static int start_strongest(const struct cage_spec *spec, struct plumbing *p,
                           struct cage *cage, enum hold *hold)
{
    const char *wish = getenv("FORKLAB_CAGE");
    int error = EPERM;

    *hold = geteuid() == 0 ? HOLD_NAMESPACES : HOLD_USER_NS;
    if (wish == NULL || strcmp(wish, "plain") != 0)
        error = start_keeper(spec, p, cage, *hold);
    if (error) {
        *hold = HOLD_SUBREAPER;
        cage->plain = plain_new();
        error = start_keeper(spec, p, cage, *hold);
    }
    return error;
}

/* Does the kernel know Landlock's signal scope (version 6 of its interface)? */
static bool landlock_scopes_signals(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1U) >= 6;
}

static char *describe_layers(const struct cage *cage, enum hold hold)
{
    const char *what = hold == HOLD_NAMESPACES ? "pid, ipc and mount namespace"
                       : hold == HOLD_USER_NS
                           ? "user, pid, ipc and mount namespace"
                       : landlock_scopes_signals() ? "kill loop, Landlock"
                                                   : "kill loop";

    return xasprintf("%s%s%s", what,
                     cage->mounts.fresh_tmp ? ", fresh /tmp" : "",
                     cage->witness == -1 ? "" : ", seccomp witness");
}

/* Which of the common folders are new ones inside of the cage. */
static void note_devices(struct cage *cage)
{
    static const char *const folders[] = {"/tmp", "/var/tmp", "/dev/shm"};

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char path[64];
        struct stat ours, inside;
        snprintf(path, sizeof(path), "/proc/%d/root%s", (int)cage->first,
                 folders[i]);
        if (stat(path, &inside) == 0 && stat(folders[i], &ours) == 0 &&
            inside.st_dev != ours.st_dev)
            cage->devices[cage->device_count++] = inside.st_dev;
    }
}

/* A server, the guard of a folder: what was there before is not the program's.
 */
static void note_our_children(struct cage *cage)
{
    struct pids children = {0};

    proc_children(getpid(), &children);
    for (size_t i = 0; i < children.count; i++)
        if (children.pid[i] != cage->keeper)
            pids_add(&cage->spared, children.pid[i]);
    pids_free(&children);
}

char *cage_start(struct cage *cage, const struct cage_spec *spec, char *folder)
{
    struct plumbing p;
    enum hold hold;

    memset(&p, -1, sizeof(p)); /* no descriptor yet: unplumb() closes none */
    *cage = (struct cage){.keeper = -1,
                          .out = {-1, -1},
                          .witness = -1,
                          .status = -1,
                          .life = -1,
                          .go = -1,
                          .uid = geteuid(),
                          .gid = getegid(),
                          .output = spec->output,
                          .folder = folder,
                          .folder_fd =
                              open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC)};
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    cage->inside = xasprintf("%s/tmp", folder);
    if (mkdir(cage->inside, 0700) == -1)
        return folder_make_error(errno);
    if (plumb(&p, spec->output, folder) == -1) {
        char *why = xasprintf("cannot make pipes: %s", strerror(errno));
        unplumb(&p);
        return why;
    }
    int error = start_strongest(spec, &p, cage, &hold);
    if (error) {
        unplumb(&p);
        return xasprintf("cannot start a process: %s", strerror(error));
    }
    close_fd(&p.sync[1]);
    if (!receive_int(p.sync[0], &cage->nspid, &cage->first, &cage->witness)) {
        unplumb(&p);
        return xstrdup("the program's process died before it began");
    }
    cage->out[0] = p.out[0];
    cage->out[1] = p.err[0];
    cage->status = p.status[0];
    cage->life = p.life[1];
    cage->namespaces = hold != HOLD_SUBREAPER;
    cage->listed = cage->plain != NULL && cage->witness != -1;
    cage->layers = describe_layers(cage, hold);
    if (cage->namespaces)
        note_devices(cage);
    else
        note_our_children(cage);
    cage->go = p.sync[0];
    p.sync[0] = p.out[0] = p.err[0] = p.status[0] = p.life[1] = -1;
    unplumb(&p);
    return NULL;
}

/* The exec that starts the program waits for an answer, if it is heard; PATH
 * may take more than one. What is heard next is the program's: it is kept for
 * the watcher. (The end of `go` may come later than that: others have it, too.)
 * True when the program has started, or could not be. */
static bool let_it_start(struct cage *cage)
{
    struct pollfd news[2] = {{.fd = cage->go, .events = POLLIN},
                             {.fd = cage->witness, .events = POLLIN}};
    struct testimony heard;

    if (poll(news, 2, -1) == -1)
        return errno != EINTR;
    if (news[0].revents != 0 || !(news[1].revents & POLLIN))
        return true;
    if (!witness_hear(cage->witness, &heard))
        return false;
    if (heard.work == WORK_PROGRAM) {
        witness_release(cage->witness, &heard,
                        (struct answer){.proceed = true});
        return false;
    }
    cage->first_words = heard;
    cage->has_spoken = true;
    return true;
}

char *cage_go(struct cage *cage)
{
    int error = 0, ignored_fd;
    pid_t ignored;

    send_int(cage->go, 0, -1);
    while (!let_it_start(cage))
        ;
    /* exec closes the program's end: then nothing comes any more. */
    bool failed = receive_int(cage->go, &error, &ignored, &ignored_fd);
    close_fd(&cage->go);
    return failed ? xstrdup(strerror(error)) : NULL;
}

/* Waits for the keeper to end: pidfd_open(2), Linux 5.3. False if neither it
 * nor what is below it stirs any more. */
static bool keeper_ended(const struct cage *cage, int *left)
{
    struct pollfd keeper = {.fd = pidfd(cage->keeper), .events = POLLIN};
    struct patience patience = {0};
    bool ended = keeper.fd == -1, stubborn = false;

    while (!ended && !stubborn) {
        struct pids found = {0};
        ended = poll(&keeper, 1, LOOK_MS) == 1;
        pids_add(&found, cage->keeper);
        find_below(cage->keeper, &(struct pids){0}, false, &found);
        stubborn = !ended && is_stubborn(&patience, &found);
        *left = ended ? 0 : (int)found.count;
        pids_free(&found);
    }
    if (ended)
        waitpid(cage->keeper, NULL, __WALL);
    close_fd(&keeper.fd);
    return ended;
}

int cage_clear(struct cage *cage)
{
    int left = 0;

    if (cage->keeper != -1) {
        /* The init of a PID namespace takes everything in it along, and is not
         * gone before they are: pid_namespaces(7). */
        if (cage->namespaces)
            kill(cage->keeper, SIGKILL);
        ssize_t ignored = write(cage->life, "", 1);
        (void)ignored;
        close_fd(&cage->life);
        if (!keeper_ended(cage, &left) && !cage->namespaces) {
            kill(cage->keeper, SIGKILL);
            keeper_ended(cage, &left);
        }
        cage->keeper = -1;
        /* A keeper that was killed leaves the rest to us. */
        if (!cage->namespaces)
            left = kill_all_below_us(&cage->spared);
        if (cage->plain != NULL)
            cage->not_removed = plain_settle(cage->plain);
    }
    return left;
}

/* Who cannot hear the program in plain mode keeps no list of what it makes. */
static void note_looked_at(const struct cage *cage, struct report *report)
{
    report->tmp_shared =
        cage->namespaces ? !cage->mounts.fresh_tmp : !cage->listed;
    report->ipc_shared = !cage->namespaces && !cage->listed;
    if (cage->namespaces && cage->mounts.words[0] != '\0')
        report->tmp_note = xstrdup(cage->mounts.words);
}

void cage_close(struct cage *cage, struct report *report)
{
    note_looked_at(cage, report);
    char *left = folder_remove_renamed(cage->folder, cage->folder_fd);
    report->not_removed = left != NULL ? left : cage->not_removed;
    if (left != NULL)
        free(cage->not_removed);
    pids_free(&cage->spared);
    close_fd(&cage->folder_fd);
    close_fd(&cage->go);
    close_fd(&cage->out[0]);
    close_fd(&cage->out[1]);
    close_fd(&cage->witness);
    close_fd(&cage->status);
    close_fd(&cage->life);
    free(cage->folder);
    free(cage->inside);
    free(cage->layers);
    plain_free(cage->plain);
    cage->plain = NULL;
    cage->folder = cage->inside = cage->layers = cage->not_removed = NULL;
}

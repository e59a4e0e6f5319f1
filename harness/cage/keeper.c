/* SPDX-License-Identifier: MIT
 *
 * keeper: see parts.h. The process between the runner and the program: the init
 * of a PID namespace, or a subreaper. It reaps orphans and reports their
 * deaths; at the end it kills what is left, and cleans up if the runner has
 * died.
 */
#define _GNU_SOURCE
#include "cage/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cage/directory.h"
#include "cage/ledger.h"
#include "cage/mounts.h"
#include "cage/shield.h"
#include "linux/namespaces.h"
#include "linux/syscalls.h"

/* Reaps what has ended and reports it to the runner. False when no child is
 * left. */
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

/* The run's directory, where it is not in a /tmp that vanishes with us.
 * `mounts` is ours or NULL. */
static void remove_directory(const struct cage *cage,
                             const struct mounts *mounts)
{
    if (mounts != NULL && mounts->own_directory)
        return;
    if (mounts != NULL)
        mounts_undo(mounts, cage->directory);
    directory_remove(cage->directory);
}

/* Waits for deaths, until the runner dies or asks to clear up. `deaths` is a
 * signalfd(2) of SIGCHLD, `mounts` is ours or NULL. */
__attribute__((noreturn)) static void serve(const struct channels *channels,
                                            int deaths, const struct cage *cage,
                                            const struct mounts *mounts)
{
    struct pollfd watched[2] = {{.fd = deaths, .events = POLLIN},
                                {.fd = channels->life[0], .events = POLLIN}};
    struct signalfd_siginfo ignored;
    bool left;

    while ((left = reap(channels->status[1]))) {
        if (poll(watched, 2, -1) == -1)
            continue;
        if (watched[0].revents & POLLIN &&
            read(deaths, &ignored, sizeof(ignored)) == -1)
            continue;
        if (watched[1].revents)
            break;
    }
    if (left && getpid() == 1)
        kill(-1, SIGKILL); /* the whole PID namespace at once */
    if (left)
        kill_descendants(&(struct pids){0});
    close(channels->status[1]);
    /* A byte from `life`: the runner is alive, and will remove the directory
     * when it has read what servers have left in it. None: the runner is dead.
     */
    char byte;
    if (read(channels->life[0], &byte, 1) != 1) {
        if (cage->ledger != NULL)
            free(ledger_remove_all(cage->ledger));
        remove_directory(cage, mounts);
    }
    _exit(0);
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* A copy in the keeper would hold open what the runner has open: a pipe to the
 * caller of the runner, for example. */
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

/* Sets up what holds the program. Fills *mounts if there are namespaces.
 * Returns 0 or errno. */
static int set_up_hold(const struct cage *cage, const struct channels *channels,
                       const struct cage_spec *spec, enum hold hold,
                       struct mounts *mounts)
{
    struct utsname kernel = {0};

    if (hold == HOLD_SUBREAPER)
        return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
    if (hold == HOLD_USER_NS && !namespaces_map_ids(cage->uid, cage->gid))
        return errno ? errno : EPERM;
    /* Compared before mounts_make() mounts another /proc: two files can only be
     * told apart in the same one. */
    bool own_pid_max =
        uname(&kernel) == 0 &&
        namespaces_own_pid_max(kernel.release, channels->pid_max);
    const struct mounts_spec wanted = {.directory = cage->directory,
                                       .make_directory = cage->make_directory,
                                       .argv = spec->argv,
                                       .more_env = spec->more_env,
                                       .project = spec->project,
                                       .only_needed = spec->own_directory};
    int error = mounts_make(mounts, &wanted);
    if (error == 0 && cage->make_directory && mkdir(cage->inside, 0700) == -1)
        error = errno;
    /* This ends fork bombs; where it is not possible the watcher ends them. */
    if (error == 0 && own_pid_max)
        namespaces_set_pid_max("1024");
    if (error == 0)
        shield_make(mounts, cage->directory, spec->own_directory);
    return error;
}

/* ---- the program ---- */

/* Root's program: with user, mount, UTS and IPC namespace of its own. A process
 * cannot map more than its own user by itself; so it waits until we have done
 * that. Returns its pid, 0 in the program, or -1 with errno. */
static pid_t fork_below(void)
{
    int ready[2];
    char byte = 0;
    pid_t child;

    if (pipe2(ready, O_CLOEXEC) == -1)
        return -1;
    child = (pid_t)syscall(SYS_clone,
                           SIGCHLD | CLONE_NEWUSER | CLONE_NEWNS |
                               CLONE_NEWUTS | CLONE_NEWIPC,
                           NULL, NULL, NULL, NULL);
    if (child == 0) {
        close(ready[1]);
        if (read(ready[0], &byte, 1) != 1)
            _exit(127);
        return 0;
    }
    bool good = child != -1 && namespaces_map_all(child) &&
                write(ready[1], &byte, 1) == 1;
    int error = errno;
    close(ready[0]);
    close(ready[1]);
    if (child != -1 && !good)
        waitpid(child, NULL, __WALL);
    errno = error;
    return good ? child : -1;
}

/* Starts the program's first process. Where there is no user namespace for
 * root's, it has fewer capabilities: see rights.h. Returns its pid, or -1 with
 * errno. */
static pid_t start_program(struct inmate *inmate)
{
    pid_t program = -1;

    inmate->own_user = true;
    if (inmate->hold == HOLD_NAMESPACES) {
        program = fork_below();
        if (program == -1) {
            inmate->own_user = false;
            program =
                (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWUTS | CLONE_NEWIPC,
                               NULL, NULL, NULL, NULL);
        }
    } else {
        inmate->own_user = inmate->hold == HOLD_USER_NS;
        program = fork();
    }
    if (program == 0)
        inmate_run(inmate);
    return program;
}

void keeper_run(const struct cage_spec *spec, struct channels *channels,
                const struct cage *cage, enum hold hold)
{
    struct keeper_hello hello = {0};
    struct inmate inmate = {.spec = spec,
                            .channels = channels,
                            .cage = cage,
                            .hold = hold,
                            .ours = {getppid(), getpid()}};
    sigset_t all, deaths_only;

    setsid();
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    close_fd(&channels->sync[0]);
    close_fd(&channels->life[1]);
    close_fd(&channels->status[0]);
    close_fd(&channels->out[0]);
    close_fd(&channels->err[0]);
    sigemptyset(&deaths_only);
    sigaddset(&deaths_only, SIGCHLD);
    int deaths = signalfd(-1, &deaths_only, SFD_CLOEXEC | SFD_NONBLOCK);
    hello.error = deaths == -1
                      ? errno
                      : set_up_hold(cage, channels, spec, hold, &hello.mounts);
    pid_t program = hello.error ? -1 : start_program(&inmate);
    hello.own_user = inmate.own_user;
    if (program == -1 && hello.error == 0)
        hello.error = errno;
    if (hello.error && cage->make_directory)
        remove_directory(cage, &hello.mounts);
    if (write(channels->status[1], &hello, sizeof(hello)) == -1 || hello.error)
        _exit(1);
    close_fd(&channels->sync[1]);
    close_fd(&channels->out[1]);
    close_fd(&channels->err[1]);
    prctl(PR_SET_NAME, "forklab-keeper");
    close_all_but(deaths, channels->life[0], channels->status[1]);
    serve(channels, deaths, cage,
          hold == HOLD_SUBREAPER ? NULL : &hello.mounts);
}

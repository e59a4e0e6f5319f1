/* SPDX-License-Identifier: MIT
 *
 * keeper: the process between the runner and the program: the init of a PID
 * namespace, or a subreaper, PR_SET_CHILD_SUBREAPER(2const).
 */
#define _GNU_SOURCE
#include "cage/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cage/folder.h"
#include "cage/ledger.h"
#include "cage/mounts.h"
#include "linux/namespaces.h"
#include "linux/syscalls.h"

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
        if (cage->ledger != NULL)
            free(ledger_remove_all(cage->ledger));
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

/* Sets up what holds the program. Returns 0 or errno. */
static int set_up_hold(const struct cage *cage, const struct plumbing *p,
                       char *const *argv, enum hold hold, struct mounts *mounts)
{
    struct utsname kernel = {0};

    if (hold == HOLD_SUBREAPER)
        return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
    if (hold == HOLD_USER_NS && !namespaces_map_ids(cage->uid, cage->gid))
        return errno ? errno : EPERM;
    /* Asked while /proc is still the runner's: there the two can be compared.
     */
    bool own_pid_max = uname(&kernel) == 0 &&
                       namespaces_own_pid_max(kernel.release, p->pid_max);
    int error = mounts_make(mounts, cage->folder, argv);
    /* Fork bombs end here; elsewhere the watcher ends them. */
    if (error == 0 && own_pid_max)
        namespaces_set_pid_max("1024");
    return error;
}

void keeper_side(const struct cage_spec *spec, struct plumbing *p,
                 const struct cage *cage, enum hold hold)
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

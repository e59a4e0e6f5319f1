/* SPDX-License-Identifier: MIT
 *
 * inmate: the program's first process, from its fork until exec: signals,
 * descriptors and limits as a shell gives them, Landlock, the seccomp filter.
 */
#define _GNU_SOURCE
#include "cage/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cage/witness.h"
#include "linux/proc.h"
#include "linux/syscalls.h"

#define MAX_MORE_TASKS 512

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
        limit(RLIMIT_NPROC, tasks_of(geteuid()) + MAX_MORE_TASKS);
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

void program_side(const struct cage_spec *spec, const struct plumbing *p,
                  const char *inside, enum hold hold)
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

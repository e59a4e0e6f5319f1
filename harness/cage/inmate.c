/* SPDX-License-Identifier: MIT
 *
 * inmate: see parts.h. The program's first process, from its fork until exec:
 * it gets the signals, descriptors and limits that a shell would give it, gives
 * up rights (rights.h), and gets the seccomp filter of the witness.
 */
#define _GNU_SOURCE
#include "cage/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tongue.h"
#include "cage/rights.h"
#include "cage/witness.h"
#include "linux/proc.h"
#include "linux/syscalls.h"

/* So many tasks more than its user has now, RLIMIT_NPROC, where no namespaces
 * hold it. Root has no such limit: its tasks are the ledger's. */
#define MAX_MORE_TASKS 512

/* Sets both limits to `most`, or to the hard limit if that is lower. */
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

/* How many threads a process of this user has; 0 for another's. Whose it is,
 * its directory in /proc tells sooner than a file there; that of one who may
 * not be traced is root's, so that a few may be missed: the limit is lower
 * then. */
static rlim_t tasks_in(pid_t pid, uid_t uid)
{
    char path[64], text[4096];
    struct stat info;

    snprintf(path, sizeof(path), "/proc/%d", (int)pid);
    if (stat(path, &info) == -1 || info.st_uid != uid ||
        proc_read(text, sizeof(text), "%s/status", path) <= 0)
        return 0;
    return proc_number(text, "\nThreads:");
}

/* How many tasks (threads) a user has now: what RLIMIT_NPROC counts. */
static rlim_t tasks_of(uid_t uid)
{
    struct pids all = {0};
    rlim_t count = 0;

    proc_all(&all);
    for (size_t i = 0; i < all.count; i++)
        count += tasks_in(all.pid[i], uid);
    pids_free(&all);
    return count;
}

/* Resets what the program would inherit from the runner by accident: signal
 * dispositions, the signal mask, limits, oom_score_adj. */
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
    limit(RLIMIT_NOFILE, MAX_DESCRIPTORS);
    /* The end of a PID namespace ends a fork bomb at once. The kill loop must
     * not meet more tasks than it can kill; this limit counts all tasks of the
     * user. */
    if (hold == HOLD_SUBREAPER && geteuid() != 0)
        limit(RLIMIT_NPROC, tasks_of(geteuid()) + MAX_MORE_TASKS);
    int adjust = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (adjust != -1) {
        ssize_t ignored = write(adjust, "1000", 4);
        (void)ignored;
        close(adjust);
    }
}

/* What a system does not let us set stays as it is. */
static void limit_command(const struct cage_limits *limits)
{
    if (limits == NULL)
        return;
    limit(RLIMIT_CPU, limits->cpu_s);
    limit(RLIMIT_AS, limits->memory);
    limit(RLIMIT_FSIZE, limits->file);
}

/* stdin is /dev/null; all descriptors from 3 are closed by exec. */
static void take_descriptors(const struct channels *channels)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    dup2(nothing, STDIN_FILENO);
    dup2(channels->out[1], STDOUT_FILENO);
    dup2(channels->err[1], STDERR_FILENO);
    syscall(SYS_close_range, 3U, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
}

/* Gives up what it could do to the machine. */
static void drop_rights(const struct inmate *inmate)
{
    rights_own_keyring();
    if (inmate->hold == HOLD_SUBREAPER) {
        rights_landlock(inmate->spec->own_directory ? inmate->cage->directory
                                                    : NULL);
        rights_refuse(inmate->ours, 2);
    }
    if (!inmate->own_user)
        rights_drop_capabilities();
}

/* Becomes the program. Returns only to say why it could not. */
static int become_program(const struct cage_spec *spec, const char *inside)
{
    if (spec->own_directory && chdir(inside) == -1)
        return errno;
    if (spec->own_directory)
        setenv("HOME", inside, 1);
    setenv("TMPDIR", inside, 1);
    tongue_leave_environment();
    for (char *const *entry = spec->more_env; entry && *entry; entry++)
        putenv(*entry);
    limit_command(spec->limits); /* the last: we may be larger than it */
    execvp(spec->argv[0], spec->argv);
    return errno;
}

void inmate_run(const struct inmate *inmate)
{
    int threads, ignored_fd;
    pid_t ignored;
    const struct cage_spec *spec = inmate->spec;
    int runner = inmate->channels->sync[1];
    const char *slash = strrchr(spec->argv[0], '/');

    /* The name that exec will set, for readers of /proc before it. */
    prctl(PR_SET_NAME, slash ? slash + 1 : spec->argv[0]);
    setsid();
    send_int(runner, getpid(), -1);
    take_descriptors(inmate->channels);
    ordinary_process(inmate->hold);
    drop_rights(inmate);
    if (!receive_int(runner, &threads, &ignored, &ignored_fd))
        _exit(127);
    processors_give(0, &inmate->cage->processors);
    int listener = spec->no_witness
                       ? -1
                       : witness_install((struct witness_rules){
                             .making = inmate->hold == HOLD_SUBREAPER,
                             .work = spec->hear_work,
                             .numbers = threads,
                         });
    /* exec closes it: the witness would hear a close(2). */
    send_int(runner, 0, listener);
    send_int(runner, become_program(spec, inmate->cage->inside), -1);
    _exit(127);
}

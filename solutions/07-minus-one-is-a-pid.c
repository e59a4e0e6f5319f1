/* SPDX-License-Identifier: MIT
 *
 * 07-minus-one-is-a-pid: fork() has failed, and its result kills a neighbour.
 *
 * Hazard:  child: fork: Resource temporarily unavailable
 *          [grandchild] killed by SIGTERM
 *          [child] exit 42
 * Safe:    child: fork: Resource temporarily unavailable
 *          [grandchild] exit 43
 *          [child] exit 42
 * Needs:   glibc
 *
 * See 07-minus-one-is-a-pid.md, fork(2), kill(2), pid_namespaces(7).
 */
#include "lab.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct event there, done;

/* Scaffolding: from now on fork() fails with EAGAIN, as it does where
 * RLIMIT_NPROC or pids.max is reached. Root has no such limit; a filter holds
 * for everybody. */
static void make_fork_fail(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
    };
    struct sock_fprog filter = {sizeof(rules) / sizeof(*rules), rules};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == -1)
        die("prctl");
}

/* Has nothing to do with the child: another session, another process group.
 * Works until it is told to end. */
__attribute__((noreturn)) static void be_neighbour(void)
{
    if (setsid() == -1)
        die("setsid");
    event_announce(&there);
    event_wait(&done);
    _exit(43);
}

/* Starts a worker, and stops it. */
__attribute__((noreturn)) static void start_and_stop(void)
{
    pid_t neighbour = fork();
    if (neighbour == -1)
        die("fork");
    if (neighbour == 0)
        be_neighbour();
    event_wait(&there);
    make_fork_fail();

    pid_t worker = fork();
    if (worker == 0)
        _exit(44);
    if (worker == -1)
        show("child: fork: %s", strerror(errno));
    /* FIX: -1 is no pid, but for kill(2) everybody: only a worker is stopped.
     */
    if (worker > 0 && kill(worker, SIGTERM) == -1)
        die("kill");

    event_announce(&done);
    if (waitpid(neighbour, NULL, 0) == -1)
        die("waitpid");
    _exit(42);
}

int main(void)
{
    event_make(&there);
    event_make(&done);
    /* kill(-1) hits all that it may. In a PID namespace of the lab's own that
     * is the neighbour, and nobody of yours. */
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID) == -1) {
        say("lab: no PID namespace of its own can be made here");
        return 77;
    }
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        start_and_stop();
    if (waitpid(pid, NULL, 0) == -1)
        die("waitpid");
    return 0;
}

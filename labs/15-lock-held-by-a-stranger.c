/* SPDX-License-Identifier: MIT
 *
 * 15-lock-held-by-a-stranger: the owner is dead, its lock is held.
 *
 * Hazard:  parent: the lock is taken
 *          [owner] killed by SIGKILL
 *          [parent] hang in flock, owner dead
 * Safe:    parent: the lock is taken
 *          [owner] killed by SIGKILL
 *          parent: has the lock, after job {n}
 *          [helper] exit 42
 * Work:    pipe
 * Number:  4711
 *
 * See 15-lock-held-by-a-stranger.md, fork(2), flock(2), open(2).
 */
#include "lab.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static char path[] = "/tmp/job.lock.XXXXXX";
static struct event helping, crash, stop;

/* A process that its maker forgets: a log, a cache, an agent. */
static void help(void)
{
    call_me("helper");
    event_announce(&helping);
    event_wait(&stop);
    _exit(42);
}

/* The first job: has the lock, starts a helper, and crashes. That is no reason
 * to worry: the kernel releases the locks of a process that ends. */
static void job(void)
{
    int lock = open(path, O_RDWR | O_CLOEXEC);

    call_me("owner");
    if (lock == -1 || flock(lock, LOCK_EX) == -1 ||
        write(lock, run_word("4711"), 4) != 4) /* as jobs write their pid */
        die("flock, write");
    say("owner: has the lock");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        help();
    event_wait(&crash);
    raise(SIGKILL);
}

int main(void)
{
    int status, lock = mkstemp(path);
    char job_before[5] = "";

    /* Orphans become children of init; here this process stands for it. */
    if (lock == -1 || prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
        die("mkstemp, prctl");
    event_make(&helping);
    event_make(&crash);
    event_make(&stop);

    pid_t owner = fork();
    if (owner == -1)
        die("fork");
    if (owner == 0)
        job();
    event_wait(&helping);
    if (flock(lock, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK)
        show("parent: the lock is taken");
    event_announce(&crash);
    if (waitpid(owner, &status, 0) == -1)
        die("waitpid");
    say_end("owner", status);
    unlink(path);

    say("parent: the next job waits for the lock");
    if (flock(lock, LOCK_EX) == -1)
        die("flock");
    if (read(lock, job_before, 4) == -1)
        die("read");
    show("parent: has the lock, after job %s", job_before);

    event_announce(&stop);
    if (wait(&status) == -1)
        die("wait");
    say_end("helper", status);
    return 0;
}

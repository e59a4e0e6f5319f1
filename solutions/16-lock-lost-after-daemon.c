/* SPDX-License-Identifier: MIT
 *
 * 16-lock-lost-after-daemon: a lock that did not follow into the background.
 *
 * Hazard:  first: runs
 *          [first] exit 0
 *          second: runs
 *          [second] exit 0
 *          [first] exit 42
 *          [second] exit 42
 * Safe:    first: runs
 *          [first] exit 0
 *          second: {n} already running
 *          [second] exit 1
 *          ([second] exit 0)
 *          [first] exit 42
 * Work:    pipe
 * Number:  4711
 *
 * See 16-lock-lost-after-daemon.md, fork(2), fcntl(2), daemon(3).
 */
#include "lab.h"

#include <fcntl.h>
#include <sys/wait.h>

static char path[] = "/tmp/daemon.pid.XXXXXX";
static struct event decided, stop;

/* Whoever has the lock of the pid file is the one daemon of this machine. */
static void take_the_lock(int file, const char *name)
{
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char who[5] = "";

    if (fcntl(file, F_SETLK, &all) == 0)
        return;
    if (errno != EAGAIN && errno != EACCES)
        die("fcntl");
    if (read(file, who, 4) == -1)
        die("read");
    show("%s: %s already running", name, who);
    event_announce(&decided);
    _exit(1);
}

/* What the program does that is started twice. */
static void start(const char *name)
{
    int file = open(path, O_RDWR | O_CLOEXEC);

    if (file == -1)
        die("open");
    call_me(name);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid > 0)
        _exit(0); /* the shell has its prompt back */
    call_me(name);
    if (setsid() == -1)
        die("setsid");
    /* FIX: a record lock belongs to the process that took it, and no child
     * inherits it. So take it after the last fork(). */
    take_the_lock(file, name);

    if (write(file, run_word("4711"), 4) != 4) /* as daemons write their pid */
        die("write");
    show("%s: runs", name);
    event_announce(&decided);
    event_wait(&stop);
    _exit(42);
}

/* Somebody types its name: returns when the prompt is back, and the daemon
 * runs or does not. */
static void type(const char *name)
{
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0)
        start(name);
    if (waitpid(pid, NULL, 0) == -1)
        die("waitpid");
    event_wait(&decided);
}

int main(void)
{
    int file = mkstemp(path);

    /* Daemons become children of init; here this process stands for it. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1 || file == -1)
        die("prctl, mkstemp");
    if (write(file, "dead", 4) != 4) /* the last one crashed, and left that */
        die("write");
    event_make(&decided);
    event_make(&stop);

    type("first");
    type("second");

    unlink(path);
    for (int i = 0; i < 2; i++)
        event_announce(&stop);
    while (wait(NULL) != -1)
        continue;
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * 46-fork-in-a-signal-handler: the crash report waits for the crash.
 *
 * Hazard:  [parent] hang in pthread_mutex_lock, owner self
 * Safe:    report: order {n} is bad
 *          [child] exit 42
 *          [parent] exit 1
 * Number:  4711
 * Hazard (musl):  [parent] hang in pthread_mutex_lock
 *
 * See 46-fork-in-a-signal-handler.md, fork(2), pthread_atfork(3),
 * signal-safety(7).
 */
#include "lab.h"

#if defined(__GLIBC__) && __GLIBC__ == 2 && __GLIBC_MINOR__ < 34
int main(void)
{
    say("lab: needs _Fork(), which glibc has since 2.34");
    return 77;
}
#else

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int order; /* lock protects it */

/* What every library with a lock should do, for the sake of children: see lab
 * 31. */
static void take(void)
{
    pthread_mutex_lock(&lock);
}

static void give(void)
{
    pthread_mutex_unlock(&lock);
}

/* The crash handler: what is in memory is damaged, so a copy of the process
 * writes the report. */
static void report(int sig LAB_UNUSED)
{
    int status;

    say("parent: crashes, forks a reporter");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        show("report: order %d is bad", order);
        _exit(42);
    }
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("reporter", status);
    _exit(1);
}

static void store(int number)
{
    pthread_mutex_lock(&lock);
    order = number;
    if (order > 1)
        abort(); /* as assert(3) does, and malloc() with a damaged heap */
    pthread_mutex_unlock(&lock);
}

int main(void)
{
    struct sigaction action = {.sa_handler = report};
    int number = run_number(4711);

    if (pthread_atfork(take, give, give) != 0)
        die("pthread_atfork");
    if (sigaction(SIGABRT, &action, NULL) == -1)
        die("sigaction");
    store(1);
    store(number);
    return 0;
}
#endif

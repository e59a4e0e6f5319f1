/* SPDX-License-Identifier: MIT
 *
 * 35-stream-stays-locked: the child wants to print, to a stream that a thread
 * which it does not have has locked.
 *
 * Hazard:  worker: {n} and {n+1}
 *          [child] hang in flockfile
 * Safe:    worker: {n} and {n+1}
 *          child: {n+2}
 *          [child] exit 42
 * Work:    thread
 * Number:  10
 *
 * See 35-stream-stays-locked.md, flockfile(3), fork(2), _Fork(3p).
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
#include <stdio.h>
#include <sys/wait.h>

static int n;
static struct event halfway, forked;

static void *work(void *main_tid)
{
    call_me("worker");
    flockfile(stdout); /* one line of two parts, and nothing in between */
    printf("worker: %d ", n);
    say("worker: has half a line");
    event_announce(&halfway);
    event_wait_or_futex(&forked, *(pid_t *)main_tid);
    printf("and %d\n", n + 1);
    fflush(stdout);
    funlockfile(stdout);
    return NULL;
}

int main(void)
{
    pthread_t worker;
    pid_t main_tid = gettid();
    int status;

    n = run_number(10);
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    event_make(&halfway);
    event_make(&forked);
    if (pthread_create(&worker, NULL, work, &main_tid) != 0)
        die("pthread_create");

    event_wait(&halfway);
    say("parent: forks");
    /* FIX: who copies the stream has it: no line is half done, and the child
     * has the thread that may unlock it. */
    flockfile(stdout);
    pid_t pid = _Fork();
    funlockfile(stdout);
    if (pid == -1)
        die("_Fork");
    if (pid == 0) {
        say("child: prints");
        event_announce(&forked);
        flockfile(stdout);
        printf("child: %d\n", n + 2);
        fflush(stdout);
        funlockfile(stdout);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    return 0;
}
#endif

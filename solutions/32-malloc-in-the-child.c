/* SPDX-License-Identifier: MIT
 *
 * 32-malloc-in-the-child: the child asks for memory and waits for ever.
 *
 * Hazard:  worker is back
 *          [child] hang in malloc
 * Safe:    worker is back
 *          child got memory
 *          [child] exit 42
 * Work:    thread
 *
 * See 32-malloc-in-the-child.md, fork(2), signal-safety(7).
 */
#include "lab.h"

#if defined(__GLIBC__) && __GLIBC__ == 2 && __GLIBC_MINOR__ < 34
int main(void)
{
    say("lab: needs _Fork(), which glibc has since 2.34");
    return 77;
}
#else

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct event locked, forked;
static pid_t main_tid;

static void hold_the_lock(void)
{
    say("worker: is in malloc, holds its lock");
    event_announce(&locked);
    event_wait_or_futex(&forked, main_tid);
    say("worker: goes on");
}

#include "malloc_stage.h" /* the same for musl */

#ifdef __GLIBC__
/* glibc: malloc_stats() writes to stderr while it holds malloc's lock. */
static ssize_t write_slowly(void *cookie, const char *text, size_t size)
{
    static bool first_line_written;

    (void)cookie, (void)text;
    if (!first_line_written)
        hold_the_lock();
    first_line_written = true;
    return (ssize_t)size;
}

static void use_malloc(void)
{
    if (other_malloc()) {
        say("lab: it is about the C library's malloc; here is another one");
        _exit(77);
    }
    stderr =
        fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_slowly});
    if (stderr == NULL)
        die("fopencookie");
    setvbuf(stderr, NULL, _IONBF, 0);
    malloc_stats();
}
#endif

static void *work(void *unused)
{
    call_me("worker");
    use_malloc();
    show("worker is back");
    return unused;
}

int main(void)
{
    pthread_t worker;
    int status;

    main_tid = gettid();
    event_make(&locked);
    event_make(&forked);
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");

    event_wait(&locked);
    say("parent: forks");
    /* FIX: fork() takes malloc's locks itself, so it waits for the worker, and
     * copies them when no thread is inside malloc. */
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: wants memory");
        event_announce(&forked);
        /* volatile: gcc leaves out a malloc() whose result nobody looks at. */
        void *volatile memory = malloc(2000);
        show("child got %s", memory != NULL ? "memory" : "nothing");
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    return 0;
}
#endif

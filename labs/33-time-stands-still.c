/* SPDX-License-Identifier: MIT
 *
 * 33-time-stands-still: the child asks for the date, and waits for ever.
 *
 * Hazard:  worker: Fri Feb 13 23:31:{n} 2009
 *          [child] hang in ctime_r
 * Safe:    worker: Fri Feb 13 23:31:{n} 2009
 *          child: Fri Feb 13 23:31:{n} 2009
 *          [child] exit 42
 * Work:    thread
 * Number:  30
 * Hazard (musl):  none
 *
 * See 33-time-stands-still.md, ctime_r(3), tzset(3), fork(2), mprotect(2).
 */
#include "lab.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

static time_t moment = 1234567860; /* and some seconds */

/* The value of TZ begins in a page that cannot be read yet: a thread that reads
 * it, in ctime_r() and with its lock, waits in the signal handler. */
static char *zone;
static size_t page;

static struct event inside, forked;
static pid_t main_tid;

static void make_zone(void)
{
    page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        die("mmap");
    zone = pages + page;
    memcpy(zone - 3, "TZ=UTC0", 8);
    if (putenv(zone - 3) != 0 || mprotect(zone, page, PROT_NONE) == -1)
        die("mprotect");
}

static void wait_inside(int signal LAB_UNUSED)
{
    say("worker: is in ctime_r, holds its lock");
    event_announce(&inside);
    event_wait_or_futex(&forked, main_tid);
    say("worker: goes on");
    if (mprotect(zone, page, PROT_READ) == -1)
        die("mprotect");
}

static void *work(void *unused LAB_UNUSED)
{
    char date[26];

    call_me("worker");
    ctime_r(&moment, date);
    date[24] = '\0'; /* instead of the newline */
    show("worker: %s", date);
    return NULL;
}

int main(void)
{
    struct sigaction action = {.sa_handler = wait_inside};
    pthread_t worker;
    char date[26];
    int status;

    moment += run_number(30);
    main_tid = gettid();
    event_make(&inside);
    event_make(&forked);
    make_zone();
    if (sigaction(SIGSEGV, &action, NULL) == -1)
        die("sigaction");
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");

    event_wait(&inside);
    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: asks for the date");
        event_announce(&forked);
        ctime_r(&moment, date);
        date[24] = '\0';
        show("child: %s", date);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    return 0;
}

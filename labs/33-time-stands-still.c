/* SPDX-License-Identifier: MIT
 *
 * 33-time-stands-still: the child asks for the date, and waits for ever.
 *
 * Hazard:  [child] hang in ctime_r
 * Safe:    child: Fri Feb 13 23:31:30 2009
 *          [child] exit 42
 *
 * See 33-time-stands-still.md, ctime_r(3), tzset(3), fork(2), fifo(7).
 */
#include "lab.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static const time_t moment = 1234567890;

/* The file of our time zone is a pipe: who reads it waits until we close it. */
static char folder[PATH_MAX], zone[PATH_MAX + 8];
static int writer;

static struct event forked;

static void make_zone(void)
{
    const char *where = getenv("TMPDIR");

    snprintf(folder, sizeof(folder), "%s/zone-XXXXXX", where ? where : "/tmp");
    if (mkdtemp(folder) == NULL)
        die("mkdtemp");
    snprintf(zone, sizeof(zone), ":%s/zone", folder);
    if (mkfifo(zone + 1, 0600) == -1 || setenv("TZ", zone, 1) == -1)
        die("mkfifo");
}

static void *work(void *unused LAB_UNUSED)
{
    char date[26];

    call_me("worker");
    say("worker: asks for the date");
    ctime_r(&moment, date);
    say("worker: has the date");
    return NULL;
}

static void *let_go(void *main_tid)
{
    call_me("stage hand");
    event_wait_or_futex(&forked, *(pid_t *)main_tid);
    say("stage hand: lets the worker read on");
    close(writer);
    return NULL;
}

int main(void)
{
    pthread_t worker, stage_hand;
    pid_t main_tid = gettid();
    char date[26];
    int status;

    event_make(&forked);
    make_zone();
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");
    writer = open(zone + 1, O_WRONLY | O_CLOEXEC); /* waits for the worker */
    if (writer == -1 || unlink(zone + 1) == -1 || rmdir(folder) == -1)
        die("open");
    if (pthread_create(&stage_hand, NULL, let_go, &main_tid) != 0)
        die("pthread_create");

    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        close(writer);
        say("child: asks for the date");
        event_announce(&forked);
        ctime_r(&moment, date);
        date[24] = '\0'; /* instead of the newline */
        show("child: %s", date);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    pthread_join(stage_hand, NULL);
    return 0;
}

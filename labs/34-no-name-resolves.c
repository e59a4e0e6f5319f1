/* SPDX-License-Identifier: MIT
 *
 * 34-no-name-resolves: the child looks up localhost, and waits for ever.
 *
 * Hazard:  worker: localhost is an address
 *          [child] hang in getaddrinfo
 * Safe:    worker: localhost is an address
 *          child: localhost is an address
 *          [child] exit 42
 * Work:    thread
 * Needs:   glibc, localhost
 *
 * See 34-no-name-resolves.md, getaddrinfo(3), pthread_atfork(3), fifo(7).
 */
#include "lab.h"

#include <limits.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* The resolver's file of settings, RESOLV_HOST_CONF in host.conf(5), is a named
 * pipe: a thread that reads it, inside getaddrinfo(), waits until we close it.
 *
 *   worker      getaddrinfo(): locks, reads the pipe ......... reads on,
 * unlocks parent                           fork() stage hand closes the pipe
 *   child                            getaddrinfo(): waits for that lock
 */
static char directory[PATH_MAX], settings[PATH_MAX + 8];
static int writer;

static struct event forked;

static void make_settings(void)
{
    const char *where = getenv("TMPDIR");

    snprintf(directory, sizeof(directory), "%s/host-XXXXXX",
             where ? where : "/tmp");
    if (mkdtemp(directory) == NULL)
        die("mkdtemp");
    snprintf(settings, sizeof(settings), "%s/conf", directory);
    if (mkfifo(settings, 0600) == -1 ||
        setenv("RESOLV_HOST_CONF", settings, 1) == -1)
        die("mkfifo");
}

static const char *look_up(const char *name)
{
    struct addrinfo *found;
    int error = getaddrinfo(name, NULL, NULL, &found);

    if (error != 0)
        return "not known";
    freeaddrinfo(found);
    return "an address";
}

static void *work(void *unused LAB_UNUSED)
{
    call_me("worker");
    say("worker: looks up localhost");
    show("worker: localhost is %s", look_up("localhost"));
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
    int status;

    event_make(&forked);
    make_settings();
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");
    writer = open(settings, O_WRONLY | O_CLOEXEC); /* waits for the worker */
    if (writer == -1 || unlink(settings) == -1 || rmdir(directory) == -1)
        die("open");
    if (pthread_create(&stage_hand, NULL, let_go, &main_tid) != 0)
        die("pthread_create");

    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        close(writer);
        say("child: looks up localhost");
        event_announce(&forked);
        const char *answer = look_up("localhost");
        show("child: localhost is %s", answer);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    pthread_join(worker, NULL);
    pthread_join(stage_hand, NULL);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * By which signal a process was ended, on a kernel that does not say it: from
 * what was heard, and from nothing else.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "linux/pidfd.h"
#include "linux/syscalls.h"
#include "run/family.h"
#include "run/fatal.h"
#include "tap.h"

static void ignore(int signal)
{
    (void)signal;
}

/* A child that sleeps; it catches one signal (0: none), and is in a group of
 * its own. */
static pid_t sleeper(int caught)
{
    int ready[2];
    char byte;

    if (pipe(ready) == -1)
        _exit(4);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        if (caught != 0)
            signal(caught, ignore);
        close(ready[1]);
        close(ready[0]);
        for (;;)
            pause();
    }
    close(ready[1]);
    /* The end of the pipe is closed when the child has done both. */
    ok(child > 0 && read(ready[0], &byte, 1) == 0, "a child sleeps");
    close(ready[0]);
    return child;
}

static struct testimony call_of(long call, long first, long second, long third)
{
    return (struct testimony){
        .kind = HEARD_KILL,
        .tid = getpid(),
        .call = (int)call,
        .args = {(uint64_t)first, (uint64_t)second, (uint64_t)third}};
}

/* The member as an old kernel would leave it. */
static struct member *meet(struct family *family, pid_t child)
{
    struct member *member = family_meet(family, child);

    if (member == NULL)
        _exit(4);
    close(member->pidfd);
    member->pidfd = -1;
    return member;
}

static void end_of(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* How the child seems to have ended after this was heard. */
static void hear_and_end(struct family *family, pid_t child,
                         struct testimony call, int expected, const char *what)
{
    struct member *member = meet(family, child);

    fatal_signal(family, &call);
    end_of(child);
    fatal_resolve_missing(family);
    if (expected == 0)
        ok(member->end == END_GONE, "%s", what);
    else
        ok(member->end == END_KILLED && member->code == expected, "%s", what);
}

static void test_calls(struct family *family)
{
    pid_t child = sleeper(0);

    hear_and_end(family, child, call_of(SYS_kill, child, SIGTERM, 0), SIGTERM,
                 "kill");
    child = sleeper(0);
    hear_and_end(family, child, call_of(SYS_tgkill, child, child, SIGABRT),
                 SIGABRT, "tgkill");
    child = sleeper(0);
    hear_and_end(family, child, call_of(SYS_kill, -child, SIGHUP, 0), SIGHUP,
                 "kill of a group");
    child = sleeper(0);
    int fd = pidfd(child);
    hear_and_end(family, child, call_of(SYS_pidfd_send_signal, fd, SIGUSR1, 0),
                 SIGUSR1, "pidfd_send_signal");
    close(fd);
}

static void test_others(struct family *family)
{
    pid_t child = sleeper(0);

    hear_and_end(family, child, call_of(SYS_kill, child, SIGCHLD, 0), 0,
                 "a signal that ends nobody");
    child = sleeper(0);
    hear_and_end(family, child, call_of(SYS_kill, child, 0, 0), 0, "no signal");
    child = sleeper(SIGTERM);
    hear_and_end(family, child, call_of(SYS_kill, child, SIGTERM, 0), 0,
                 "a signal that is caught");
    child = sleeper(SIGTERM);
    hear_and_end(family, child, call_of(SYS_kill, child, SIGKILL, 0), SIGKILL,
                 "SIGKILL, whatever is caught");
    child = sleeper(0);
    hear_and_end(family, child, call_of(SYS_kill, getpid(), SIGTERM, 0), 0,
                 "a signal to another one");
}

/* A second later it is alive: the signal has not ended it. */
static void test_survivor(struct family *family)
{
    pid_t child = sleeper(0);
    struct member *member = meet(family, child);
    struct testimony call = call_of(SYS_kill, child, SIGTERM, 0);
    struct snapshot shot;

    fatal_signal(family, &call);
    member->doom_at -= INT64_C(2000000000);
    snapshot_one(&shot, child);
    family_update(family, &shot);
    snapshot_free(&shot);
    end_of(child);
    fatal_resolve_missing(family);
    ok(member->end == END_GONE, "a signal that it has survived");
}

/* The signal for the end of the thread that made it counts after that end. */
static void test_maker(struct family *family)
{
    pid_t child = sleeper(0);
    struct member *member = meet(family, child);

    fatal_parent(member, SIGKILL);
    ok(member->maker == getpid(), "the thread that made it");
    end_of(child);
    fatal_resolve_missing(family);
    ok(member->end == END_GONE, "its maker lives");

    child = sleeper(0);
    member = meet(family, child);
    member->at_end_of_maker = SIGKILL;
    member->maker = 1 << 30; /* nobody */
    end_of(child);
    fatal_resolve_missing(family);
    ok(member->end == END_KILLED && member->code == SIGKILL,
       "its maker has ended");
}

int main(void)
{
    struct family family = {0};

    /* Whoever is first is of no interest here. */
    family_meet(&family, getpid());
    test_calls(&family);
    test_others(&family);
    test_survivor(&family);
    test_maker(&family);
    family_free(&family);
    printf("1..%d\n", tests);
    return failures > 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The pulse of a thread counts only while the thread does what the snapshot
 * shows; and of a process that is known, the name is kept up to date.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/family.h"
#include "run/pulse.h"
#include "tap.h"

/* A child that waits for a byte, takes another name, and waits for more. */
static pid_t start_child(int go[2])
{
    char byte;
    pid_t child = fork();

    if (child != 0)
        return child;
    close(go[1]);
    while (read(go[0], &byte, 1) == 1)
        prctl(PR_SET_NAME, "another");
    _exit(0);
}

static void pause_ms(long ms)
{
    const struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

/* A snapshot of the child while it sleeps. */
static void look_at(struct snapshot *shot, pid_t child)
{
    for (int i = 0; i < 500; i++) {
        snapshot_one(shot, child);
        if (shot->thread_count == 1 && shot->thread[0].state == 'S')
            return;
        snapshot_free(shot);
        pause_ms(10);
    }
}

static void test_pulse(struct snapshot *shot)
{
    struct pulse pulse = {0};
    bool runs = true;

    pulse_take(&pulse, shot, 0);
    ok(pulse_is_alive(&pulse, &runs) && !runs,
       "a thread in the call of the snapshot has a pulse");
    shot->thread[0].state = 'R';
    pulse_take(&pulse, shot, 0);
    ok(!pulse_is_alive(&pulse, &runs),
       "one that ran then and sleeps now has none");
    shot->thread[0].state = 'S';
    shot->thread[0].call++;
    pulse_take(&pulse, shot, 0);
    ok(!pulse_is_alive(&pulse, &runs), "one in another call has none");
    shot->thread[0].call--;
    pulse_take(&pulse, shot, 0);
    pulse_drop(&pulse);
    ok(!pulse_is_alive(&pulse, &runs), "one that was dropped has none");
}

static void test_end(struct snapshot *shot, pid_t child)
{
    struct pulse pulse = {0};
    bool runs;

    pulse_take(&pulse, shot, 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ok(!pulse_is_alive(&pulse, &runs), "one that has ended has none");
    pulse_drop(&pulse);
}

static void test_family(struct family *family, pid_t child, int go)
{
    struct member *member = family_meet(family, child);

    ok(member != NULL && member->pid == child, "a process is met");
    if (member == NULL)
        return;
    for (int i = 0; i < 500 && family_known(family, child) == NULL; i++)
        family_meet(family, child); /* we may be stopped in between */
    ok(family_known(family, child) == member, "then it is known");
    ok(write(go, "", 1) == 1, "it takes another name");
    for (int i = 0; i < 500 && strcmp(member->name, "another") != 0; i++) {
        pause_ms(10);
        family_meet(family, child);
    }
    same_text(member->name, "another", "it is met again by its new name");
    pause_ms(2);
    ok(family_known(family, child) == NULL,
       "after a millisecond its name may be another one");
    family_meet(family, child);
    member->end = END_KILLED;
    ok(family_known(family, child) == NULL,
       "a pid of one that has ended is nobody's");
    member->end = END_ALIVE;
}

int main(void)
{
    struct family family = {0};
    struct snapshot shot = {0};
    int go[2];

    if (pipe(go) == -1)
        return 4;
    pid_t child = start_child(go);
    test_family(&family, child, go[1]);
    look_at(&shot, child);
    if (ok(shot.thread_count == 1, "the child sleeps")) {
        test_pulse(&shot);
        test_end(&shot, child);
    }
    snapshot_free(&shot);
    family_free(&family);
    printf("1..%d\n", tests);
    return failures != 0;
}

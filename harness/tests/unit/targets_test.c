/* SPDX-License-Identifier: MIT
 *
 * targets_test: what is said of threads by their state, also of those that a
 * test cannot have at will: an uninterruptible wait.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/targets.h"

static int tests, failures;

static void is(char *got, const char *wanted, const char *what)
{
    bool good =
        wanted == NULL ? got == NULL : got != NULL && strcmp(got, wanted) == 0;

    tests++;
    failures += !good;
    printf("%s %d - %s\n", good ? "ok" : "not ok", tests, what);
    if (!good)
        printf("# wanted \"%s\"\n# got    \"%s\"\n",
               wanted ? wanted : "nothing", got ? got : "nothing");
    free(got);
}

/* One process, pid 700, with two threads; the first one sleeps. */
static char *state(enum verdict verdict, enum wait_kind wait, char letter,
                   const char *call)
{
    struct process_shot process = {.pid = 700, .thread_count = 2};
    struct thread_shot threads[] = {
        {.tid = 700, .state = 'S', .wait = WAIT_FUTEX},
        {.tid = 701, .state = letter, .wait = wait, .call_name = call}};
    struct snapshot shot = {.process = &process,
                            .process_count = 1,
                            .thread = threads,
                            .thread_count = 2};
    struct process_report shown = {.role = "child 2", .pid = 700};
    struct report report = {
        .verdict = verdict, .processes = &shown, .process_count = 1};

    return targets_state(&shot, &report);
}

int main(void)
{
    is(state(VERDICT_NO_PROGRESS, WAIT_KERNEL, 'D', "fsync"),
       "thread 701 of child 2 is in an uninterruptible wait in the kernel "
       "(state D), as for a disk or a file server, in fsync: no signal ends "
       "that",
       "an uninterruptible wait");
    is(state(VERDICT_NO_PROGRESS, WAIT_KERNEL, 'D', NULL),
       "thread 701 of child 2 is in an uninterruptible wait in the kernel "
       "(state D), as for a disk or a file server: no signal ends that",
       "an uninterruptible wait in a call that has no name here");
    is(state(VERDICT_NO_PROGRESS, WAIT_VFORK, 'D', "vfork"), NULL,
       "a vfork parent waits for its child");
    is(state(VERDICT_NO_PROGRESS, WAIT_KERNEL, 'S', NULL), NULL,
       "a call that is not known");
    is(state(VERDICT_NO_PROGRESS, WAIT_STOPPED, 'T', "read"),
       "thread 701 of child 2 is stopped by a signal, and goes on when it gets "
       "SIGCONT: kill -CONT 700",
       "stopped");
    is(state(VERDICT_RUNNING, WAIT_NOTHING, 'R', NULL),
       "thread 701 of child 2 is running: it waits for nothing", "running");
    is(state(VERDICT_RUNNING, WAIT_TIME, 'S', "nanosleep"),
       "it moved each time that it was looked at", "moving");
    is(state(VERDICT_HANG, WAIT_STOPPED, 'T', "read"), NULL,
       "the autopsy knows better");
    printf("1..%d\n", tests);
    return failures != 0;
}

/* SPDX-License-Identifier: MIT
 *
 * explore_test: what is seen of a child of ours that waits, and what the proof
 * makes of it. For states that no program can be found in for sure.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proof/verdict.h"
#include "report/report.h"
#include "proof/snapshot.h"

static int tests, failures;

static void check(bool good, const char *what)
{
    tests++;
    failures += !good;
    printf("%s %d - %s\n", good ? "ok" : "not ok", tests, what);
}

/* A timerfd that has fired. A set of it tells of that only once. */
static void wait_after_ticks(bool read_them)
{
    const struct itimerspec soon = {.it_value = {.tv_nsec = 1}};
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    int set = epoll_create1(EPOLL_CLOEXEC);
    uint64_t ticks;

    if (timer == -1 || timerfd_settime(timer, 0, &soon, NULL) == -1 ||
        epoll_ctl(set, EPOLL_CTL_ADD, timer, &event) == -1 ||
        epoll_wait(set, &event, 1, -1) != 1 ||
        (read_them && read(timer, &ticks, sizeof(ticks)) == -1))
        _exit(1);
    epoll_wait(set, &event, 1, -1);
    _exit(1);
}

static pid_t start(bool read_them)
{
    pid_t child = fork();

    if (child == -1)
        exit(1);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        wait_after_ticks(read_them);
    }
    return child;
}

/* Explores the child as soon as it sleeps: two looks with nothing changed. */
static enum condition look(pid_t child)
{
    const struct knowledge all = {.async = true,
                                  .alarms_heard = true,
                                  .rings = 1,
                                  .timeouts_heard = true,
                                  .passing_heard = true,
                                  .private_ipc = true};
    struct snapshot shot, again;
    struct diagnosis diagnosis;

    for (bool still = false; !still;) {
        size_t who;
        snapshot_one(&shot, child);
        poll(NULL, 0, 10);
        snapshot_one(&again, child);
        still = snapshot_same(&shot, &again) && !snapshot_alive(&shot, &who);
        snapshot_free(&again);
        if (!still)
            snapshot_free(&shot);
    }
    snapshot_explore(&shot, &all);
    autopsy_judge(&shot, &diagnosis);
    enum condition condition = diagnosis.condition;
    diagnosis_free(&diagnosis);
    snapshot_free(&shot);
    return condition;
}

static enum condition look_and_end(pid_t child)
{
    enum condition condition = look(child);

    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return condition;
}

static enum condition condition_after_ticks(bool read_them)
{
    return look_and_end(start(read_them));
}

/* A child that reads from a pipe. Either we have the only write end, who are
 * outside of what is looked at, or the child itself has it. */
static enum condition condition_at_pipe(bool outside)
{
    int ends[2];
    char byte;
    pid_t child = pipe2(ends, O_CLOEXEC) == -1 ? -1 : fork();

    if (child == -1)
        exit(1);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (outside)
            close(ends[1]);
        _exit(read(ends[0], &byte, 1) == -1);
    }
    if (!outside)
        close(ends[1]);
    enum condition condition = look_and_end(child);
    close(ends[0]);
    if (outside)
        close(ends[1]);
    return condition;
}

/* A request that does nothing: there was one. False: there are no rings here.
 */
static bool make_ring(bool submit)
{
    struct io_uring_params params = {0};
    int ring = (int)syscall(SYS_io_uring_setup, 8, &params);

    if (ring == -1)
        return false;
    char *queue = mmap(NULL, params.sq_off.array + 64, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
    if (queue == MAP_FAILED)
        return false;
    __atomic_store_n((unsigned *)(queue + params.sq_off.tail), submit ? 1 : 0,
                     __ATOMIC_RELEASE);
    return !submit || syscall(SYS_io_uring_enter, ring, 1, 0, 0, NULL, 0) == 1;
}

/* A child with a ring, that reads from its own pipe. */
static enum condition condition_with_ring(bool submit)
{
    int ends[2];
    char byte;
    pid_t child = fork();

    if (child == -1)
        exit(1);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (pipe2(ends, O_CLOEXEC) == -1 || !make_ring(submit))
            _exit(1);
        _exit(read(ends[0], &byte, 1) == -1);
    }
    return look_and_end(child);
}

static void test_ring(void)
{
    struct io_uring_params params = {0};
    int ring = (int)syscall(SYS_io_uring_setup, 8, &params);

    if (ring == -1) {
        printf("ok %d - io_uring # SKIP it is not there, or forbidden\n",
               ++tests);
        return;
    }
    close(ring);
    check(condition_with_ring(false) == CONDITION_STUCK,
          "a ring in which nothing was ever submitted completes nothing");
    check(condition_with_ring(true) == CONDITION_ALIVE,
          "... but one that was used may");
}

/* Without kcmp(2), which a sandbox may refuse, members of a set are unknown. */
static bool can_compare(void)
{
    return syscall(SYS_kcmp, getpid(), getpid(), 1 /* KCMP_VM */, 0, 0) == 0;
}

static void test_timerfd(void)
{
    if (!can_compare()) {
        printf("ok %d - timerfd # SKIP kcmp(2) is refused\n", ++tests);
        return;
    }
    check(condition_after_ticks(true) == CONDITION_STUCK,
          "a timerfd that is not armed, all its ticks read");
    check(condition_after_ticks(false) == CONDITION_ALIVE,
          "... but with ticks that nobody has read yet");
}

int main(void)
{
    test_timerfd();
    check(condition_at_pipe(false) == CONDITION_STUCK,
          "a pipe whose write end the reader itself has");
    check(condition_at_pipe(true) == CONDITION_ALIVE,
          "... but the write end is outside");
    test_ring();
    printf("1..%d\n", tests);
    return failures != 0;
}

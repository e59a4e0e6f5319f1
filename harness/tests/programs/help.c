/* SPDX-License-Identifier: MIT
 *
 * help ROW with|without: the table of what is never proved (harness/README.md),
 * one mode a row. `with` the help of that row the program ends by itself, with
 * status 7; its twin `without` it is stuck for good. `help list` prints the
 * rows. Those with
 * sockets are in sockets.c, those with somebody outside in outside.c and
 * passed.c.
 */
#include "lab.h"

#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#include "tests/programs/modes.h"

/* ---- what the rows share ---- */

static sem_t semaphore; /* 0 */
static bool with;       /* the help is there */

/* Long enough that a proof would come before. */
static void sleep_a_second(void)
{
    struct timespec left = {.tv_sec = 1};

    while (nanosleep(&left, &left) == -1)
        ;
}

/* Ends with 7 once somebody has posted. */
static void wait_for_post(void)
{
    while (sem_wait(&semaphore) == -1)
        ;
    _exit(7);
}

static void end_well(int number)
{
    (void)number;
    _exit(7);
}

static void *post_later(void *unused)
{
    sleep_a_second();
    sem_post(&semaphore);
    return unused;
}

static void start_thread(void *(*work)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, NULL) != 0)
        die("pthread_create");
}

static void make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) == -1)
        die("pipe2");
}

/* Reads from a pipe that only this process has. */
static void read_own_pipe(void)
{
    int ends[2];
    char byte;

    make_pipe(ends);
    (void)!read(ends[0], &byte, 1);
}

static int timer_of_a_second(void)
{
    struct itimerspec second = {.it_value.tv_sec = 1};
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

    if (timer == -1 || timerfd_settime(timer, 0, &second, NULL) == -1)
        die("timerfd");
    return timer;
}

static void end_as(pid_t child)
{
    int status;

    if (waitpid(child, &status, 0) == child && WIFEXITED(status))
        _exit(WEXITSTATUS(status));
}

static void leave_out(int number)
{
    (void)number;
    _exit(77);
}

/* ---- it runs, sleeps, or the kernel has it ---- */

static void *spin_and_post(void *unused)
{
    struct timespec start, now;

    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec - start.tv_sec < 2);
    sem_post(&semaphore);
    return unused;
}

static void runs(void)
{
    if (with)
        start_thread(spin_and_post);
    wait_for_post();
}

static void sleeps(void)
{
    if (with)
        start_thread(post_later);
    wait_for_post();
}

static void vfork_parent(void)
{
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork) */
    pid_t child = vfork();

    if (child == 0) {
        if (with)
            sleep(1); /* NOLINT(clang-analyzer-unix.Vfork) */
        else
            pause(); /* NOLINT(clang-analyzer-unix.Vfork) */
        _exit(7);
    }
    end_as(child);
}

/* What was stopped and continued is restart_syscall(2) then: a sleep as well as
 * a poll(2). */
static void restarted(void)
{
    int ends[2];
    pid_t us = getpid();

    make_pipe(ends);
    struct pollfd item = {.fd = ends[0], .events = POLLIN};
    signal(SIGCHLD, SIG_IGN);
    if (fork() == 0) {
        struct timespec moment = {.tv_nsec = 200000000};
        nanosleep(&moment, NULL);
        kill(us, SIGSTOP);
        nanosleep(&moment, NULL);
        kill(us, SIGCONT);
        _exit(0);
    }
    struct timespec time = {.tv_sec = 1, .tv_nsec = 500000000};
    if (with) /* with what would be the arguments of a poll(2) for ever */
        syscall(SYS_nanosleep, &time, NULL, -1L);
    else
        poll(&item, 1, -1);
    _exit(7);
}

/* The calls of a 32-bit program have other numbers: 162 is its nanosleep(2). */
static void foreign_call(void)
{
#if defined(__x86_64__)
    struct {
        int32_t seconds, nanoseconds;
    } *time = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    long result;

    if (time == MAP_FAILED)
        die("mmap");
    if (!with)
        read_own_pipe();
    time->seconds = 1;
    signal(SIGSEGV, leave_out); /* the kernel has no such calls */
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(162L), "b"(time), "c"(0L)
                     : "memory", "r8", "r9", "r10", "r11");
    _exit(7);
#else
    _exit(77);
#endif
}

static void traced(void)
{
    pid_t child = fork();

    if (child == 0) {
        if (!with)
            pause();
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        _exit(7);
    }
    if (with) {
        waitpid(child, NULL, 0);
        sleep_a_second();
        ptrace(PTRACE_CONT, child, NULL, NULL);
    }
    end_as(child);
}

/* ---- clocks ---- */

static void alarm_clock(void)
{
    signal(SIGALRM, end_well);
    alarm(1);
    if (!with)
        alarm(0);
    wait_for_post();
}

static void posix_timer(void)
{
    struct itimerspec second = {.it_value.tv_sec = 1};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    struct sigevent none = {.sigev_notify = SIGEV_NONE};
    timer_t timer, silent;

    signal(SIGUSR1, end_well);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 ||
        timer_create(CLOCK_MONOTONIC, &none, &silent) == -1 ||
        timer_settime(timer, 0, &second, NULL) == -1 ||
        timer_settime(silent, 0, &second, NULL) == -1)
        die("timer_create");
    if (!with)
        timer_delete(timer);
    wait_for_post();
}

static void timer_descriptor(void)
{
    struct itimerspec never = {0};
    uint64_t ticks;
    int timer = timer_of_a_second();

    if (!with)
        timerfd_settime(timer, 0, &never, NULL);
    (void)!read(timer, &ticks, sizeof(ticks));
    _exit(7);
}

/* The set has a descriptor that is closed: its description lives on as a copy,
 * and its number is another file's. */
static void stale_member(void)
{
    int timer = timer_of_a_second(), set = epoll_create1(EPOLL_CLOEXEC);
    int ends[2];
    struct epoll_event event = {.events = EPOLLIN};

    if (!with)
        timerfd_settime(timer, 0, &(struct itimerspec){0}, NULL);
    epoll_ctl(set, EPOLL_CTL_ADD, timer, &event);
    if (with) {
        dup(timer);
        close(timer);
    }
    make_pipe(ends);
    if (epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event) == -1)
        die("epoll_ctl");
    epoll_wait(set, &event, 1, -1);
    _exit(7);
}

/* ---- the kernel in the background ---- */

/* One ring with its array of requests, as io_uring_setup(2) makes it. */
static void uring(void)
{
    struct io_uring_params params = {0};
    int ring = (int)syscall(SYS_io_uring_setup, 8, &params);

    if (ring == -1)
        _exit(77);
    if (!with) { /* it was only tried */
        close(ring);
        read_own_pipe();
    }
    char *queue = mmap(NULL, params.sq_off.array + 64, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
    struct io_uring_sqe *request =
        mmap(NULL, 8 * sizeof(*request), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
    static struct __kernel_timespec second = {.tv_sec = 1};
    if (queue == MAP_FAILED || request == MAP_FAILED)
        die("mmap");
    *request = (struct io_uring_sqe){.opcode = IORING_OP_TIMEOUT,
                                     .addr = (uint64_t)(uintptr_t)&second,
                                     .len = 1};
    *(unsigned *)(queue + params.sq_off.array) = 0;
    __atomic_store_n((unsigned *)(queue + params.sq_off.tail), 1,
                     __ATOMIC_RELEASE);
    syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    _exit(7);
}

/* Waits for a completion; nothing was ever submitted, but by another thread. */
static int waited_ring;

static void *submit_later(void *unused)
{
    sleep_a_second();
    syscall(SYS_io_uring_enter, waited_ring, 1, 0, 0, NULL, 0);
    return unused;
}

static void uring_completion(void)
{
    struct io_uring_params params = {0};
    int ring = (int)syscall(SYS_io_uring_setup, 8, &params);

    if (ring == -1)
        _exit(77);
    char *queue = mmap(NULL, params.sq_off.array + 64, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
    if (queue == MAP_FAILED)
        die("mmap");
    /* The first request, all zero, is IORING_OP_NOP. */
    *(unsigned *)(queue + params.sq_off.array) = 0;
    __atomic_store_n((unsigned *)(queue + params.sq_off.tail), 1,
                     __ATOMIC_RELEASE);
    waited_ring = ring;
    if (with)
        start_thread(submit_later);
    syscall(SYS_io_uring_enter, ring, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    _exit(7);
}

/* The ring has no descriptor any more, but it is mapped; it writes to an
 * eventfd. */
static void aio(void)
{
    aio_context_t context = 0;
    int event = eventfd(0, EFD_CLOEXEC);
    uint64_t count;
    struct iocb poll_timer = {.aio_lio_opcode = IOCB_CMD_POLL,
                              .aio_buf = POLLIN,
                              .aio_flags = IOCB_FLAG_RESFD,
                              .aio_resfd = (uint32_t)event};
    struct iocb *list[] = {&poll_timer};

    if (syscall(SYS_io_setup, 8, &context) == -1)
        _exit(77);
    poll_timer.aio_fildes = (uint32_t)timer_of_a_second();
    if (!with)
        syscall(SYS_io_destroy, context);
    else if (syscall(SYS_io_submit, context, 1, list) != 1)
        _exit(77);
    (void)!read(event, &count, sizeof(count));
    _exit(7);
}

static const struct mode rows[] = {
    {"runs", runs},
    {"sleeps", sleeps},
    {"vfork", vfork_parent},
    {"restarted", restarted},
    {"foreign", foreign_call},
    {"traced", traced},
    {"alarm", alarm_clock},
    {"posix-timer", posix_timer},
    {"timerfd", timer_descriptor},
    {"stale-member", stale_member},
    {"uring", uring},
    {"uring-completion", uring_completion},
    {"aio", aio},
};

int main(int argc, char **argv)
{
    with = argc > 2 && strcmp(argv[2], "with") == 0;
    if (sem_init(&semaphore, 0, 0) == -1)
        die("sem_init");
    return RUN_MODE(argv, rows);
}

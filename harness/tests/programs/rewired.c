/* SPDX-License-Identifier: MIT
 *
 * rewired MODE: a thread sleeps until a timerfd fires, after a second; by then
 * /proc, or the memory that its call was made with, tells of a pipe to which
 * nobody writes. The kernel stays with the timerfd. Each mode ends with status
 * 0. `rewired list` prints the modes.
 */
#include "lab.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>

#include "linux/syscalls.h"
#include "tests/programs/modes.h"

static int timer; /* its number means something else later */
static int ends[2];
static long delay_ms = 300;

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000,
                                  .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

static int timer_in_a_second(void)
{
    const struct itimerspec once = {.it_value = {.tv_sec = 1}};
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);

    if (fd == -1 || timerfd_settime(fd, 0, &once, NULL) == -1)
        die("timerfd_create");
    return fd;
}

static void prepare(void)
{
    timer = timer_in_a_second();
    if (pipe(ends) == -1)
        die("pipe");
}

static void beside(void *(*work)(void *), void *argument)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, argument) != 0)
        die("pthread_create");
}

static void read_timer(void)
{
    uint64_t times;

    if (read(timer, &times, sizeof(times)) != sizeof(times))
        die("read");
}

/* ---- the number ---- */

static void *close_and_reuse(void *unused)
{
    int more[2];

    pause_ms(delay_ms);
    close(timer);
    if (pipe(more) == -1)
        die("pipe");
    return unused;
}

static void close_reuse(void)
{
    prepare();
    beside(close_and_reuse, NULL);
    read_timer();
}

static void *replace_by_dup2(void *unused)
{
    pause_ms(delay_ms);
    dup2(ends[0], timer);
    return unused;
}

static void by_dup2(void)
{
    prepare();
    beside(replace_by_dup2, NULL);
    read_timer();
}

/* Does the first thread sleep in a read(2) of the timer? If it were not there
 * yet, it would read the pipe, and wait for good. */
static bool first_reads_timer(void)
{
    char path[64];
    long call = -1, fd = -1;

    snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", (int)getpid());
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        die("/proc/self/task");
    if (fscanf(stream, "%ld %li", &call, &fd) != 2)
        call = -1; /* it runs */
    fclose(stream);
    return call == SYS_read && fd == timer;
}

/* As soon as it sleeps: hardly anybody can have seen that. */
static void *replace_at_once(void *unused)
{
    while (!first_reads_timer())
        continue;
    dup2(ends[0], timer);
    return unused;
}

static void dup2_at_once(void)
{
    prepare();
    beside(replace_at_once, NULL);
    read_timer();
}

/* The one that replaced it stays, and waits too. */
static void *replace_and_read(void *unused)
{
    char byte;

    pause_ms(delay_ms);
    dup2(ends[0], timer);
    if (read(ends[0], &byte, 1) == -1)
        die("read");
    return unused;
}

static void dup2_and_read(void)
{
    prepare();
    beside(replace_and_read, NULL);
    read_timer();
}

static void *replace_by_dup3(void *unused)
{
    pause_ms(delay_ms);
    dup3(ends[0], timer, O_CLOEXEC);
    return unused;
}

static void by_dup3(void)
{
    prepare();
    beside(replace_by_dup3, NULL);
    read_timer();
}

static void *replace_by_range(void *unused)
{
    pause_ms(delay_ms);
    if (syscall(SYS_close_range, (unsigned)timer, (unsigned)timer, 0U) == -1)
        close(timer);
    if (dup(ends[0]) != timer)
        die("dup");
    return unused;
}

static void by_close_range(void)
{
    prepare();
    beside(replace_by_range, NULL);
    read_timer();
}

static int replace_in_process(void *unused)
{
    (void)unused;
    replace_by_dup2(NULL);
    _exit(0);
}

/* A process with the same descriptors; it has ended when the look comes. */
static void other_process(void)
{
    static char stack[65536] __attribute__((aligned(16)));

    prepare();
    if (clone(replace_in_process, stack + sizeof(stack), CLONE_FILES | SIGCHLD,
              NULL) == -1)
        die("clone");
    read_timer();
}

/* A thread with descriptors of its own: the number means another file there. */
static int read_own_timer(void *unused)
{
    (void)unused;
    pause_ms(100);
    read_timer();
    _exit(0);
}

static void own_table(void)
{
    static char stack[65536] __attribute__((aligned(16)));

    prepare();
    if (clone(read_own_timer, stack + sizeof(stack),
              CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD, NULL) == -1)
        die("clone");
    dup2(ends[0], timer);
    for (;;)
        pause();
}

/* The set of epoll(7) with the timerfd is replaced by an empty one. */
static void *replace_set(void *set)
{
    pause_ms(delay_ms);
    dup2(epoll_create1(0), *(int *)set);
    return NULL;
}

static void epoll_set(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    int set = epoll_create1(0);

    prepare();
    epoll_ctl(set, EPOLL_CTL_ADD, timer, &event);
    beside(replace_set, &set);
    if (epoll_wait(set, &event, 1, -1) != 1)
        die("epoll_wait");
}

static void *read_in_thread(void *unused)
{
    read_timer();
    _exit(0);
    return unused;
}

/* The one that sleeps is not the first thread. */
static void first_thread_does(void)
{
    prepare();
    beside(read_in_thread, NULL);
    replace_by_dup2(NULL);
    for (;;)
        pause();
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The first one that is served waits for ever; the other one ends it all. */
static void *read_as_one_of_two(void *unused)
{
    static int served;

    read_timer();
    if (__atomic_fetch_add(&served, 1, __ATOMIC_SEQ_CST) == 1)
        _exit(0);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
    return unused;
}

/* Two read a timerfd that fires twice. The first time one of them is woken in
 * vain: it sleeps on in the same call. */
static void woken_in_vain(void)
{
    const struct itimerspec twice = {.it_value = {.tv_nsec = 500000000},
                                     .it_interval = {.tv_sec = 1}};

    prepare();
    timerfd_settime(timer, 0, &twice, NULL);
    beside(read_as_one_of_two, NULL);
    beside(replace_by_dup2, NULL);
    read_as_one_of_two(NULL);
}

/* ---- memory ---- */

static struct pollfd *items;
static fd_set *numbers;

static void *rewrite_items(void *unused)
{
    pause_ms(delay_ms);
    items[0].fd = ends[0];
    return unused;
}

static void *remove_item(void *unused)
{
    pause_ms(delay_ms);
    items[0].fd = -1;
    return unused;
}

static void poll_items(void)
{
    items[0] = (struct pollfd){.fd = timer, .events = POLLIN};
    if (poll(items, 1, -1) != 1)
        die("poll");
}

static void poll_rewritten(void)
{
    static struct pollfd item;

    prepare();
    items = &item;
    beside(rewrite_items, NULL);
    poll_items();
}

static void poll_removed(void)
{
    static struct pollfd item;

    prepare();
    items = &item;
    beside(remove_item, NULL);
    poll_items();
}

static void poll_in_stack(void)
{
    struct pollfd item;

    prepare();
    items = &item;
    beside(rewrite_items, NULL);
    poll_items();
    items = NULL;
}

static void *rewrite_at_once(void *unused)
{
    for (volatile int i = 0; i < 20000; i++)
        continue;
    items[0].fd = ends[0];
    return unused;
}

/* Before anybody can have seen the set. */
static void poll_in_stack_at_once(void)
{
    struct pollfd item;

    prepare();
    items = &item;
    beside(rewrite_at_once, NULL);
    poll_items();
    items = NULL;
}

static void ppoll_rewritten(void)
{
    static struct pollfd item;

    prepare();
    items = &item;
    item = (struct pollfd){.fd = timer, .events = POLLIN};
    beside(rewrite_items, NULL);
    if (ppoll(items, 1, NULL, NULL) != 1)
        die("ppoll");
}

static void *common(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        die("mmap");
    return memory;
}

/* Another process rewrites it, in common memory, and has ended since. */
static void poll_in_common(void)
{
    prepare();
    items = common();
    signal(SIGCHLD, SIG_IGN);
    if (fork() == 0) {
        rewrite_items(NULL);
        _exit(0);
    }
    poll_items();
}

static int rewrite_in_process(void *unused)
{
    (void)unused;
    rewrite_items(NULL);
    _exit(0);
}

/* ... in its own memory, which is the same. */
static void poll_in_same_memory(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    static struct pollfd item;

    prepare();
    items = &item;
    if (clone(rewrite_in_process, stack + sizeof(stack), CLONE_VM | SIGCHLD,
              NULL) == -1)
        die("clone");
    poll_items();
}

/* ... from outside of the memory. */
static void poll_written_into(void)
{
    static struct pollfd item;
    const pid_t first = getpid();

    prepare();
    items = &item;
    signal(SIGCHLD, SIG_IGN);
    if (fork() == 0) {
        struct pollfd other = {.fd = ends[0], .events = POLLIN};
        struct iovec from = {&other, sizeof(other)}, to = {&item, sizeof(item)};
        pause_ms(delay_ms);
        if (process_vm_writev(first, &from, 1, &to, 1, 0) == -1)
            kill(first, SIGKILL);
        _exit(0);
    }
    poll_items();
}

static void *rewrite_numbers(void *unused)
{
    pause_ms(delay_ms);
    FD_ZERO(numbers);
    FD_SET(ends[0], numbers);
    return unused;
}

static void select_rewritten(void)
{
    static fd_set set;

    prepare();
    numbers = &set;
    FD_SET(timer, numbers);
    beside(rewrite_numbers, NULL);
    if (select(FD_SETSIZE, numbers, NULL, NULL, NULL) != 1)
        die("select");
}

static void pselect_rewritten(void)
{
    static fd_set set;

    prepare();
    numbers = &set;
    FD_SET(timer, numbers);
    beside(rewrite_numbers, NULL);
    if (pselect(FD_SETSIZE, numbers, NULL, NULL, NULL, NULL) != 1)
        die("pselect");
}

/* A private mapping shows what is written to the file, page by page, until the
 * process itself writes to that page. (Not in a program that names the file of
 * a process's memory: of that nothing in memory is believed.) */
static void poll_in_file(void)
{
    char path[] = "/tmp/rewired-XXXXXX";
    struct pollfd entry = {.events = POLLIN};
    int fd = mkstemp(path);

    prepare();
    entry.fd = timer;
    unlink(path);
    if (fd == -1 || write(fd, &entry, sizeof(entry)) != sizeof(entry))
        die("mkstemp");
    struct pollfd *set =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (set == MAP_FAILED)
        die("mmap");
    if (fork() == 0) {
        pause_ms(300);
        (void)!pwrite(fd, &ends[0], sizeof(ends[0]), 0);
        _exit(0);
    }
    if (poll(set, 1, -1) != 1)
        die("poll");
}

static const struct mode modes[] = {
    {"close-reuse", close_reuse},
    {"dup2", by_dup2},
    {"dup2-at-once", dup2_at_once},
    {"dup2-and-read", dup2_and_read},
    {"dup3", by_dup3},
    {"close-range", by_close_range},
    {"other-process", other_process},
    {"own-table", own_table},
    {"epoll-set", epoll_set},
    {"first-thread", first_thread_does},
    {"woken-in-vain", woken_in_vain},
    {"poll-rewritten", poll_rewritten},
    {"poll-removed", poll_removed},
    {"poll-in-stack", poll_in_stack},
    {"poll-in-stack-at-once", poll_in_stack_at_once},
    {"ppoll", ppoll_rewritten},
    {"poll-in-common", poll_in_common},
    {"poll-in-file", poll_in_file},
    {"poll-in-same-memory", poll_in_same_memory},
    {"poll-written-into", poll_written_into},
    {"select", select_rewritten},
    {"pselect", pselect_rewritten},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}

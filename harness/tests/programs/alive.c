/* SPDX-License-Identifier: MIT
 *
 * alive MODE: looks stuck at times and never is. `alive list` prints the modes.
 *
 * The directory $OUTSIDE is within reach of programs outside of the cage. One
 * of them is `alive outside`: it holds a lock on the file "lock", listens at
 * the port that it writes to "port", and owns the queue of which the number is
 * in "queue". A mode that the machine refuses ends with status 77.
 */
#include "lab.h"

#include <aio.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>

#include "linux/syscalls.h"
#include "tests/programs/modes.h"

#define SECONDS 30
#define REFUSED 77

/* ---- what the modes share ---- */

static const struct timespec later = {.tv_sec = SECONDS};

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000,
                                  .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

static pid_t start(void (*work)(void))
{
    pid_t child = fork();

    if (child == -1)
        die("fork");
    if (child == 0) {
        work();
        _exit(0);
    }
    return child;
}

static void start_and_wait(void (*work)(void))
{
    waitpid(start(work), NULL, 0);
}

static pthread_t start_thread(void *(*work)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, NULL) != 0)
        die("pthread_create");
    return thread;
}

static void make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) == -1)
        die("pipe2");
}

static void read_byte(int fd)
{
    char byte;

    if (read(fd, &byte, 1) == -1)
        die("read");
}

static void write_byte(int fd)
{
    if (write(fd, "!", 1) != 1)
        die("write");
}

static void *shared_memory(size_t size, int fd)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | (fd == -1 ? MAP_ANONYMOUS : 0), fd, 0);

    if (memory == MAP_FAILED)
        die("mmap");
    return memory;
}

static void ignore_signal(int number)
{
    (void)number;
}

static void block(int number)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static int timerfd_for_later(void)
{
    const struct itimerspec once = {.it_value = later};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

    if (fd == -1 || timerfd_settime(fd, 0, &once, NULL) == -1)
        die("timerfd_create");
    return fd;
}

/* NAME in the directory that programs outside can reach. */
static const char *outside(const char *name)
{
    static char path[256];
    const char *directory = getenv("OUTSIDE");

    if (directory == NULL)
        die("getenv OUTSIDE");
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    return path;
}

static int open_outside(const char *name)
{
    int fd = open(outside(name), O_RDWR | O_CREAT | O_CLOEXEC, 0666);

    if (fd == -1)
        die("open");
    return fd;
}

static long number_outside(const char *name)
{
    char text[32] = "";
    int fd = open(outside(name), O_RDONLY | O_CLOEXEC);

    if (fd == -1 || read(fd, text, sizeof(text) - 1) == -1)
        die("read");
    close(fd);
    return strtol(text, NULL, 10);
}

/* ---- a time will come ---- */

static void poll_timerfd(void)
{
    struct pollfd item = {.fd = timerfd_for_later(), .events = POLLIN};

    poll(&item, 1, -1);
}

static void epoll_again_and_again(void)
{
    struct epoll_event event;
    int set = epoll_create1(EPOLL_CLOEXEC);

    while (epoll_wait(set, &event, 1, 400) == 0)
        continue;
}

static void epoll_pwait2_with_timeout(void)
{
    struct epoll_event event;
    int set = epoll_create1(EPOLL_CLOEXEC);

    if (syscall(SYS_epoll_pwait2, set, &event, 1, &later, NULL, 0) == -1 &&
        errno == ENOSYS)
        _exit(REFUSED);
}

static void sigtimedwait_with_timeout(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigtimedwait(&set, NULL, &later);
}

static void signalfd_with_alarm(void)
{
    struct signalfd_siginfo info;
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    alarm(SECONDS);
    if (read(signalfd(-1, &set, SFD_CLOEXEC), &info, sizeof(info)) == -1)
        die("read");
}

static void pause_with_alarm(void)
{
    alarm(SECONDS);
    pause();
}

static void alarm_in_child(void)
{
    start_and_wait(pause_with_alarm);
}

/* exec keeps the alarm; nothing in pause-alone hints at it. */
static void alarm_over_exec(void)
{
    static const char name[] = "pause-alone";
    char path[512];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path));

    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length <= 0 || (size_t)length + sizeof(name) > sizeof(path))
        die("readlink");
    memcpy(path + length, name, sizeof(name));
    alarm(SECONDS);
    execl(path, name, NULL);
    die("execl");
}

static void interval_timer(void)
{
    const struct itimerval often = {.it_value = {.tv_usec = 300000},
                                    .it_interval = {.tv_usec = 300000}};

    signal(SIGALRM, ignore_signal);
    setitimer(ITIMER_REAL, &often, NULL);
    for (;;)
        pause();
}

static void end_well(int number)
{
    (void)number;
    _exit(0);
}

static void alarm_that_rings(void)
{
    signal(SIGALRM, end_well);
    alarm(1);
    for (;;)
        pause();
}

/* The call is refused, and the first clock goes on. */
static void refused_timer(void)
{
    const struct itimerval wrong = {.it_value = {.tv_usec = 1000001}};

    signal(SIGALRM, end_well);
    alarm(2);
    setitimer(ITIMER_REAL, &wrong, NULL);
    for (;;)
        pause();
}

static void spin_for_a_while(void)
{
    const clock_t end = clock() + 150 * CLOCKS_PER_SEC / 1000;

    while (clock() < end)
        continue;
    _exit(0);
}

/* It sets its clock late, because others have the CPU. */
static void starved_alarm(void)
{
    const struct itimerval once = {.it_value = {.tv_sec = 1}};
    cpu_set_t one;

    signal(SIGALRM, end_well);
    signal(SIGCHLD, SIG_IGN);
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    if (sched_setaffinity(0, sizeof(one), &one) == -1)
        _exit(REFUSED);
    for (int i = 0; i < 10; i++)
        start(spin_for_a_while);
    if (nice(19) == -1)
        _exit(REFUSED);
    setitimer(ITIMER_REAL, &once, NULL);
    for (;;)
        pause();
}

static void posix_timer_with_signal(void)
{
    const struct itimerspec once = {.it_value = later};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    sigset_t set;
    timer_t timer;
    int number;

    block(SIGUSR1);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 ||
        timer_settime(timer, 0, &once, NULL) == -1)
        die("timer_create");
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigwait(&set, &number);
}

static sem_t rung;

static void ring(union sigval unused)
{
    (void)unused;
    sem_post(&rung);
}

static void posix_timer_with_thread(void)
{
    const struct itimerspec once = {.it_value = later};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD,
                             .sigev_notify_function = ring};
    timer_t timer;

    sem_init(&rung, 0, 0);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 ||
        timer_settime(timer, 0, &once, NULL) == -1)
        die("timer_create");
    sem_wait(&rung);
}

static struct sockaddr_in address;

static void tcp_receive_timeout(void)
{
    const struct timeval limit = {.tv_sec = SECONDS};
    int listener = listen_here(&address);
    int client = connect_to(&address);

    if (setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
        die("setsockopt");
    (void)recv(client, &address, 1, 0);
    close(listener);
}

static void futex_with_timeout(void)
{
    static uint32_t word;

    syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, 0, &later, NULL, 0);
}

static void poll_with_timeout(void)
{
    poll(NULL, 0, SECONDS * 1000);
}

static void sleep_long(void)
{
    sleep(SECONDS);
}

/* What was interrupted by a stop goes on in restart_syscall(2). */
static void stop_and_continue(void (*work)(void))
{
    pid_t child = start(work);

    pause_ms(50);
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    kill(child, SIGCONT);
    waitpid(child, NULL, 0);
}

static void restarted_poll(void)
{
    stop_and_continue(poll_with_timeout);
}

static void restarted_sleep(void)
{
    stop_and_continue(sleep_long);
}

static void restarted_futex(void)
{
    stop_and_continue(futex_with_timeout);
}

/* The wall clock decides: an absolute time of it, or that somebody sets it. */
static struct itimerspec wall_clock_later(void)
{
    struct itimerspec once = {.it_value = {0}};

    clock_gettime(CLOCK_REALTIME, &once.it_value);
    once.it_value.tv_sec += SECONDS;
    return once;
}

static void read_wall_timerfd(int flags, struct itimerspec once)
{
    uint64_t times;
    int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);

    if (fd == -1 ||
        timerfd_settime(fd, flags | TFD_TIMER_ABSTIME, &once, NULL) == -1)
        die("timerfd_settime");
    (void)!read(fd, &times, sizeof(times));
}

static void wall_clock_timerfd(void)
{
    read_wall_timerfd(0, wall_clock_later());
}

static void wall_clock_is_set(void)
{
    read_wall_timerfd(TFD_TIMER_CANCEL_ON_SET, (struct itimerspec){0});
}

static void wall_clock_timer(void)
{
    const struct itimerspec once = wall_clock_later();
    timer_t timer;

    signal(SIGALRM, end_well);
    if (timer_create(CLOCK_REALTIME, NULL, &timer) == -1 ||
        timer_settime(timer, TIMER_ABSTIME, &once, NULL) == -1)
        die("timer_create");
    for (;;)
        pause();
}

/* ---- the kernel works in the background ---- */

static int ring_for_later(bool wait)
{
    static const struct __kernel_timespec time = {.tv_sec = SECONDS};
    struct io_uring_params params = {0};
    int fd = (int)syscall(SYS_io_uring_setup, 1, &params);

    if (fd == -1)
        _exit(REFUSED);
    char *queue =
        mmap(NULL, params.sq_off.array + sizeof(uint32_t),
             PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
    struct io_uring_sqe *entry =
        mmap(NULL, sizeof(*entry), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
             IORING_OFF_SQES);
    if (queue == MAP_FAILED || entry == MAP_FAILED)
        die("mmap");
    *entry = (struct io_uring_sqe){.opcode = IORING_OP_TIMEOUT,
                                   .fd = -1,
                                   .addr = (uintptr_t)&time,
                                   .len = 1};
    *(uint32_t *)(void *)(queue + params.sq_off.tail) = 1;
    __sync_synchronize();
    if (syscall(SYS_io_uring_enter, fd, 1, wait ? 1 : 0,
                wait ? IORING_ENTER_GETEVENTS : 0, NULL, 0) == -1)
        die("io_uring_enter");
    return fd;
}

static void io_uring_enter_waits(void)
{
    ring_for_later(true);
}

static void io_uring_writes_eventfd(void)
{
    int fd = eventfd(0, EFD_CLOEXEC), uring = ring_for_later(false);
    eventfd_t value;

    if (syscall(SYS_io_uring_register, uring, IORING_REGISTER_EVENTFD, &fd, 1))
        die("io_uring_register");
    eventfd_read(fd, &value);
}

static aio_context_t aio_for_later(int result)
{
    static struct iocb request;
    struct iocb *requests = &request;
    aio_context_t context = 0;

    request = (struct iocb){.aio_lio_opcode = IOCB_CMD_POLL,
                            .aio_fildes = (uint32_t)timerfd_for_later(),
                            .aio_buf = POLLIN};
    if (result != -1) {
        request.aio_flags = IOCB_FLAG_RESFD;
        request.aio_resfd = (uint32_t)result;
    }
    if (syscall(SYS_io_setup, 1, &context) == -1 ||
        syscall(SYS_io_submit, context, 1, &requests) != 1)
        _exit(REFUSED);
    return context;
}

static void aio_getevents(void)
{
    struct io_event event;

    syscall(SYS_io_getevents, aio_for_later(-1), 1, 1, &event, NULL);
}

static void aio_writes_eventfd(void)
{
    int fd = eventfd(0, EFD_CLOEXEC);
    eventfd_t value;

    aio_for_later(fd);
    eventfd_read(fd, &value);
}

static void fsync_again_and_again(void)
{
    const char *directory = getenv("TMPDIR");
    int fd = open(directory ? directory : "/tmp",
                  O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd == -1)
        die("open");
    for (;;) {
        write_byte(fd);
        fsync(fd);
    }
}

/* ---- somebody outside may come ---- */

static void open_fifo_outside(void)
{
    if (mkfifo(outside("fifo"), 0666) == -1 && errno != EEXIST)
        die("mkfifo");
    read_byte(open(outside("fifo"), O_RDONLY | O_CLOEXEC));
}

static int connect_outside(void)
{
    address = (struct sockaddr_in){.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)number_outside("port"));
    return connect_to(&address);
}

static void tcp_outside(void)
{
    read_byte(connect_outside());
}

static void async_outside(void)
{
    int fd = connect_outside();

    if (fcntl(fd, F_SETOWN, getpid()) == -1 ||
        fcntl(fd, F_SETFL, O_ASYNC) == -1)
        die("fcntl");
    pause();
}

/* The runner has the read end of our stdout, and may close it. */
static void stdout_outside(void)
{
    struct pollfd reader = {.fd = STDOUT_FILENO};

    poll(&reader, 1, -1);
}

static void udp(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    address = (struct sockaddr_in){.sin_family = AF_INET};
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1)
        die("bind");
    read_byte(fd);
}

static void unix_listener(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    /* The kernel chooses an abstract name. */
    if (bind(fd, (struct sockaddr *)&name, sizeof(name.sun_family)) == -1 ||
        listen(fd, 1) == -1)
        die("listen");
    accept4(fd, NULL, NULL, SOCK_CLOEXEC);
}

static void flock_outside(void)
{
    flock(open_outside("lock"), LOCK_EX);
}

static void word_outside(void)
{
    int fd = open_outside("word");

    if (ftruncate(fd, sizeof(sem_t)) == -1)
        die("ftruncate");
    sem_t *semaphore = shared_memory(sizeof(sem_t), fd);
    sem_init(semaphore, 1, 0);
    sem_wait(semaphore);
}

static struct {
    long type;
    char byte;
} message = {.type = 1};

/* Needs FORKLAB_CAGE=plain: else the cage has message queues of its own. */
static void queue_outside(void)
{
    if (msgrcv((int)number_outside("queue"), &message, 1, 1, 0) == -1)
        die("msgrcv");
}

static void inotify_outside(void)
{
    char events[512];
    int fd = inotify_init1(IN_CLOEXEC);

    if (inotify_add_watch(fd, outside("."), IN_DELETE_SELF) == -1 ||
        read(fd, events, sizeof(events)) == -1)
        die("inotify");
}

static void dnotify_outside(void)
{
    int fd = open(outside("."), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fcntl(fd, F_NOTIFY, DN_RENAME | DN_MULTISHOT) == -1)
        _exit(REFUSED);
    pause();
}

static void lease_outside(void)
{
    int fd = open_outside("lease");

    if (fcntl(fd, F_SETLEASE, F_WRLCK) == -1)
        _exit(REFUSED);
    pause();
}

/* ---- another one of the tree will do it ---- */

static int ends[2], more_ends[2];

static void grandchild_sleeps(void)
{
    start_and_wait(sleep_long);
}

static void wait_for_grandchild(void)
{
    start_and_wait(grandchild_sleeps);
}

static void write_later(void)
{
    sleep_long();
    write_byte(ends[1]);
}

static void wait_for_slow_writer(void)
{
    make_pipe(ends);
    start(write_later);
    read_byte(ends[0]);
}

static void sigwait_for_child(void)
{
    sigset_t set;
    int number;

    block(SIGCHLD);
    start(sleep_long);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigwait(&set, &number);
}

static int queue;

static void send_later(void)
{
    sleep_long();
    msgsnd(queue, &message, 1, 0);
}

static void message_from_child(void)
{
    queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    start(send_later);
    msgrcv(queue, &message, 1, 0, 0);
    msgctl(queue, IPC_RMID, NULL);
}

static void pause_for_ever(void)
{
    for (;;)
        pause();
}

/* The child is stuck, and yet this ends: exit 0 after 1.5 s. */
static void watchdog(void)
{
    pid_t child = start(pause_for_ever);

    pause_ms(1500);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static pid_t watched;

static void kill_later(void)
{
    pause_ms(1500);
    kill(watched, SIGKILL);
}

static void watchdog_beside(void)
{
    watched = start(pause_for_ever);
    start(kill_later);
    while (wait(NULL) > 0)
        continue;
}

static sem_t done;

static void post_done(int signal_number)
{
    (void)signal_number;
    sem_post(&done);
}

/* Only the handler of a signal wakes it, and that comes later. */
static void semaphore_in_handler(void)
{
    sem_init(&done, 0, 0);
    signal(SIGCHLD, post_done);
    start(sleep_long);
    while (sem_wait(&done) == -1)
        continue;
}

static void wait_for_done(void)
{
    sem_init(&done, 0, 0);
    signal(SIGTERM, post_done);
    while (sem_wait(&done) == -1)
        continue;
}

static void worker_until_sigterm(void)
{
    pid_t worker = start(wait_for_done);

    sleep_long();
    kill(worker, SIGTERM);
}

/* The parent lives, and may send a signal that the child catches. What the
 * handler does then cannot be seen before. */
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static void lock_held(void)
{
    pthread_mutex_lock(&held);
}

static void signal_later(void (*handler)(int), void (*work)(void))
{
    pthread_mutex_lock(&held);
    signal(SIGUSR1, handler);
    pid_t child = start(work);
    sleep_long();
    kill(child, SIGUSR1);
    waitpid(child, NULL, 0);
}

static void handler_returns(void)
{
    signal_later(ignore_signal, lock_held);
}

static void unlock_held(int number)
{
    (void)number;
    pthread_mutex_unlock(&held);
}

static void handler_unlocks(void)
{
    signal_later(unlock_held, lock_held);
}

static void handler_exits(void)
{
    signal_later(end_well, lock_held);
}

static void *lock_in_thread(void *unused)
{
    pthread_mutex_lock(&held);
    return unused;
}

/* Only one of two threads does not block the signal. */
static void lock_in_two_threads(void)
{
    pthread_t other = start_thread(lock_in_thread);

    block(SIGUSR1);
    pthread_join(other, NULL);
}

static void handler_in_thread(void)
{
    signal_later(unlock_held, lock_in_two_threads);
}

static struct aiocb request;

static void suspend(void)
{
    const struct aiocb *const list[] = {&request};

    aio_suspend(list, 1, NULL);
}

/* A function of the C library that waits, and is no lock: the child has no
 * thread that works for it, but a signal ends the wait. */
static void aio_suspend_in_child(void)
{
    static char byte;

    make_pipe(ends);
    request = (struct aiocb){
        .aio_fildes = ends[0], .aio_buf = &byte, .aio_nbytes = 1};
    if (aio_read(&request) == -1)
        _exit(REFUSED);
    signal_later(ignore_signal, suspend);
}

/* The set has the timer still, under the number of something else. */
static void stale_member(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    int set = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_for_later();

    if (epoll_ctl(set, EPOLL_CTL_ADD, timer, &event) == -1 || dup(timer) == -1)
        die("epoll_ctl");
    close(timer);
    if (eventfd(0, EFD_CLOEXEC) != timer)
        die("eventfd");
    epoll_wait(set, &event, 1, -1);
}

/* Another process with the same memory can wake a private futex. */
static uint32_t common_word;
static _Alignas(16) char other_stack[65536];

static int wait_for_word(void *unused)
{
    (void)unused;
    while (common_word == 0)
        syscall(SYS_futex, &common_word, FUTEX_WAIT_PRIVATE, 0, NULL);
    _exit(0);
}

static int wake_word_later(void *unused)
{
    (void)unused;
    sleep_long();
    common_word = 1;
    syscall(SYS_futex, &common_word, FUTEX_WAKE_PRIVATE, 1);
    _exit(0);
}

static void start_in_our_memory(int (*work)(void *), int flags)
{
    if (clone(work, other_stack + sizeof(other_stack),
              CLONE_VM | SIGCHLD | flags, NULL) == -1)
        die("clone");
}

static void common_memory(void)
{
    start_in_our_memory(wait_for_word, 0);
    wake_word_later(NULL);
}

static void wait_for_sibling(void)
{
    start_in_our_memory(wake_word_later, CLONE_PARENT);
    wait_for_word(NULL);
}

/* ... which is no relative of it, and one of many. */
static void common_memory_in_crowd(void)
{
    for (int i = 0; i < 80; i++)
        start(pause_for_ever);
    start_and_wait(wait_for_sibling);
}

/* Somebody sends by hand what the kernel sends otherwise. */
static sem_t by_hand;

static void post_by_hand(int number)
{
    (void)number;
    sem_post(&by_hand);
}

static void sigchld_by_hand(void)
{
    pid_t child;

    sem_init(&by_hand, 0, 0);
    signal(SIGCHLD, post_by_hand);
    child = fork();
    if (child == 0) {
        while (sem_wait(&by_hand) == -1)
            continue;
        _exit(0);
    }
    nanosleep(&later, NULL);
    kill(child, SIGCHLD);
}

static void poll_pidfd(void)
{
    struct pollfd end = {.events = POLLIN};

    end.fd = (int)syscall(SYS_pidfd_open, start(sleep_long), 0U);
    if (end.fd == -1)
        _exit(REFUSED);
    poll(&end, 1, -1);
}

static int splice_ends[2];

static void sleep_and_write(void)
{
    sleep_long();
    (void)!write(splice_ends[1], "", 1);
}

static void splice_from_sleeper(void)
{
    int to[2];

    if (pipe(splice_ends) == -1 || pipe(to) == -1)
        die("pipe");
    start(sleep_and_write);
    splice(splice_ends[0], NULL, to[1], NULL, 1, 0);
}

static void die_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    pause_for_ever();
}

static void parent_will_die(void)
{
    start(die_with_parent);
    sleep_long();
}

static void *sleep_on(void *unused)
{
    for (;;)
        sleep(1);
    return unused;
}

static void self_lock_beside_sleeper(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    start_thread(sleep_on);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

static void popen_sleep(void)
{
    FILE *from = popen("exec sleep 30", "r");

    if (from == NULL || fgetc(from) != EOF)
        die("popen");
    pclose(from);
}

static void system_sleep(void)
{
    if (system("exec sleep 30") == -1)
        die("system");
}

/* ---- it is never at rest for long ---- */

static void yield_for_ever(void)
{
    for (;;)
        sched_yield();
}

static void short_sleeps(void)
{
    for (;;)
        pause_ms(1);
}

static void answer_bytes(void)
{
    for (;;) {
        read_byte(ends[0]);
        write_byte(more_ends[1]);
    }
}

static void ask_bytes(void)
{
    for (;;) {
        write_byte(ends[1]);
        read_byte(more_ends[0]);
    }
}

static void pipe_pingpong(void)
{
    make_pipe(ends);
    make_pipe(more_ends);
    start(answer_bytes);
    ask_bytes();
}

static sem_t ping, pong;

static void *return_semaphore(void *unused)
{
    for (;;) {
        sem_wait(&ping);
        sem_post(&pong);
    }
    return unused;
}

static void semaphore_pingpong(void)
{
    sem_init(&ping, 0, 0);
    sem_init(&pong, 0, 0);
    start_thread(return_semaphore);
    for (;;) {
        sem_post(&ping);
        sem_wait(&pong);
    }
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool first_is_next = true;

static void take_turns(bool first)
{
    pthread_mutex_lock(&lock);
    for (;;) {
        while (first_is_next != first)
            pthread_cond_wait(&changed, &lock);
        first_is_next = !first;
        pthread_cond_signal(&changed);
    }
}

static void *second_turn(void *unused)
{
    take_turns(false);
    return unused;
}

static void condition_pingpong(void)
{
    start_thread(second_turn);
    take_turns(true);
}

static int watch(int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    int set = epoll_create1(EPOLL_CLOEXEC);

    if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == -1)
        die("epoll_ctl");
    return set;
}

static void take_eventfd(int set)
{
    struct epoll_event event;
    eventfd_t value;

    if (epoll_wait(set, &event, 1, -1) == 1)
        eventfd_read(event.data.fd, &value);
}

static void answer_eventfd(void)
{
    int set = watch(ends[0]);

    for (;;) {
        take_eventfd(set);
        eventfd_write(ends[1], 1);
    }
}

static void eventfd_pingpong(void)
{
    ends[0] = eventfd(0, EFD_CLOEXEC);
    ends[1] = eventfd(0, EFD_CLOEXEC);
    int set = watch(ends[1]);
    start(answer_eventfd);
    for (;;) {
        eventfd_write(ends[0], 1);
        take_eventfd(set);
    }
}

static void signal_parent(void)
{
    for (;;) {
        pause_ms(20);
        kill(getppid(), SIGUSR1);
    }
}

static void pselect_with_signals(void)
{
    sigset_t none;

    signal(SIGUSR1, ignore_signal);
    block(SIGUSR1);
    start(signal_parent);
    sigemptyset(&none);
    while (pselect(0, NULL, NULL, NULL, NULL, &none) == -1 && errno == EINTR)
        continue;
}

static void send_requests(void)
{
    int fd = connect_to(&address);

    for (;;) {
        write_byte(fd);
        read_byte(fd);
    }
}

static void tcp_requests(void)
{
    int listener = listen_here(&address);

    start(send_requests);
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    for (;;) {
        read_byte(fd);
        pause_ms(20);
        write_byte(fd);
    }
}

union control {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
};

static void send_descriptor(int fd)
{
    union control control = {.room = ""};
    char byte = '!';
    struct iovec io = {.iov_base = &byte, .iov_len = 1};
    struct msghdr head = {.msg_iov = &io,
                          .msg_iovlen = 1,
                          .msg_control = control.room,
                          .msg_controllen = sizeof(control.room)};
    struct cmsghdr *item = CMSG_FIRSTHDR(&head);

    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(item), &fd, sizeof(fd));
    if (sendmsg(ends[0], &head, 0) != 1)
        die("sendmsg");
}

static int receive_descriptor(void)
{
    union control control;
    char byte;
    struct iovec io = {.iov_base = &byte, .iov_len = 1};
    struct msghdr head = {.msg_iov = &io,
                          .msg_iovlen = 1,
                          .msg_control = control.room,
                          .msg_controllen = sizeof(control.room)};
    int fd = -1;

    if (recvmsg(ends[1], &head, MSG_CMSG_CLOEXEC) != 1 ||
        CMSG_FIRSTHDR(&head) == NULL)
        die("recvmsg");
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&head)), sizeof(fd));
    return fd;
}

static void write_to_what_comes(void)
{
    for (;;) {
        int fd = receive_descriptor();
        write_byte(fd);
        close(fd);
    }
}

/* The only write end of the pipe is under way for a while. */
static void descriptor_passing(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
        die("socketpair");
    start(write_to_what_comes);
    for (;;) {
        make_pipe(more_ends);
        send_descriptor(more_ends[1]);
        close(more_ends[1]);
        read_byte(more_ends[0]);
        close(more_ends[0]);
    }
}

static pthread_barrier_t *barrier;

static void meet_for_ever(void)
{
    for (;;)
        pthread_barrier_wait(barrier);
}

static void shared_barrier(void)
{
    pthread_barrierattr_t attributes;

    barrier = shared_memory(sizeof(*barrier), -1);
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(barrier, &attributes, 2);
    start(meet_for_ever);
    meet_for_ever();
}

/* ---- processes and threads come and go ---- */

static void end_at_once(void)
{
}

static void fork_storm(void)
{
    for (;;)
        start_and_wait(end_at_once);
}

static pid_t vfork_and(const char *program)
{
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork) */
    pid_t child = vfork();

    if (child == 0) {
        if (program != NULL)
            execlp(program, program, NULL);
        _exit(0);
    }
    return child;
}

static void vfork_storm(void)
{
    for (;;)
        waitpid(vfork_and(NULL), NULL, 0);
}

static void vfork_exec_storm(void)
{
    for (;;)
        waitpid(vfork_and("true"), NULL, 0);
}

static void spawn_storm(void)
{
    char name[] = "true";
    char *arguments[] = {name, NULL};
    pid_t child;

    while (posix_spawnp(&child, name, NULL, NULL, arguments, environ) == 0)
        waitpid(child, NULL, 0);
}

static void *end_thread(void *unused)
{
    return unused;
}

/* Each forks the next one, and ends; the last one tells the first. */
static void relay(void)
{
    const pid_t first = getpid();

    signal(SIGUSR1, end_well);
    if (fork() == 0) {
        for (int i = 0; i < 500; i++)
            if (fork() != 0)
                _exit(0);
        kill(first, SIGUSR1);
        _exit(0);
    }
    for (;;)
        pause();
}

static void thread_storm(void)
{
    for (;;)
        pthread_join(start_thread(end_thread), NULL);
}

/* ---- others hold it back ---- */

static void spin(void)
{
    for (;;)
        __asm__ volatile("" ::: "memory");
}

static void *hold_lock_when_idle(void *unused)
{
    const struct sched_param none = {.sched_priority = 0};

    if (sched_setscheduler(0, SCHED_IDLE, &none) == -1)
        _exit(REFUSED);
    for (;;) {
        pthread_mutex_lock(&lock);
        for (volatile long i = 0; i < 1000000; i++)
            continue;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

/* The holder of the lock hardly ever gets a processor. */
static void starved_holder(void)
{
    start_thread(hold_lock_when_idle);
    for (int i = 0; i < 3; i++)
        start(spin);
    for (;;) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
        pause_ms(1);
    }
}

/* One of two that play ping-pong is stopped again and again. */
static void puppeteer(void)
{
    make_pipe(ends);
    make_pipe(more_ends);
    pid_t puppet = start(answer_bytes);
    start(ask_bytes);
    for (;;) {
        kill(puppet, SIGSTOP);
        pause_ms(20);
        kill(puppet, SIGCONT);
        pause_ms(1);
    }
}

static void be_traced(void)
{
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
        _exit(REFUSED);
    raise(SIGSTOP);
    for (;;)
        getppid();
}

static void tracer(void)
{
    pid_t child = start(be_traced);
    int status;

    while (waitpid(child, &status, 0) == child && WIFSTOPPED(status))
        ptrace(PTRACE_SYSCALL, child, NULL, NULL);
    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
}

/* ---- calls that wait for the runner's answer ---- */

/* In plain mode the writer's open(2) is heard: then it seems to sleep in it as
 * the reader does, who waits for a writer. */
static void open_by_turns(void)
{
    const char *directory = getenv("TMPDIR");
    char name[256], byte = 0;
    pid_t child = -1;

    snprintf(name, sizeof(name), "%s/fifo", directory ? directory : "/tmp");
    if (mkfifo(name, 0600) == -1 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1 ||
        (child = fork()) == -1)
        die("fork");
    for (int i = 0; i < 5000; i++) {
        int fd = open(name, child == 0 ? O_WRONLY | O_CREAT : O_RDONLY, 0600);
        if (fd == -1)
            die("open");
        close(fd); /* before the next turn of the other one */
        if (write(ends[child == 0], &byte, 1) != 1 ||
            read(ends[child == 0], &byte, 1) != 1)
            die("socketpair");
    }
    _exit(child == 0 || waitpid(child, NULL, 0) == child ? 0 : 1);
}

/* ---- calls that are interrupted in the cage alone ---- */

static void take_signal(int number)
{
    (void)number;
}

static int bell[2];

/* Each write sends the owner of the pipe a signal. It is not heard, unlike
 * kill(2), so that many come while the runner answers one call. */
static void flood_parent(void)
{
    char byte = 0;

    for (int i = 0; i < 100000; i++) {
        if (write(bell[1], &byte, 1) != 1 || read(bell[0], &byte, 1) != 1)
            die("bell");
        for (int k = 0; k < 30; k++) /* let the owner come to something */
            getppid();
    }
}

/* Until the runner has received a call that it listens to, a signal interrupts
 * it, also close(2), which the kernel alone always completes. Then the reader
 * has a writer left, itself. */
static void interrupted_close(void)
{
    const struct sigaction action = {.sa_handler = take_signal};
    char byte;

    if (pipe(ends) == -1 || pipe(bell) == -1 ||
        sigaction(SIGIO, &action, NULL) == -1 ||
        fcntl(bell[0], F_SETOWN, getpid()) == -1 ||
        fcntl(bell[0], F_SETFL, O_ASYNC) == -1)
        die("pipe");
    pid_t child = start(flood_parent);
    for (int i = 0; i < 20000 && close(dup(ends[1])) == 0; i++)
        ;
    while (kill(child, SIGKILL) == -1 && errno == EINTR)
        ;
    while (waitpid(child, NULL, 0) == -1 && errno == EINTR)
        ;
    close(bell[0]);
    close(bell[1]);
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 0)
        die("read");
    for (;;)
        pause_ms(1);
}

/* ---- the one outside ---- */

static void write_number(const char *name, long number)
{
    char text[32];
    int fd = open_outside(name);
    int length = snprintf(text, sizeof(text), "%ld\n", number);

    if (write(fd, text, (size_t)length) != length)
        die("write");
    close(fd);
}

static void be_outside(void)
{
    sigset_t set;
    int number;

    block(SIGTERM);
    listen_here(&address);
    if (flock(open_outside("lock"), LOCK_EX) == -1)
        die("flock");
    queue = msgget(IPC_PRIVATE, IPC_CREAT | 0666);
    write_number("queue", queue);
    write_number("port", ntohs(address.sin_port));
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigwait(&set, &number);
    msgctl(queue, IPC_RMID, NULL);
    _exit(0);
}

static const struct mode modes[] = {
    {"poll-timerfd", poll_timerfd},
    {"epoll-timeout", epoll_again_and_again},
    {"epoll-pwait2", epoll_pwait2_with_timeout},
    {"sigtimedwait", sigtimedwait_with_timeout},
    {"signalfd-alarm", signalfd_with_alarm},
    {"alarm-in-child", alarm_in_child},
    {"alarm-over-exec", alarm_over_exec},
    {"interval-timer", interval_timer},
    {"alarm-rings", alarm_that_rings},
    {"refused-timer", refused_timer},
    {"starved-alarm", starved_alarm},
    {"timer-signal", posix_timer_with_signal},
    {"timer-thread", posix_timer_with_thread},
    {"tcp-timeout", tcp_receive_timeout},
    {"futex-timeout", futex_with_timeout},
    {"restarted-poll", restarted_poll},
    {"restarted-sleep", restarted_sleep},
    {"restarted-futex", restarted_futex},
    {"wall-clock-timerfd", wall_clock_timerfd},
    {"wall-clock-timer", wall_clock_timer},
    {"wall-clock-set", wall_clock_is_set},
    {"io_uring", io_uring_enter_waits},
    {"io_uring-eventfd", io_uring_writes_eventfd},
    {"aio", aio_getevents},
    {"aio-eventfd", aio_writes_eventfd},
    {"fsync", fsync_again_and_again},
    {"fifo-outside", open_fifo_outside},
    {"tcp-outside", tcp_outside},
    {"async-outside", async_outside},
    {"stdout-outside", stdout_outside},
    {"udp", udp},
    {"unix-listener", unix_listener},
    {"flock-outside", flock_outside},
    {"word-outside", word_outside},
    {"queue-outside", queue_outside},
    {"inotify", inotify_outside},
    {"dnotify", dnotify_outside},
    {"lease", lease_outside},
    {"grandchild", wait_for_grandchild},
    {"slow-writer", wait_for_slow_writer},
    {"sigwait-child", sigwait_for_child},
    {"message", message_from_child},
    {"watchdog", watchdog},
    {"watchdog-beside", watchdog_beside},
    {"semaphore-handler", semaphore_in_handler},
    {"worker-handler", worker_until_sigterm},
    {"handler-returns", handler_returns},
    {"handler-unlocks", handler_unlocks},
    {"handler-exits", handler_exits},
    {"handler-in-thread", handler_in_thread},
    {"aio-suspend", aio_suspend_in_child},
    {"common-memory", common_memory},
    {"common-memory-crowd", common_memory_in_crowd},
    {"stale-member", stale_member},
    {"sigchld-by-hand", sigchld_by_hand},
    {"pidfd", poll_pidfd},
    {"splice", splice_from_sleeper},
    {"parent-death", parent_will_die},
    {"beside-sleeper", self_lock_beside_sleeper},
    {"popen", popen_sleep},
    {"system", system_sleep},
    {"yield", yield_for_ever},
    {"short-sleeps", short_sleeps},
    {"pipe-pingpong", pipe_pingpong},
    {"semaphore-pingpong", semaphore_pingpong},
    {"condition-pingpong", condition_pingpong},
    {"eventfd-pingpong", eventfd_pingpong},
    {"pselect", pselect_with_signals},
    {"tcp-requests", tcp_requests},
    {"descriptor-passing", descriptor_passing},
    {"shared-barrier", shared_barrier},
    {"fork-storm", fork_storm},
    {"vfork-storm", vfork_storm},
    {"vfork-exec-storm", vfork_exec_storm},
    {"spawn-storm", spawn_storm},
    {"relay", relay},
    {"thread-storm", thread_storm},
    {"starved-holder", starved_holder},
    {"puppeteer", puppeteer},
    {"tracer", tracer},
    {"interrupted-close", interrupted_close},
    {"open-by-turns", open_by_turns},
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "outside") == 0)
        be_outside();
    return RUN_MODE(argv, modes);
}

/* SPDX-License-Identifier: MIT
 *
 * stuck MODE: can never go on. `stuck list` prints the modes.
 */
#include "lab.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#include "tests/programs/modes.h"

/* ---- what the modes share ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void pause_once(void)
{
    pause();
}

static void *wait_for_ever(void *unused)
{
    for (;;)
        pause();
    return unused;
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

static void *shared_memory(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        die("mmap");
    return memory;
}

/* A file without a name. */
static int make_file(void)
{
    const char *directory = getenv("TMPDIR");
    int fd = open(directory ? directory : "/tmp",
                  O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd == -1)
        die("open");
    return fd;
}

/* The same file, opened a second time. */
static int open_again(int file)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd == -1)
        die("open");
    return fd;
}

/* ---- locks in one process ---- */

static pthread_mutex_t fork_of[3] = {
    PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER,
};
static pthread_barrier_t all_hold_one;
static size_t guests;

static void invite(unsigned count)
{
    guests = count;
    pthread_barrier_init(&all_hold_one, NULL, count);
}

static void dine(size_t seat)
{
    pthread_mutex_lock(&fork_of[seat]);
    pthread_barrier_wait(&all_hold_one);
    pthread_mutex_lock(&fork_of[(seat + 1) % guests]);
}

static void *second_philosopher(void *unused)
{
    dine(1);
    return unused;
}

static void *third_philosopher(void *unused)
{
    dine(2);
    return unused;
}

static void mutex_abba(void)
{
    invite(2);
    start_thread(second_philosopher);
    dine(0);
}

static void philosophers(void)
{
    invite(3);
    start_thread(second_philosopher);
    start_thread(third_philosopher);
    dine(0);
}

static void mutex_self(void)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

static void condition_nobody_signals(void)
{
    static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

    pthread_mutex_lock(&lock);
    for (;;)
        pthread_cond_wait(&never, &lock);
}

static void semaphore_nobody_posts(void)
{
    static sem_t never;

    sem_init(&never, 0, 0);
    while (sem_wait(&never) == -1)
        continue;
}

static void barrier_one_short(void)
{
    static pthread_barrier_t never;

    pthread_barrier_init(&never, NULL, 2);
    pthread_barrier_wait(&never);
}

static void join_thread_that_waits(void)
{
    pthread_join(start_thread(wait_for_ever), NULL);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *write_lock(void *unused)
{
    pthread_rwlock_wrlock(&rwlock);
    return unused;
}

static void rwlock_reader_waits_for_writer(void)
{
    pthread_rwlock_rdlock(&rwlock);
    pthread_join(start_thread(write_lock), NULL);
}

/* ---- locks across fork ---- */

static struct event locked;

static void make_lock(int type, bool robust)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    if (robust)
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (pthread_mutex_init(&lock, &attributes) != 0)
        die("pthread_mutex_init");
}

static void lock_it(void)
{
    pthread_mutex_lock(&lock);
}

static void *hold_lock(void *unused)
{
    pthread_mutex_lock(&lock);
    event_announce(&locked);
    return wait_for_ever(unused);
}

static void fork_while_another_holds_it(void)
{
    event_make(&locked);
    start_thread(hold_lock);
    event_wait(&locked);
    start_and_wait(lock_it);
}

static void mutex_vanished(void)
{
    make_lock(PTHREAD_MUTEX_NORMAL, false);
    fork_while_another_holds_it();
}

static void mutex_robust(void)
{
    make_lock(PTHREAD_MUTEX_NORMAL, true);
    fork_while_another_holds_it();
}

static void mutex_recursive(void)
{
    make_lock(PTHREAD_MUTEX_RECURSIVE, false);
    fork_while_another_holds_it();
}

static void mutex_errorcheck(void)
{
    make_lock(PTHREAD_MUTEX_ERRORCHECK, false);
    fork_while_another_holds_it();
}

static void *lock_and_fork(void *unused)
{
    pthread_mutex_lock(&lock);
    start_and_wait(lock_it);
    return unused;
}

static void mutex_forker(void)
{
    pthread_join(start_thread(lock_and_fork), NULL);
}

static void *hold_for_reading(void *unused)
{
    pthread_rwlock_rdlock(&rwlock);
    event_announce(&locked);
    return wait_for_ever(unused);
}

static void lock_for_writing(void)
{
    pthread_rwlock_wrlock(&rwlock);
}

static void rwlock_vanished(void)
{
    event_make(&locked);
    start_thread(hold_for_reading);
    event_wait(&locked);
    start_and_wait(lock_for_writing);
}

/* ---- locks in shared memory ---- */

static sem_t *shared;

static void wait_for_named(void)
{
    sem_wait(shared);
}

/* The file of the semaphore is in /dev/shm, out of others' reach in the cage.
 */
static void named_semaphore(void)
{
    shared = sem_open("/forklab-stuck", O_CREAT | O_EXCL, 0600, 0);
    if (shared == SEM_FAILED)
        die("sem_open");
    start_and_wait(wait_for_named);
}

static void mutex_in_file(void)
{
    pthread_mutexattr_t kind;
    int file = make_file();

    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
    if (ftruncate(file, sizeof(pthread_mutex_t)) == -1)
        die("ftruncate");
    pthread_mutex_t *common = mmap(NULL, sizeof(*common),
                                   PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (common == MAP_FAILED)
        die("mmap");
    pthread_mutex_init(common, &kind);
    pthread_mutex_lock(common);
    if (start(pause_once) != 0)
        pthread_mutex_lock(common);
}

static void wait_for_first(void)
{
    sem_wait(&shared[0]);
    sem_post(&shared[1]);
}

static void wait_for_second(void)
{
    sem_wait(&shared[1]);
    sem_post(&shared[0]);
}

static void make_shared_semaphores(void)
{
    shared = shared_memory(2 * sizeof(*shared));
    sem_init(&shared[0], 1, 0);
    sem_init(&shared[1], 1, 0);
}

static void semaphore_shared(void)
{
    make_shared_semaphores();
    start_and_wait(wait_for_first);
}

static void futex_between_children(void)
{
    make_shared_semaphores();
    start(wait_for_first);
    start_and_wait(wait_for_second);
}

/* ---- pipes and other descriptors ---- */

static int pipes[3][2];

static void read_first_pipe(void)
{
    read_byte(pipes[0][0]);
}

static void pipe_self(void)
{
    make_pipe(pipes[0]);
    read_first_pipe();
}

static void pipe_full(void)
{
    static const char page[4096];

    make_pipe(pipes[0]);
    while (write(pipes[0][1], page, sizeof(page)) > 0)
        continue;
}

static void pipe_child(void)
{
    make_pipe(pipes[0]);
    start_and_wait(read_first_pipe);
}

static void read_second_pipe(void)
{
    read_byte(pipes[1][0]);
}

/* The child has never closed its copy of the first pipe's write end. */
static void pipe_copy_in_child(void)
{
    make_pipe(pipes[0]);
    make_pipe(pipes[1]);
    start(read_second_pipe);
    close(pipes[0][1]);
    close(pipes[1][0]);
    read_byte(pipes[0][0]);
}

/* Each one reads from its own pipe, and writes to the next one's. */
static void sit_in_ring(size_t own)
{
    for (size_t i = 0; i < 3; i++) {
        if (i != own)
            close(pipes[i][0]);
        if (i != (own + 1) % 3)
            close(pipes[i][1]);
    }
    read_byte(pipes[own][0]);
}

static void second_of_ring(void)
{
    sit_in_ring(1);
}

static void third_of_ring(void)
{
    sit_in_ring(2);
}

static void pipe_ring(void)
{
    for (size_t i = 0; i < 3; i++)
        make_pipe(pipes[i]);
    start(second_of_ring);
    start(third_of_ring);
    sit_in_ring(0);
}

static void popen_without_end(void)
{
    FILE *to_cat = popen("exec cat >/dev/null", "w");

    if (to_cat == NULL)
        die("popen");
    wait(NULL);
    pclose(to_cat);
}

static void read_other_end(void)
{
    read_byte(pipes[0][0]);
}

static void socketpair_both_read(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pipes[0]) == -1)
        die("socketpair");
    start(read_other_end);
    read_byte(pipes[0][1]);
}

static struct sockaddr_in address;

static void connect_and_read(void)
{
    read_byte(connect_to(&address));
}

static void tcp_both_read(void)
{
    int listener = listen_here(&address);

    start(connect_and_read);
    int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (server == -1)
        die("accept");
    close(listener);
    read_byte(server);
}

static void eventfd_nobody_writes(void)
{
    eventfd_t value;

    eventfd_read(eventfd(0, EFD_CLOEXEC), &value);
}

static void timerfd_not_armed(void)
{
    uint64_t times;
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

    if (read(fd, &times, sizeof(times)) == -1)
        die("read");
}

static void signalfd_nobody_sends(void)
{
    struct signalfd_siginfo info;
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (read(signalfd(-1, &set, SFD_CLOEXEC), &info, sizeof(info)) == -1)
        die("read");
}

static void poll_own_pipe(void)
{
    make_pipe(pipes[0]);
    struct pollfd item = {.fd = pipes[0][0], .events = POLLIN};
    poll(&item, 1, -1);
}

static void epoll_own_pipe(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    int set = epoll_create1(EPOLL_CLOEXEC);

    make_pipe(pipes[0]);
    if (epoll_ctl(set, EPOLL_CTL_ADD, pipes[0][0], &event) == -1)
        die("epoll_ctl");
    epoll_wait(set, &event, 1, -1);
}

static void select_own_pipe(void)
{
    fd_set set;

    make_pipe(pipes[0]);
    FD_ZERO(&set);
    FD_SET(pipes[0][0], &set);
    select(pipes[0][0] + 1, &set, NULL, NULL, NULL);
}

/* ---- signals and children ---- */

static void pause_for_ever(void)
{
    wait_for_ever(NULL);
}

static void sigwait_nobody_sends(void)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigwait(&set, &number);
}

static void sigsuspend_nobody_sends(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigsuspend(&none);
}

static void ignore_signal(int number)
{
    (void)number;
}

/* Of a process that was always alone, has a handler and pauses, nothing is
 * proved: so this one has had a child. */
static void alarm_has_rung(void)
{
    if (fork() == 0)
        _exit(0);
    wait(NULL);
    signal(SIGALRM, ignore_signal);
    alarm(1);
    pause();
    pause();
}

static void session_of_its_own(void)
{
    setsid();
    wait_for_ever(NULL);
}

static void daemon_waits(void)
{
    start(session_of_its_own);
}

static void vfork_child_waits(void)
{
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork) */
    pid_t child = vfork();

    if (child == 0) {
        pause(); /* NOLINT(clang-analyzer-unix.Vfork) */
        _exit(0);
    }
}

static void wait_for_child_that_waits(void)
{
    start_and_wait(pause_for_ever);
}

static void waitid_for_child_that_waits(void)
{
    siginfo_t info;

    waitid(P_PID, (id_t)start(pause_for_ever), &info, WEXITED);
}

/* ---- file locks and queues ---- */

static int file;

static void flock_again(void)
{
    flock(open_again(file), LOCK_EX);
}

static void flock_held_by_parent(void)
{
    file = make_file();
    flock(file, LOCK_EX);
    start_and_wait(flock_again);
}

static void lock_fork_and_end(void)
{
    flock(file, LOCK_EX);
    start(read_first_pipe);
}

/* The one that has locked the file has ended; a child of it, which waits for
 * our pipe, keeps the lock. */
static void flock_inherited(void)
{
    int own;

    make_pipe(pipes[0]);
    file = make_file();
    own = open_again(file);
    start_and_wait(lock_fork_and_end);
    close(file);
    flock(own, LOCK_EX);
}

static struct flock whole_file(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

static void lock_record(void)
{
    struct flock all = whole_file();

    fcntl(file, F_SETLKW, &all);
}

static void fcntl_held_by_parent(void)
{
    file = make_file();
    lock_record();
    start_and_wait(lock_record);
}

static void queue_nobody_sends(void)
{
    struct {
        long type;
        char byte;
    } message;
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

    if (queue == -1)
        die("msgget");
    msgrcv(queue, &message, 1, 0, 0);
}

/* ---- the C library's own lock ---- */

static void *read_zone(void *unused)
{
    struct tm broken_down;
    time_t now = 0;

    localtime_r(&now, &broken_down);
    return unused;
}

static void read_zone_in_child(void)
{
    read_zone(NULL);
}

/* A thread holds the lock of localtime_r while it reads a FIFO. */
static void localtime_vanished(void)
{
    const char *directory = getenv("TMPDIR");
    char zone[256];

    snprintf(zone, sizeof(zone), ":%s/zone", directory ? directory : "/tmp");
    if (mkfifo(zone + 1, 0600) == -1)
        die("mkfifo");
    setenv("TZ", zone, 1);
    start_thread(read_zone);
    /* Open for writing means: the thread has opened it for reading. */
    int fifo = open(zone + 1, O_WRONLY | O_CLOEXEC);
    if (fifo == -1)
        die("open");
    pid_t child = start(read_zone_in_child);
    unlink(zone + 1);
    waitpid(child, NULL, 0);
}

/* In /tmp itself: inside the cage that is a new one. */
static void open_fifo_alone(void)
{
    if (mkfifo("/tmp/forklab-stuck", 0600) == -1)
        die("mkfifo");
    (void)!open("/tmp/forklab-stuck", O_RDONLY);
}

static void splice_from_itself(void)
{
    int from[2], to[2];

    make_pipe(from);
    make_pipe(to);
    splice(from[0], NULL, to[1], NULL, 1, 0);
}

static void poll_pidfd_of_stuck(void)
{
    struct pollfd end = {.events = POLLIN};

    end.fd = (int)syscall(SYS_pidfd_open, start(pause_once), 0U);
    poll(&end, 1, -1);
}

/* Locks of open file descriptions: the same process, and yet in its way. */
static void ofd_lock_twice(void)
{
    struct flock whole = {.l_type = F_WRLCK};
    int first = make_file(), again = open_again(first);

    fcntl(first, F_OFD_SETLKW, &whole);
    fcntl(again, F_OFD_SETLKW, &whole);
}

static const struct mode modes[] = {
    {"mutex-abba", mutex_abba},
    {"philosophers", philosophers},
    {"mutex-self", mutex_self},
    {"condition", condition_nobody_signals},
    {"semaphore", semaphore_nobody_posts},
    {"barrier", barrier_one_short},
    {"join", join_thread_that_waits},
    {"rwlock", rwlock_reader_waits_for_writer},
    {"mutex-vanished", mutex_vanished},
    {"mutex-robust", mutex_robust},
    {"mutex-recursive", mutex_recursive},
    {"mutex-errorcheck", mutex_errorcheck},
    {"mutex-forker", mutex_forker},
    {"rwlock-vanished", rwlock_vanished},
    {"semaphore-shared", semaphore_shared},
    {"named-semaphore", named_semaphore},
    {"mutex-file", mutex_in_file},
    {"futex-children", futex_between_children},
    {"pipe-self", pipe_self},
    {"pipe-full", pipe_full},
    {"pipe-child", pipe_child},
    {"pipe-copy", pipe_copy_in_child},
    {"pipe-ring", pipe_ring},
    {"popen", popen_without_end},
    {"socketpair", socketpair_both_read},
    {"tcp", tcp_both_read},
    {"eventfd", eventfd_nobody_writes},
    {"timerfd", timerfd_not_armed},
    {"signalfd", signalfd_nobody_sends},
    {"poll", poll_own_pipe},
    {"epoll", epoll_own_pipe},
    {"select", select_own_pipe},
    {"pause", pause_for_ever},
    {"sigwait", sigwait_nobody_sends},
    {"sigsuspend", sigsuspend_nobody_sends},
    {"alarm-past", alarm_has_rung},
    {"daemon", daemon_waits},
    {"vfork", vfork_child_waits},
    {"wait", wait_for_child_that_waits},
    {"waitid", waitid_for_child_that_waits},
    {"flock", flock_held_by_parent},
    {"flock-inherited", flock_inherited},
    {"fcntl", fcntl_held_by_parent},
    {"fifo", open_fifo_alone},
    {"splice", splice_from_itself},
    {"pidfd", poll_pidfd_of_stuck},
    {"ofd-lock", ofd_lock_twice},
    {"queue", queue_nobody_sends},
    {"localtime", localtime_vanished},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}

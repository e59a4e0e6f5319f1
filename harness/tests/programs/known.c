/* SPDX-License-Identifier: MIT
 *
 * known MODE: programs that are stuck for good, although memory or the past of
 * the program leaves open what exactly a thread waits for: whatever it is,
 * nobody can end it. Their twins that end are in rewired.c, unheard.c, help.c
 * and elsewhere.c. `known list` prints the modes.
 */
#include "lab.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "linux/syscalls.h"
#include "tests/programs/modes.h"

static int ends[2];

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000};

    nanosleep(&time, NULL);
}

static void *read_pipe(void *unused)
{
    char byte;

    (void)!read(ends[0], &byte, 1);
    return unused;
}

/* Another thread, which waits for the same. */
static void beside(void)
{
    pthread_t thread;

    if (pipe(ends) == -1 || pthread_create(&thread, NULL, read_pipe, NULL) != 0)
        die("pthread_create");
}

static void poll_beside(void)
{
    struct pollfd set = {.events = POLLIN};

    beside();
    set.fd = ends[0];
    poll(&set, 1, -1);
}

static void select_beside(void)
{
    fd_set set;

    beside();
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    select(FD_SETSIZE, &set, NULL, NULL, NULL);
}

/* The thread that has ended has read a file, as pthread_exit(3) does. */
static void *read_file(void *unused)
{
    FILE *self = fopen("/proc/self/exe", "r");

    pause_ms(100);
    if (self == NULL || fclose(self) != 0)
        die("fopen");
    return unused;
}

static void poll_after_file(void)
{
    struct pollfd set = {.events = POLLIN};
    pthread_t thread;

    if (pipe(ends) == -1 || pthread_create(&thread, NULL, read_file, NULL) != 0)
        die("pthread_create");
    set.fd = ends[0];
    poll(&set, 1, -1);
}

/* It has fired, and nobody sets it again. */
static void timer_fired(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    const struct itimerspec soon = {.it_value = {.tv_nsec = 50000000}};
    timer_t timer;

    signal(SIGUSR1, SIG_IGN);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 ||
        timer_settime(timer, 0, &soon, NULL) == -1 || pipe(ends) == -1)
        die("timer_create");
    read_pipe(NULL);
}

static void timer_unset(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 || pipe(ends) == -1)
        die("timer_create");
    read_pipe(NULL);
}

static unsigned *words;

static void *move_waiters(void *unused)
{
    pause_ms(100);
    syscall(SYS_futex, words, FUTEX_REQUEUE, 0, 1, words + 1, 0);
    return unused;
}

/* From one word to another, in memory of the tree's own. */
static void requeued(void)
{
    pthread_t thread;

    words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                 -1, 0);
    if (words == MAP_FAILED ||
        pthread_create(&thread, NULL, move_waiters, NULL) != 0)
        die("mmap");
    syscall(SYS_futex, words, FUTEX_WAIT, 0, NULL, NULL, 0);
}

/* ---- a number that means another file by now ---- */

static int others[2];

/* Another pipe gets the number of the one that is read. */
static void *replace_end(void *unused)
{
    pause_ms(200);
    if (pipe(others) == -1 || dup2(others[0], ends[0]) == -1)
        die("dup2");
    return unused;
}

static void start(void *(*work)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, NULL) != 0)
        die("pthread_create");
}

static void read_replaced(void)
{
    if (pipe(ends) == -1)
        die("pipe");
    start(replace_end);
    read_pipe(NULL);
}

/* An expired timer gets the number; where in the kernel the thread sleeps tells
 * that it is still the pipe. */
static void *replace_by_timer(void *unused)
{
    const struct itimerspec soon = {.it_value = {.tv_nsec = 1}};
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);

    pause_ms(200);
    if (timerfd_settime(timer, 0, &soon, NULL) == -1 ||
        dup2(timer, ends[0]) == -1)
        die("timerfd_create");
    return unused;
}

static void read_kept(void)
{
    if (pipe(ends) == -1)
        die("pipe");
    start(replace_by_timer);
    read_pipe(NULL);
}

/* A timer has the number first; it is read after that. */
static void read_after_timer(void)
{
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);

    if (timer == -1 || pipe(ends) == -1)
        die("pipe");
    start(read_pipe);
    pause_ms(50);
    dup2(ends[0], timer);
    ends[0] = timer;
    start(read_pipe);
    pthread_exit(NULL);
}

/* The other end of the socket is no more than what a thread sleeps on. */
static void *replace_socket(void *unused)
{
    pause_ms(200);
    if (dup2(ends[1], ends[0]) == -1)
        die("dup2");
    return unused;
}

static void socket_replaced(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
        die("socketpair");
    start(replace_socket);
    read_pipe(NULL);
}

/* A thread polls, and another one closes what nobody waits for. */
static void *close_others(void *unused)
{
    pause_ms(200);
    close(others[0]);
    return unused;
}

static void poll_while_closed(void)
{
    struct pollfd set = {.events = POLLIN};

    if (pipe(ends) == -1 || pipe(others) == -1)
        die("pipe");
    start(close_others);
    set.fd = ends[0];
    poll(&set, 1, -1);
}

/* ---- ends that nobody has any more ---- */

static void hung_up(int kind)
{
    int pair[2];

    if (socketpair(AF_UNIX, kind, 0, pair) == -1 || close(pair[0]) == -1)
        die("socketpair");
}

/* None of these can become ready: they are so already, or never. */
static void poll_beside_ends(void)
{
    FILE *file = tmpfile();

    hung_up(SOCK_STREAM);
    hung_up(SOCK_DGRAM);
    if (file == NULL || pipe(others) == -1 || close(others[1]) == -1)
        die("pipe");
    poll_beside();
}

/* Nobody can send to a socket that has neither a peer nor an address. */
static void peer_gone(void)
{
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == -1 || close(ends[1]) == -1)
        die("socketpair");
    read_pipe(NULL);
}

/* Who could accept it waits for it to speak. */
static void not_accepted(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/known",
             getenv("TMPDIR"));
    ends[0] = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) == -1 ||
        listen(listener, 1) == -1 ||
        connect(ends[0], (struct sockaddr *)&address, sizeof(address)) == -1)
        die("connect");
    read_pipe(NULL);
}

/* ---- signals that nobody takes ---- */

static void pend(int signal)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, signal);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), signal);
}

static void pending_read(void)
{
    pend(SIGUSR1);
    if (pipe(ends) == -1)
        die("pipe");
    read_pipe(NULL);
}

static void pending_sigwait(void)
{
    sigset_t set;
    int signal;

    pend(SIGUSR1);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigwait(&set, &signal);
}

/* ---- memory of another process ---- */

/* It maps a file that others may map, as many programs do. */
static void map_file(void)
{
    int fd = open("/etc/passwd", O_RDONLY);

    if (fd == -1 || mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
        die("mmap");
}

/* Of a join, the kernel cannot know that it is about memory of its own. */
static void join_beside_file(void)
{
    pthread_t thread;

    if (pipe(ends) == -1 || pthread_create(&thread, NULL, read_pipe, NULL) != 0)
        die("pthread_create");
    pid_t child = fork();
    if (child == 0) {
        map_file();
        _exit(0);
    }
    if (child == -1 || waitpid(child, NULL, 0) == -1)
        die("fork");
    pthread_join(thread, NULL);
}

/* The file is still all where it was mapped: so the word never was in it. */
static void join_with_file(void)
{
    pthread_t thread;

    map_file();
    if (pipe(ends) == -1 || pthread_create(&thread, NULL, read_pipe, NULL) != 0)
        die("pthread_create");
    pthread_join(thread, NULL);
}

/* What it mapped is gone when it executes another program: env(1) maps a file
 * in most locales. */
static void join_after_exec(void)
{
    map_file();
    execl("/proc/self/exe", "known", "join-beside-file", (char *)NULL);
    die("execl");
}

/* ... and so is what the process had mapped of which it was a copy: a shell's
 * program. */
static void join_in_child(void)
{
    map_file();
    pid_t child = fork();
    if (child == 0)
        execl("/proc/self/exe", "known", "join-beside-file", (char *)NULL);
    if (child == -1 || waitpid(child, NULL, 0) == -1)
        die("fork");
}

/* By this call a process can say that its stack begins elsewhere, so that
 * nobody knows any more whether it has called exec. Here it is refused. */
static void join_after_mm(void)
{
    prctl(PR_SET_MM, PR_SET_MM_START_STACK, 0, 0, 0);
    join_beside_file();
}

static const struct mode modes[] = {
    {"poll-beside", poll_beside},
    {"select-beside", select_beside},
    {"poll-after-file", poll_after_file},
    {"timer-fired", timer_fired},
    {"timer-unset", timer_unset},
    {"requeued", requeued},
    {"read-replaced", read_replaced},
    {"read-kept", read_kept},
    {"read-after-timer", read_after_timer},
    {"socket-replaced", socket_replaced},
    {"poll-while-closed", poll_while_closed},
    {"poll-beside-ends", poll_beside_ends},
    {"peer-gone", peer_gone},
    {"not-accepted", not_accepted},
    {"pending-read", pending_read},
    {"pending-sigwait", pending_sigwait},
    {"join-beside-file", join_beside_file},
    {"join-with-file", join_with_file},
    {"join-after-exec", join_after_exec},
    {"join-in-child", join_in_child},
    {"join-after-mm", join_after_mm},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}

/* SPDX-License-Identifier: MIT
 *
 * unheard MODE: as rewired.c: a thread sleeps until a second has passed, while
 * what /proc and memory tell is changed by a call that a witness does not
 * easily hear, or the time limit is where nobody looks. Each mode ends with
 * status 0, or with 77 where the machine lacks something. `unheard list` prints
 * the modes.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "linux/syscalls.h"
#include "tests/programs/modes.h"

static int timer; /* fires after a second */
static int ends[2];

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000,
                                  .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

static void prepare(void)
{
    const struct itimerspec once = {.it_value = {.tv_sec = 1}};

    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    if (timer == -1 || timerfd_settime(timer, 0, &once, NULL) == -1)
        die("timerfd_create");
    if (pipe(ends) == -1)
        die("pipe");
}

static void beside(void *(*work)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, NULL) != 0)
        die("pthread_create");
}

/* ---- the memory that a call has read ---- */

/* By the file that is the memory of a process. */
static void poll_written_by_file(void)
{
    static struct pollfd set = {.events = POLLIN};
    pid_t parent = getpid();
    char path[32];

    prepare();
    set.fd = timer;
    if (fork() == 0) {
        snprintf(path, sizeof(path), "/proc/%d/mem", (int)parent);
        int memory = open(path, O_RDWR);
        pause_ms(300);
        if (memory == -1 || pwrite(memory, &ends[0], sizeof(ends[0]),
                                   (off_t)(uintptr_t)&set.fd) == -1)
            _exit(77);
        _exit(0);
    }
    signal(SIGCHLD, SIG_IGN);
    if (poll(&set, 1, -1) != 1)
        die("poll");
}

/* ---- what is polled is closed ---- */

static struct pollfd polled = {.events = POLLIN};

/* The set in memory, and the descriptors that are left, tell of pipes only. */
static void *close_polled(void *unused)
{
    pause_ms(300);
    polled.fd = ends[0];
    close(timer);
    return unused;
}

/* The number is that of a file then, which is closed, too. */
static void *close_polled_twice(void *unused)
{
    close_polled(NULL);
    int file = open("/proc/self/exe", O_RDONLY);
    if (file == timer)
        close(file);
    return unused;
}

static void poll_beside(void *(*work)(void *))
{
    prepare();
    polled.fd = timer;
    beside(work);
    if (poll(&polled, 1, -1) != 1)
        die("poll");
}

static void poll_closed(void)
{
    poll_beside(close_polled);
}

static void poll_closed_twice(void)
{
    poll_beside(close_polled_twice);
}

/* ---- timers ---- */

static void ignore(int number)
{
    (void)number;
}

/* Of one who was always alone, a wait for a signal is not proved anyway. */
static void have_a_child(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    if (child == -1 || waitpid(child, NULL, 0) == -1)
        die("fork");
}

/* The second time counts. */
static void timer_set_again(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    struct itimerspec when = {.it_value = {.tv_nsec = 1000000}};
    timer_t id;

    have_a_child();
    signal(SIGUSR1, ignore);
    if (timer_create(CLOCK_MONOTONIC, &event, &id) == -1 ||
        timer_settime(id, 0, &when, NULL) == -1)
        die("timer_create");
    pause();
    when.it_value.tv_sec = 2;
    timer_settime(id, 0, &when, NULL);
    pause();
}

/* A time of the clock, not from now on. */
static void timer_absolute(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    struct itimerspec when = {0};
    timer_t id;

    have_a_child();
    signal(SIGUSR1, ignore);
    clock_gettime(CLOCK_MONOTONIC, &when.it_value);
    when.it_value.tv_sec += 2;
    if (timer_create(CLOCK_MONOTONIC, &event, &id) == -1 ||
        timer_settime(id, TIMER_ABSTIME, &when, NULL) == -1)
        die("timer_create");
    pause();
}

/* ---- numbers: io_uring closes one ---- */

static void map_ring(int ring, const struct io_uring_params *params)
{
    char *queue = mmap(NULL, params->sq_off.array + 64, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
    struct io_uring_sqe *entry =
        mmap(NULL, params->sq_entries * sizeof(*entry), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_POPULATE, ring, (off_t)IORING_OFF_SQES);

    if (queue == MAP_FAILED || entry == MAP_FAILED)
        die("mmap");
    memset(entry, 0, sizeof(*entry));
    entry->opcode = IORING_OP_CLOSE;
    entry->fd = timer;
    *(unsigned *)(queue + params->sq_off.array) = 0;
    __atomic_store_n((unsigned *)(queue + params->sq_off.tail), 1,
                     __ATOMIC_RELEASE);
    syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    munmap(queue, params->sq_off.array + 64);
    munmap(entry, params->sq_entries * sizeof(*entry));
}

static void *close_by_ring(void *unused)
{
    struct io_uring_params params = {0};
    int more[2], ring;

    pause_ms(300);
    ring = (int)syscall(SYS_io_uring_setup, 8, &params);
    if (ring == -1)
        _exit(77);
    map_ring(ring, &params);
    if (pipe(more) == -1) /* takes the number of the timerfd */
        die("pipe");
    close(ring);
    return unused;
}

static void uring_close(void)
{
    uint64_t times;

    prepare();
    beside(close_by_ring);
    if (read(timer, &times, sizeof(times)) != sizeof(times))
        die("read");
}

/* ---- a time limit of connect(2) ---- */

static void connect_limit(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const struct timeval second = {.tv_sec = 1};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0), last = -1;

    snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "unheard-%d-%ld",
             (int)getpid(), (long)time(NULL));
    if (bind(listener, (struct sockaddr *)&name, sizeof(name)) == -1 ||
        listen(listener, 1) == -1)
        die("bind");
    for (int i = 0; i < 3; i++) {
        last = socket(AF_UNIX, SOCK_STREAM, 0);
        setsockopt(last, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
        if (connect(last, (struct sockaddr *)&name, sizeof(name)) == -1)
            _exit(0);
    }
    die("connect");
}

/* ---- a number means another file by now ---- */

static void *replace(void *number)
{
    pause_ms(300);
    if (pipe(ends) == -1 || dup2(ends[0], *(int *)number) == -1)
        die("dup2");
    return NULL;
}

static void read_while_replaced(int fd)
{
    pthread_t thread;
    uint64_t value;

    if (pthread_create(&thread, NULL, replace, &fd) != 0)
        die("pthread_create");
    (void)!read(fd, &value, sizeof(value));
}

/* A connection has the time limit of the socket that listened. */
static void limit_inherited(void)
{
    const struct timeval second = {.tv_sec = 1};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int client = socket(AF_INET, SOCK_STREAM, 0);

    if (setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &second,
                   sizeof(second)) == -1 ||
        bind(listener, (struct sockaddr *)&address, size) == -1 ||
        listen(listener, 1) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &size) == -1 ||
        connect(client, (struct sockaddr *)&address, size) == -1)
        die("connect");
    int server = accept(listener, NULL, NULL);
    close(listener);
    read_while_replaced(server);
}

/* An operation of aio is over when the timer fires, and tells an eventfd. */
static aio_context_t tell(int event)
{
    aio_context_t context = 0;
    struct iocb poll_it = {.aio_lio_opcode = IOCB_CMD_POLL,
                           .aio_buf = POLLIN,
                           .aio_flags = IOCB_FLAG_RESFD,
                           .aio_resfd = (unsigned)event};
    struct iocb *all[] = {&poll_it};

    prepare();
    poll_it.aio_fildes = (unsigned)timer;
    if (syscall(SYS_io_setup, 1, &context) == -1 ||
        syscall(SYS_io_submit, context, 1, all) != 1)
        _exit(77);
    return context;
}

/* The kernel keeps the ring of a context, whose address is its number. */
static void unmap_ring(aio_context_t context)
{
    char line[512];
    unsigned long from = 0, to = 0;
    FILE *maps = fopen("/proc/self/maps", "r");

    while (maps != NULL && from != context &&
           fgets(line, sizeof(line), maps) != NULL)
        (void)!sscanf(line, "%lx-%lx", &from, &to);
    if (from != context || munmap((void *)from, to - from) == -1)
        die("munmap");
    fclose(maps);
}

static void aio_unmapped(void)
{
    int event = eventfd(0, 0);
    uint64_t value;

    unmap_ring(tell(event));
    (void)!read(event, &value, sizeof(value));
}

static void aio_replaced(void)
{
    int event = eventfd(0, 0);

    unmap_ring(tell(event));
    read_while_replaced(event);
}

static const struct mode modes[] = {
    {"poll-written-by-file", poll_written_by_file},
    {"poll-closed", poll_closed},
    {"poll-closed-twice", poll_closed_twice},
    {"timer-set-again", timer_set_again},
    {"timer-absolute", timer_absolute},
    {"uring-close", uring_close},
    {"connect-limit", connect_limit},
    {"limit-inherited", limit_inherited},
    {"aio-replaced", aio_replaced},
    {"aio-unmapped", aio_unmapped},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}

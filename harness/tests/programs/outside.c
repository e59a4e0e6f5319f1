/* SPDX-License-Identifier: MIT
 *
 * outside ROW FILE with|without|act: the rows of the table of what is never
 * proved (harness/README.md) that are about somebody outside. `act` is that
 * somebody: it runs outside of the cage, and a second after the program has
 * made FILE.go it does what ends the wait `with` help, status 7. The twin
 * `without` is stuck for good. `outside list` prints the rows.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "tests/programs/rows.h"
#include "tests/programs/word.h"

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

/* ---- what the rows share ---- */

static void end_well(int number)
{
    (void)number;
    _exit(7);
}

/* FILE, or a file that only the tree can reach. */
static int open_file(int flags)
{
    const char *own = getenv("TMPDIR");
    char path[300];

    snprintf(path, sizeof(path), "%s/own", own ? own : "/tmp");
    int fd = open(with ? file : path, flags | O_CLOEXEC, 0666);
    if (fd == -1)
        die("open");
    return fd;
}

static void read_and_end(int fd)
{
    char bytes[8];

    go();
    if (read(fd, bytes, sizeof(bytes)) > 0)
        _exit(7);
    die("read");
}

static void read_own_pipe(void)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) == -1)
        die("pipe2");
    read_and_end(ends[0]);
}

/* ---- what has a name ---- */

static void futex_in_file(void)
{
    go();
    wait_for_word(map_word(open_file(O_RDWR | O_CREAT)));
}

static void act_futex(void)
{
    wake_word(map_word(open(file, O_RDWR | O_CREAT, 0666)));
}

/* Two words: a private one, and one in the file. */
static void futexes(void)
{
    static unsigned private_word;
    struct {
        uint64_t value, address;
        uint32_t flags, reserved;
    } words[2] = {{.address = (uintptr_t)&private_word, .flags = 2 | 128},
                  {.flags = 2}};

    words[1].address = (uintptr_t)map_word(open_file(O_RDWR | O_CREAT));
    go();
    if (syscall(SYS_futex_waitv, words, 2, 0, NULL, 0) == -1 && errno == ENOSYS)
        _exit(77);
    _exit(7);
}

static void fifo(void)
{
    if (with && mkfifo(file, 0666) == -1 && errno != EEXIST)
        die("mkfifo");
    if (!with)
        read_own_pipe();
    read_and_end(open_file(O_RDWR));
}

static void act_write(void)
{
    (void)!write(open(file, O_RDWR), "x", 1);
}

static void o_async(void)
{
    signal(SIGIO, end_well);
    if (with && mkfifo(file, 0666) == -1 && errno != EEXIST)
        die("mkfifo");
    if (with) {
        int fd = open_file(O_RDWR | O_NONBLOCK);
        fcntl(fd, F_SETOWN, getpid());
        fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK | O_ASYNC);
    }
    read_own_pipe();
}

static void act_own_file(void)
{
    close(open(file, O_RDWR | O_CREAT, 0666));
}

static void lease(void)
{
    signal(SIGIO, end_well);
    if (with && fcntl(open_file(O_RDONLY | O_CREAT), F_SETLEASE, F_RDLCK) == -1)
        _exit(77);
    read_own_pipe();
}

static void inotify(void)
{
    int notice = inotify_init1(IN_CLOEXEC);

    if (!with)
        read_own_pipe();
    close(open_file(O_RDWR | O_CREAT));
    if (inotify_add_watch(notice, file, IN_OPEN) == -1)
        _exit(77);
    char text[4096];
    go();
    (void)!read(notice, text, sizeof(text));
    _exit(7);
}

/* ---- locks of files ---- */

static void hold_and_release(void)
{
    int fd = open(file, O_RDWR | O_CREAT, 0666);
    struct flock first = {.l_type = F_WRLCK, .l_len = 1};

    fchmod(fd, 0666);
    if (flock(fd, LOCK_EX) == -1 || fcntl(fd, F_OFD_SETLK, &first) == -1)
        die("lock");
    fclose(fopen(beside(".ready"), "w"));
    while (access(beside(".go"), F_OK) == -1)
        ;
    sleep_a_second();
}

static void whole_lock(void)
{
    int fd = open_file(O_RDWR | O_CREAT);

    if (!with && flock(open_file(O_RDWR), LOCK_EX) == -1)
        die("flock");
    go();
    flock(fd, LOCK_EX);
    _exit(7);
}

/* Each has one byte and wants the other's; one of them may be outside. */
static void ofd_ring(void)
{
    struct flock byte = {
        .l_type = F_WRLCK, .l_start = with ? 1 : 0, .l_len = 1};
    int ends[2], fd = open_file(O_RDWR | O_CREAT);
    char ready;

    if (pipe2(ends, O_CLOEXEC) == -1 || fcntl(fd, F_OFD_SETLK, &byte) == -1)
        die("fcntl");
    if (!with && fork() == 0) {
        int again = open_file(O_RDWR);
        byte.l_start = 1;
        fcntl(again, F_OFD_SETLK, &byte);
        (void)!write(ends[1], "x", 1);
        byte.l_start = 0;
        fcntl(again, F_OFD_SETLKW, &byte);
        pause();
    }
    if (!with)
        (void)!read(ends[0], &ready, 1);
    go();
    byte.l_start = with ? 0 : 1;
    fcntl(fd, F_OFD_SETLKW, &byte);
    _exit(7);
}

/* ---- signals and queues, where all see our numbers ---- */

static void write_number(int number)
{
    FILE *stream = fopen(file, "w");

    if (stream == NULL)
        die("fopen");
    fprintf(stream, "%d\n", number);
    fclose(stream);
}

static int read_number(void)
{
    FILE *stream = fopen(file, "r");
    int number = 0;

    if (stream == NULL || fscanf(stream, "%d", &number) != 1)
        die("fscanf");
    fclose(stream);
    return number;
}

static void write_pid(void)
{
    write_number((int)getpid());
}

static void act_signal(void)
{
    kill(read_number(), SIGUSR1);
}

static void caught(void)
{
    if (with)
        signal(SIGUSR1, end_well);
    write_pid();
    read_own_pipe();
}

static void awaited(void)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    write_pid();
    go();
    if (!with)
        pause();
    sigwait(&set, &number);
    _exit(7);
}

static const char *queue_name(void)
{
    return strrchr(file, '/');
}

static void queue_tells(void)
{
    struct mq_attr size = {.mq_maxmsg = 1, .mq_msgsize = 8};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    mqd_t queue = mq_open(queue_name(), O_CREAT | O_RDWR, 0666, &size);

    if (with)
        signal(SIGUSR1, end_well);
    if (queue == -1 || (with && mq_notify(queue, &event) == -1))
        _exit(77);
    go();
    for (;;)
        pause();
}

static void act_queue(void)
{
    mqd_t queue = mq_open(queue_name(), O_WRONLY);

    if (queue == -1)
        die("mq_open");
    mq_send(queue, "x", 1, 0);
    mq_unlink(queue_name());
}

static void queue_gets(void)
{
    struct mq_attr size = {.mq_maxmsg = 1, .mq_msgsize = 8};
    mqd_t queue = mq_open(queue_name(), O_CREAT | O_RDWR, 0666, &size);
    char bytes[8];

    if (queue == -1)
        _exit(77);
    go();
    if (!with)
        pause();
    mq_receive(queue, bytes, sizeof(bytes), NULL);
    _exit(7);
}

static void stopped(void)
{
    write_pid();
    if (!with)
        pause();
    go();
    raise(SIGSTOP);
    _exit(7);
}

static void act_continue(void)
{
    kill(read_number(), SIGCONT);
}

/* ---- a client ---- */

static void serves(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(listener, (struct sockaddr *)&address, size) == -1 ||
        listen(listener, 1) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &size) == -1)
        die("bind");
    write_number(ntohs(address.sin_port));
    go();
    if (!with)
        read_own_pipe();
    accept(listener, NULL, NULL);
    _exit(7);
}

static void act_client(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)read_number())};

    if (connect(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                (struct sockaddr *)&address, sizeof(address)) == -1)
        die("connect");
}

static const struct row rows[] = {
    {"futex", futex_in_file, act_futex},
    {"futexes", futexes, act_futex},
    {"fifo", fifo, act_write},
    {"o-async", o_async, act_write},
    {"lease", lease, act_own_file},
    {"inotify", inotify, act_own_file},
    {"flock", whole_lock, hold_and_release},
    {"ofd-ring", ofd_ring, hold_and_release},
    {"caught", caught, act_signal},
    {"awaited", awaited, act_signal},
    {"mq-notify", queue_tells, act_queue},
    {"queue", queue_gets, act_queue},
    {"stopped", stopped, act_continue},
    {"client", serves, act_client},
};

/* One begins by itself, and waits for the program then. */
static void act(const struct row *row)
{
    if (row->act != hold_and_release) {
        wait_for_go();
        sleep_a_second();
    }
    row->act();
}

int main(int argc, char **argv)
{
    return RUN_ROW(argc, argv, rows, act);
}

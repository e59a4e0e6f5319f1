/* SPDX-License-Identifier: MIT
 *
 * passed ROW FILE with|without|act: the row of the table of what is never
 * proved (harness/README.md) that is about descriptors passed to somebody
 * outside, by kinds of descriptors. `act` is that somebody: it listens at
 * FILE.s, outside of the cage, and a second after it got one it does what ends
 * the wait `with` help, status 7. The twin `without` passes it to a child, and
 * is stuck for good. `passed list` prints the kinds.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

#include "tests/programs/rights.h"
#include "tests/programs/rows.h"
#include "tests/programs/word.h"

/* ---- what the rows share ---- */

static void read_and_end(int fd)
{
    char bytes[8];

    if (read(fd, bytes, sizeof(bytes)) > 0)
        _exit(7);
    die("read");
}

/* ---- descriptors that are passed ---- */

/* To the one outside, or to a child that does nothing with it. */
static void pass(int fd)
{
    struct sockaddr_un name;
    int pair[2], to;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
        die("socketpair");
    if (!with && fork() == 0) {
        receive_descriptor(pair[1]);
        pause();
    }
    to = with ? named_socket(SOCK_STREAM, ".s", &name) : pair[0];
    if (with && connect(to, (struct sockaddr *)&name, sizeof(name)) == -1)
        die("connect");
    send_descriptor(to, fd);
    close(to);
}

static int receive_from_program(void)
{
    int listener = bound_socket(SOCK_STREAM, ".s");

    if (listen(listener, 1) == -1)
        die("listen");
    fclose(fopen(beside(".ready"), "w"));
    int fd = receive_descriptor(accept(listener, NULL, NULL));
    sleep_a_second();
    return fd;
}

static void act_scm(void)
{
    const uint64_t one = 1;

    (void)!write(receive_from_program(), &one, sizeof(one));
}

static void scm_pipe(void)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) == -1)
        die("pipe2");
    pass(ends[1]);
    read_and_end(ends[0]);
}

static void scm_socketpair(void)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
        die("socketpair");
    pass(ends[1]);
    read_and_end(ends[0]);
}

static void scm_eventfd(void)
{
    int event = eventfd(0, EFD_CLOEXEC);

    pass(event);
    read_and_end(event);
}

static void scm_tcp(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(listener, (struct sockaddr *)&address, size) == -1 ||
        listen(listener, 1) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &size) == -1 ||
        connect(client, (struct sockaddr *)&address, size) == -1)
        die("connect");
    pass(client);
    read_and_end(accept(listener, NULL, NULL));
}

static void scm_memfd(void)
{
    int fd = memfd_create("word", MFD_CLOEXEC);
    unsigned *word = map_word(fd);

    pass(fd);
    wait_for_word(word);
}

static void act_scm_memfd(void)
{
    wake_word(map_word(receive_from_program()));
}

/* ---- ... that nobody looks for under its number ---- */

static int ends[2];

static void *pause_thread(void *unused)
{
    pause();
    return unused;
}

static void beside_it(void *(*work)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, NULL) != 0)
        die("pthread_create");
}

/* Another thread may have changed the set. Its write end is only outside. */
static void scm_polled(void)
{
    struct pollfd set = {.events = POLLIN};

    if (pipe2(ends, O_CLOEXEC) == -1)
        die("pipe2");
    pass(ends[1]);
    if (with)
        close(ends[1]);
    beside_it(pause_thread);
    set.fd = ends[0];
    if (poll(&set, 1, -1) == 1)
        _exit(7);
}

/* The number of the read end means another pipe later. */
static void *replace_end(void *unused)
{
    int more[2];

    usleep(200000);
    if (pipe2(more, O_CLOEXEC) == -1 || dup2(more[0], ends[0]) == -1)
        die("dup2");
    return unused;
}

static void scm_former(void)
{
    if (pipe2(ends, O_CLOEXEC) == -1)
        die("pipe2");
    pass(ends[1]);
    beside_it(replace_end);
    read_and_end(ends[0]);
}

static const struct row rows[] = {
    {"pipe", scm_pipe, act_scm},
    {"socketpair", scm_socketpair, act_scm},
    {"eventfd", scm_eventfd, act_scm},
    {"tcp", scm_tcp, act_scm},
    {"memfd", scm_memfd, act_scm_memfd},
    {"polled", scm_polled, act_scm},
    {"former", scm_former, act_scm},
};

static void act(const struct row *row)
{
    row->act();
}

int main(int argc, char **argv)
{
    return RUN_ROW(argc, argv, rows, act);
}

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
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

#include "tests/programs/word.h"

/* ---- what the rows share ---- */

static const char *file; /* its path */
static bool with;        /* somebody outside acts */

/* FILE with this after it, as the name of a socket has it; one buffer. */
static const char *beside(const char *what)
{
    static char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];

    snprintf(path, sizeof(path), "%s%s", file, what);
    return path;
}

static void read_and_end(int fd)
{
    char bytes[8];

    if (read(fd, bytes, sizeof(bytes)) > 0)
        _exit(7);
    die("read");
}

/* ---- descriptors that are passed ---- */

union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
};

static void send_descriptor(int socket, int fd)
{
    union control control = {{0}};
    struct iovec io = {.iov_base = "x", .iov_len = 1};
    struct msghdr message = {.msg_iov = &io,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);

    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &fd, sizeof(int));
    if (sendmsg(socket, &message, 0) != 1)
        die("sendmsg");
}

static int receive_descriptor(int socket)
{
    union control control = {{0}};
    char byte;
    struct iovec io = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &io,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    int fd;

    struct cmsghdr *head =
        recvmsg(socket, &message, 0) == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (head == NULL)
        die("recvmsg");
    memcpy(&fd, CMSG_DATA(head), sizeof(int));
    return fd;
}

/* To the one outside, or to a child that does nothing with it. */
static void pass(int fd)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int pair[2], to;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
        die("socketpair");
    if (!with && fork() == 0) {
        receive_descriptor(pair[1]);
        pause();
    }
    memcpy(name.sun_path, beside(".s"), sizeof(name.sun_path));
    to = with ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : pair[0];
    if (with && connect(to, (struct sockaddr *)&name, sizeof(name)) == -1)
        die("connect");
    send_descriptor(to, fd);
    close(to);
}

static int receive_from_program(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(name.sun_path, beside(".s"), sizeof(name.sun_path));
    if (bind(listener, (struct sockaddr *)&name, sizeof(name)) == -1 ||
        chmod(name.sun_path, 0777) == -1 || listen(listener, 1) == -1)
        die("bind");
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

static const struct {
    const char *name;
    void (*work)(void), (*act)(void);
} rows[] = {
    {"pipe", scm_pipe, act_scm},
    {"socketpair", scm_socketpair, act_scm},
    {"eventfd", scm_eventfd, act_scm},
    {"tcp", scm_tcp, act_scm},
    {"memfd", scm_memfd, act_scm_memfd},
};

int main(int argc, char **argv)
{
    const char *wanted = argc > 1 ? argv[1] : "";
    const char *part = argc > 3 ? argv[3] : "";

    file = argc > 2 ? argv[2] : "";
    with = strcmp(part, "with") == 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (strcmp(wanted, "list") == 0)
            show("%s", rows[i].name);
        if (strcmp(wanted, rows[i].name) != 0)
            continue;
        if (strcmp(part, "act") == 0)
            rows[i].act();
        else
            rows[i].work();
        return 0;
    }
    return strcmp(wanted, "list") == 0 ? 0 : 2;
}

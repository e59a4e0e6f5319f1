/* SPDX-License-Identifier: MIT
 *
 * elsewhere ROW FILE with|without|act: what a thread waits for is no longer
 * where /proc and its own memory say: somebody outside has it. `act` is that
 * somebody, who runs outside of the cage and ends the wait `with` help, status
 * 7; the twin `without` is stuck for good. As outside.c; `elsewhere list`
 * prints the rows.
 */
#include "lab.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

#include "tests/programs/rights.h"
#include "tests/programs/rows.h"
#include "tests/programs/word.h"

/* ---- what the rows share ---- */

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000};

    nanosleep(&time, NULL);
}

/* Ends with status 7 when there is something to read. */
static void read_and_end(int fd)
{
    char bytes[8];

    if (read(fd, bytes, sizeof(bytes)) > 0)
        _exit(7);
    die("read");
}

static void start_thread(void *(*work)(void *))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, NULL) != 0)
        die("pthread_create");
}

/* ---- a descriptor that comes from outside ---- */

/* Who sent it keeps it. */
static void receives(void)
{
    struct sockaddr_un name;
    int pair[2], from;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
        die("socketpair");
    from = with ? named_socket(SOCK_STREAM, ".s", &name) : pair[0];
    if (with && connect(from, (struct sockaddr *)&name, sizeof(name)) == -1)
        die("connect");
    if (!with)
        send_descriptor(pair[1], eventfd(0, EFD_CLOEXEC));
    int event = receive_descriptor(from);
    close(from);
    read_and_end(event);
}

static void act_send(void)
{
    const uint64_t one = 1;
    int listener = bound_socket(SOCK_STREAM, ".s");
    int event = eventfd(0, EFD_CLOEXEC);

    if (listen(listener, 1) == -1)
        die("listen");
    fclose(fopen(beside(".ready"), "w"));
    send_descriptor(accept(listener, NULL, NULL), event);
    sleep_a_second();
    (void)!write(event, &one, sizeof(one));
}

/* ---- a futex whose memory is another one by now ---- */

static unsigned *word;
static int word_file;

static void *map_over(void *unused)
{
    pause_ms(300);
    if (mmap(word, 4096, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != word)
        die("mmap");
    go();
    return unused;
}

/* The same much shared memory is there as before, elsewhere. */
static void *map_away(void *unused)
{
    void *away =
        mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    pause_ms(300);
    if (mremap(word, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, away) != away)
        die("mremap");
    return map_over(unused);
}

/* It is mapped once more, and no more than once. */
static void *map_again(void *unused)
{
    pause_ms(300);
    munmap(word, 4096);
    if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, word_file, 0) == MAP_FAILED)
        die("mmap");
    return map_over(unused);
}

static void futex_in(void *(*work)(void *))
{
    word_file = with ? open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0666)
                     : memfd_create("word", MFD_CLOEXEC);
    word = map_word(word_file);
    start_thread(work);
    syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
    _exit(7);
}

static void futex_moved(void)
{
    futex_in(map_away);
}

static void futex_again(void)
{
    futex_in(map_again);
}

static void futex_replaced(void)
{
    futex_in(map_over);
}

static void act_futex(void)
{
    wait_for_go();
    sleep_a_second();
    wake_word(map_word(open(file, O_RDWR | O_CREAT, 0666)));
}

/* ---- a named pipe that is another one by now ---- */

static const char *own_file(const char *name)
{
    const char *own = getenv("TMPDIR");
    static char path[300];

    snprintf(path, sizeof(path), "%s/%s", own ? own : "/tmp", name);
    return path;
}

/* A name in the program text, which nobody can change. */
static void open_fifo(const char *directory)
{
    if (chdir(directory) == -1)
        die("chdir");
    go();
    int fd = open("elsewhere-fifo", O_RDONLY);
    read_and_end(fd);
}

static void *make_symlink(void *unused)
{
    const char *own = own_file("own-fifo");

    pause_ms(300);
    if (mkfifo(own, 0600) == -1 || rename("elsewhere-fifo", "moved") == -1 ||
        symlink(own, "elsewhere-fifo") == -1)
        die("symlink");
    return unused;
}

static const char *directory_with_fifo(void)
{
    static char directory[300];

    snprintf(directory, sizeof(directory), "%s",
             with ? beside(".d") : own_file("d"));
    if (mkdir(directory, 0777) == -1 || chdir(directory) == -1 ||
        mkfifo("elsewhere-fifo", 0666) == -1)
        die("mkfifo");
    return directory;
}

static void fifo_replaced(void)
{
    const char *directory = directory_with_fifo();

    if (with && fork() == 0) {
        make_symlink(NULL);
        _exit(0);
    }
    signal(SIGCHLD, SIG_IGN);
    open_fifo(directory);
}

static void act_moved(void)
{
    wait_for_go();
    sleep_a_second();
    if (write(open(beside(".d/moved"), O_WRONLY), "x", 1) != 1)
        die("write");
}

/* The symbolic link is made by the one outside, whom no witness hears. It leads
 * to a named pipe that only the tree can open. */
static void fifo_relinked(void)
{
    const char *directory = directory_with_fifo();
    FILE *told = fopen(with ? beside(".own") : "/dev/null", "w");

    if (told == NULL || mkfifo(own_file("own-fifo"), 0600) == -1 ||
        fputs(own_file("own-fifo"), told) == EOF || fclose(told) != 0)
        die("mkfifo");
    open_fifo(directory);
}

static void act_relinked(void)
{
    char own[300] = "";

    wait_for_go();
    pause_ms(300);
    FILE *told = fopen(beside(".own"), "r");
    if (told == NULL || fgets(own, sizeof(own), told) == NULL ||
        fclose(told) != 0 || chdir(beside(".d")) == -1 ||
        rename("elsewhere-fifo", "moved") == -1 ||
        symlink(own, "elsewhere-fifo") == -1)
        die("symlink");
    sleep_a_second();
    if (write(open("moved", O_WRONLY), "x", 1) != 1)
        die("write");
}

static void *change_directory(void *unused)
{
    pause_ms(300);
    if (mkfifo(own_file("elsewhere-fifo"), 0600) == -1 ||
        chdir(own_file("")) == -1)
        die("chdir");
    return unused;
}

static void fifo_chdir(void)
{
    char directory[300];

    snprintf(directory, sizeof(directory), "%s",
             with ? beside(".d") : own_file("d"));
    if (mkdir(directory, 0777) == -1 || chdir(directory) == -1 ||
        mkfifo("elsewhere-fifo", 0666) == -1)
        die("mkfifo");
    if (with)
        start_thread(change_directory);
    open_fifo(directory);
}

static void act_fifo(void)
{
    wait_for_go();
    sleep_a_second();
    if (write(open(beside(".d/elsewhere-fifo"), O_WRONLY), "x", 1) != 1)
        die("write");
}

/* ---- datagrams ---- */

/* Connected to one inside, it sends to one outside, whose queue is full. */
static void datagram_elsewhere(void)
{
    struct sockaddr_un name;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == -1)
        die("socketpair");
    close(named_socket(SOCK_DGRAM, ".s", &name));
    if (with) {
        int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        while (sendto(probe, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&name,
                      sizeof(name)) == 1)
            continue;
        go();
        sendto(pair[0], "x", 1, 0, (struct sockaddr *)&name, sizeof(name));
        _exit(7);
    }
    while (send(pair[0], "x", 1, 0) == 1)
        continue;
}

static int datagrams;

static void *connect_again(void *unused)
{
    struct sockaddr_un own = {.sun_family = AF_UNIX};
    int inside = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    pause_ms(300);
    snprintf(own.sun_path + 1, sizeof(own.sun_path) - 1, "elsewhere-%d",
             (int)getpid());
    if (bind(inside, (struct sockaddr *)&own, sizeof(own)) == -1 ||
        connect(datagrams, (struct sockaddr *)&own, sizeof(own)) == -1)
        die("connect");
    go();
    return unused;
}

/* It waits for one outside, and is connected to one inside by now. */
static void datagram_reconnected(void)
{
    struct sockaddr_un name;

    if (!with)
        datagram_elsewhere();
    datagrams = named_socket(SOCK_DGRAM, ".s", &name);
    if (connect(datagrams, (struct sockaddr *)&name, sizeof(name)) == -1)
        die("connect");
    start_thread(connect_again);
    while (send(datagrams, "x", 1, 0) == 1)
        if (access(beside(".go"), F_OK) == 0)
            break;
    _exit(7);
}

static void act_datagrams(void)
{
    int fd = bound_socket(SOCK_DGRAM, ".s");
    char byte;

    wait_for_go();
    sleep_a_second();
    while (recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
        continue;
    sleep_a_second();
}

/* ---- a signal for urgent data ---- */

static void end_well(int number)
{
    (void)number;
    _exit(7);
}

static void urgent(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;
    FILE *from = with ? fopen(beside(".port"), "r") : NULL;

    signal(SIGURG, end_well);
    if (with && (from == NULL || fscanf(from, "%d", &port) != 1))
        die("port");
    address.sin_port = htons((uint16_t)port);
    if (with &&
        (connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1 ||
         fcntl(fd, F_SETOWN, getpid()) == -1))
        die("connect");
    if (fork() == 0) { /* who is alone is not proved to wait in vain */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
    }
    for (;;)
        pause();
}

static void act_urgent(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FILE *port = fopen(beside(".port"), "w");

    if (bind(listener, (struct sockaddr *)&address, size) == -1 ||
        listen(listener, 1) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &size) == -1 ||
        port == NULL)
        die("bind, fopen");
    fprintf(port, "%d", ntohs(address.sin_port));
    fclose(port);
    fclose(fopen(beside(".ready"), "w"));
    int client = accept(listener, NULL, NULL);
    sleep_a_second();
    send(client, "x", 1, MSG_OOB);
    sleep_a_second();
}

/* ---- a datagram socket without a peer ---- */

/* With an address, everybody may send to it. */
static void named_datagram(void)
{
    int socket_fd = with ? bound_socket(SOCK_DGRAM, ".d")
                         : socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    go();
    read_and_end(socket_fd);
}

static void act_send_datagram(void)
{
    struct sockaddr_un name;
    int from = named_socket(SOCK_DGRAM, ".d", &name);

    wait_for_go();
    sleep_a_second();
    sendto(from, "x", 1, 0, (struct sockaddr *)&name, sizeof(name));
}

/* ---- a message queue that was passed ---- */

static void queue_passed(void)
{
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
    struct sockaddr_un name;
    char bytes[8];
    int to = named_socket(SOCK_STREAM, ".s", &name);
    mqd_t queue =
        mq_open("/elsewhere", O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);

    mq_unlink("/elsewhere");
    if (queue == -1)
        _exit(77);
    if (with) {
        if (connect(to, (struct sockaddr *)&name, sizeof(name)) == -1)
            die("connect");
        send_descriptor(to, queue);
    }
    close(to);
    mq_receive(queue, bytes, sizeof(bytes), NULL);
    _exit(7);
}

static void act_queue(void)
{
    int listener = bound_socket(SOCK_STREAM, ".s");

    if (listen(listener, 1) == -1)
        die("listen");
    fclose(fopen(beside(".ready"), "w"));
    int queue = receive_descriptor(accept(listener, NULL, NULL));
    sleep_a_second();
    mq_send(queue, "x", 1, 0);
}

static const struct row rows[] = {
    {"received", receives, act_send},
    {"futex-replaced", futex_replaced, act_futex},
    {"futex-moved", futex_moved, act_futex},
    {"futex-again", futex_again, act_futex},
    {"fifo-replaced", fifo_replaced, act_moved},
    {"fifo-relinked", fifo_relinked, act_relinked},
    {"fifo-chdir", fifo_chdir, act_fifo},
    {"datagram", datagram_elsewhere, act_datagrams},
    {"datagram-reconnected", datagram_reconnected, act_datagrams},
    {"urgent", urgent, act_urgent},
    {"queue-passed", queue_passed, act_queue},
    {"named-datagram", named_datagram, act_send_datagram},
};

static void act(const struct row *row)
{
    row->act();
}

int main(int argc, char **argv)
{
    return RUN_ROW(argc, argv, rows, act);
}

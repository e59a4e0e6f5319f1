/* SPDX-License-Identifier: MIT
 *
 * late MODE: a child that looks stuck for good, until its parent, which sleeps
 * for 3 s, does something to it. Each mode ends with status 0. `late list`
 * prints the modes.
 *
 * Like part.c, it has no exec, no syscall(2), no path into /proc: only what
 * each mode is about can wake the child. What takes those is in late-reach.c.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/programs/modes.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t semaphore;
static int ends[2], more_ends[2];

static pid_t start(void (*work)(void))
{
    pid_t child = fork();

    if (child == 0) {
        work();
        _exit(0);
    }
    return child;
}

/* The child is to end with status 0. */
static void wait_for(pid_t child)
{
    int status = 1;

    waitpid(child, &status, 0);
    _exit(status == 0 ? 0 : 1);
}

static void signal_later(pid_t child, int number)
{
    sleep(3);
    kill(child, number);
    wait_for(child);
}

/* ---- signals with a handler ---- */

static void unlock(int number)
{
    (void)number;
    /* NOLINTNEXTLINE(bugprone-signal-handler): programs do that */
    pthread_mutex_unlock(&lock);
}

static void leave(int number)
{
    (void)number;
    _exit(0);
}

static void post(int number)
{
    (void)number;
    sem_post(&semaphore);
}

static void lock_twice(void)
{
    signal(SIGUSR1, unlock);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

static void handler_unlocks(void)
{
    signal_later(start(lock_twice), SIGUSR1);
}

static void lock_twice_until_term(void)
{
    signal(SIGTERM, leave);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

static void handler_exits(void)
{
    signal_later(start(lock_twice_until_term), SIGTERM);
}

static void wait_for_post(void)
{
    signal(SIGUSR1, post);
    while (sem_wait(&semaphore) == -1)
        continue;
}

static void handler_posts(void)
{
    signal_later(start(wait_for_post), SIGUSR1);
}

static void *block_and_pause(void *unused)
{
    sigset_t set;

    sigfillset(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    for (;;)
        pause();
    return unused;
}

/* One thread blocks the signal; the other one does not. */
static void lock_twice_beside_thread(void)
{
    pthread_t thread;

    signal(SIGUSR1, unlock);
    pthread_create(&thread, NULL, block_and_pause, NULL);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

static void handler_in_thread(void)
{
    signal_later(start(lock_twice_beside_thread), SIGUSR1);
}

/* ---- the end of a third process ---- */

static void read_first(void)
{
    char byte;

    close(ends[1]);
    (void)!read(ends[0], &byte, 1);
}

static void read_second(void)
{
    char byte;

    close(more_ends[1]);
    (void)!read(more_ends[0], &byte, 1);
}

/* Each has the write end that the other one waits for. Ending one of them ends
 * the pipe of the other. */
static void ring(void)
{
    if (pipe(ends) == -1 || pipe(more_ends) == -1)
        _exit(1);
    pid_t first = start(read_first), second = start(read_second);
    close(ends[1]);
    close(more_ends[1]);
    sleep(3);
    kill(second, SIGKILL);
    wait_for(first);
}

static pid_t grandchild;

static void wait_for_pauser(void)
{
    waitpid(*(pid_t *)(void *)&grandchild, NULL, 0);
}

static void pause_for_ever(void)
{
    pause();
}

static void start_pauser(void)
{
    grandchild = start(pause_for_ever);
    if (write(ends[1], &grandchild, sizeof(grandchild)) == -1)
        _exit(1);
    wait_for_pauser();
}

static void child_is_ended(void)
{
    pid_t pauser = 0;

    if (pipe(ends) == -1)
        _exit(1);
    pid_t child = start(start_pauser);
    if (read(ends[0], &pauser, sizeof(pauser)) == -1)
        _exit(1);
    sleep(3);
    kill(pauser, SIGKILL);
    wait_for(child);
}

/* ---- a common object ---- */

static void read_byte(void)
{
    char byte;

    if (read(ends[0], &byte, 1) != 1)
        _exit(1);
}

static void write_end(void)
{
    if (pipe(ends) == -1)
        _exit(1);
    pid_t child = start(read_byte);
    sleep(3);
    (void)!write(ends[1], "!", 1);
    wait_for(child);
}

static int set;

static void wait_for_event(void)
{
    struct epoll_event event;

    epoll_wait(set, &event, 1, -1);
}

static void member_is_added(void)
{
    struct epoll_event event = {.events = EPOLLIN};

    set = epoll_create1(0);
    pid_t child = start(wait_for_event);
    sleep(3);
    epoll_ctl(set, EPOLL_CTL_ADD, eventfd(1, 0), &event);
    wait_for(child);
}

/* ---- a descriptor on its way ---- */

union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr head;
};

static struct msghdr message(struct iovec *vector, union control *control)
{
    static char byte;

    *vector = (struct iovec){&byte, 1};
    memset(control, 0, sizeof(*control));
    return (struct msghdr){.msg_iov = vector,
                           .msg_iovlen = 1,
                           .msg_control = control->bytes,
                           .msg_controllen = sizeof(control->bytes)};
}

/* The child reads a pipe that it has alone; a copy of the write end lies in the
 * socket. */
static void send_and_read(void)
{
    struct iovec vector;
    union control control;
    struct msghdr head = message(&vector, &control);
    struct cmsghdr *item = CMSG_FIRSTHDR(&head);

    if (pipe(ends) == -1)
        _exit(1);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(item), &ends[1], sizeof(int));
    if (sendmsg(more_ends[1], &head, 0) != 1)
        _exit(1);
    close(more_ends[0]);
    close(more_ends[1]);
    read_byte();
}

static void sent_descriptor(void)
{
    struct iovec vector;
    union control control;
    struct msghdr head = message(&vector, &control);
    int end;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, more_ends) == -1)
        _exit(1);
    pid_t child = start(send_and_read);
    sleep(3);
    if (recvmsg(more_ends[0], &head, 0) != 1)
        _exit(1);
    struct cmsghdr *first = CMSG_FIRSTHDR(&head);
    if (first == NULL)
        _exit(1);
    memcpy(&end, CMSG_DATA(first), sizeof(int));
    (void)!write(end, "!", 1);
    wait_for(child);
}

/* ---- common memory ---- */

static void *common(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        _exit(1);
    return memory;
}

static pthread_mutex_t *common_lock;

static void lock_common(void)
{
    pthread_mutex_lock(common_lock);
}

/* The mutex is private to each process by its type, but lies in common memory.
 * Nobody wakes the child; but it looks at the word again when it is continued.
 */
static void common_word(void)
{
    common_lock = common();
    pthread_mutex_init(common_lock, NULL);
    pthread_mutex_lock(common_lock);
    pid_t child = start(lock_common);
    sleep(3);
    pthread_mutex_unlock(common_lock);
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    kill(child, SIGCONT);
    wait_for(child);
}

static int wait_in_common(void *unused)
{
    (void)unused;
    sem_wait(&semaphore);
    _exit(0);
}

/* A process with the same memory, and its own number. */
static void same_memory(void)
{
    static char stack[65536] __attribute__((aligned(16)));

    pid_t child =
        clone(wait_in_common, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
    sleep(3);
    sem_post(&semaphore);
    wait_for(child);
}

static const struct mode modes[] = {
    {"handler-unlocks", handler_unlocks},
    {"handler-exits", handler_exits},
    {"handler-posts", handler_posts},
    {"handler-in-thread", handler_in_thread},
    {"ring", ring},
    {"child-is-ended", child_is_ended},
    {"write-end", write_end},
    {"member-is-added", member_is_added},
    {"sent-descriptor", sent_descriptor},
    {"common-word", common_word},
    {"same-memory", same_memory},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}

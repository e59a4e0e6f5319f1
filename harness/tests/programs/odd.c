/* SPDX-License-Identifier: MIT
 *
 * odd MODE [ARG]: processes of the kinds that ps(1) shows beside plain ones. It
 * prints its own number and those of the others when all are as they should be,
 * and closes stdout.
 */
#include "lab.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/un.h>

#define NOBODY 54321

static void sleep_on(void)
{
    for (;;)
        pause();
}

/* "4710 4711\n"; a number of 0 is left out. */
static void tell(pid_t first, pid_t second)
{
    printf("%d", (int)first);
    if (second != 0)
        printf(" %d", (int)second);
    printf("\n");
    fclose(stdout);
}

static pid_t start(void (*work)(void))
{
    pid_t child = fork();

    if (child == -1)
        die("fork");
    if (child == 0) {
        /* Whoever reads what we say waits for the end of the pipe. */
        close(STDOUT_FILENO);
        work();
        _exit(0);
    }
    return child;
}

/* ---- children ---- */

static int ending; /* exit status; -1: by SIGKILL */

static void end(void)
{
    if (ending == -1)
        raise(SIGKILL);
    _exit(ending);
}

static void zombie(const char *how)
{
    siginfo_t ignored;

    ending = strcmp(how, "killed") == 0 ? -1 : atoi(how);
    pid_t child = start(end);
    if (waitid(P_PID, (id_t)child, &ignored, WEXITED | WNOWAIT) == -1)
        die("waitid");
    tell(getpid(), child);
    sleep_on();
}

static void stop(void)
{
    raise(SIGSTOP);
}

static void be_traced(void)
{
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
}

static void stopped(void (*how)(void))
{
    siginfo_t ignored;
    pid_t child = start(how);

    if (waitid(P_PID, (id_t)child, &ignored, WSTOPPED | WNOWAIT) == -1)
        die("waitid");
    tell(getpid(), child);
    sleep_on();
}

static void family(int count)
{
    printf("%d", (int)getpid());
    fflush(stdout);
    for (int i = 0; i < count; i++) {
        printf(" %d", (int)start(sleep_on));
        fflush(stdout);
    }
    printf("\n");
    fclose(stdout);
    sleep_on();
}

/* ---- threads ---- */

static bool first_ends;
static pthread_t first;

static void *tell_and_sleep(void *unused)
{
    if (first_ends)
        pthread_join(first, NULL);
    tell(getpid(), gettid());
    sleep_on();
    return unused;
}

static void two_threads(void)
{
    pthread_t thread;

    first = pthread_self();
    pthread_create(&thread, NULL, tell_and_sleep, NULL);
    if (first_ends)
        pthread_exit(NULL);
    sleep_on();
}

/* ---- one process ---- */

/* The kernel then lets nobody but root look, until it is told otherwise. */
static void be_nobody(bool dumpable)
{
    if (setresgid(NOBODY, NOBODY, NOBODY) == -1 ||
        setresuid(NOBODY, NOBODY, NOBODY) == -1)
        die("setresuid");
    if (prctl(PR_SET_DUMPABLE, dumpable) == -1)
        die("prctl");
    tell(getpid(), 0);
    sleep_on();
}

static void busy(void)
{
    tell(getpid(), 0);
    for (;;)
        __asm__ volatile("" ::: "memory");
}

/* A client of itself. It tells the port, too. */
static void connected(void)
{
    struct sockaddr_in address;
    int listener = listen_here(&address), fd = connect_to(&address);
    char byte;

    if (accept(listener, NULL, NULL) == -1)
        die("accept");
    tell(getpid(), ntohs(address.sin_port));
    (void)!read(fd, &byte, 1);
}

/* The same by an abstract name. */
static void connected_by(const char *text)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    char byte;

    snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "%s", text);
    socklen_t length =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(text));
    if (bind(listener, (struct sockaddr *)&name, length) == -1 ||
        listen(listener, 1) == -1 ||
        connect(fd, (struct sockaddr *)&name, length) == -1 ||
        accept(listener, NULL, NULL) == -1)
        die(text);
    tell(getpid(), 0);
    (void)!read(fd, &byte, 1);
}

/* ---- many of something ---- */

/* Waits for a byte that only it could write, by so many numbers of one pipe. */
static void polls(unsigned count)
{
    struct rlimit most = {count + 100, count + 100};
    struct pollfd *set = calloc(count, sizeof(*set));
    int ends[2];

    if (set == NULL || setrlimit(RLIMIT_NOFILE, &most) == -1 ||
        pipe(ends) == -1)
        die("setrlimit, pipe");
    for (unsigned i = 0; i < count; i++) {
        set[i] = (struct pollfd){.fd = dup(ends[0]), .events = POLLIN};
        if (set[i].fd == -1)
            die("dup");
    }
    tell(getpid(), 0);
    poll(set, count, -1);
    free(set);
}

/* The same, with so many mappings: neighbours with other rights. */
static void maps(unsigned count)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *all =
        mmap(NULL, count * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (all == MAP_FAILED)
        die("mmap");
    for (unsigned i = 0; i < count; i += 2)
        if (mprotect(all + i * page, page, PROT_READ) == -1)
            die("mprotect");
    polls(1);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    const char *more = argc > 2 ? argv[2] : "1";

    first_ends = strcmp(mode, "leader") == 0;
    if (strcmp(mode, "zombie") == 0)
        zombie(more);
    if (strcmp(mode, "stopped") == 0)
        stopped(stop);
    if (strcmp(mode, "traced") == 0)
        stopped(be_traced);
    if (strcmp(mode, "reaped") == 0)
        signal(SIGCHLD, SIG_IGN);
    if (strcmp(mode, "family") == 0 || strcmp(mode, "reaped") == 0)
        family(atoi(more));
    if (strcmp(mode, "thread") == 0 || first_ends)
        two_threads();
    if (strcmp(mode, "undumpable") == 0 || strcmp(mode, "user") == 0)
        be_nobody(strcmp(mode, "user") == 0);
    if (strcmp(mode, "busy") == 0)
        busy();
    if (strcmp(mode, "polls") == 0)
        polls((unsigned)atoi(more));
    if (strcmp(mode, "maps") == 0)
        maps((unsigned)atoi(more));
    if (strcmp(mode, "connected") == 0)
        connected();
    if (strcmp(mode, "connected-by") == 0)
        connected_by(more);
    return 2;
}

/* SPDX-License-Identifier: MIT
 *
 * many KIND N: much to look at. The time limits of a run must hold with it.
 *
 *   descriptors N   N children, each with all the descriptors that it may have,
 *                   read from a pipe of which they have the other end
 *   threads N       N threads wait for a mutex that nobody unlocks
 *   polls N         N threads poll all the descriptors that one may have
 *   chain N         a process makes another one and ends, and so on, for ever:
 *                   N chains
 *   live-descriptors N   as descriptors, beside a parent that sleeps in turns
 */
#include "lab.h"

#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>

static int ends[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void read_for_ever(void)
{
    char byte;

    (void)!read(ends[0], &byte, 1);
}

static void many_descriptors(int count, bool live)
{
    for (int i = 0; i < count; i++)
        if (fork() == 0) {
            while (dup(ends[0]) != -1)
                ;
            read_for_ever();
            _exit(0);
        }
    /* NOLINTNEXTLINE(bugprone-infinite-loop): it lives until it is ended */
    while (live)
        usleep(20000);
    waitpid(-1, NULL, 0);
}

static void *take_lock(void *unused)
{
    pthread_mutex_lock(&lock);
    return unused;
}

static void *poll_all(void *unused)
{
    static struct pollfd set[1 << 16];
    int count = 0;

    for (int fd = ends[0]; fd < 1 << 16 && fcntl(fd, F_GETFD) != -1; fd++)
        if (fd != ends[1])
            set[count++] = (struct pollfd){fd, POLLIN, 0};
    poll(set, (nfds_t)count, -1);
    return unused;
}

static void many_threads(int count, void *(*what)(void *))
{
    pthread_attr_t small;
    pthread_t thread;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < count; i++)
        if (pthread_create(&thread, &small, what, NULL) != 0)
            say("only %d threads", i);
    what(NULL);
}

static void chains(int count)
{
    for (int i = 0; i < count; i++)
        if (fork() == 0)
            while (fork() == 0)
                ;
}

int main(int argc, char **argv)
{
    int count = argc > 2 ? atoi(argv[2]) : 0;
    const char *kind = argc > 1 ? argv[1] : "";

    if (pipe(ends) == -1)
        die("pipe");
    if (strcmp(kind, "descriptors") == 0)
        many_descriptors(count, false);
    else if (strcmp(kind, "live-descriptors") == 0)
        many_descriptors(count, true);
    else if (strcmp(kind, "threads") == 0) {
        pthread_mutex_lock(&lock);
        many_threads(count, take_lock);
    } else if (strcmp(kind, "polls") == 0) {
        while (dup(ends[0]) != -1)
            ;
        many_threads(count, poll_all);
    } else if (strcmp(kind, "chain") == 0)
        chains(count);
    return 0;
}

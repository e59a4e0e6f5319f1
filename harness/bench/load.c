/* SPDX-License-Identifier: MIT
 *
 * load: the programs that `make bench` measures.
 *
 *   stuck N   N threads wait for the mutex of main, which joins the first
 *   ring N    N threads, each with a mutex, wait for the next one's
 *   one N     N threads, one of which computes while the others wait
 *   alive N   N threads that sleep for 5 ms again and again
 *   tree N    N children, each waits for a mutex that was locked at fork(2)
 *   family N  N children that sleep for 5 ms again and again
 *   turns N   a byte goes N times to a child and back, through pipes
 *   kill N, fork N, thread N      as many calls, one after the other
 *   lines N   N writes of 100 bytes; bytes N: N MiB in writes of 64 KiB
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static long count;
static char mode;
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER, *ring;
static pthread_barrier_t all_here;

static void compute(void)
{
    for (volatile unsigned long i = 0;; i++)
        ;
}

static void sleep_on(void)
{
    for (;;)
        usleep(5000);
}

static void *work(void *argument)
{
    long mine = (long)argument;

    if (mode == 'r') {
        pthread_mutex_lock(&ring[mine]);
        pthread_barrier_wait(&all_here);
        pthread_mutex_lock(&ring[(mine + 1) % count]);
    } else if (mode == 'a') {
        sleep_on();
    } else if (mode == 'o' && mine == 0) {
        compute();
    } else {
        pthread_mutex_lock(&held);
    }
    return NULL;
}

static int run_threads(void)
{
    pthread_attr_t attributes;
    pthread_t first = 0, thread;

    ring = calloc((size_t)count, sizeof(*ring));
    pthread_barrier_init(&all_here, NULL, (unsigned)count);
    pthread_mutex_lock(&held);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    for (long i = 0; i < count; i++) {
        if (pthread_create(&thread, &attributes, work, (void *)i) != 0)
            return 9;
        if (i == 0)
            first = thread;
    }
    return pthread_join(first, NULL);
}

static int run_processes(void)
{
    pthread_mutex_lock(&held);
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == -1)
            return 9;
        if (child == 0 && mode == 'f')
            sleep_on();
        if (child == 0)
            _exit(pthread_mutex_lock(&held));
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}

static int turns(void)
{
    int there[2], back[2];
    char byte = 0;

    if (pipe(there) == -1 || pipe(back) == -1)
        return 9;
    if (fork() == 0) {
        for (long i = 0; i < count; i++)
            if (read(there[0], &byte, 1) != 1 || write(back[1], &byte, 1) != 1)
                _exit(9);
        _exit(0);
    }
    for (long i = 0; i < count; i++)
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
            return 9;
    return wait(NULL) == -1;
}

static void *nothing(void *argument)
{
    return argument;
}

static int calls(const char *what)
{
    pthread_t thread;

    for (long i = 0; i < count; i++) {
        pid_t child = strcmp(what, "fork") == 0 ? fork() : -1;
        if (child == 0)
            _exit(0);
        if (child > 0)
            waitpid(child, NULL, 0);
        else if (strcmp(what, "thread") != 0)
            raise(SIGURG);
        else if (pthread_create(&thread, NULL, nothing, NULL) != 0 ||
                 pthread_join(thread, NULL) != 0)
            return 9;
    }
    return 0;
}

static int output(size_t size, long times)
{
    static char text[65536];

    memset(text, 'x', sizeof(text));
    text[size - 1] = '\n';
    for (long i = 0; i < times; i++)
        if (write(STDOUT_FILENO, text, size) != (ssize_t)size)
            return 9;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const char *what = argv[1];
    count = atol(argv[2]);
    mode = what[0];
    if (strcmp(what, "tree") == 0 || strcmp(what, "family") == 0)
        return run_processes();
    if (strcmp(what, "turns") == 0)
        return turns();
    if (strcmp(what, "lines") == 0)
        return output(100, count);
    if (strcmp(what, "bytes") == 0)
        return output(65536, count * 16);
    if (strcmp(what, "kill") == 0 || strcmp(what, "fork") == 0 ||
        strcmp(what, "thread") == 0)
        return calls(what);
    return run_threads();
}

/* SPDX-License-Identifier: MIT
 *
 * fork-in-thread: forks in its second thread, and lets that thread's function
 * return in the child. With an argument: forks in main(), and the child waits
 * for the thread that was not copied, by pthread_join().
 */
#include "lab.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>

static pid_t parent;

static void at_exit(void)
{
    if (getpid() != parent)
        show("child: an exit handler runs");
}

static void *fork_here(void *unused)
{
    int status;
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0) {
        show("child: main thread is %d", gettid() == getpid());
        return unused;
    }
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    show("parent: main thread is %d, child's status %d", gettid() == getpid(),
         status);
    return unused;
}

static void *stay(void *unused)
{
    pause();
    return unused;
}

static void join_in_child(pthread_t thread)
{
    pid_t pid = fork();

    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("child");
        show("child: pthread_join returns %d", pthread_join(thread, NULL));
        _exit(42);
    }
    if (waitpid(pid, NULL, 0) == -1)
        die("waitpid");
}

int main(int argc, char **argv LAB_UNUSED)
{
    pthread_t thread;
    bool join = argc > 1;

    parent = getpid();
    if (atexit(at_exit) != 0 ||
        pthread_create(&thread, NULL, join ? stay : fork_here, &parent) != 0)
        die("pthread_create");
    if (join)
        join_in_child(thread);
    else
        pthread_join(thread, NULL);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * part-stuck: a child waits for a mutex that it has locked itself, while its
 * parent sleeps again and again; with an argument, the parent kills the child
 * after so many milliseconds, and ends.
 */
#include "lab.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    int left = argc > 1 ? atoi(argv[1]) : 0;

    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        pthread_mutex_lock(&lock);
        pthread_mutex_lock(&lock);
    }
    do
        usleep(5000);
    while (argc == 1 || (left -= 5) > 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * mutex-orphaned: a thread holds a mutex while another one forks; the child
 * has the locked mutex, but not the thread. The parent waits for the child.
 */
#include "lab.h"

#include <pthread.h>
#include <sys/wait.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct event locked, waited;

static void *holder(void *unused)
{
    pthread_mutex_lock(&lock);
    event_announce(&locked);
    event_wait(&waited);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t thread;

    event_make(&locked);
    event_make(&waited);
    if (pthread_create(&thread, NULL, holder, NULL) != 0)
        die("pthread_create");
    event_wait(&locked);
    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        pthread_mutex_lock(&lock);
        _exit(42);
    }
    waitpid(child, NULL, 0);
    event_announce(&waited);
    pthread_join(thread, NULL);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * A 64-bit program whose thread has its stack below 4 GiB. It waits in poll(2),
 * whose number is that of waitpid(2) for i386.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>

#include "say.h"

#define SIZE 262144

static void *wait_long(void *unused)
{
    (void)unused;
    poll(NULL, 0, -1);
    return NULL;
}

int main(void)
{
    pthread_attr_t low;
    pthread_t thread;
    void *stack = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

    pthread_attr_init(&low);
    if (stack == MAP_FAILED || pthread_attr_setstack(&low, stack, SIZE) != 0 ||
        pthread_create(&thread, &low, wait_long, NULL) != 0)
        return 1;
    printf("PIDS %d %d\n", (int)getpid(), (int)getpid());
    fflush(stdout);
    return pthread_join(thread, NULL);
}

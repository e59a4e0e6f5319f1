/* SPDX-License-Identifier: MIT
 *
 * The threads of a pool were not copied: nothing comes into the queue.
 */
#include "say.h"
#include <glib.h>

static GAsyncQueue *results;

static void work(gpointer data, gpointer unused)
{
    (void)unused;
    g_async_queue_push(results, data);
}

int main(void)
{
    results = g_async_queue_new();
    GThreadPool *pool = g_thread_pool_new(work, NULL, 2, TRUE, NULL);
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        g_thread_pool_push(pool, "job", NULL);
        g_async_queue_pop(results);
        _exit(0);
    }
    return say_and_wait(child);
}

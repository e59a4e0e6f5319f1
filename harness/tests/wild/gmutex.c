/* SPDX-License-Identifier: MIT
 *
 * A thread holds a GMutex when main forks.
 */
#include "say.h"
#include <glib.h>

static GMutex table;

static gpointer hold(gpointer unused)
{
    g_mutex_lock(&table);
    sleep(1000);
    return unused;
}

int main(void)
{
    g_thread_new("holder", hold, NULL);
    usleep(300000);
    pid_t child = fork();
    if (child == 0) {
        g_mutex_lock(&table);
        _exit(0);
    }
    return say_and_wait(child);
}

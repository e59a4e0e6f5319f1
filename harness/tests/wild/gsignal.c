/* SPDX-License-Identifier: MIT
 *
 * HEALTHY: a main loop that waits for SIGHUP.
 */
#include "say.h"
#include <glib-unix.h>

static gboolean reload(gpointer unused)
{
    (void)unused;
    return TRUE;
}

int main(void)
{
    g_unix_signal_add(SIGHUP, reload, NULL);
    printf("PIDS %d %d\n", (int)getpid(), (int)getpid());
    fflush(stdout);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}

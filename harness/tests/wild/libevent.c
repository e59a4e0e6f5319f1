/* SPDX-License-Identifier: MIT
 *
 * HEALTHY: libevent waits for SIGHUP.
 */
#include "say.h"
#include <event2/event.h>
#include <signal.h>

static void reload(int number, short what, void *unused)
{
    (void)number, (void)what, (void)unused;
}

int main(void)
{
    struct event_base *base = event_base_new();
    event_add(evsignal_new(base, SIGHUP, reload, NULL), NULL);
    printf("PIDS %d %d\n", (int)getpid(), (int)getpid());
    fflush(stdout);
    return event_base_dispatch(base);
}

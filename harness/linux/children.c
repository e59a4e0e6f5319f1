/* SPDX-License-Identifier: MIT
 *
 * children: see children.h.
 */
#define _GNU_SOURCE
#include "linux/children.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/pidfd.h"

/* So often is looked where the kernel has no descriptors of processes. */
#define LOOK_NS 10000000

void children_begin(sigset_t *before)
{
    sigset_t held;

    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigprocmask(SIG_BLOCK, &held, before);
}

void children_end(const sigset_t *before)
{
    sigprocmask(SIG_SETMASK, before, NULL);
}

void children_wait(const pid_t *children, size_t count, const sigset_t *before)
{
    struct pollfd *ends = xcalloc(count, sizeof(*ends));
    const struct timespec look = {.tv_nsec = LOOK_NS};
    bool all = true;

    for (size_t i = 0; i < count; i++) {
        ends[i] = (struct pollfd){.fd = children[i] ? pidfd(children[i]) : -1,
                                  .events = POLLIN};
        all = all && (children[i] == 0 || ends[i].fd != -1);
    }
    ppoll(ends, count, all ? NULL : &look, before);
    for (size_t i = 0; i < count; i++)
        if (ends[i].fd != -1)
            close(ends[i].fd);
    free(ends);
}

/* SPDX-License-Identifier: MIT
 *
 * outside: what somebody outside may send, see explorer.h.
 *
 * A signal is the one thing that no cage keeps out: who may kill(2) a process
 * sees it in the namespaces above. The page says so ("unless somebody outside
 * signals it"). Where the tree has no PID namespace of its own, the numbers
 * that it writes into a pid file are everybody's: there, a thread that a signal
 * could wake is not proved stuck.
 */
#define _GNU_SOURCE
#include <signal.h>

#include "linux/syscalls.h"
#include "proof/explorer.h"

#define BIT(number) (1ULL << ((number)-1))

/* The C library's own: for thread cancellation and setuid(2). */
#define LIBRARY_SIGNALS (BIT(32) | BIT(33))

/* The processor's, for a fault. Nobody sends these to make a program go on. */
#define FAULTS (BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL))

/* The signals for which the process has a handler that can run: at least one of
 * its threads does not block them. */
static uint64_t caught_by(const struct snapshot *shot, size_t index)
{
    const struct process_shot *process = &shot->process[index];
    uint64_t blocked = ~0ULL;

    for (size_t i = 0; i < process->thread_count; i++)
        blocked &= shot->thread[process->first_thread + i].blocked;
    return process->caught & ~blocked & ~LIBRARY_SIGNALS;
}

/* Does the thread take a signal itself, by sigwait(3) or signalfd(2)? */
static bool takes_signals(const struct snapshot *shot,
                          const struct thread_shot *thread)
{
    if (thread->wait == WAIT_SIGNAL && thread->call == SYS_rt_sigtimedwait)
        return true;
    for (size_t i = 0; i < thread->fd_count; i++)
        if (shot->objects[shot->waited_on[thread->first_fd + i].object].kind ==
            OBJECT_SIGNALFD)
            return true;
    return false;
}

void see_signals(struct explorer *x)
{
    struct snapshot *shot = x->shot;

    for (size_t i = 0; i < shot->thread_count; i++) {
        struct thread_shot *thread = &shot->thread[i];
        uint64_t caught = caught_by(shot, thread->process) & ~FAULTS;
        bool takes = takes_signals(shot, thread);
        thread->heeds_signals = caught != 0 || takes;
        /* Who has always been alone, has a handler and waits for nothing but a
         * signal can only mean one from outside. */
        thread->signalled =
            (x->known->signals_outside && thread->heeds_signals) ||
            (x->known->open_world && takes) ||
            (x->known->alone && thread->wait == WAIT_SIGNAL && caught != 0 &&
             !takes);
    }
}

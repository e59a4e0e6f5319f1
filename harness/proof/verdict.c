/* SPDX-License-Identifier: MIT
 *
 * verdict: the proof, see verdict.h.
 *
 * What counts as help, so that nothing is proved, and where that is decided:
 *
 *   it runs, or is ready to run                  calls.c  WAIT_NOTHING
 *   it sleeps until a time                       calls.c  WAIT_TIME
 *   uninterruptible (state D), unknown calls,
 *     io_uring_enter, restarted calls            calls.c  WAIT_KERNEL
 *   a 32-bit program: other call numbers         calls.c  WAIT_KERNEL
 *   stopped, or traced                           self_help(): WAIT_STOPPED,
 *                                                WAIT_TRACED
 *   a signal is pending                          signal_help()
 *   alarm clock, POSIX timer                     process_help(), background.c
 *   ... an alarm clock that may be set, unheard  outside_help()
 *   io_uring, aio with eventfd, O_ASYNC          process_help(), background.c
 *   a ring without a descriptor                  conclude(): unreadable
 *   dnotify, leases (the witness tells)          conclude(): unreadable
 *   a call that is hidden, too many processes    conclude(): unreadable
 *   a stale member of an epoll set               waited_on.c: open to world
 *   socket that has or had a time limit          object_help()
 *   TCP: data is under way, or it may give up    object_help(): armed
 *   connects by TCP: that gives up               connecting.c WAIT_TIME
 *   terminal, device, file, inotify, UDP         object_help(): kind
 *   the other end is outside of the tree         object_help(): open to world
 *   a descriptor was passed to somebody outside  object_help(): open to world
 *   a named pipe that others can open            object_help(): open to world
 *   a file lock whose holder is outside          object_help(): open to world
 *   a futex word in a file that others can map   self_help(): REACH_WORLD
 *   message queues that others can reach         self_help(): WAIT_IPC
 *   a signal from outside (we did not start it)  self_help(): WAIT_SIGNAL
 *   ... that a handler catches                   outside_help()
 *   ... or in plain mode                         outside.c: signalled
 *   a client may come from outside               WAIT_CLIENT: idle, not stuck
 *
 * And of a part of the tree, process_is_stuck_for_good(): a handler for a
 * signal that another thread may send, memory shared with another process, any
 * wait but for a private futex.
 */
#include "proof/verdict.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "proof/calls.h"

static const char CLIENT[] = "a client may come";
static const char STOPPED[] = "somebody may continue it (SIGCONT)";
static const char CAUGHT[] = "a signal that it catches may wake it";
static const char FATAL[] = "a SIGALRM, if one is set, would end it";

/* ---- help: what wakes a thread without any other thread of the tree ---- */

static const char *object_help(const struct snapshot *shot,
                               const struct thread_shot *thread,
                               const struct object *object)
{
    bool socket = object->kind == OBJECT_UNIX || object->kind == OBJECT_TCP ||
                  object->kind == OBJECT_LISTENER;

    if (object->kind == OBJECT_UNKNOWN)
        return "something outside may happen on its descriptor";
    if (object->kind == OBJECT_FILE && thread->wait != WAIT_LOCK)
        return "the file may become ready";
    if (object->open_to_world)
        return thread->wait == WAIT_LOCK
                   ? "the lock's holder is outside"
                   : "somebody outside may have the other end";
    if (object->kind == OBJECT_TIMERFD && object->armed)
        return "its timerfd will fire";
    if (object->kind == OBJECT_TCP && object->armed)
        return "data is under way";
    if (socket && (shot->timeouts || object->timed))
        return "a socket may have a time limit";
    return NULL;
}

static const char *objects_help(const struct snapshot *shot,
                                const struct thread_shot *thread)
{
    const char *help = NULL;

    for (size_t i = 0; help == NULL && i < thread->fd_count; i++)
        help = object_help(
            shot, thread,
            &shot->objects[shot->waited_on[thread->first_fd + i].object]);
    return help;
}

static const char *process_help(const struct process_shot *process)
{
    if (process->alarmed)
        return "an alarm clock may ring";
    if (process->timers)
        return "it has a timer";
    if (process->async)
        return "the kernel works for it in the background";
    return NULL;
}

/* A pending signal that is not blocked ends any wait; sigwait(3) and
 * signalfd(2) also take one that is blocked. */
static const char *signal_help(const struct snapshot *shot,
                               const struct thread_shot *thread)
{
    uint64_t pending =
        thread->pending | shot->process[thread->process].shared_pending;

    if (thread->wait != WAIT_SIGNAL && thread->wait != WAIT_FDS)
        pending &= ~thread->blocked;
    return pending ? "a signal is on its way" : NULL;
}

/* The C library's own signals, for thread cancellation and setuid(2): a program
 * cannot catch them, and the library's handlers ignore those that come from
 * another process. */
#define SIGNAL_BIT(number) (1ULL << ((number)-1))
#define LIBRARY_SIGNALS (SIGNAL_BIT(32) | SIGNAL_BIT(33))

/* Does the process have a handler for a signal that at least one of its threads
 * does not block? What the handler does is unknown: it may unlock, post, exit
 * or jump, and the wait may end with EINTR. kill(2) can send any signal, also
 * SIGCHLD and SIGSEGV. */
static bool catches_a_signal(const struct snapshot *shot, size_t index)
{
    const struct process_shot *process = &shot->process[index];
    uint64_t blocked = ~0ULL;

    for (size_t i = 0; i < process->thread_count; i++)
        blocked &= shot->thread[process->first_thread + i].blocked;
    return (process->caught & ~blocked & ~LIBRARY_SIGNALS) != 0;
}

/* What a process that we did not start may get from outside, or may have set
 * before. */
static const char *outside_help(const struct snapshot *shot, size_t process)
{
    if (shot->open_world && catches_a_signal(shot, process))
        return CAUGHT;
    return shot->process[process].alarm_ends_it ? FATAL : NULL;
}

/* What will or may wake the thread, or NULL if it takes another thread. */
static const char *self_help(const struct snapshot *shot,
                             const struct thread_shot *thread)
{
    const char *help = signal_help(shot, thread);

    switch (thread->wait) {
    case WAIT_NOTHING:
        return "it runs";
    case WAIT_TIME:
        return "it sleeps until a time";
    case WAIT_KERNEL:
        return "it is in the kernel's hands";
    case WAIT_STOPPED:
        return STOPPED;
    case WAIT_TRACED:
        return "its tracer may continue it";
    case WAIT_FUTEX:
        if (thread->reach == REACH_WORLD)
            help = "a process outside may map its lock";
        break;
    case WAIT_IPC:
        if (!shot->private_ipc)
            help = "a process outside may reach its queue";
        break;
    case WAIT_SIGNAL:
        if (shot->open_world)
            help = "somebody may send it a signal";
        break;
    case WAIT_CLIENT:
    case WAIT_FDS:
    case WAIT_LOCK:
        if (help == NULL)
            help = objects_help(shot, thread);
        if (help == NULL && thread->wait == WAIT_CLIENT)
            help = CLIENT;
        break;
    default:
        break;
    }
    const char *timer = process_help(&shot->process[thread->process]);
    if (timer && (help == NULL || help == CLIENT))
        return timer;
    if (help == NULL && thread->signalled)
        return CAUGHT;
    return help ? help : outside_help(shot, thread->process);
}

/* ---- the verdict ---- */

static bool waits_on_flight(const struct snapshot *shot,
                            const struct thread_shot *thread)
{
    for (size_t i = 0; i < thread->fd_count; i++)
        if (shot->objects[shot->waited_on[thread->first_fd + i].object]
                .in_flight)
            return true;
    return false;
}

/* Theorem 2 of verdict.h. The kernel finds the owner of a priority inheritance
 * futex by the thread number in its word, in whatever process that is, and
 * wakes the waiter when the owner ends: such a wait is excluded. */
static bool process_is_stuck_for_good(const struct snapshot *shot,
                                      const struct diagnosis *d, size_t index)
{
    const struct process_shot *process = &shot->process[index];

    if (process->shares_memory || catches_a_signal(shot, index))
        return false;
    for (size_t i = 0; i < process->thread_count; i++) {
        size_t at = process->first_thread + i;
        if (d->help[at] != NULL || shot->thread[at].wait != WAIT_FUTEX ||
            shot->thread[at].reach != REACH_PROCESS ||
            call_by_owner(&shot->thread[at]))
            return false;
    }
    return process->thread_count > 0;
}

static void find_stuck_for_good(const struct snapshot *shot,
                                struct diagnosis *d)
{
    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *process = &shot->process[i];
        if (!process_is_stuck_for_good(shot, d, i))
            continue;
        for (size_t k = 0; k < process->thread_count; k++)
            d->stuck_for_good[process->first_thread + k] = true;
        d->stuck_for_good_count += process->thread_count;
    }
}

bool autopsy_confirm_stuck(const struct snapshot *shot,
                           const struct snapshot *again, struct diagnosis *d)
{
    d->stuck_for_good_count = 0;
    for (size_t i = 0; i < d->thread_count; i++) {
        pid_t pid = shot->process[shot->thread[i].process].pid;
        d->stuck_for_good[i] =
            d->stuck_for_good[i] && snapshot_same_process(shot, again, pid);
        d->stuck_for_good_count += d->stuck_for_good[i];
    }
    return d->stuck_for_good_count > 0;
}

/* Theorem 1 of verdict.h, and the conditions that come close to it: CLIENT,
 * STOPPED, CAUGHT and FATAL are help of a kind that has a name. */
static enum condition conclude(const struct snapshot *shot,
                               const struct diagnosis *d)
{
    bool client = false, stopped = false, outside = false;

    if (shot->thread_count == 0)
        return CONDITION_ENDED;
    if (shot->unreadable)
        return CONDITION_ALIVE;
    for (size_t i = 0; i < d->thread_count; i++) {
        if (d->help[i] == CLIENT)
            client = true;
        else if (d->help[i] == STOPPED)
            stopped = true;
        else if (d->help[i] == CAUGHT || d->help[i] == FATAL)
            outside = true;
        else if (d->help[i] != NULL)
            return CONDITION_ALIVE;
    }
    return stopped   ? CONDITION_STOPPED
           : client  ? CONDITION_IDLE
           : outside ? CONDITION_ALIVE
                     : CONDITION_STUCK;
}

void autopsy_judge(const struct snapshot *shot, struct diagnosis *d)
{
    size_t count = shot->thread_count;

    *d = (struct diagnosis){.thread_count = count,
                            .stuck_for_good = xcalloc(count + 1, sizeof(bool)),
                            .help = xcalloc(count + 1, sizeof(char *))};
    for (size_t i = 0; i < count; i++) {
        d->help[i] = self_help(shot, &shot->thread[i]);
        d->in_flight |= waits_on_flight(shot, &shot->thread[i]);
    }
    d->condition = conclude(shot, d);
    if (!shot->unreadable)
        find_stuck_for_good(shot, d);
}

void diagnosis_free(struct diagnosis *d)
{
    free(d->stuck_for_good);
    free(d->help);
    *d = (struct diagnosis){0};
}

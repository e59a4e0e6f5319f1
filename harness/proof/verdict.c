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
 *   ... open there as well as in the tree        outsiders.c: open to world
 *   somebody outside has the same memory         process_help()
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
 *   a descriptor number that was closed, or used
 *     again, while the thread may have slept    waited_on.c: open to world
 *   poll and select sets that others may have
 *     rewritten                                 waited_on.c: open to world
 *
 * And of a part of the tree while somebody lives, wait_is_exposed(): a handler
 * for a signal, memory that another process shares, an object that another one
 * has, a lock or an end of another one; a live process that may reach into
 * others (ptrace ...), spread().
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
    if (process->memory_outside)
        return "another process runs in its memory";
    return NULL;
}

static bool waits_on_signalfd(const struct snapshot *shot,
                              const struct thread_shot *thread)
{
    bool found = false;

    for (size_t i = 0; !found && i < thread->fd_count; i++)
        found =
            shot->objects[shot->waited_on[thread->first_fd + i].object].kind ==
            OBJECT_SIGNALFD;
    return found;
}

/* A pending signal that is not blocked ends any wait; signalfd(2) also takes
 * one that is blocked. While a thread is in sigwait(3), the signals that it
 * waits for are not among those that /proc shows as blocked. */
static const char *signal_help(const struct snapshot *shot,
                               const struct thread_shot *thread)
{
    uint64_t pending =
        thread->pending | shot->process[thread->process].shared_pending;

    if (!waits_on_signalfd(shot, thread))
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
uint64_t autopsy_handled(const struct snapshot *shot, size_t index)
{
    const struct process_shot *process = &shot->process[index];
    uint64_t blocked = ~0ULL;

    for (size_t i = 0; i < process->thread_count; i++)
        blocked &= shot->thread[process->first_thread + i].blocked;
    return process->caught & ~blocked & ~LIBRARY_SIGNALS;
}

static bool catches_a_signal(const struct snapshot *shot, size_t index)
{
    return autopsy_handled(shot, index) != 0;
}

bool autopsy_help_is_signal(const char *help)
{
    return help == CAUGHT || help == FATAL;
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
        if (!shot->private_ipc || thread->reach == REACH_WORLD)
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

/* ---- edges: who else may end a wait ---- */

/* Does a process other than this one have the object open, or its other end? */
static bool held_elsewhere(const struct snapshot *shot, size_t object,
                           size_t process)
{
    for (size_t i = 0; i < shot->holding_count; i++)
        if (shot->holdings[i].object == object &&
            shot->holdings[i].process != process)
            return true;
    return false;
}

/* A process that has the other end may use it, and one that ends its holder
 * closes it. A named pipe can be opened by its name; a signalfd is for signals.
 */
static bool object_is_exposed(const struct snapshot *shot, size_t process,
                              size_t index)
{
    const struct object *object = &shot->objects[index];

    return object->kind == OBJECT_FIFO || object->kind == OBJECT_SIGNALFD ||
           object->kind == OBJECT_PIDFD || held_elsewhere(shot, index, process);
}

static bool objects_are_exposed(const struct snapshot *shot,
                                const struct thread_shot *thread)
{
    bool exposed = thread->by_set || thread->by_former || shot->fds_in_flight;

    for (size_t i = 0; !exposed && i < thread->fd_count; i++)
        exposed =
            object_is_exposed(shot, thread->process,
                              shot->waited_on[thread->first_fd + i].object);
    return exposed;
}

/* May any process that lives end this wait, because of what the thread waits
 * for? It may send signals, SIGKILL too: to a child that is waited for, to the
 * owner of a lock, to the holder of the other end. Of futexes, only a word
 * that no other process can reach is left. The kernel finds the owner of a
 * priority inheritance futex by the thread number in its word, in whatever
 * process that is. */
static bool wait_is_exposed(const struct snapshot *shot,
                            const struct thread_shot *thread)
{
    const struct process_shot *process = &shot->process[thread->process];

    switch (thread->wait) {
    case WAIT_FUTEX:
        return thread->reach != REACH_PROCESS || thread->word_shared ||
               call_by_owner(thread);
    case WAIT_FDS:
        return objects_are_exposed(shot, thread);
    case WAIT_LOCK:
        return thread->locker != process->pid ||
               objects_are_exposed(shot, thread);
    default:
        return true;
    }
}

/* May any process that lives end a wait of this one? */
static bool process_is_exposed(const struct snapshot *shot, size_t index)
{
    const struct process_shot *process = &shot->process[index];
    bool exposed = !shot->part_explored || process->shares_memory ||
                   catches_a_signal(shot, index);

    for (size_t i = 0; !exposed && i < process->thread_count; i++)
        exposed =
            wait_is_exposed(shot, &shot->thread[process->first_thread + i]);
    return exposed;
}

/* ---- the least fixpoint ---- */

/* Makes a process live, with all of its threads: any of them may do whatever
 * ends the wait of another one. */
static void make_live(const struct snapshot *shot, struct diagnosis *d,
                      size_t index)
{
    const struct process_shot *process = &shot->process[index];

    for (size_t i = 0; i < process->thread_count; i++)
        d->live[process->first_thread + i] = true;
}

static bool has_help(const struct snapshot *shot, const struct diagnosis *d,
                     size_t index)
{
    const struct process_shot *process = &shot->process[index];

    for (size_t i = 0; i < process->thread_count; i++)
        if (d->help[process->first_thread + i] != NULL)
            return true;
    return false;
}

static bool is_live(const struct snapshot *shot, const struct diagnosis *d,
                    size_t index)
{
    const struct process_shot *process = &shot->process[index];

    return process->thread_count > 0 && d->live[process->first_thread];
}

/* One round over all processes: who can be woken by what lives so far? Returns
 * whether there is anybody new. An edge from one process to another depends on
 * the one that is woken (exposed), or on the one that wakes (reaches): so it is
 * enough to know whether anybody lives, and whether anybody who lives reaches.
 */
static bool spread(const struct snapshot *shot, struct diagnosis *d)
{
    bool lives = false, reaches = false, more = false;

    for (size_t i = 0; i < shot->process_count; i++)
        if (is_live(shot, d, i)) {
            lives = true;
            reaches |= shot->process[i].reaches;
        }
    for (size_t i = 0; lives && i < shot->process_count; i++)
        if (shot->process[i].thread_count > 0 && !is_live(shot, d, i) &&
            (reaches || process_is_exposed(shot, i))) {
            make_live(shot, d, i);
            more = true;
        }
    return more;
}

/* The theorem of verdict.h. */
static void find_live(const struct snapshot *shot, struct diagnosis *d)
{
    for (size_t i = 0; i < shot->process_count; i++)
        if (shot->unreadable || has_help(shot, d, i))
            make_live(shot, d, i);
    while (spread(shot, d))
        continue;
    for (size_t i = 0; i < d->thread_count; i++) {
        d->stuck_for_good[i] = !d->live[i];
        d->stuck_for_good_count += !d->live[i];
    }
}

bool autopsy_confirm_stuck(const struct snapshot *shot,
                           const struct snapshot *again, struct diagnosis *d)
{
    bool same = true;

    for (size_t i = 0; same && i < shot->process_count; i++)
        same = shot->process[i].thread_count == 0 || is_live(shot, d, i) ||
               snapshot_same_process(shot, again, shot->process[i].pid);
    for (size_t i = 0; !same && i < d->thread_count; i++)
        d->stuck_for_good[i] = false;
    if (!same)
        d->stuck_for_good_count = 0;
    return d->stuck_for_good_count > 0;
}

/* What the fixpoint is called. If somebody lives, it may be for a reason that
 * has a name: all of the seeds are CLIENT, STOPPED, CAUGHT or FATAL. */
static enum condition conclude(const struct snapshot *shot,
                               const struct diagnosis *d)
{
    bool client = false, stopped = false;

    if (shot->thread_count == 0)
        return CONDITION_ENDED;
    if (d->stuck_for_good_count == d->thread_count)
        return CONDITION_STUCK;
    if (shot->unreadable)
        return CONDITION_ALIVE;
    for (size_t i = 0; i < d->thread_count; i++) {
        if (shot->process[shot->thread[i].process].unasked)
            continue;
        if (d->help[i] == CLIENT)
            client = true;
        else if (d->help[i] == STOPPED)
            stopped = true;
        else if (d->help[i] != NULL && d->help[i] != CAUGHT &&
                 d->help[i] != FATAL)
            return CONDITION_ALIVE;
    }
    return stopped  ? CONDITION_STOPPED
           : client ? CONDITION_IDLE
                    : CONDITION_ALIVE;
}

void autopsy_judge(const struct snapshot *shot, struct diagnosis *d)
{
    size_t count = shot->thread_count;

    *d = (struct diagnosis){.thread_count = count,
                            .live = xcalloc(count + 1, sizeof(bool)),
                            .stuck_for_good = xcalloc(count + 1, sizeof(bool)),
                            .help = xcalloc(count + 1, sizeof(char *))};
    for (size_t i = 0; i < count; i++) {
        d->help[i] = self_help(shot, &shot->thread[i]);
        d->in_flight |= waits_on_flight(shot, &shot->thread[i]);
    }
    find_live(shot, d);
    d->condition = conclude(shot, d);
}

void diagnosis_free(struct diagnosis *d)
{
    free(d->live);
    free(d->stuck_for_good);
    free(d->help);
    *d = (struct diagnosis){0};
}

/* SPDX-License-Identifier: MIT
 *
 * sentence: see sentence.h.
 */
#define _GNU_SOURCE
#include "autopsy/sentence.h"

#include <stdlib.h>
#include <string.h>

#include "base/tongue.h"
#include "linux/syscalls.h"

/* What a sentence is made from. */
struct subject {
    const struct snapshot *shot;
    const struct report *report;
    const struct thread_shot *thread;
    const struct thread_report *seen;
    const char *role;
};

static const char *role_of(const struct subject *s, size_t process)
{
    const struct process_report *report =
        report_process(s->report, s->shot->process[process].pid);

    return report ? report->role : tr("a process");
}

/* The role of the owner, a thread of another process. */
static const char *role_of_owner(const struct subject *s)
{
    const struct process_shot *holder =
        snapshot_process(s->shot, s->thread->locker);
    const struct thread_shot *owner = snapshot_thread_by_nspid(
        s->shot, &s->shot->process[s->thread->process], s->seen->owner);

    if (s->thread->wait == WAIT_LOCK)
        return holder ? role_of(s, (size_t)(holder - s->shot->process))
                      : tr("another process");
    return owner ? role_of(s, owner->process) : tr("another process");
}

/* ---- locks ---- */

/* Is it a barrier, of the program or of a library? */
static bool is_barrier(const struct thread_report *seen)
{
    return seen->waits == WAITS_BARRIER ||
           (seen->object != NULL && strstr(seen->object, "barrier") != NULL);
}

/* "the mutex lock", "libc's time zone lock, taken in localtime_r". */
static char *lock_name(const struct thread_report *seen)
{
    const char *word = waits_word(seen->waits);
    bool library = seen->waits == WAITS_LIBRARY_LOCK;

    if (!library && seen->object != NULL &&
        (strncmp(seen->object, "the ", 4) == 0 ||
         strncmp(seen->object, "a ", 2) == 0))
        return is_barrier(seen) && seen->function
                   ? xasprintf(tr("%s, reached in %s"), report_object(seen),
                               seen->function)
                   : xstrdup(report_object(seen));
    if (!library)
        return xasprintf(tr("the %s%s%s"), tr(word ? word : N_("lock")),
                         seen->object ? " " : "",
                         seen->object ? seen->object : "");
    return xasprintf(
        is_barrier(seen) ? tr("%s, reached in %s") : tr("%s, taken in %s"),
        seen->object ? report_object(seen) : tr("a library's lock"),
        seen->function ? seen->function : tr("a library"));
}

/* Is this process a fork of one that has more threads? */
static bool lacks_threads(const struct subject *s)
{
    const struct process_shot *copy = &s->shot->process[s->thread->process];
    const struct process_shot *parent = snapshot_process(s->shot, copy->parent);

    return parent != NULL && copy->thread_count == 1 &&
           parent->thread_count > 1 &&
           snapshot_compare_programs(copy, parent) == PROGRAM_SAME;
}

static bool has_siblings(const struct subject *s)
{
    return s->shot->process[s->thread->process].thread_count > 1;
}

/* Where the kind is not known, it is taken for a lock. */
static bool has_to_be_unlocked(enum waits waits)
{
    return waits == WAITS_UNKNOWN || waits == WAITS_MUTEX ||
           waits == WAITS_RWLOCK || waits == WAITS_LIBRARY_LOCK ||
           waits == WAITS_FILE_LOCK;
}

/* Why no thread can end the wait, where the lock names no owner. */
static char *nobody_left(const struct subject *s, const char *name)
{
    enum waits waits = s->seen->waits;
    bool lock = has_to_be_unlocked(waits);

    if (is_barrier(s->seen))
        return xasprintf(tr("%s waits at %s, and no thread is left that could "
                            "come there%s"),
                         s->role, name,
                         lacks_threads(s) ? tr(": fork copies no other threads")
                                          : "");
    if (waits == WAITS_JOIN)
        return xasprintf(tr("%s waits for a thread that will not end"),
                         s->role);
    if (waits == WAITS_CONDITION && s->seen->function != NULL &&
        s->seen->detail != NULL)
        return xasprintf(
            tr("%s destroys %s, and waits until no thread waits for "
               "that any more; %s"),
            s->role, name,
            lacks_threads(s)  ? tr("fork did not copy those threads")
            : has_siblings(s) ? tr("those threads are stuck")
                              : tr("those threads are not there"));
    if (waits == WAITS_ONCE)
        return xasprintf(
            tr("%s waits until the %s of %s is done, and %s"), s->role,
            s->seen->function != NULL &&
                    strstr(s->seen->function, "guard") != NULL
                ? tr("initialisation")
                : tr("first call"),
            s->seen->object ? report_object(s->seen) : tr("it"),
            has_siblings(s) ? tr("the process's other threads are "
                                 "stuck, too")
            : lacks_threads(s)
                ? tr("no thread is left that does it: fork copies no "
                     "other threads")
                : tr("no thread is left that does it"));
    if (!lock && has_siblings(s))
        return xasprintf(
            tr("%s waits for %s, and none of the process's threads, "
               "which are all stuck, can %s it"),
            s->role, name,
            waits == WAITS_SEMAPHORE ? tr("post") : tr("signal"));
    if (lock && has_siblings(s))
        return xasprintf(tr("%s waits for %s%s%s, and none of the process's "
                            "threads, which are all stuck, can unlock it"),
                         s->role, name, s->seen->detail ? ", " : "",
                         s->seen->detail ? s->seen->detail : "");
    return xasprintf(tr("%s waits for %s%s%s, and no thread is left that could "
                        "%s it%s"),
                     s->role, name, s->seen->detail && lock ? ", " : "",
                     s->seen->detail && lock ? s->seen->detail : "",
                     lock                       ? tr("unlock")
                     : waits == WAITS_SEMAPHORE ? tr("post")
                     : waits == WAITS_CONDITION ? tr("signal")
                                                : tr("end"),
                     !lacks_threads(s) ? ""
                     : lock ? tr(": fork copies locks, but no other threads")
                            : tr(": fork copies no other threads"));
}

static char *why_lock(const struct subject *s)
{
    char *name = lock_name(s->seen), *why;

    switch (s->seen->owner_is) {
    case OWNER_VANISHED:
        why =
            s->seen->waits == WAITS_JOIN
                ? xasprintf(tr("%s waits for the end of a thread that fork did "
                               "not copy: here it has never begun"),
                            s->role)
                : xasprintf(tr("%s waits for %s, locked by a thread that fork "
                               "did not copy: here nobody can unlock it"),
                            s->role, name);
        break;
    case OWNER_FORKER:
        why = xasprintf(tr("%s waits for %s, locked by the thread that called "
                           "fork: that is this thread under its old number"),
                        s->role, name);
        break;
    case OWNER_SELF:
        why = xasprintf(tr("%s waits for %s, which it has locked itself"),
                        s->role, name);
        break;
    case OWNER_DEAD:
        why = xasprintf(
            s->shot->open_world
                ? tr("%s waits for %s, locked by a thread that is not "
                     "in this process: it has ended, or fork did not "
                     "copy it")
                : tr("%s waits for %s, whose owner ended without "
                     "unlocking it"),
            s->role, name);
        break;
    case OWNER_THREAD:
        why =
            s->seen->waits == WAITS_JOIN
                ? xasprintf(tr("%s waits for the end of thread %d, which is "
                               "stuck too"),
                            s->role, (int)s->seen->owner)
                : xasprintf(tr("%s waits for %s, locked by thread %d, which is "
                               "stuck too"),
                            s->role, name, (int)s->seen->owner);
        break;
    case OWNER_PROCESS:
        why = xasprintf(tr("%s waits for %s, locked by %s, which is stuck too"),
                        s->role, name, role_of_owner(s));
        break;
    default:
        why = nobody_left(s, name);
        break;
    }
    free(name);
    return why;
}

/* ---- descriptors ---- */

/* The sentence for a descriptor that has no other end; NULL for other kinds. */
static char *why_special(const struct subject *s, const char *fd)
{
    enum waits waits = s->seen->waits;

    if (waits == WAITS_TIMERFD)
        return xasprintf(tr("%s waits for the timerfd %s, which is not armed"),
                         s->role, fd);
    if (waits == WAITS_SIGNALFD)
        return xasprintf(
            tr("%s waits for a signal at the signalfd %s that nobody "
               "is left to send"),
            s->role, fd);
    if (waits == WAITS_EVENTFD)
        return xasprintf(tr("%s waits for the eventfd %s, which only it could "
                            "write to itself"),
                         s->role, fd);
    return NULL;
}

static char *why_connect(const struct subject *s)
{
    size_t holder;

    if (snapshot_other_holder(s->shot, s->thread, &holder))
        return xasprintf(
            tr("%s waits for its connection to be accepted, and the "
               "listening socket, whose queue is full, is open in "
               "%s, which is stuck too"),
            s->role, role_of(s, holder));
    return xasprintf(
        tr("%s waits for its connection to be accepted, and the only "
           "one who has the listening socket, whose queue is full, "
           "open is itself"),
        s->role);
}

static char *why_descriptor(const struct subject *s)
{
    enum waits waits = s->seen->waits;
    const char *word = waits_word(waits),
               *what = tr(word ? word : N_("descriptor"));
    const char *fd = s->seen->object ? s->seen->object : "";
    const char *need =
        s->thread->for_write ? tr("room in") : tr("data or the end of");
    size_t holder;
    char *special;

    if (s->thread->call == SYS_connect)
        return why_connect(s);
    if (s->thread->call == SYS_io_uring_enter)
        return xasprintf(tr("%s waits for a completion of io_uring, %s, and "
                            "nothing was ever submitted there"),
                         s->role, fd);
    if (waits == WAITS_PIDFD &&
        snapshot_other_holder(s->shot, s->thread, &holder))
        return xasprintf(tr("%s waits for the end of %s, which is stuck too"),
                         s->role, role_of(s, holder));
    if (waits == WAITS_NAMED_PIPE && fd[0] == '\0')
        return xasprintf(tr("%s waits until somebody opens the other end of a "
                            "named pipe, and nobody is left who could"),
                         s->role);
    if (waits == WAITS_POLL && s->thread->by_table)
        return xasprintf(
            tr("%s waits for an event on some of its descriptors, and "
               "nobody is left who could cause one on any"),
            s->role);
    if (waits == WAITS_POLL)
        return xasprintf(
            tr("%s waits for an event on %zu descriptors, and nobody "
               "is left who could cause one"),
            s->role, s->thread->fd_count);
    if (snapshot_other_holder(s->shot, s->thread, &holder))
        return xasprintf(waits == WAITS_EVENTFD
                             ? tr("%s waits for %s an %s that is open in %s, "
                                  "which is stuck too")
                             : tr("%s waits for %s a %s whose other end is "
                                  "open in %s, which "
                                  "is stuck too"),
                         s->role, need, what, role_of(s, holder));
    special = why_special(s, fd);
    if (special != NULL)
        return special;
    return xasprintf(
        tr("%s waits for %s a %s%s%s, and %s"), s->role, need, what,
        fd[0] ? ", " : "", fd,
        s->thread->for_write
            ? tr("the only reader is itself")
            : tr("the only one who has the other end open is itself"));
}

/* ---- processes ---- */

/* Is a thread of this process stuck? */
static bool stuck_process(const struct subject *s, size_t process)
{
    const struct process_report *report =
        report_process(s->report, s->shot->process[process].pid);

    for (size_t i = 0; report != NULL && i < report->thread_count; i++)
        if (report->threads[i].stuck)
            return true;
    return false;
}

static char *why_child(const struct subject *s)
{
    const struct process_shot *waiter = &s->shot->process[s->thread->process];
    size_t count = 0, which = 0;

    for (size_t i = 0; i < s->shot->process_count; i++)
        if (s->shot->process[i].parent == waiter->pid && stuck_process(s, i) &&
            (s->thread->child <= 0 ||
             s->thread->child == s->shot->process[i].pid)) {
            which = i;
            count++;
        }
    if (count == 1)
        return xasprintf(tr("%s waits for the end of %s, which is stuck"),
                         s->role, role_of(s, which));
    return xasprintf(tr("%s waits for a child that is stuck"), s->role);
}

static char *why_file_lock(const struct subject *s)
{
    switch (s->seen->owner_is) {
    case OWNER_PROCESS:
        return xasprintf(tr("%s waits for a file lock that %s holds, which is "
                            "stuck too"),
                         s->role, role_of_owner(s));
    case OWNER_SELF:
        return xasprintf(tr("%s waits for a file lock that it holds itself, "
                            "through another open file description"),
                         s->role);
    default:
        return xasprintf(
            tr("%s waits for a file lock whose holder has ended; a "
               "copy of its descriptor is still open"),
            s->role);
    }
}

char *sentence_why(const struct snapshot *shot,
                   const struct diagnosis *diagnosis,
                   const struct report *report, size_t index,
                   const struct thread_report *thread)
{
    struct subject s = {.shot = shot,
                        .report = report,
                        .thread = &shot->thread[index],
                        .seen = thread};
    const char *help = diagnosis->help[index];

    s.role = role_of(&s, s.thread->process);
    if (!thread->stuck)
        return help ? xstrdup(help) : NULL;
    switch (s.thread->wait) {
    case WAIT_FUTEX:
        return why_lock(&s);
    case WAIT_FDS:
        return why_descriptor(&s);
    case WAIT_CHILD:
    case WAIT_VFORK:
        return why_child(&s);
    case WAIT_SIGNAL:
        return xasprintf(
            tr("%s waits for a signal that nobody is left to send"), s.role);
    case WAIT_LOCK:
        return why_file_lock(&s);
    case WAIT_IPC:
        return xasprintf(tr("%s waits in %s, and nobody is left who could end "
                            "that"),
                         s.role,
                         thread->function ? thread->function : tr("a queue"));
    default:
        return xasprintf(tr("%s waits for what nobody is left to do"), s.role);
    }
}

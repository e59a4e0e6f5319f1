/* SPDX-License-Identifier: MIT
 *
 * explain: see explain.h.
 *
 * Three steps: the wait, stack, lock and owner of every thread; then the root
 * causes among the stuck threads; then the sentences.
 */
#define _GNU_SOURCE
#include "autopsy/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "autopsy/compat.h"
#include "autopsy/explainer.h"
#include "autopsy/lock.h"
#include "autopsy/recognise.h"
#include "autopsy/script.h"
#include "autopsy/sentence.h"
#include "autopsy/unwind.h"
#include "base/tongue.h"
#include "linux/peer.h"

/* ---- one thread ---- */

static void explain_lock(struct explainer *x, struct stack *stack, size_t index,
                         struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    struct lock lock;

    lock_identify(stack, x->shot->process[thread->process].pid, thread->futex,
                  report->stack, report->frames, &lock);
    report->waits = lock.waits;
    report->object = lock.name ? xstrdup(lock.name) : NULL;
    report->detail = lock.detail ? xstrdup(lock.detail) : NULL;
    report->owner = lock.owner;
    if (lock.owner != 0)
        report->owner_is = classify_owner(x->shot, thread, lock.owner);
    else if (lock.kind == LOCK_MUTEX || lock.kind == LOCK_RWLOCK)
        report->owner_is = OWNER_UNKNOWN;
    switch (lock.kind) {
    case LOCK_CONDITION:
    case LOCK_SEMAPHORE:
    case LOCK_BARRIER:
    case LOCK_FUTEX: /* probably an idle thread of a pool */
        x->weight[index] = WEAK;
        break;
    default:
        x->weight[index] = report->owner_is == OWNER_THREAD ||
                                   report->owner_is == OWNER_PROCESS
                               ? DERIVED
                               : STRONG;
        x->awaits_other[index] = report->owner_is == OWNER_PROCESS;
    }
    if (thread->reach == REACH_TREE && report->owner_is == OWNER_NONE)
        x->weight[index] = WEAK;
    lock_free(&lock);
}

static enum waits waits_of_object(enum object_kind kind)
{
    switch (kind) {
    case OBJECT_PIPE:
        return WAITS_PIPE;
    case OBJECT_FIFO:
        return WAITS_NAMED_PIPE;
    case OBJECT_UNIX:
    case OBJECT_TCP:
        return WAITS_SOCKET;
    case OBJECT_EVENTFD:
        return WAITS_EVENTFD;
    case OBJECT_TIMERFD:
        return WAITS_TIMERFD;
    case OBJECT_SIGNALFD:
        return WAITS_SIGNALFD;
    case OBJECT_PIDFD:
        return WAITS_PIDFD;
    default:
        return WAITS_DESCRIPTOR;
    }
}

/* "to 127.0.0.1:5432". Pages show none: there it is another one each time. */
static char *address_of(const struct explainer *x,
                        const struct thread_shot *thread, int fd)
{
    char *peer = x->shot->open_world && fd >= 0
                     ? peer_of(x->shot->process[thread->process].pid, fd)
                     : NULL;
    char *text = peer ? xasprintf("to %s", peer) : NULL;

    free(peer);
    return text;
}

static void explain_descriptors(struct explainer *x, size_t index,
                                struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    size_t holder = 0;

    report->waits = WAITS_POLL;
    if (thread->fd_count == 1 && !thread->by_table) {
        const struct waited_on *watched = &x->shot->waited_on[thread->first_fd];
        report->waits = waits_of_object(x->shot->objects[watched->object].kind);
        report->object =
            watched->fd >= 0 ? xasprintf("fd %d", watched->fd) : NULL;
        if (report->waits == WAITS_SOCKET)
            report->detail = address_of(x, thread, watched->fd);
    }
    x->weight[index] =
        snapshot_other_holder(x->shot, thread, &holder) ? DERIVED : STRONG;
    x->awaits_other[index] = x->weight[index] == DERIVED;
    if (x->weight[index] == DERIVED) {
        report->owner = x->shot->process[holder].nspid;
        report->owner_is = OWNER_PROCESS;
    }
}

static void explain_file_lock(struct explainer *x, size_t index,
                              struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    const struct process_shot *holder =
        snapshot_process(x->shot, thread->locker);

    report->waits = WAITS_FILE_LOCK;
    report->object = xasprintf("fd %d", (int)thread->args[0]);
    report->owner = holder               ? holder->nspid
                    : thread->locker > 0 ? thread->locker
                                         : 0;
    if (holder == NULL)
        report->owner_is = thread->locker > 0 || thread->locker == LOCKER_ENDED
                               ? OWNER_DEAD
                               : OWNER_UNKNOWN;
    else
        report->owner_is = holder->pid == x->shot->process[thread->process].pid
                               ? OWNER_SELF
                               : OWNER_PROCESS;
    x->weight[index] = report->owner_is == OWNER_PROCESS ? DERIVED : STRONG;
    x->awaits_other[index] = report->owner_is == OWNER_PROCESS;
}

/* A lock that is looked at again and again, with a sleep in between. */
static void explain_time(struct thread_report *report)
{
    const struct recognised seen = recognise(report->stack, report->frames);

    report->waits = WAITS_TIME;
    if (seen.kind == LOCK_MUTEX && seen.name != NULL)
        report->object = xstrdup(seen.name);
}

/* Its numbers of calls, and its stack, are not those of our own kind. */
static void explain_compat(const struct explainer *x, size_t index,
                           struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    const char *name =
        x->shot->open_world && thread->call_name == NULL
            ? compat_call(x->shot->process[thread->process].pid, thread->call)
            : NULL;

    if (name == NULL)
        return;
    free(report->function);
    report->function = xstrdup(name);
    report->detail = xstrdup("a system call of a 32-bit program");
}

static void explain_wait(struct explainer *x, struct stack *stack, size_t index,
                         struct thread_report *report)
{
    switch (x->shot->thread[index].wait) {
    case WAIT_FUTEX:
        explain_lock(x, stack, index, report);
        break;
    case WAIT_FDS:
        explain_descriptors(x, index, report);
        break;
    case WAIT_LOCK:
        explain_file_lock(x, index, report);
        break;
    case WAIT_CLIENT:
        report->waits = WAITS_CLIENT;
        break;
    case WAIT_CHILD:
    case WAIT_VFORK:
        report->waits = WAITS_CHILD;
        x->weight[index] = DERIVED;
        x->awaits_other[index] = true;
        break;
    case WAIT_SIGNAL:
        report->waits = WAITS_SIGNAL;
        break;
    case WAIT_IPC:
        report->waits = WAITS_QUEUE;
        break;
    case WAIT_TIME:
        explain_time(report);
        break;
    case WAIT_STOPPED:
        report->waits = WAITS_STOPPED;
        break;
    case WAIT_KERNEL:
        explain_compat(x, index, report);
        break;
    default:
        break;
    }
}

static struct scripted scripted_of(const struct explainer *x, size_t index)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    const struct process_shot *process = &x->shot->process[thread->process];

    return (struct scripted){.tid = thread->nspid,
                             .main = thread->tid == process->pid,
                             .only = process->thread_count == 1,
                             .running = thread->state == 'R'};
}

/* A lock of the language, for which its runtime waits in a way of its own. An
 * owner is believed that is a thread of the process, or of the one that it was
 * forked from. */
static void explain_script_lock(struct explainer *x, struct stack *stack,
                                size_t index, struct thread_report *report)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    const struct scripted scripted = scripted_of(x, index);
    struct awaited awaited;

    if (!stack_awaits(stack, &scripted, &awaited))
        return;
    free(report->object);
    free(report->detail);
    report->waits = WAITS_MUTEX;
    report->object = xstrdup(awaited.name);
    report->detail = NULL;
    report->owner_is = OWNER_UNKNOWN;
    report->owner = 0;
    x->weight[index] = STRONG;
    if (awaited.owner == 0 || awaited.owner == scripted.tid)
        return;
    enum owner_is where = classify_owner(x->shot, thread, awaited.owner);
    if (where != OWNER_THREAD && where != OWNER_VANISHED)
        return;
    report->owner = awaited.owner;
    report->owner_is = where;
    if (where == OWNER_THREAD)
        x->weight[index] = DERIVED;
}

/* The thread's place in its script takes the place of that in the interpreter:
 * the innermost one that is not in the standard library. */
static void explain_script(const struct explainer *x, struct stack *stack,
                           size_t index, struct thread_report *report)
{
    const struct scripted scripted = scripted_of(x, index);
    const struct frame *place = NULL;

    report->script_frames =
        stack_script(stack, &scripted, &report->script, &report->language);
    for (size_t i = 0; place == NULL && i < report->script_frames; i++)
        if (!script_is_standard(&report->script[i]) &&
            report->script[i].line > 0)
            place = &report->script[i];
    if (place == NULL)
        return;
    free(report->file);
    report->file = xstrdup(place->file);
    report->line = place->line;
}

static void explain_thread(struct explainer *x, struct stack *stack,
                           size_t index)
{
    const struct thread_shot *thread = &x->shot->thread[index];
    struct thread_report *report = thread_report_of(x, index);
    const char *library = NULL;

    if (report == NULL)
        return;
    report->stuck = x->diagnosis->stuck_for_good[index];
    if (stack != NULL && thread->state != 'R' && thread->sp != 0)
        report->frames = stack_frames(stack, thread->tid, thread->sp,
                                      thread->pc, &report->stack);
    const struct frame *place =
        stack_program_frame(report->stack, report->frames, &library);
    if (place != NULL && place->file != NULL) {
        report->file = xstrdup(place->file);
        report->line = place->line;
    }
    if (stack != NULL && x->shot->open_world)
        explain_script(x, stack, index, report);
    if (library == NULL)
        library = thread->call_name;
    report->function = library ? xstrdup(library) : NULL;
    x->weight[index] = WEAK;
    explain_wait(x, stack, index, report);
    if (stack != NULL && x->shot->open_world)
        explain_script_lock(x, stack, index, report);
    if (x->shot->open_world)
        see_others(x, index, report);
}

/* ---- sentences ---- */

/* No cage keeps a signal out that somebody outside sends by the number that the
 * process has there. That matters where it could do more than end it. */
static void note_assumption(struct explainer *x)
{
    for (size_t i = 0; i < x->shot->thread_count; i++) {
        const struct thread_report *report = thread_report_of(x, i);
        if (report != NULL && report->stuck && x->report->proved &&
            x->shot->thread[i].heeds_signals && x->report->unless == NULL)
            x->report->unless = xstrdup(N_("somebody outside signals it"));
    }
}

/* Adds to the sentence where the owner of a lock is now, if that is a thread of
 * a process that was looked at, and did not come along when fork(2) copied the
 * lock. The numbers are those of our namespace by now. */
static void add_owner_place(struct explainer *x,
                            const struct thread_report *report, char **sentence)
{
    if (!x->shot->open_world || !report->stuck || *sentence == NULL ||
        report->owner_is != OWNER_VANISHED)
        return;
    for (size_t i = 0; i < x->shot->thread_count; i++) {
        const struct thread_report *owner = thread_report_of(x, i);
        pid_t pid = x->shot->process[x->shot->thread[i].process].pid;
        if (owner == NULL || owner->tid != report->owner ||
            owner->function == NULL)
            continue;
        char *longer = xasprintf(
            tr("%s. It is thread %d of %s (pid %d), now in %s"), *sentence,
            (int)owner->tid, report_process(x->report, pid)->role, (int)pid,
            owner->function);
        free(*sentence);
        *sentence = longer;
        return;
    }
}

/* The thread's sentence; the caller frees it. NULL: there is nothing to say. */
static char *sentence_of(struct explainer *x, size_t index,
                         const struct thread_report *report)
{
    char *sentence =
        sentence_why(x->shot, x->diagnosis, x->report, index, report);

    add_owner_place(x, report, &sentence);
    return sentence;
}

/* In English, and in the language of who reads it. What is said of a thread
 * that is not stuck is in English only. */
static void make_sentence(struct explainer *x, size_t index,
                          struct thread_report *report)
{
    if (x->shot->open_world && !report->stuck) {
        report->why = state_sentence(x, index, report);
        return;
    }
    tongue_hush(true);
    report->why = sentence_of(x, index, report);
    tongue_hush(false);
    if (tongue_name() != NULL)
        report->told = sentence_of(x, index, report);
}

static void make_sentences(struct explainer *x)
{
    const struct process_report *process;

    for (size_t i = 0; i < x->shot->thread_count; i++) {
        struct thread_report *report = thread_report_of(x, i);
        if (report != NULL)
            make_sentence(x, i, report);
    }
    note_assumption(x);
    const struct thread_report *culprit = report_culprit(x->report, &process);
    if (culprit != NULL && culprit->why != NULL) {
        free(x->report->why);
        free(x->report->told);
        x->report->why = xstrdup(culprit->why);
        x->report->told = culprit->told ? xstrdup(culprit->told) : NULL;
    }
}

/* The owner of what the thread waits for, as ps(1) shows it to us: 0 unknown.
 */
static pid_t owner_from_outside(const struct explainer *x, size_t index,
                                const struct thread_report *report)
{
    const struct thread_shot *waiter = &x->shot->thread[index], *owner;
    size_t holder;

    if (waiter->wait == WAIT_LOCK)
        return waiter->locker > 0 ? waiter->locker : 0;
    if (waiter->wait == WAIT_FDS)
        return snapshot_other_holder(x->shot, waiter, &holder)
                   ? x->shot->process[holder].pid
                   : 0;
    owner = snapshot_thread_by_nspid(
        x->shot, &x->shot->process[waiter->process], report->owner);
    return owner ? owner->tid : 0;
}

/* The report of a process that we did not start uses the tids that ps(1) shows
 * to us, even if it has others in its own PID namespace. `processes`: do so for
 * owners in other processes, else for all others. */
static void number_owners_from_outside(struct explainer *x, bool processes)
{
    for (size_t i = 0; x->shot->open_world && i < x->shot->thread_count; i++) {
        struct thread_report *report = thread_report_of(x, i);
        if (report == NULL || report->owner == 0 ||
            (report->owner_is == OWNER_PROCESS) != processes)
            continue;
        pid_t owner = owner_from_outside(x, i, report);
        if (owner != 0) {
            report->inner_owner = report->owner;
            report->owner = owner;
        }
    }
}

void autopsy_explain(const struct snapshot *shot,
                     const struct diagnosis *diagnosis, struct report *report)
{
    size_t size = shot->thread_count + 1;
    struct explainer x = {.shot = shot,
                          .diagnosis = diagnosis,
                          .report = report,
                          .weight = xcalloc(size, sizeof(enum weight)),
                          .awaits_other = xcalloc(size, sizeof(bool))};

    for (size_t i = 0; i < shot->process_count; i++) {
        const struct process_shot *process = &shot->process[i];
        if (process->thread_count == 0)
            continue;
        struct stack *stack = stack_open(process->pid);
        for (size_t k = 0; k < process->thread_count; k++)
            explain_thread(&x, stack, process->first_thread + k);
        if (stack != NULL)
            stack_close(stack);
    }
    find_roots(&x);
    number_owners_from_outside(&x, false);
    make_sentences(&x);
    /* Only now: a sentence finds an owner in another process by the tid that it
     * has in its own PID namespace. */
    number_owners_from_outside(&x, true);
    free(x.weight);
    free(x.awaits_other);
}

/* SPDX-License-Identifier: MIT
 *
 * heard: see heard.h.
 */
#define _GNU_SOURCE
#include "run/heard.h"

#include <sched.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "linux/proc.h"
#include "linux/syscalls.h"

#ifdef SYS_timer_settime
#define HEARS_TIMERS true
#else /* it has another name where that has 64-bit time */
#define HEARS_TIMERS false
#endif

#define MS ((int64_t)1000000)
/* How late after its time an alarm clock may ring, at worst. */
#define RINGS_LATE (1000 * MS)

/* An alarm clock: when it will have rung, in clock_now() time; alarm(2) runs
 * on the same clock. A thread that we have heard of may be starved before its
 * call is done: until it is seen past it, nobody knows from when the new time
 * counts. */
enum { THE_ALARM = -1, ANY_TIMER = -2 };

struct alarm_clock {
    pid_t pid;
    int timer;     /* its number: of timer_create(2); or one of these */
    int64_t until; /* INT64_MAX: it rings again and again */
    bool pending;
    pid_t tid; /* who is in the call, */
    long call; /* which one, */
    int ms;    /* and for how long it sets the clock */
};

static struct alarm_clock *clock_of(struct heard *heard, pid_t pid, int timer)
{
    for (size_t i = 0; i < heard->clock_count; i++)
        if (heard->clocks[i].pid == pid && heard->clocks[i].timer == timer)
            return &heard->clocks[i];
    GROW(heard->clocks, heard->clock_count);
    heard->clocks[heard->clock_count] =
        (struct alarm_clock){.pid = pid, .timer = timer};
    return &heard->clocks[heard->clock_count++];
}

static void set_clock(struct heard *heard, pid_t pid, int timer,
                      const struct testimony *call, int ms)
{
    struct alarm_clock *clock = clock_of(heard, pid, timer);

    /* Two threads at once: who knows. */
    if (ms < 0 || (clock->pending && clock->tid != call->tid))
        clock->until = INT64_MAX;
    clock->pending = true;
    clock->tid = call->tid;
    clock->call = call->call;
    clock->ms = ms;
}

/* Is the thread that sets the clock past its call? */
static bool clock_is_set(const struct alarm_clock *clock,
                         const struct snapshot *shot)
{
    for (size_t i = 0; i < shot->thread_count; i++)
        if (shot->thread[i].tid == clock->tid)
            return shot->thread[i].state != 'R' &&
                   shot->thread[i].call != clock->call;
    return true;
}

static bool may_ring(struct alarm_clock *clock, const struct snapshot *shot)
{
    int64_t now = clock_now();

    if (clock->pending && clock_is_set(clock, shot)) {
        clock->pending = false;
        if (clock->until != INT64_MAX)
            clock->until = clock->ms ? now + clock->ms * MS + RINGS_LATE : 0;
    }
    return clock->pending || clock->until >= now;
}

/* The sockets that got a time limit: one set later does not change a wait that
 * has begun. */
static void note_timeout(struct heard *heard, pid_t tid, int fd)
{
    struct fileid id;

    if (fileid_of(tid, fd, &id))
        fileids_add(&heard->timed, id);
    else
        heard->timeouts = true;
}

/* A timer of timer_create(2): snapshot_explore() sees those that there are, if
 * the kernel shows them. Other sources of signals stay. */
static void note_timer(struct heard *heard, pid_t pid,
                       const struct testimony *call)
{
    if (call->call != SYS_timer_create ||
        access("/proc/self/timers", F_OK) == -1)
        set_clock(heard, pid, THE_ALARM, call, -1);
    else if (call->args[0] != CLOCK_MONOTONIC &&
             call->args[0] != CLOCK_REALTIME)
        set_clock(heard, pid, ANY_TIMER, call, -1);
}

/* Urgent data on a socket sends SIGURG to its owner, without O_ASYNC: whoever
 * is at its other end. */
static void note_owner(struct heard *heard, pid_t tid, int fd)
{
    struct fileid id;

    heard->strange |= !fileid_of(tid, fd, &id) || id.socket;
}

/* Is there the ring of a context of aio at this address of a thread? Only by it
 * can the context be taken down: io_destroy(2). */
static bool is_aio_ring(pid_t tid, unsigned long address)
{
    char path[64], line[512];
    bool found = false;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)tid);
    FILE *stream = fopen(path, "re");
    while (stream != NULL && !found &&
           fgets(line, sizeof(line), stream) != NULL)
        found = strtoul(line, NULL, 16) == address &&
                strstr(line, "/[aio]") != NULL;
    if (stream != NULL)
        fclose(stream);
    return found;
}

static void note_ring(struct heard *heard, const struct testimony *call)
{
    if (call->call == SYS_io_destroy) {
        if (heard->aio > 0 &&
            is_aio_ring(call->tid, (unsigned long)call->args[0]))
            heard->aio--;
        return;
    }
    heard->rings++;
    heard->aio += call->call == SYS_io_setup;
}

void heard_note(struct heard *heard, pid_t root, pid_t pid,
                const struct testimony *testimony)
{
    switch (testimony->kind) {
    case HEARD_ALARM:
        set_clock(heard, pid, THE_ALARM, testimony, testimony->value);
        break;
    case HEARD_TIMER_SET:
        set_clock(heard, pid, (int)testimony->args[0] & INT_MAX, testimony,
                  testimony->value);
        break;
    case HEARD_TIMER:
        note_timer(heard, pid, testimony);
        break;
    case HEARD_TIMEOUT:
        note_timeout(heard, testimony->tid, (int)testimony->args[0]);
        break;
    case HEARD_PASSING:
        passing_hear(&heard->passing, root, pid, testimony);
        heard->strange |= heard->passing.ring;
        break;
    case HEARD_RING:
        note_ring(heard, testimony);
        break;
    case HEARD_ASYNC:
        heard->async = true;
        break;
    case HEARD_OWNER:
        note_owner(heard, testimony->tid, (int)testimony->args[0]);
        break;
    case HEARD_STRANGE:
    case HEARD_LISTENER:
        heard->strange = true;
        break;
    default:
        break;
    }
}

/* Is the thread the only one of its process, so that it changes the numbers of
 * nobody who sleeps? */
static bool is_alone(const struct heard *heard, pid_t tid)
{
    return !heard->changes.common_files && proc_has_one_thread(tid);
}

static void note_numbers(struct heard *heard, const struct testimony *call)
{
    struct change change = {.tid = call->tid,
                            .low = call->low,
                            .high = call->high,
                            .heard_at = clock_now(),
                            .call = call->call};

    if (is_alone(heard, call->tid))
        return;
    change.pid = proc_of_thread(call->tid);
    change.was_open = call->low == call->high &&
                      link_read(call->tid, (int)call->low, &change.former);
    change.regular = call->call == SYS_close && change.was_open &&
                     S_ISREG(change.former.mode) &&
                     fileid_is_regular(call->tid, (int)call->low);
    changes_note(&heard->changes, &change);
}

/* May somebody outside map the file of this descriptor? */
static bool world_can_map(const struct heard *heard, pid_t tid, int fd)
{
    char path[64], target[300];
    struct fileid id;

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
    ssize_t length = readlink(path, target, sizeof(target) - 1);
    if (length == -1 || !fileid_of(tid, fd, &id))
        return true;
    target[length] = '\0';
    for (size_t i = 0; i < heard->device_count; i++)
        if (heard->devices[i] == id.device)
            return false;
    size_t own = heard->directory ? strlen(heard->directory) : 0;
    bool inside = own > 0 && strncmp(target, heard->directory, own) == 0 &&
                  target[own] == '/';
    return id.device != fileid_memory_device() && !inside;
}

/* 0: it is not known, of huge pages or a segment. */
static uint64_t bytes_mapped(const struct testimony *call)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

    if (call->call != SYS_mmap || call->args[3] & MAP_HUGETLB)
        return 0;
    return (call->args[1] + page - 1) / page * page;
}

static void note_shared(struct heard *heard, const struct testimony *call)
{
    struct mappers *mappers = &heard->changes.mappers;
    bool file = call->call == SYS_mmap && !(call->args[3] & MAP_ANONYMOUS);
    bool ipc = call->call != SYS_mmap && heard->device_count == 0;
    pid_t pid = proc_of_thread(call->tid);
    bool world = mappers_know_world(mappers, pid) || ipc ||
                 (file && world_can_map(heard, call->tid, (int)call->args[4]));

    mappers_note(mappers, pid, world, bytes_mapped(call));
}

static bool makes_symlink(const struct testimony *call)
{
#ifdef SYS_symlink
    if (call->call == SYS_symlink)
        return true;
#endif
    return call->call == SYS_symlinkat;
}

bool heard_change(struct heard *heard, const struct testimony *testimony)
{
    struct changes *changes = &heard->changes;

    changes_settle_thread(changes, testimony->tid, clock_now());
    changes->common_files |= (testimony->clone_shares & CLONE_FILES) != 0;
    changes->common_memory |= (testimony->clone_shares & CLONE_VM) != 0;
    changes->common_directory |= (testimony->clone_shares & CLONE_FS) != 0;
    changes->places |= makes_symlink(testimony);
    switch (testimony->kind) {
    case HEARD_NUMBERS:
        note_numbers(heard, testimony);
        return true;
    case HEARD_REACH:
        changes->reached = true;
        return true;
    case HEARD_REQUEUE:
        changes->requeued = true;
        return true;
    case HEARD_SHARED:
        note_shared(heard, testimony);
        return true;
    case HEARD_MOVE:
        mappers_note_move(&changes->mappers, proc_of_thread(testimony->tid));
        return true;
    case HEARD_PLACES:
        changes->places = true;
        return true;
    default:
        return false;
    }
}

void heard_tell(struct heard *heard, const struct snapshot *shot,
                struct pids *alarmed, struct knowledge *known)
{
    struct pids *ringing = &heard->ringing;

    pids_free(ringing);
    for (size_t i = 0; i < heard->clock_count; i++)
        if (may_ring(&heard->clocks[i], shot))
            pids_add(heard->clocks[i].timer == THE_ALARM ? alarmed : ringing,
                     heard->clocks[i].pid);
    known->ringing = ringing;
    known->timers_heard = heard->has_witness && HEARS_TIMERS;
    known->alarmed = alarmed;
    known->alarms_heard = known->changes_heard = known->timeouts_heard =
        known->passing_heard = heard->has_witness;
    known->numbers_heard = heard->has_witness && heard->hears_numbers;
    known->async = heard->async || !heard->has_witness;
    known->changes = &heard->changes;
    known->timed = &heard->timed;
    known->timeouts = heard->timeouts;
    known->rings = heard->has_witness ? heard->rings : SIZE_MAX;
    known->aio = heard->aio;
    known->passed = &heard->passing.passed;
    known->strange = heard->strange;
}

void heard_free(struct heard *heard)
{
    passing_free(&heard->passing);
    fileids_free(&heard->timed);
    changes_free(&heard->changes);
    free(heard->clocks);
    pids_free(&heard->ringing);
    *heard = (struct heard){0};
}

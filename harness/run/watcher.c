/* SPDX-License-Identifier: MIT
 *
 * watcher: see watcher.h.
 *
 * One loop: whatever can be heard (output, witness, deaths) is heard at once;
 * in between, at intervals that grow while the tree is busy, the tree is looked
 * at. The order within one look is the proof's: a snapshot, what its threads
 * wait for, and a second snapshot that must be the same.
 */
#define _GNU_SOURCE
#include "run/watcher.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proof/changes.h"
#include "proof/verdict.h"
#include "autopsy/explain.h"
#include "run/awake.h"
#include "run/falsify.h"
#include "run/hold.h"
#include "run/pace.h"
#include "run/pulse.h"
#include "run/since.h"
#include "run/family.h"
#include "run/fatal.h"
#include "cage/output.h"
#include "cage/ledger.h"
#include "run/scene.h"
#include "proof/snapshot.h"
#include "run/heard.h"
#include "run/leaving.h"
#include "run/trace.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/memory.h"
#include "cage/witness.h"
#include "linux/proc.h"
#include "linux/slice.h"

/* A change of what numbers mean is followed by a look as soon as that, but not
 * sooner than CLOSE_PAUSE after the last one, and by some more; if a look is
 * cheap. */
#define CLOSE_LOOK (MS / 2)
#define CLOSE_LOOKS 3
#define STILL_MOVING (1000 * MS) /* or half the deadline, if that is less */

/* A look that lasts so much longer than the deadline is given up; but the last
 * one has so much time in any case. */
#define LATE_AT_MOST (200 * MS)
#define LOOK_AT_LEAST (120 * MS)

static const char NO_LISTENER[] =
    "It makes a seccomp listener of its own, which the kernel refuses below "
    "the "
    "cage's (EBUSY): what it does then it does only here, so that nothing is "
    "proved";

static const char LOST_CALL[] =
    "A signal interrupted a system call before the cage had heard it. If its "
    "handler has no SA_RESTART, that call failed with EINTR, as it never does "
    "without the cage: so nothing is proved. Run it again";

struct watcher {
    struct cage *cage;
    const struct watch_options *options;
    struct report *report;
    const char *program;
    struct heard heard; /* what the witness told */
    struct family family;

    struct output_clock clock;
    struct pace pace; /* of the looks */
    struct awake awake;
    int64_t next_look;
    int64_t alive_at; /* the last moment at which it was not yet stuck: the
                         last thread stopped later than that */
    bool all_ended, first_ended, decided, cleared;
    int first_status;

    struct pulse pulse;

    struct snapshot last; /* the latest full look */
    bool *part; /* the verdict is about these of its threads; NULL: all */
    int64_t explored, explore_pause;

    long oom_kills;      /* of this machine, before the run */
    int tracer;          /* it tells of a crash there; -1: nobody does */
    size_t most_threads; /* that there were at once */
};

/* ---- what is heard ---- */

static void was_alive(struct watcher *w, int64_t when)
{
    if (when > w->alive_at)
        w->alive_at = when;
}

static void sign_of_life(struct watcher *w, int64_t when)
{
    if (when > w->pace.last_sign)
        w->pace.last_sign = when;
    w->pace.in_flight_since = 0;
    w->explore_pause = 0;
}

static void show_life(struct watcher *w, int64_t when)
{
    was_alive(w, when);
    sign_of_life(w, when);
}

static void hear_output(struct watcher *w, int stream)
{
    int *fd = &w->cage->out[stream - 1];
    int64_t latest = 0;

    if (*fd == -1)
        return;
    bool open = output_read(*fd, w->cage->output, stream, &w->clock, w->report,
                            &latest);
    /* Writers are met while they are still there. */
    if (latest != 0) {
        pid_t writer = w->report->records[w->report->record_count - 1].pid;
        if (writer != 0 && family_find(&w->family, writer) == NULL)
            family_meet(&w->family, writer);
        show_life(w, latest);
    }
    if (!open && w->cage->output != OUTPUT_FILE) {
        close(*fd);
        *fd = -1;
    }
}

/* Notes which processes outlive the first one, and what they hold. With a
 * witness, the first one is still in exit_group(2) then, waiting for our
 * answer. */
static void note_survivors(struct watcher *w)
{
    struct snapshot shot;

    snapshot_take(&shot, w->cage->keeper, NULL);
    family_update(&w->family, &shot);
    scene_look(&w->family, &shot);
    for (size_t i = 0; i < shot.process_count; i++) {
        struct member *member = family_find(&w->family, shot.process[i].pid);
        if (member != NULL && !shot.process[i].ended &&
            member != w->family.member && member->end == END_ALIVE)
            member->left_behind = true;
    }
    snapshot_free(&shot);
}

/* Record the target before the signal arrives: afterwards /proc has lost it. */
static void hear_kill(struct watcher *w, pid_t nspid)
{
    const struct member *member = family_find_nspid(&w->family, nspid);
    struct snapshot shot;

    if (nspid > 0 && member != NULL && member->end == END_ALIVE) {
        family_meet(&w->family, member->pid); /* its name may be new */
        return;
    }
    snapshot_take(&shot, w->cage->keeper, NULL);
    family_update(&w->family, &shot);
    snapshot_free(&shot);
}

static void hear_exit(struct watcher *w, struct member *member, int code)
{
    if (member == NULL)
        return;
    if (member == w->family.member && member->end == END_ALIVE)
        note_survivors(w);
    if (w->options->notes_leaving)
        leaving_look(&w->family, member);
    member->end = END_EXIT;
    member->code = code;
    member->ms_ended = (double)(clock_now() - w->pace.start) / 1e6;
}

/* Below our listener, the kernel refuses the program's own with EBUSY. What it
 * does then it does only here. */
static void hear_listener(struct watcher *w)
{
    w->report->wants_listener = true;
    if (w->options->ends_listener)
        w->decided = true;
}

/* A call that the watcher itself has to know of; how it is answered. */
static struct call_answer hear_call(struct watcher *w, struct member *member,
                                    const struct testimony *call)
{
    switch (call->kind) {
    case HEARD_EXIT:
        hear_exit(w, member, call->value);
        break;
    case HEARD_KILL:
        hear_kill(w, call->value);
        fatal_signal(&w->family, call);
        break;
    case HEARD_PARENT_ENDS:
        if (member != NULL)
            fatal_parent(member, call->value);
        break;
    case HEARD_LISTENER:
        hear_listener(w);
        break;
    case HEARD_REAPER:
        if (member != NULL)
            member->reaper = call->value != 0;
        break;
    case HEARD_MAKING:
        if (w->cage->ledger != NULL)
            return ledger_answer(w->cage->ledger, w->cage->keeper, call);
        break;
    default:
        break;
    }
    return (struct call_answer){.proceed = true};
}

/* Whoever begins to wait after a change is seen to be over waits for what the
 * number means now. So it is looked at soon whether it is. */
static void look_soon(struct watcher *w)
{
    int64_t soon = clock_now() + CLOSE_LOOK;

    if (w->pace.look_cost > CHEAP_LOOK || !changes_pending(&w->heard.changes))
        return;
    if (soon < w->pace.last_full + CLOSE_PAUSE)
        soon = w->pace.last_full + CLOSE_PAUSE;
    w->pace.close_looks = CLOSE_LOOKS;
    pulse_drop(&w->pulse);
    if (w->next_look > soon)
        w->next_look = soon;
}

/* The process whose thread calls. At its end its name is read once more: it is
 * the last that is known of it. */
static struct member *who_calls(struct watcher *w, const struct testimony *call)
{
    struct member *member =
        call->kind == HEARD_EXIT ? NULL : family_known(&w->family, call->tid);

    return member != NULL ? member : family_meet(&w->family, call->tid);
}

static void hear_testimony(struct watcher *w, struct testimony call)
{
    struct call_answer answer = {.proceed = true};

    if (!heard_change(&w->heard, &call)) {
        struct member *member = who_calls(w, &call);
        heard_note(&w->heard, w->cage->keeper, member ? member->pid : call.tid,
                   &call);
        answer = hear_call(w, member, &call);
        w->report->work |= call.work;
        if (member != NULL && call.work == WORK_PROGRAM)
            member->calls_exec = true;
    }
    /* Afterwards it may run, and stop for good, before we go on. */
    bool was_awake = w->awake.on;
    pace_note_call(&w->pace, clock_now());
    awake_after_call(&w->awake, w->pace.calls, w->pace.called);
    if (w->awake.on != was_awake)
        witness_wakes_here(w->cage->witness, !w->awake.on);
    show_life(w, w->pace.called);
    witness_release(w->cage->witness, &call, answer);
    if (call.kind == HEARD_NUMBERS)
        look_soon(w);
    else
        w->next_look = pace_after_call(&w->pace, w->next_look);
}

/* After a call of it that was not made, the program may do what it does nowhere
 * else. */
static void hear_loss(struct watcher *w)
{
    w->heard.strange = w->report->lost_call = true;
}

/* Was there anything to hear, now or as soon as there is? */
static bool hear_witness(struct watcher *w, bool now)
{
    struct testimony testimony;
    int listener = w->cage->witness;
    enum hearing heard = now ? witness_hear_now(listener, &testimony)
                             : witness_hear(listener, &testimony);

    if (heard == HEARING_CALL)
        hear_testimony(w, testimony);
    else if (heard == HEARING_LOSS)
        hear_loss(w);
    return heard != HEARING_SILENCE;
}

static void note_death(struct watcher *w, const struct cage_death *death)
{
    struct member *member = family_find_nspid(&w->family, death->pid);

    if (death->pid == w->cage->nspid) {
        if (w->family.member[0].end == END_ALIVE)
            note_survivors(w);
        w->first_ended = true;
        w->first_status = death->status;
        member = w->family.member;
    }
    if (member == NULL)
        return;
    family_note_end(member, death->status);
    if (member->ms_ended == 0)
        member->ms_ended = (double)(clock_now() - w->pace.start) / 1e6;
}

/* Deaths that the keeper tells of. The end of the pipe: all has ended. */
static void hear_deaths(struct watcher *w)
{
    struct cage_death deaths[64];
    ssize_t got = read(w->cage->status, deaths, sizeof(deaths));

    if (got == -1)
        return;
    for (size_t i = 0; i < (size_t)got / sizeof(deaths[0]); i++)
        note_death(w, &deaths[i]);
    if (got == 0)
        w->all_ended = w->decided = true;
    show_life(w, clock_now());
}

/* ---- what is looked at ---- */

static bool pulse_beats(struct watcher *w)
{
    int64_t now = clock_now(); /* when we have read it, it may be stuck */
    bool runs = false;

    if (!pulse_is_alive(&w->pulse, &runs))
        return false;
    if (runs)
        w->pace.last_sign = now;
    was_alive(w, now);
    return true;
}

/* Was there never more than one thread? */
static bool is_alone(const struct watcher *w)
{
    return w->family.count == 1 && w->most_threads <= 1;
}

static int64_t deadline_of(const struct watcher *w)
{
    return w->pace.start + (int64_t)(w->options->deadline_s * 1e9);
}

/* When a look that begins now is given up. */
static int64_t end_of_look(const struct watcher *w)
{
    int64_t late = deadline_of(w) + LATE_AT_MOST;
    int64_t least = clock_now() + LOOK_AT_LEAST;

    return late > least ? late : least;
}

/* What we know and /proc does not: for this moment. The caller frees pids. */
static struct knowledge what_we_know(struct watcher *w,
                                     const struct snapshot *shot,
                                     struct pids *alarmed)
{
    struct knowledge known = {.until = end_of_look(w),
                              .signals_outside = !w->cage->namespaces,
                              .alone = is_alone(w),
                              .private_ipc = w->cage->namespaces,
                              .directory = w->cage->inside,
                              .devices = w->cage->mounts.devices,
                              .device_count = w->cage->mounts.device_count};

    heard_tell(&w->heard, shot, alarmed, &known);
    return known;
}

static void replace_last(struct watcher *w, struct snapshot *shot)
{
    snapshot_follow(shot, &w->last);
    changes_settle(&w->heard.changes, shot, clock_now());
    if (!snapshot_same(&w->last, shot)) {
        was_alive(w, w->pace.last_look);
        sign_of_life(w, shot->time);
    }
    snapshot_free(&w->last);
    w->last = *shot;
    *shot = (struct snapshot){0};
}

static bool too_much(const struct watcher *w, const struct snapshot *shot)
{
    return shot->process_count > w->options->max_processes;
}

static void decide(struct watcher *w, enum verdict verdict)
{
    struct report *report = w->report;
    int64_t now = clock_now();

    report->verdict = verdict;
    report->proved = verdict == VERDICT_HANG;
    report->ms_verdict_at = (double)now / 1e6;
    if (report->proved) {
        int64_t ran = since_last_ran(&w->last, w->part);
        if (ran < now)
            was_alive(w, ran);
        report->ms_stuck_to_verdict = (double)(now - w->alive_at) / 1e6;
        report->ms_autopsy = (double)(now - w->last.time) / 1e6;
    }
    w->decided = true;
}

/* One of our limits ends the run. Takes the name of it. */
static void reach_limit(struct watcher *w, char *limit)
{
    decide(w, VERDICT_RUNNING);
    w->report->limit = limit;
    w->report->reason =
        xasprintf("it reached the limit of %s, and was ended for that", limit);
}

static bool floods(const struct watcher *w)
{
    return w->options->ends_flood &&
           w->report->output_kept < w->report->output_bytes;
}

/* A process that floods us is looked at before it is ended. */
static void end_flood(struct watcher *w)
{
    struct snapshot shot;

    snapshot_take(&shot, w->cage->keeper, NULL);
    family_update(&w->family, &shot);
    replace_last(w, &shot);
    reach_limit(w, xasprintf("%zu KiB, or %zu writes, of output",
                             OUTPUT_KEPT / 1024, RECORDS_KEPT));
}

/* Does a thread wait for our answer, or has one waited in vain? It seems to
 * sleep in a call that it has not begun. */
static bool somebody_asks(struct watcher *w)
{
    return w->cage->witness != -1 && hear_witness(w, true);
}

/* Is there output that nobody has read yet? Who waits for room there will have
 * it. */
static bool has_unread_output(const struct watcher *w)
{
    struct pollfd out[2] = {{.fd = w->cage->out[0], .events = POLLIN},
                            {.fd = w->cage->out[1], .events = POLLIN}};

    if (w->cage->output == OUTPUT_FILE)
        return false;
    return poll(out, 2, 0) > 0 &&
           ((out[0].revents | out[1].revents) & POLLIN) != 0;
}

/* The inodes of our ends of the program's output. */
static void note_output(const struct watcher *w, ino_t inode[2])
{
    struct stat info;

    for (int i = 0; i < 2; i++)
        inode[i] = w->cage->output != OUTPUT_FILE && w->cage->out[i] != -1 &&
                           fstat(w->cage->out[i], &info) == 0
                       ? info.st_ino
                       : 0;
}

/* Explores a snapshot and makes sure that nothing moved meanwhile. */
static bool diagnose(struct watcher *w, struct snapshot *shot,
                     struct diagnosis *diagnosis)
{
    struct pids alarmed = {0};
    struct knowledge known = what_we_know(w, shot, &alarmed);
    struct snapshot again;

    note_output(w, known.output);
    snapshot_explore(shot, &known);
    pids_free(&alarmed);
    bool unread = has_unread_output(w);
    snapshot_take(&again, w->cage->keeper, shot);
    bool still = snapshot_same(shot, &again) && !somebody_asks(w) && !unread;
    snapshot_free(&again);
    if (still)
        autopsy_judge(shot, diagnosis);
    return still;
}

/* Nothing seems to be able to go on: is it so? */
static void consider(struct watcher *w, struct snapshot *shot)
{
    struct diagnosis d;
    int64_t now = clock_now();

    if (!diagnose(w, shot, &d)) {
        was_alive(w, shot->time);
        sign_of_life(w, now);
        return;
    }
    bool stuck = d.condition == CONDITION_STUCK;
    bool idle = d.condition == CONDITION_IDLE && w->options->ends_idle;
    if ((stuck && !d.in_flight) ||
        ((stuck || idle) && w->pace.in_flight_since != 0 &&
         now - w->pace.in_flight_since >= IN_FLIGHT_PAUSE))
        decide(w, stuck ? VERDICT_HANG : VERDICT_IDLE);
    else if ((stuck || idle) && w->pace.in_flight_since == 0)
        w->pace.in_flight_since = now;
    else if (!stuck && !idle)
        was_alive(w, shot->time);
    /* Alive for a reason that only exploring shows: that costs, so it is done
     * more and more rarely while nothing moves. */
    w->explored = now;
    w->explore_pause = stuck || idle                ? MS
                       : w->explore_pause < 50 * MS ? w->explore_pause * 2 + MS
                                                    : w->explore_pause;
    diagnosis_free(&d);
}

/* Is there a sign of life that costs less than a whole look, and was the last
 * one not too long ago? */
static bool lives_obviously(struct watcher *w, int64_t now)
{
    return pace_sign_is_enough(&w->pace, now) &&
           (pace_calls_are_sign(&w->pace, now) || pulse_beats(w));
}

static void look(struct watcher *w, int64_t now)
{
    struct snapshot shot;
    size_t who;

    if (lives_obviously(w, now))
        return;
    int64_t used = clock_cpu();
    snapshot_take(&shot, w->cage->keeper, &w->last);
    pace_note_whole(&w->pace, now, clock_cpu() - used);
    if (shot.thread_count > w->most_threads)
        w->most_threads = shot.thread_count;
    family_update(&w->family, &shot);
    if (too_much(w, &shot)) {
        /* First of all it must end: nothing is looked at any more. */
        w->report->still_there = cage_clear(w->cage);
        w->cleared = true;
        reach_limit(
            w, xasprintf("%zu processes at once", w->options->max_processes));
    }
    bool alive = snapshot_alive(&shot, &who);
    pulse_drop(&w->pulse);
    if (alive)
        pulse_take(&w->pulse, &shot, who);
    if (alive)
        was_alive(w, shot.time);
    if (alive && shot.thread[who].state == 'R')
        w->pace.last_sign = now;
    replace_last(w, &shot);
    w->pace.close_looks -= w->pace.close_looks > 0;
    if (!changes_pending(&w->heard.changes))
        w->pace.close_looks = 0;
    if (!alive && !w->decided && w->last.process_count > 0 &&
        now - w->explored >= w->explore_pause)
        consider(w, &w->last);
}

/* ---- the loop ---- */

/* The tracer has found the crash, or has ended. */
static void hear_tracer(struct watcher *w, int fd)
{
    struct crash *crash = w->options->crash;

    if (read(fd, crash, sizeof(*crash)) == (ssize_t)sizeof(*crash)) {
        family_meet(&w->family, crash->pid);
        decide(w, VERDICT_RUNNING);
    } else {
        *crash = (struct crash){0};
    }
    w->tracer = -1;
}

/* poll(2) until next_look: awake as long as that helps. */
static int poll_news(struct watcher *w, struct pollfd *news, nfds_t count)
{
    int got =
        w->awake.on ? awake_poll(news, count, w->pace.called, w->next_look) : 0;

    if (got != 0)
        return got;
    struct timespec pause = clock_span(w->next_look - clock_now());
    return ppoll(news, count, &pause, NULL);
}

static void wait_for_news(struct watcher *w)
{
    struct pollfd news[5] = {
        {.fd = w->cage->status, .events = POLLIN},
        {.fd = w->cage->witness, .events = POLLIN},
        {.fd = w->cage->out[0], .events = POLLIN},
        {.fd = w->cage->out[1], .events = POLLIN},
        {.fd = w->tracer, .events = POLLIN},
    };
    int64_t now = clock_now();

    if (w->cage->output == OUTPUT_FILE)
        news[2].fd = news[3].fd = -1;
    int count = poll_news(w, news, 5);
    if (count == 0)
        w->clock.empty[0] = w->clock.empty[1] = now;
    if (count <= 0)
        return;
    /* The witness first: somebody waits for us there. What a process wrote
     * before it ended is still in its socket. */
    if (news[1].revents & POLLIN)
        hear_witness(w, false);
    else if (news[1].revents) {
        close(w->cage->witness);
        w->cage->witness = -1;
    }
    for (int stream = 1; stream <= 2; stream++)
        if (news[1 + stream].revents)
            hear_output(w, stream);
        else
            w->clock.empty[stream - 1] = now;
    if (news[0].revents)
        hear_deaths(w);
    if (news[4].revents && !w->decided)
        hear_tracer(w, news[4].fd);
}

/* One look at what is stuck for good. Returns whether there is any; whether it
 * must hold for longer, *in_flight, and whether something lives beside it. */
static bool look_for_part(struct watcher *w, bool *in_flight, bool *beside)
{
    struct pids alarmed = {0};
    struct snapshot shot, again;
    struct diagnosis d;

    snapshot_take(&shot, w->cage->keeper, NULL);
    family_update(&w->family, &shot);
    replace_last(w, &shot);
    struct knowledge known = what_we_know(w, &w->last, &alarmed);
    known.part = true;
    snapshot_explore(&w->last, &known);
    pids_free(&alarmed);
    snapshot_take(&again, w->cage->keeper, &w->last);
    autopsy_judge(&w->last, &d);
    bool stuck =
        autopsy_confirm_stuck(&w->last, &again, &d) && !somebody_asks(w);
    *in_flight = d.in_flight;
    *beside = d.condition != CONDITION_STUCK;
    free(w->part);
    w->part = stuck && *beside ? d.stuck_for_good : NULL;
    if (w->part != NULL)
        d.stuck_for_good = NULL;
    diagnosis_free(&d);
    snapshot_free(&again);
    return stuck;
}

/* Is a part of the tree stuck for good, while the rest can still run? Proved by
 * two equal snapshots, too, of the processes in that part alone. */
static bool part_is_stuck(struct watcher *w, bool *beside)
{
    const struct timespec pause = {.tv_nsec = IN_FLIGHT_PAUSE};
    bool in_flight;

    if (!look_for_part(w, &in_flight, beside))
        return false;
    if (!in_flight)
        return true;
    nanosleep(&pause, NULL);
    return look_for_part(w, &in_flight, beside);
}

static void deadline_passed(struct watcher *w)
{
    int64_t half = (int64_t)(w->options->deadline_s * 5e8);
    int64_t window = half < STILL_MOVING ? half : STILL_MOVING;
    bool moving = clock_now() - w->pace.last_sign < window, beside;

    /* A look that was given up is not begun again. */
    if (!w->last.too_long && part_is_stuck(w, &beside)) {
        decide(w, VERDICT_HANG);
        if (beside)
            w->report->reason = xstrdup("the rest of the program still lives");
    } else {
        decide(w, moving ? VERDICT_RUNNING : VERDICT_NO_PROGRESS);
        if (w->last.too_long)
            w->report->reason =
                xstrdup("there was not the time to look at all its threads and "
                        "descriptors before the deadline");
    }
}

/* Where nothing can be proved, looks are for limits only. */
static int64_t pause_after_look(const struct watcher *w, int64_t now)
{
    return w->options->proves_nothing ? FULL_LOOK : pace_pause(&w->pace, now);
}

static void loop(struct watcher *w)
{
    int64_t deadline = deadline_of(w);

    while (!w->decided) {
        wait_for_news(w);
        int64_t now = clock_now();
        if (w->options->interrupted && *w->options->interrupted) {
            decide(w, VERDICT_RUNNING);
            w->report->reason =
                xstrdup("you interrupted it; all of it was ended");
        } else if (!w->decided && floods(w)) {
            end_flood(w);
        } else if (!w->decided && now >= deadline) {
            deadline_passed(w);
        } else if (!w->decided && now >= w->next_look) {
            look(w, now);
            w->pace.last_look = now;
            now = clock_now();
            w->next_look = now + pause_after_look(w, now);
            if (w->next_look > deadline)
                w->next_look = deadline;
        }
    }
}

/* ---- the end ---- */

static void verdict_of_the_first(struct watcher *w)
{
    struct report *report = w->report;
    const struct member *first = w->family.member;

    if (w->all_ended)
        report->verdict =
            first->end == END_KILLED ? VERDICT_KILLED : VERDICT_EXIT;
    if (first->end == END_EXIT || first->end == END_KILLED)
        report->code = first->code;
}

/* What was still there is explained before it is killed. */
static void explain_survivors(struct watcher *w)
{
    struct pids alarmed = {0};
    struct knowledge known = what_we_know(w, &w->last, &alarmed);
    struct diagnosis d;

    snapshot_name_threads(&w->last);
    family_threads(&w->last, w->report);
    if (!w->last.explored)
        snapshot_explore(&w->last, &known);
    pids_free(&alarmed);
    autopsy_judge(&w->last, &d);
    if (w->options->explain)
        autopsy_explain(&w->last, &d, w->report);
    family_ends(w->report);
    diagnosis_free(&d);
}

/* ---- after a proof ---- */

/* One look. Returns what has moved, or NULL. What lives beside a part may be
 * about to kill it: that needs a second look. */
static char *look_again(struct watcher *w, const struct falsify *falsify,
                        struct snapshot *shot)
{
    char *moved = NULL;

    for (int tries = w->part != NULL ? 2 : 1; tries > 0; tries--) {
        free(moved);
        snapshot_free(shot);
        snapshot_take(shot, w->cage->keeper, NULL);
        family_update(&w->family, shot);
        moved = falsify_look(falsify, shot, &w->family);
        if (moved == NULL)
            break;
        w->next_look = clock_now() + FULL_LOOK;
        wait_for_news(w);
    }
    return moved;
}

/* --falsify: watches on instead of ending it; see falsify.h. */
static void falsify(struct watcher *w)
{
    int64_t start = clock_now(), now = start;
    int64_t end = start + (int64_t)(w->options->falsify_s * 1e9);
    struct snapshot shot = {0};
    struct falsify falsify;
    char *moved = NULL;

    falsify_begin(&falsify, &w->last, w->part, w->heard.has_witness);
    falsify.woken = w->heard.rings > 0;
    w->next_look = now;
    while (moved == NULL && now < end &&
           !(w->options->interrupted && *w->options->interrupted)) {
        wait_for_news(w);
        now = clock_now();
        if (now < w->next_look && now < end && !w->all_ended)
            continue;
        moved = look_again(w, &falsify, &shot);
        /* A look at many threads takes long. */
        w->next_look = clock_now() + FULL_LOOK + 4 * (clock_now() - now);
        if (w->all_ended)
            break;
    }
    w->report->falsified.seconds = w->options->falsify_s;
    falsify_report(&falsify, &shot, moved, (double)(clock_now() - start) / 1e6,
                   w->report);
    falsify_end(&falsify);
    snapshot_free(&shot);
}

/* Somebody looks into what is left; the witness goes on answering. */
static void hold(struct watcher *w)
{
    const struct hold *hold = w->options->hold;
    int64_t end = clock_now() + (int64_t)(hold->seconds * 1e9);

    hold->begin(w->report, hold->seconds);
    while (!w->all_ended && clock_now() < end && !hold->over() &&
           !(w->options->interrupted && *w->options->interrupted)) {
        w->next_look = clock_now() + FULL_LOOK;
        wait_for_news(w);
    }
}

/* Nobody writes any more: all that is still in the sockets. */
static void hear_the_rest(struct watcher *w)
{
    for (int stream = 1; stream <= 2; stream++)
        while (w->cage->out[stream - 1] != -1) {
            size_t before = w->report->output_bytes;
            hear_output(w, stream);
            if (w->report->output_bytes == before)
                break;
        }
}

static void end_of_run(struct watcher *w)
{
    struct report *report = w->report;

    report->ms_total = (double)(clock_now() - w->pace.start) / 1e6;
    if (!w->all_ended && !w->cleared)
        scene_look(&w->family, &w->last);
    verdict_of_the_first(w);
    if (!w->cleared)
        fatal_resolve_missing(&w->family);
    family_report(&w->family, w->program, report);
    if (!w->all_ended && !w->cleared)
        explain_survivors(w);
    if (report->proved && w->options->falsify_s > 0)
        falsify(w);
    if (w->options->hold != NULL && !w->all_ended && !w->cleared)
        hold(w);
    /* A pipe does not tell when something was written: what is in it now is
     * from before the end. */
    for (int stream = 1; stream <= 2; stream++)
        hear_output(w, stream);
    double over = (double)(clock_now() - w->pace.start) / 1e6;
    if (report->wants_listener)
        strings_add(&report->notes, NO_LISTENER);
    if (report->lost_call)
        strings_add(&report->notes, LOST_CALL);
    if (report->verdict == VERDICT_RUNNING && !w->all_ended && !w->cleared &&
        w->options->explain && w->options->crash == NULL)
        trace_running(&w->last, report);
    report->still_there += cage_clear(w->cage);
    hear_the_rest(w);
    if (!w->all_ended && !w->cleared)
        output_cut(report, over);
    for (size_t i = 0; i < report->process_count; i++)
        report->left_behind += report->processes[i].left_behind;
    output_finish(report);
}

/* How often the kernel of this machine killed a process to get memory; -1:
 * not known. */
static long count_oom_kills(void)
{
    char *text = file_read("/proc/vmstat", NULL);
    const char *at = text ? strstr(text, "\noom_kill ") : NULL;
    long count = at ? strtol(at + sizeof("\noom_kill"), NULL, 10) : -1;

    free(text);
    return count;
}

/* Was a process of it killed, or may have been, and meanwhile one by the kernel
 * for memory? */
static bool was_out_of_memory(const struct watcher *w)
{
    bool killed = false;

    for (size_t i = 0; i < w->report->process_count; i++)
        killed |= w->report->processes[i].end == END_GONE ||
                  (w->report->processes[i].end == END_KILLED &&
                   w->report->processes[i].code == SIGKILL);
    return killed && count_oom_kills() > w->oom_kills;
}

/* Everything from the start to the end of the run. Returns NULL, or why it did
 * not start. */
static char *go_and_loop(struct watcher *w)
{
    char *error = cage_go(w->cage);

    /* It has not begun yet, or just now. */
    w->oom_kills = count_oom_kills();
    w->heard.has_witness = w->cage->witness != -1;
    w->heard.hears_numbers = w->cage->threads;
    w->report->layers = cage_describe(w->cage);
    /* Other processes may compute: who is stuck shall not wait for them. */
    slice_shorten();
    if (error != NULL || w->family.count == 0)
        return error ? error : xstrdup("it died before it began");
    if (w->cage->call_pending)
        hear_testimony(w, w->cage->pending_call);
    loop(w);
    return NULL;
}

/* In whose process was the crash? */
static void name_crash(struct crash *crash, const struct report *report)
{
    const struct process_report *process = report_process(report, crash->pid);

    if (process != NULL)
        snprintf(crash->role, sizeof(crash->role), "%s", process->role);
}

static void free_watcher(struct watcher *w)
{
    pulse_drop(&w->pulse);
    family_free(&w->family);
    snapshot_free(&w->last);
    heard_free(&w->heard);
    free(w->part);
}

char *watch_program(struct cage *cage, const struct watch_options *options,
                    const char *program, struct report *report)
{
    struct watcher w = {.cage = cage,
                        .options = options,
                        .report = report,
                        .program = program,
                        .tracer = -1,
                        .awake.never = processors_count(&cage->processors) == 1,
                        .heard = {.strange = options->proves_nothing,
                                  .directory = cage->inside,
                                  .devices = cage->mounts.devices,
                                  .device_count = cage->mounts.device_count}};

    report->deadline_s = options->deadline_s;
    w.clock = output_clock_start();
    pace_start(&w.pace, w.clock.start);
    w.last.time = w.pace.start;
    w.next_look = w.pace.start + MS;
    family_meet(&w.family, cage->first);
    pid_t tracer = 0;
    int tells = options->crash ? trace_crashes(cage->first, &tracer) : -1;
    w.tracer = tells;
    char *error = go_and_loop(&w);
    slice_restore();
    trace_end(tracer, tells);
    if (error != NULL) {
        report->still_there = cage_clear(cage);
        free_watcher(&w);
        return error;
    }
    end_of_run(&w);
    report->out_of_memory = was_out_of_memory(&w);
    if (options->crash != NULL)
        name_crash(options->crash, report);
    free_watcher(&w);
    return NULL;
}

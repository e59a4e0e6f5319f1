/* SPDX-License-Identifier: MIT
 *
 * trace: see trace.h. In this order: lanes, moments, ends, forks, all.
 */
#define _GNU_SOURCE
#include "site/trace.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/report.h"

#define MOST_LANES ((size_t)7)
#define MOST_MOMENTS ((size_t)24)

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : -1;
}

static bool is_true(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* ---- lanes ---- */

static size_t add_lane(struct trace *trace, int pid, const char *name,
                       size_t length, bool thread)
{
    GROW(trace->lane, trace->lanes);
    trace->lane[trace->lanes] =
        (struct lane){.name = xasprintf("%.*s", (int)length, name),
                      .pid = pid,
                      .thread = thread,
                      .parent = -1,
                      .forked_at = -1};
    return trace->lanes++;
}

/* The lane of a process, or of its thread with that name. */
static int lane_of(const struct trace *trace, int pid, const char *name,
                   size_t length)
{
    for (size_t i = 0; i < trace->lanes; i++)
        if (trace->lane[i].pid == pid &&
            trace->lane[i].thread == (name != NULL) &&
            (name == NULL || text_same(name, length, trace->lane[i].name)))
            return (int)i;
    return -1;
}

/* The lanes of processes, each with its parent. */
static void add_processes(struct trace *trace, const cJSON *run)
{
    const cJSON *process;

    cJSON_ArrayForEach(process,
                       cJSON_GetObjectItemCaseSensitive(run, "processes"))
    {
        const char *role = text_of(process, "role");
        size_t lane = add_lane(trace, (int)number_of(process, "pid"), role,
                               strlen(role), false);
        trace->lane[lane].parent =
            lane_of(trace, (int)number_of(process, "parent"), NULL, 0);
    }
}

/* ---- moments ---- */

/* "worker: locks": the length of the name; 0: nobody says who it is. A role of
 * another process is no thread's name. */
static size_t speaker(const char *text, size_t length)
{
    size_t at = 0, blanks = 0;

    while (at < length && at <= 15 && blanks < 2 &&
           (isalnum((unsigned char)text[at]) ||
            (at > 0 && strchr(" -_", text[at]) != NULL)))
        blanks += text[at++] == ' ';
    return at > 0 && at <= 15 && at + 1 < length && text[at] == ':' &&
                   text[at + 1] == ' ' && isalpha((unsigned char)text[0])
               ? at
               : 0;
}

/* Does a process with that role speak of itself? "child" is "child 2", too. */
static bool speaks_for(const char *name, size_t length, const char *role)
{
    return strncmp(role, name, length) == 0 &&
           (role[length] == '\0' || role[length] == ' ');
}

static struct moment *add_moment(struct trace *trace, double ms, size_t lane,
                                 const char *text, size_t length)
{
    GROW(trace->moment, trace->moments);
    trace->moment[trace->moments] = (struct moment){
        .ms = ms, .lane = lane, .text = text_clean(text, length)};
    return &trace->moment[trace->moments++];
}

/* Who says it, and what. NULL: a process that the run does not know. */
static struct moment *add_said(struct trace *trace, const cJSON *record,
                               const char *text, size_t length)
{
    int pid = (int)number_of(record, "pid");
    int lane = lane_of(trace, pid, NULL, 0);
    bool talk = strcmp(text_of(record, "stream"), "stderr") == 0;
    size_t name = talk ? speaker(text, length) : 0;

    if (lane < 0)
        return NULL;
    if (name > 0 && !speaks_for(text, name, trace->lane[lane].name)) {
        int thread = lane_of(trace, pid, text, name);
        lane =
            thread >= 0 ? thread : (int)add_lane(trace, pid, text, name, true);
    }
    size_t drop = name > 0 ? name + 2 : 0;
    struct moment *moment =
        add_moment(trace, number_of(record, "ms"), (size_t)lane, text + drop,
                   length - drop);
    moment->evidence = !talk;
    return moment;
}

/* The last thing that a process has said; NULL: nothing. */
static struct moment *last_of(const struct trace *trace, int pid)
{
    size_t i = trace->moments;

    while (i > 0 && trace->lane[trace->moment[i - 1].lane].pid != pid)
        i--;
    return i > 0 ? &trace->moment[i - 1] : NULL;
}

/* The tail is what watch/watch.h adds. A line that is nothing else belongs to
 * what its process has said before. */
static void add_line(struct trace *trace, const cJSON *record, const char *text,
                     size_t length)
{
    static const char mark[] = " | memory: ";
    const char *tail = memmem(text, length, mark, sizeof(mark) - 1);
    size_t said = tail != NULL ? (size_t)(tail - text) : length;
    struct moment *moment = said > 0
                                ? add_said(trace, record, text, said)
                                : last_of(trace, (int)number_of(record, "pid"));

    if (moment == NULL || tail == NULL)
        return;
    tail += sizeof(mark) - 1;
    free(moment->memory);
    moment->memory = text_clean(tail, length - (size_t)(tail - text));
}

static void add_records(struct trace *trace, const cJSON *run)
{
    const cJSON *record;

    cJSON_ArrayForEach(record, cJSON_GetObjectItemCaseSensitive(run, "records"))
    {
        const char *text = text_of(record, "text");
        while (text != NULL && *text != '\0') {
            size_t length = strcspn(text, "\n");
            add_line(trace, record, text, length);
            text += length + (text[length] == '\n');
        }
    }
}

/* ---- ends ---- */

static char *thread_end(const cJSON *thread)
{
    const char *function = text_of(thread, "function");
    bool stuck = is_true(thread, "stuck");

    if (function == NULL)
        return xstrdup(stuck ? "waits for ever" : "is still there");
    return xasprintf("%s %s", stuck ? "waits for ever in" : "is in", function);
}

/* The thread of that lane; for a process the first one. */
static const cJSON *thread_of(const cJSON *process, const struct lane *lane)
{
    const cJSON *thread;
    const cJSON *threads = cJSON_GetObjectItemCaseSensitive(process, "threads");

    if (!lane->thread)
        return cJSON_GetArrayItem(threads, 0);
    cJSON_ArrayForEach(thread,
                       threads) if (strcmp(text_of(thread, "name"),
                                           lane->name) == 0) return thread;
    return NULL;
}

static void end_lane(struct lane *lane, const cJSON *process)
{
    const cJSON *thread = thread_of(process, lane);
    const char *object = thread ? text_of(thread, "object") : NULL;
    const char *owner = thread ? text_of(thread, "owner_is") : NULL;

    if (thread == NULL)
        return;
    lane->end = thread_end(thread);
    lane->stuck = is_true(thread, "stuck");
    lane->wants = object ? xstrdup(object) : NULL;
    if (owner != NULL && strcmp(owner, "vanished") == 0)
        lane->lost_lock = xstrdup(object ? object : "a lock of a library");
}

/* How a process has ended; NULL: it has not. */
static char *process_end(const cJSON *process)
{
    const char *end = text_of(process, "end");
    int code = (int)number_of(process, "code");
    const char *zombie = is_true(process, "zombie") ? ", is a zombie" : "";

    if (strcmp(end, "exit") == 0)
        return xasprintf("exits with %d%s", code, zombie);
    if (strcmp(end, "killed") == 0)
        return xasprintf("is killed by %s%s", signal_name(code), zombie);
    return NULL;
}

static void add_ends(struct trace *trace, const cJSON *run)
{
    const cJSON *process;

    cJSON_ArrayForEach(process,
                       cJSON_GetObjectItemCaseSensitive(run, "processes"))
    {
        int pid = (int)number_of(process, "pid");
        int own = lane_of(trace, pid, NULL, 0);
        double ms = number_of(process, "ms_ended");
        char *end = process_end(process);
        if (end != NULL && ms > 0)
            add_moment(trace, ms, (size_t)own, end, strlen(end))->ends = true;
        else if (end != NULL)
            trace->lane[own].end = xstrdup(end);
        else
            for (size_t i = 0; i < trace->lanes; i++)
                if (trace->lane[i].pid == pid)
                    end_lane(&trace->lane[i], process);
        free(end);
    }
}

/* ---- order and forks ---- */

/* The threads of a process beside it, in the order in which they spoke. */
static void order_lanes(struct trace *trace)
{
    struct lane *lane = xcalloc(trace->lanes + 1, sizeof(*lane));
    size_t *place = xcalloc(trace->lanes + 1, sizeof(*place)), count = 0;

    for (size_t i = 0; i < trace->lanes; i++)
        for (size_t k = i; k < trace->lanes && !trace->lane[i].thread; k++)
            if (k == i || (trace->lane[k].thread &&
                           trace->lane[k].pid == trace->lane[i].pid)) {
                place[k] = count;
                lane[count++] = trace->lane[k];
            }
    for (size_t i = 0; i < count; i++)
        if (lane[i].parent >= 0)
            lane[i].parent = (int)place[lane[i].parent];
    for (size_t i = 0; i < trace->moments; i++)
        trace->moment[i].lane = place[trace->moment[i].lane];
    free(trace->lane);
    free(place);
    trace->lane = lane;
}

static const struct trace *sorted; /* for qsort, which hands nothing on */

static int by_time(const void *one, const void *other)
{
    const size_t a = *(const size_t *)one, b = *(const size_t *)other;
    double first = sorted->moment[a].ms, second = sorted->moment[b].ms;

    if (first != second)
        return first < second ? -1 : 1;
    return (a > b) - (a < b);
}

/* By time; at the same time as they came. */
static void sort(struct trace *trace)
{
    size_t *order = xcalloc(trace->moments + 1, sizeof(*order));
    struct moment *moment = xcalloc(trace->moments + 1, sizeof(*moment));

    for (size_t i = 0; i < trace->moments; i++)
        order[i] = i;
    sorted = trace;
    qsort(order, trace->moments, sizeof(*order), by_time);
    for (size_t i = 0; i < trace->moments; i++)
        moment[i] = trace->moment[order[i]];
    free(trace->moment);
    free(order);
    trace->moment = moment;
}

static void free_lane(const struct lane *lane)
{
    free(lane->name);
    free(lane->end);
    free(lane->wants);
    free(lane->lost_lock);
}

static void free_moment(const struct moment *moment)
{
    free(moment->text);
    free(moment->memory);
}

static bool keeps(const struct trace *trace, size_t index)
{
    size_t rest = MOST_MOMENTS / 2;

    return trace->moment[index].lane < MOST_LANES &&
           (trace->moments <= MOST_MOMENTS || index < rest ||
            index >= trace->moments - rest);
}

/* What a picture has no room for. */
static void shorten(struct trace *trace)
{
    size_t kept = 0, all = trace->moments;

    for (size_t i = 0; i < all; i++)
        if (keeps(trace, i))
            trace->moment[kept++] = trace->moment[i];
        else
            free_moment(&trace->moment[i]);
    trace->left_out = all - kept;
    trace->moments = kept;
    for (size_t i = MOST_LANES; i < trace->lanes; i++)
        free_lane(&trace->lane[i]);
    if (trace->lanes > MOST_LANES)
        trace->lanes = MOST_LANES;
}

/* The run does not say when a process was made. It was after the last thing
 * that its parent said of a fork before its own first one; the kernel knows
 * more. */
static void find_forks(struct trace *trace)
{
    for (size_t i = 0; i < trace->lanes; i++) {
        struct lane *lane = &trace->lane[i];
        if (lane->thread || lane->parent < 0)
            continue;
        int parent = trace->lane[lane->parent].pid;
        for (size_t k = 0; k < trace->moments; k++) {
            const struct moment *moment = &trace->moment[k];
            if (trace->lane[moment->lane].pid == lane->pid)
                break;
            if (trace->lane[moment->lane].pid == parent &&
                strstr(moment->text, "fork") != NULL)
                lane->forked_at = (int)k;
        }
    }
}

/* ---- all ---- */

static char *machine_of(const cJSON *run)
{
    const cJSON *machine = cJSON_GetObjectItemCaseSensitive(run, "machine");
    const char *kernel = text_of(machine, "kernel");

    /* 6.1.0-13-amd64: what comes behind the version names a build. */
    return xasprintf("%s, Linux %.*s, %s", text_of(machine, "libc"),
                     (int)strcspn(kernel, "-"), kernel,
                     text_of(machine, "arch"));
}

struct trace *trace_read(const cJSON *run, const char *expected)
{
    const char *outcome = text_of(run, "outcome"), *why = text_of(run, "why");

    if (outcome == NULL || strcmp(outcome, expected) != 0)
        return NULL;
    struct trace *trace = xcalloc(1, sizeof(*trace));
    trace->verdict = xstrdup(text_of(run, "verdict_title"));
    trace->why = why ? xstrdup(why) : NULL;
    trace->machine = machine_of(run);
    add_processes(trace, run);
    add_records(trace, run);
    add_ends(trace, run);
    order_lanes(trace);
    sort(trace);
    shorten(trace);
    find_forks(trace);
    return trace;
}

size_t trace_process(const struct trace *trace, size_t lane)
{
    size_t i = 0;

    while (i < lane && (trace->lane[i].thread ||
                        trace->lane[i].pid != trace->lane[lane].pid))
        i++;
    return i;
}

void trace_free(struct trace *trace)
{
    if (trace == NULL)
        return;
    for (size_t i = 0; i < trace->lanes; i++)
        free_lane(&trace->lane[i]);
    for (size_t i = 0; i < trace->moments; i++)
        free_moment(&trace->moment[i]);
    free(trace->lane);
    free(trace->moment);
    free(trace->verdict);
    free(trace->why);
    free(trace->machine);
    free(trace);
}

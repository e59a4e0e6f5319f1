/* SPDX-License-Identifier: MIT
 *
 * spin: see spin.h.
 */
#define _GNU_SOURCE
#include "run/spin.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "autopsy/unwind.h"
#include "base/memory.h"
#include "run/trace.h"

#define PAUSE_NS 5000000
#define MAX_THREADS 8

struct frames {
    struct frame *item;
    size_t count;
};

static bool same_name(const struct frame *a, const struct frame *b)
{
    return a->function != NULL && b->function != NULL &&
           strcmp(a->function, b->function) == 0;
}

/* How many of the outermost frames both have in common. */
static size_t in_common(const struct frames *a, const struct frames *b)
{
    size_t n = 0;

    while (n < a->count && n < b->count &&
           (same_name(&a->item[a->count - 1 - n], &b->item[b->count - 1 - n]) ||
            a->item[a->count - 1 - n].function == NULL))
        n++;
    return n;
}

/* The innermost frame with a name of the last `common` ones; or NULL. */
static const struct frame *innermost(const struct frames *frames, size_t common)
{
    for (size_t i = frames->count - common; i < frames->count; i++)
        if (frames->item[i].function != NULL)
            return &frames->item[i];
    return NULL;
}

/* Takes the first look's stack into the report, where the second agrees. */
static void note(const struct process_report *process, struct frames *first,
                 const struct frames *second, struct thread_report *thread)
{
    size_t common = in_common(first, second);
    const struct frame *place = innermost(first, common);
    const char *library;

    if (place == NULL)
        return;
    const struct frame *own =
        stack_program_frame(first->item, first->count, &library);
    bool line = own != NULL && own->file != NULL && own->line > 0;
    free(thread->why);
    free(thread->told);
    thread->told = NULL;
    thread->why = xasprintf("%s is running: two looks, 5 ms apart, both found "
                            "it in %s",
                            process->role, place->function);
    if (line) {
        char *longer =
            xasprintf("%s, at %s:%d", thread->why, own->file, own->line);
        free(thread->why);
        thread->why = longer;
    }
    free(thread->function);
    free(thread->file);
    thread->function = xstrdup(place->function);
    thread->file = line ? xstrdup(own->file) : NULL;
    thread->line = line ? own->line : 0;
    thread->suspect = true;
    frames_free(thread->stack, thread->frames);
    thread->stack = first->item;
    thread->frames = first->count;
    *first = (struct frames){0};
}

static void look_at(pid_t pid, const struct process_report *process,
                    struct thread_report *thread)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    struct frames first = {0}, second = {0};
    struct stack *stack = stack_open(pid);

    if (stack == NULL)
        return;
    first.count = trace_frames(stack, pid, thread->tid, &first.item);
    nanosleep(&pause, NULL);
    second.count = first.count == 0
                       ? 0
                       : trace_frames(stack, pid, thread->tid, &second.item);
    if (second.count > 0)
        note(process, &first, &second, thread);
    frames_free(first.item, first.count);
    frames_free(second.item, second.count);
    stack_close(stack);
}

static struct thread_report *thread_of(struct process_report *process,
                                       pid_t tid)
{
    for (size_t i = 0; process != NULL && i < process->thread_count; i++)
        if (process->threads[i].tid == tid)
            return &process->threads[i];
    return NULL;
}

void spin_look(const struct snapshot *shot, struct report *report)
{
    int looked_at = 0;

    for (size_t i = 0; i < shot->thread_count && looked_at < MAX_THREADS; i++) {
        const struct thread_shot *seen = &shot->thread[i];
        const struct process_shot *process = &shot->process[seen->process];
        struct process_report *to = report_process(report, process->pid);
        struct thread_report *thread = thread_of(to, seen->tid);
        if (thread == NULL || process->unasked || seen->wait != WAIT_NOTHING)
            continue;
        look_at(process->pid, to, thread);
        looked_at++;
    }
}

char *spin_why(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++) {
            const struct thread_report *thread =
                &report->processes[i].threads[k];
            if (thread->suspect && thread->why != NULL &&
                strstr(thread->why, "is running: two looks") != NULL)
                return xstrdup(thread->why);
        }
    return NULL;
}

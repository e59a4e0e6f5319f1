/* SPDX-License-Identifier: MIT
 *
 * threads: see threads.h.
 */
#define _GNU_SOURCE
#include "print/threads.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Threads of one process in one place. */
struct group {
    const struct process_report *process;
    const struct thread_report *first;
    size_t count;
    bool owner; /* one of them has what a cause waits for */
};

struct groups {
    struct group *item;
    size_t count;
};

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_frames(const struct frame *a, const struct frame *b,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i].line != b[i].line || !same_text(a[i].function, b[i].function))
            return false;
    return true;
}

static bool same_place(const struct thread_report *a,
                       const struct thread_report *b)
{
    return a->frames == b->frames && a->waits == b->waits &&
           a->stuck == b->stuck && a->suspect == b->suspect &&
           a->owner == b->owner && same_text(a->object, b->object) &&
           same_text(a->function, b->function) &&
           a->script_frames == b->script_frames &&
           same_frames(a->stack, b->stack, a->frames) &&
           same_frames(a->script, b->script, a->script_frames);
}

static void collect_thread(struct groups *groups,
                           const struct process_report *process,
                           const struct thread_report *thread)
{
    for (size_t i = groups->count; i-- > 0;)
        if (groups->item[i].process == process &&
            same_place(groups->item[i].first, thread)) {
            groups->item[i].count++;
            return;
        }
    GROW(groups->item, groups->count);
    groups->item[groups->count++] = (struct group){process, thread, 1, false};
}

static bool is_cause(const struct thread_report *thread)
{
    return thread->root || thread->suspect;
}

/* Looks for the owners: O(groups^2), of groups that are few. */
static void mark_owners(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        for (size_t k = 0; k < groups->count; k++)
            if (is_cause(groups->item[k].first) &&
                groups->item[k].first->owner == groups->item[i].first->tid)
                groups->item[i].owner = true;
}

/* Does it wait for a lock, which somebody has? Others may be idle. */
static bool awaits_lock(const struct thread_report *thread)
{
    return thread->waits == WAITS_MUTEX || thread->waits == WAITS_RWLOCK ||
           thread->waits == WAITS_FILE_LOCK ||
           thread->waits == WAITS_LIBRARY_LOCK ||
           (thread->waits == WAITS_TIME && thread->object != NULL);
}

/* 0 is the most interesting. */
static int rank(const struct group *group)
{
    return is_cause(group->first)      ? 0
           : group->owner              ? 1
           : awaits_lock(group->first) ? 2
                                       : 3;
}

/* The cause, who has what it waits for, other locks, then what is rare; what
 * nobody asked for last. An owner may be in the parent, unasked. */
static int by_interest(const void *a, const void *b)
{
    const struct group *left = a, *right = b;
    int unasked = (left->process->unasked && !left->owner) -
                  (right->process->unasked && !right->owner);

    if (unasked != 0)
        return unasked;
    if (rank(left) != rank(right))
        return rank(left) - rank(right);
    if (left->count != right->count)
        return left->count < right->count ? -1 : 1;
    return left->first->tid < right->first->tid ? -1 : 1;
}

#define FRAMES_SHOWN 6

/* A file's name as it is shown: of Python's or Ruby's library without its
 * directory; NULL for headers of a compiler. */
static const char *shown_file(const char *file)
{
    static const char *const libraries[] = {"/lib/python3", "/lib/ruby/"};

    if (file == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        const char *at = strstr(file, libraries[i]);
        const char *slash = at ? strchr(at + strlen(libraries[i]), '/') : NULL;
        if (slash != NULL)
            return slash + 1;
    }
    return strncmp(file, "/usr/", 5) == 0 || strncmp(file, "/rustc/", 7) == 0
               ? NULL
               : file;
}

/* "sem_wait < PyThread_acquire_lock < main (a.c:12)": the innermost frames that
 * have names. NULL where there is none. */
static char *stack_text(const struct frame *stack, size_t count, size_t most)
{
    char *text = xstrdup("");
    size_t shown = 0;

    for (size_t i = 0; i < count && shown < most; i++) {
        const struct frame *frame = &stack[i];
        if (frame->function == NULL)
            continue;
        const char *file = frame->line > 0 ? shown_file(frame->file) : NULL;
        char *longer =
            file != NULL ? xasprintf("%s%s%s (%s:%d)", text, shown ? " < " : "",
                                     frame->function, file, frame->line)
                         : xasprintf("%s%s%s", text, shown ? " < " : "",
                                     frame->function);
        free(text);
        text = longer;
        shown++;
    }
    if (shown > 0)
        return text;
    free(text);
    return NULL;
}

static void add_group(struct sheet *page, const struct group *group,
                      const struct thread_report *told, size_t most)
{
    const struct thread_report *thread = group->first;
    const bool script = thread->script_frames > 0;
    char label[16];
    char *stack = stack_text(thread->stack, thread->frames,
                             script ? FRAMES_SHOWN / 3 : FRAMES_SHOWN);
    char *lines =
        stack_text(thread->script, thread->script_frames, FRAMES_SHOWN);
    const char *why = thread->why ? thread->why : group->process->role;
    char *text =
        group->count > 1
            ? xasprintf("%s (and %zu more thread%s the same)", why,
                        group->count - 1, group->count == 2 ? " does" : "s do")
            : xstrdup(why);

    if (thread == told && stack != NULL && group->count == 1) {
        free(text);
        text = xstrdup(stack);
        free(stack);
        stack = NULL;
    }
    snprintf(label, sizeof(label), "%d", (int)thread->tid);
    size_t before = page->count;
    sheet_add_row(page, 8, label, text, most < 5 ? most : 5);
    if (stack != NULL && page->count < before + most)
        sheet_add_row(page, 8, "", stack, 2);
    if (lines != NULL && page->count < before + most) {
        char *in = xasprintf("%s: %s", thread->language, lines);
        sheet_add_row(page, 8, "", in, 3);
        free(in);
    }
    free(lines);
    free(stack);
    free(text);
}

void threads_add(struct sheet *page, const struct report *report,
                 const struct thread_report *told, size_t most)
{
    struct groups groups = {0};
    size_t end = page->count + most, left = 0;

    for (size_t i = 0; i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++)
            collect_thread(&groups, &report->processes[i],
                           &report->processes[i].threads[k]);
    mark_owners(&groups);
    if (groups.count > 0)
        qsort(groups.item, groups.count, sizeof(*groups.item), by_interest);
    if (groups.count > 0 && most > 2)
        sheet_add_blank(page);
    for (size_t i = 0; i < groups.count; i++)
        if (page->count + 2 <= end && left == 0)
            add_group(page, &groups.item[i], told, end - page->count - 1);
        else
            left += groups.item[i].count;
    if (left > 0 && page->count < end) {
        char *text = xasprintf("%zu more thread%s: see --json", left,
                               left == 1 ? "" : "s");
        sheet_add_row(page, 8, "", text, 1);
        free(text);
    }
    free(groups.item);
}

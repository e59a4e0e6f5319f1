/* SPDX-License-Identifier: MIT
 *
 * teller: who the others are, and what they do, see teller.h.
 */
#define _GNU_SOURCE
#include "autopsy/teller.h"

#include <stdlib.h>

#include "proof/calls.h"

/* Appends to *text, and frees `more`. */
void append(char **text, char *more)
{
    char *longer = xasprintf("%s%s", *text, more);

    free(*text);
    free(more);
    *text = longer;
}

/* "child (pid 4711)", or "sleep (pid 24247)" of one that is not looked at. */
char *who(const struct teller *t, pid_t pid, const char *name)
{
    const struct process_report *process = report_process(t->x->report, pid);

    if (process != NULL && process->inner_pid != pid && process->inner_pid != 0)
        return xasprintf("%s (pid %d, inside %d)", process->role, (int)pid,
                         (int)process->inner_pid);
    return xasprintf("%s (pid %d)", process ? process->role : name, (int)pid);
}

/* ---- what others do ---- */

/* "is running", "is in wait4": of a process of the snapshot, where all of its
 * threads do the same; NULL otherwise. */
static char *doing(const struct snapshot *shot,
                   const struct process_shot *process)
{
    const struct thread_shot *first = &shot->thread[process->first_thread];

    if (process->thread_count == 0)
        return NULL;
    for (size_t i = 1; i < process->thread_count; i++)
        if (first[i].call != first->call || first[i].state != first->state)
            return NULL;
    if (first->state == 'R' || first->wait == WAIT_NOTHING)
        return xstrdup("is running");
    if (first->wait == WAIT_STOPPED)
        return xstrdup("is stopped");
    return first->call_name ? xasprintf("is in %s", first->call_name) : NULL;
}

/* The same of a process outside, as it is now. */
static char *doing_outside(pid_t pid)
{
    struct snapshot shot;
    char *text = NULL;

    snapshot_one(&shot, pid);
    for (size_t i = 0; i < shot.thread_count; i++)
        shot.thread[i].wait =
            call_waits_for(&shot.thread[i], &shot.thread[i].call_name);
    if (shot.process_count == 1)
        text = doing(&shot, &shot.process[0]);
    snapshot_free(&shot);
    return text;
}

/* " as fd 3, which is in wait4". */
static void append_other(const struct teller *t, const struct other *other,
                         char **text)
{
    const struct process_shot *process = snapshot_process(t->shot, other->pid);
    bool itself = other->pid == t->shot->process[t->thread->process].pid;

    append(text, itself ? xstrdup("itself") : who(t, other->pid, other->name));
    if (other->fd >= 0)
        append(text, xasprintf(" as fd %d", other->fd));
    char *does = itself    ? NULL
                 : process ? doing(t->shot, process)
                           : doing_outside(other->pid);
    if (does != NULL)
        append(text, xasprintf(", which %s", does));
    free(does);
}

#define NAMED_OTHERS 3

/* "itself and sleep (pid 4712) as fd 1", of those that have the other end, or
 * with `same` a copy of the descriptor. "" where there is none. */
char *others_text(const struct teller *t, bool same)
{
    char *text = xstrdup("");
    size_t named = 0, count = 0;

    for (size_t i = 0; i < t->seen->other_count; i++)
        count += t->seen->others[i].same_end == same;
    for (size_t i = 0; i < t->seen->other_count && named < NAMED_OTHERS; i++) {
        if (t->seen->others[i].same_end != same)
            continue;
        if (named > 0)
            append(&text, xstrdup(named + 1 == count ? ", and in " : ", in "));
        append_other(t, &t->seen->others[i], &text);
        named++;
    }
    if (count > named)
        append(&text, xasprintf(", and in %zu more", count - named));
    return text;
}

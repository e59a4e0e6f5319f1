/* SPDX-License-Identifier: MIT
 *
 * former: what a thread waits for where its descriptor number may have meant
 * another file when it fell asleep, see explorer.h.
 *
 * The witness has noted which file a number led to right before each change of
 * it (changes.h). The thread sleeps on one of those, or on what the number
 * means now: it is taken to wait for all of them. If none of them can become
 * ready, then neither can the one.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "linux/proc.h"
#include "linux/syscalls.h"
#include "proof/changes.h"
#include "proof/explorer.h"

struct taking {
    struct explorer *x;
    struct thread_shot *thread;
    mode_t kind; /* as kind_it_sleeps_on() */
};

/* Functions of the kernel in which only those sleep who read from or write to
 * a file of one kind. */
static const struct place {
    const char *name;
    mode_t kind;
} places[] = {
    {"pipe_read", S_IFIFO},
    {"pipe_write", S_IFIFO},
    {"anon_pipe_read", S_IFIFO},
    {"anon_pipe_write", S_IFIFO},
    {"unix_stream_read_generic", S_IFSOCK},
    {"unix_stream_data_wait", S_IFSOCK},
    {"__skb_wait_for_more_packets", S_IFSOCK},
    {"sock_alloc_send_pskb", S_IFSOCK},
    {"sk_wait_data", S_IFSOCK},
};

/* The kind of the file that a thread in read(2) or write(2) sleeps on, by where
 * in the kernel it sleeps; 0 where that does not tell. */
static mode_t kind_it_sleeps_on(const struct explorer *x,
                                const struct thread_shot *thread)
{
    char where[64];
    mode_t kind = 0;

    if ((thread->call != SYS_read && thread->call != SYS_write) ||
        proc_read(where, sizeof(where), "/proc/%d/task/%d/wchan",
                  (int)x->shot->process[thread->process].pid,
                  (int)thread->tid) <= 0)
        return 0;
    for (size_t i = 0; kind == 0 && i < sizeof(places) / sizeof(places[0]); i++)
        if (strcmp(where, places[i].name) == 0)
            kind = places[i].kind;
    return kind;
}

static bool may_be(const struct link *link, mode_t kind)
{
    return kind == 0 || (link->mode & S_IFMT) == kind;
}

static void wait_on_former(void *context, const struct link *former)
{
    struct taking *taking = context;
    struct link link = *former;

    if (!may_be(&link, taking->kind))
        return;
    /* An operation of aio may yet end, and write to it. */
    if (strcmp(link.target, "anon_inode:[eventfd]") == 0 &&
        taking->x->known->aio > 0) {
        wait_on_unknown(taking->x, taking->thread, -1);
        return;
    }
    link.process = taking->thread->process;
    link.fd = -1;
    wait_on_file(taking->x, taking->thread, &link);
}

bool wait_on_formers(struct explorer *x, struct thread_shot *thread,
                     unsigned low, unsigned high, bool polled)
{
    const struct changes *changes = x->known->changes;
    pid_t pid = x->shot->process[thread->process].pid;
    struct taking taking = {x, thread, kind_it_sleeps_on(x, thread)};

    thread->by_former = true;
    return x->known->numbers_heard && x->shot->followed &&
           numbers_are_known(x, thread) &&
           changes_formers(changes, pid, thread, low, high, polled,
                           wait_on_former, &taking);
}

void wait_on(struct explorer *x, struct thread_shot *thread, int fd)
{
    const struct link *now = find_link(x, thread->process, fd);

    if (number_holds(x, thread, fd)) {
        wait_on_number(x, thread, fd);
        return;
    }
    if (!wait_on_formers(x, thread, (unsigned)fd, (unsigned)fd, false))
        wait_on_unknown(x, thread, fd);
    else if (now != NULL && may_be(now, kind_it_sleeps_on(x, thread)))
        wait_on_number(x, thread, fd);
}

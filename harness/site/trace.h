/* SPDX-License-Identifier: MIT
 *
 * trace: what happened in a run, in the order in which it happened, from its
 * JSON: a lane for each process and thread, and the events in them.
 */
#ifndef FORKLAB_TRACE_H
#define FORKLAB_TRACE_H

#include <stdbool.h>
#include <stddef.h>

struct cJSON;

struct lane {
    char *name;    /* "child", "worker" */
    int pid;       /* of the process, also for its threads */
    bool thread;   /* not the process itself */
    int parent;    /* the lane of the parent; -1: it is the first one */
    int forked_at; /* the event after which it was there; -1: not known */
    char *end;     /* "waits for ever in pause"; NULL: it has ended before */
    bool stuck;
    char *lost_lock; /* it waits for that, whose owner was not copied */
};

struct moment {
    double ms;
    size_t lane;
    char *text;
    bool evidence; /* a line on stdout */
    bool ends;     /* the process has ended */
};

struct trace {
    char *verdict; /* "HANG (proved)" */
    char *why;     /* a sentence; NULL: there is none */
    char *machine; /* "glibc 2.36, Linux 6.1, x86_64" */
    struct lane *lane;
    size_t lanes;
    struct moment *moment;
    size_t moments;
    size_t left_out; /* so many moments are not shown: it is too long */
};

/* NULL: the run was skipped, or was not as expected. */
struct trace *trace_read(const struct cJSON *run);
void trace_free(struct trace *trace);

#endif

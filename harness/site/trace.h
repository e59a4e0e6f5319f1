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
    char *wants;     /* what it waits for, by name; NULL: it has none */
    char *lost_lock; /* it waits for that, whose owner was not copied */
};

struct moment {
    double ms;
    size_t lane;
    char *text;
    bool evidence; /* a line on stdout */
    bool ends;     /* the process has ended */
    char *memory;  /* of its process, then; NULL: it was not watched */
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

/* NULL: the run did not have that outcome ("hazard"), or was skipped. */
struct trace *trace_read(const struct cJSON *run, const char *expected);
void trace_free(struct trace *trace);

/* The lane of the process that a thread belongs to. */
size_t trace_process(const struct trace *trace, size_t lane);

#endif

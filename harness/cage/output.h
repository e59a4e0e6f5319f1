/* SPDX-License-Identifier: MIT
 *
 * output: what the program writes, as records.
 *
 * On a SEQPACKET socket each write(2) is one record, and the kernel says which
 * process wrote it and when. On a pipe, a terminal or a file a record is what
 * one read(2) of ours got: no writer, and our own clock.
 */
#ifndef FORKLAB_OUTPUT_H
#define FORKLAB_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"

/* What stdout and stderr of the program are. */
enum output_kind { OUTPUT_SEQPACKET, OUTPUT_PIPE, OUTPUT_PTY, OUTPUT_FILE };

/* Bytes and records that are kept of a run's output; the rest is counted. */
#define OUTPUT_KEPT ((size_t)1 << 20)
#define RECORDS_KEPT ((size_t)20000)

/* What turns the kernel's time of a record, which is wall time, into
 * clock_now() time. Made by output_clock_start(). */
struct output_clock {
    int64_t start;    /* the zero of the records' times */
    int64_t offset;   /* wall time less clock_now() time, */
    int64_t before;   /* ... and what it was before the wall clock was set */
    int64_t empty[2]; /* when stdout, stderr last had nothing to read */
};

/* A clock whose records have times from now on. */
struct output_clock output_clock_start(void);

/* Reads all that is there now from fd (non-blocking) and appends it to the
 * report's records. stream is 1 or 2. *latest becomes the time of the newest
 * record, if any came, in clock_now() time: never later than now, and never
 * earlier than clock->empty. Returns false at the end of the stream. At most a
 * bounded number of records a call: a flood must not keep the runner from its
 * other work. */
bool output_read(int fd, enum output_kind kind, int stream,
                 struct output_clock *clock, struct report *report,
                 int64_t *latest);

/* Removes records that are later than `ms` after the start: while a run is
 * being killed, a process may see others die and write about it. No record may
 * be added afterwards. */
void output_cut(struct report *report, double ms);

/* Puts the records into the order of their times and cuts the stdout text into
 * report->evidence, line by line. A last line without \n counts as a line.
 * Records of several processes are joined in the order of their writing. */
void output_finish(struct report *report);

#endif

/* SPDX-License-Identifier: MIT
 *
 * output: see output.h.
 */
#define _GNU_SOURCE
#include "cage/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

#define READS_A_CALL 64
#define MEASURED 4 /* times, where the wall clock seems to have been set */

/* ---- from wall time to ours ---- */

/* Both clocks run at the same rate, so their difference changes only when the
 * wall clock is set. It is kept until a measurement cannot be true with it:
 * times of two streams are then compared without the error of measuring. */
static void measure_offset(struct output_clock *clock)
{
    int64_t least = 0, most = 0;

    /* The shortest measurement is the most exact. */
    for (int i = 0; i < MEASURED; i++) {
        int64_t before = clock_now();
        int64_t wall = clock_wall();
        int64_t after = clock_now();
        if (clock->offset >= wall - after && clock->offset <= wall - before)
            return;
        if (i == 0 || after - before < most - least) {
            least = wall - after;
            most = wall - before;
        }
    }
    clock->before = clock->offset;
    clock->offset = least + (most - least) / 2;
}

struct output_clock output_clock_start(void)
{
    struct output_clock clock = {.start = clock_now()};

    measure_offset(&clock);
    clock.before = clock.offset;
    clock.empty[0] = clock.empty[1] = clock.start;
    return clock;
}

/* The kernel's time of a record that came between `from` and `to`. It may have
 * been taken before the wall clock was set; a time that fits neither way only
 * tells that much. */
static int64_t time_of_stamp(const struct output_clock *clock, int64_t wall,
                             int64_t from, int64_t to)
{
    int64_t time = wall - clock->offset, earlier = wall - clock->before;

    if (time >= from && time <= to)
        return time;
    if (earlier >= from && earlier <= to)
        return earlier;
    return time < from ? from : to;
}

/* One record as received, before it is known whether it will be kept. */
struct piece {
    ssize_t length; /* -1 when nothing is there */
    bool end;       /* of the stream */
    pid_t pid;
    int64_t time;  /* clock_now() time */
    int64_t stamp; /* the kernel's, wall time; 0: none */
};

/* recvmsg(2) with the writer's pid and the kernel's time: unix(7), socket(7).
 */
static struct piece receive(int fd, char *bytes, size_t size)
{
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred)) +
                   CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(64)];
        struct cmsghdr align;
    } control;
    struct iovec io = {.iov_base = bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &io,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    struct piece piece = {.time = clock_now()};

    piece.length = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (piece.length == -1)
        return piece;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head != NULL;
         head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET)
            continue;
        if (head->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(head), sizeof(credentials));
            piece.pid = credentials.pid;
        } else if (head->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec when;
            memcpy(&when, CMSG_DATA(head), sizeof(when));
            piece.stamp = (int64_t)when.tv_sec * 1000000000 + when.tv_nsec;
        } else if (head->cmsg_type == SCM_RIGHTS) {
            /* A program may send descriptors to its stdout: close them. */
            size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (size_t i = 0; i < count; i++) {
                int sent;
                memcpy(&sent, CMSG_DATA(head) + i * sizeof(int), sizeof(int));
                close(sent);
            }
        }
    }
    /* An empty write(2) is a record too; it has a writer, the end has not. */
    piece.end = piece.length == 0 && piece.pid == 0;
    return piece;
}

/* read(2), with our own time and no writer. */
static struct piece read_plainly(int fd, char *bytes, size_t size)
{
    struct piece piece = {.length = read(fd, bytes, size)};

    piece.time = clock_now();
    /* A pseudoterminal says EIO when its last user has gone: pty(7). */
    if (piece.length == -1 && errno == EIO)
        piece.length = 0;
    piece.end = piece.length == 0;
    return piece;
}

/* Adds a record to the report, cut to what is kept. */
static void keep_record(struct report *report, const struct piece *piece,
                        int stream, int64_t start, const char *bytes)
{
    size_t length = (size_t)piece->length;

    report->output_bytes += length;
    if (report->record_count >= RECORDS_KEPT ||
        report->output_kept >= OUTPUT_KEPT)
        return;
    if (length > OUTPUT_KEPT - report->output_kept)
        length = OUTPUT_KEPT - report->output_kept;
    report->output_kept += length;

    GROW(report->records, report->record_count);
    char *text = xcalloc(length + 1, 1);
    memcpy(text, bytes, length);
    report->records[report->record_count++] = (struct record){
        .ms = (double)(piece->time - start) / 1e6,
        .pid = piece->pid,
        .stream = stream,
        .text = text,
        .length = length,
    };
}

bool output_read(int fd, enum output_kind kind, int stream,
                 struct output_clock *clock, struct report *report,
                 int64_t *latest)
{
    static char bytes[OUTPUT_KEPT];
    int64_t from = clock->empty[stream - 1];

    for (int i = 0; i < READS_A_CALL; i++) {
        int64_t asked = clock_now();
        struct piece piece = kind == OUTPUT_SEQPACKET
                                 ? receive(fd, bytes, sizeof(bytes))
                                 : read_plainly(fd, bytes, sizeof(bytes));
        if (piece.length == -1 && errno == EAGAIN)
            clock->empty[stream - 1] = asked;
        if (piece.length == -1)
            return errno == EAGAIN || errno == EINTR;
        if (piece.end)
            return false;
        if (piece.stamp != 0) {
            measure_offset(clock);
            piece.time = time_of_stamp(clock, piece.stamp, from, clock_now());
        }
        keep_record(report, &piece, stream, clock->start, bytes);
        *latest = piece.time;
    }
    return true;
}

void output_cut(struct report *report, double ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < report->record_count; i++) {
        struct record *record = &report->records[i];
        if (record->ms <= ms) {
            report->records[kept++] = *record;
            continue;
        }
        report->output_bytes -= record->length;
        report->output_kept -= record->length;
        free(record->text);
    }
    report->record_count = kept;
}

/* Sorts by time; what has the same time stays in its order. Two sorted streams
 * were interleaved, so nothing has far to go. */
static void sort_by_time(struct record *record, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct record moving = record[i];
        size_t at = i;
        for (; at > 0 && record[at - 1].ms > moving.ms; at--)
            record[at] = record[at - 1];
        record[at] = moving;
    }
}

/* Adds the bytes of stdout, cut at newlines, to the evidence. */
static void cut_into_lines(struct report *report)
{
    char *all = xcalloc(report->output_kept + 2, 1);
    size_t used = 0;

    for (size_t i = 0; i < report->record_count; i++) {
        const struct record *record = &report->records[i];
        for (size_t k = 0; record->stream == 1 && k < record->length; k++)
            all[used++] = (char)(record->text[k] ? record->text[k] : '?');
    }
    all[used] = '\0';
    for (char *line = all, *end; line < all + used; line = end + 1) {
        end = strchrnul(line, '\n');
        *end = '\0';
        strings_add(&report->evidence, line);
    }
    free(all);
}

void output_finish(struct report *report)
{
    sort_by_time(report->records, report->record_count);
    cut_into_lines(report);
}

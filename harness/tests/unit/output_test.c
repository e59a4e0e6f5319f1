/* SPDX-License-Identifier: MIT
 *
 * output_test: records have the times at which they were written, whatever
 * happens to the wall clock meanwhile. The kernel's clock stays as it is: it is
 * our own view of it that is set here.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cage/output.h"

#define SECOND ((int64_t)1000000000)
#define PAIRS 200
#define ERROR (SECOND / 20) /* much more than it takes to read two clocks */

static int tests, failures;
static time_t step; /* seconds that the wall clock was set forward */

/* Instead of the C library's: who asks for the wall clock gets it set. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = (int)syscall(SYS_clock_gettime, clock, time);

    if (clock == CLOCK_REALTIME)
        time->tv_sec += step;
    return result;
}

static void check(bool good, const char *what)
{
    tests++;
    failures += !good;
    printf("%s %d - %s\n", good ? "ok" : "not ok", tests, what);
}

static int64_t monotonic(void)
{
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

/* ---- a program's end and ours ---- */

static int ours[2], theirs[2];
static struct report report;
static struct output_clock watch;

static void begin(void)
{
    const int on = 1;

    report = (struct report){0};
    for (int i = 0; i < 2; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
            exit(1);
        setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
        setsockopt(pair[0], SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
        ours[i] = pair[0];
        theirs[i] = pair[1];
    }
    watch = output_clock_start();
}

static void say_it(int stream)
{
    if (write(theirs[stream - 1], "word\n", 5) != 5)
        exit(1);
}

static void hear(int stream)
{
    int64_t latest = 0;

    output_read(ours[stream - 1], OUTPUT_SEQPACKET, stream, &watch, &report,
                &latest);
}

static void end(void)
{
    for (int i = 0; i < 2; i++) {
        close(ours[i]);
        close(theirs[i]);
    }
    for (size_t i = 0; i < report.record_count; i++)
        free(report.records[i].text);
    free(report.records);
}

/* When the last record was written, in nanoseconds of CLOCK_MONOTONIC. */
static int64_t time_of_last(void)
{
    return watch.start +
           (int64_t)(report.records[report.record_count - 1].ms * 1e6);
}

/* Writes a word and reads it after our view of the wall clock was set to `to`
 * seconds ahead of the kernel's. */
static void write_then_set(time_t to, const char *what)
{
    int64_t from = monotonic();

    say_it(1);
    int64_t until = monotonic();
    step = to;
    hear(1);
    check(time_of_last() >= from - ERROR && time_of_last() <= until + ERROR,
          what);
}

static void test_set_while_it_waits(void)
{
    step = 0;
    begin();
    write_then_set(0, "the wall clock is not set");
    write_then_set(5, "it is set forward before a record is read");
    write_then_set(5, "... and stays so");
    write_then_set(0, "... and is set right");
    write_then_set(-20, "it is set back");
    write_then_set(-20, "... and stays so");
    write_then_set(0, "... and is set right");
    end();
}

/* As a record that is written and read after the clock was set: the kernel
 * knows the new time. */
static void test_set_before(void)
{
    for (int i = 0; i < 2; i++) {
        step = i == 0 ? 5 : -20;
        begin();
        step = 0;
        usleep(100000); /* twice the error */
        write_then_set(0, i == 0 ? "it was set back before the record"
                                 : "it was set forward before the record");
        end();
    }
}

/* Streams are read one after the other, but told in the order of writing. */
static void test_order(void)
{
    bool good = true;

    step = 0;
    begin();
    for (int i = 0; i < PAIRS; i++) {
        say_it(1);
        say_it(2);
    }
    for (int stream = 1; stream <= 2; stream++)
        for (int i = 0; i < PAIRS; i++)
            hear(stream);
    output_finish(&report);
    for (size_t i = 0; i < report.record_count; i++)
        good &= report.records[i].stream == (i % 2 == 0 ? 1 : 2);
    check(good && report.record_count == 2 * (size_t)PAIRS,
          "two streams are in the order of writing");
    strings_free(&report.evidence);
    end();
}

static void test_time_only_rises(void)
{
    int64_t before = clock_now();

    step = -20;
    int64_t after = clock_now();
    step = 5;
    check(before <= after && after <= clock_now() &&
              clock_now() - before < SECOND * 5,
          "clock_now() is no wall clock");
}

int main(void)
{
    test_set_while_it_waits();
    test_set_before();
    test_order();
    test_time_only_rises();
    printf("1..%d\n", tests);
    return failures != 0;
}

/* SPDX-License-Identifier: MIT
 *
 * lab.h: the little that all labs share.
 *
 * Nothing here takes a lock or allocates memory: every function may be called
 * in the child of a threaded program, where only async-signal-safe functions
 * are allowed (signal-safety(7)).
 *
 *   show("child saw %d", n)    a line of evidence, on stdout
 *   say("child: locks lock")   a line of talk, on stderr; start it with the
 *                              name of the process or thread that speaks
 *   die("fork")                the machine let us down (never: the hazard)
 *   run_number(1)              the number of this run, 1 if nobody chose one
 *   run_word("hello")          ... as text
 *   call_me("worker")          names the calling thread, or the process
 *   say_end("child", status)   what waitpid(2) told of a child's end
 *
 * At its end it includes stage.h: events, which put threads and processes in
 * order, and the two ends of a connection.
 */
#ifndef FORKLAB_LAB_H
#define FORKLAB_LAB_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAB_UNUSED __attribute__((unused))

/* Appends text to line, which holds *used of size bytes. */
static inline void lab_append(char *line, size_t size, size_t *used,
                              const char *text)
{
    while (*text != '\0' && *used < size)
        line[(*used)++] = *text++;
}

/* Appends a number in decimal, or in hexadecimal with 0x where base is 16. */
static inline void lab_append_number(char *line, size_t size, size_t *used,
                                     long number, unsigned base)
{
    char digits[24];
    size_t at = sizeof(digits) - 1;
    unsigned long rest = (unsigned long)number;

    if (base == 10 && number < 0)
        rest = 0UL - rest;
    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[rest % base];
        rest /= base;
    } while (rest != 0);
    if (base == 10 && number < 0)
        digits[--at] = '-';
    if (base == 16)
        lab_append(line, size, used, "0x");
    lab_append(line, size, used, digits + at);
}

/* Formats one line (knows %s, %d, %ld, %x and %%) and writes it with a single
 * write(2), so that lines of two processes never mix. A line that is longer
 * than 500 bytes is cut. */
static inline void lab_line(int fd, const char *format, va_list values)
{
    char line[512];
    size_t used = 0;
    const size_t room = sizeof(line) - 1;

    for (const char *at = format; *at != '\0'; at++) {
        char one[2] = {*at, '\0'};
        if (*at != '%') {
            lab_append(line, room, &used, one);
            continue;
        }
        switch (*++at) {
        case 's':
            lab_append(line, room, &used, va_arg(values, const char *));
            break;
        case 'd':
            lab_append_number(line, room, &used, va_arg(values, int), 10);
            break;
        case 'l':
            at++;
            lab_append_number(line, room, &used, va_arg(values, long), 10);
            break;
        case 'x':
            lab_append_number(line, room, &used, (long)va_arg(values, unsigned),
                              16);
            break;
        default:
            lab_append(line, room, &used, "%");
            break;
        }
    }
    line[used++] = '\n';
    ssize_t ignored = write(fd, line, used);
    (void)ignored;
}

/* Evidence: the lines that the header of the lab counts. Hence no pids, times
 * or addresses in them. */
__attribute__((format(printf, 1, 2))) static inline void
show(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    lab_line(STDOUT_FILENO, format, values);
    va_end(values);
}

/* Talk: the story as it happens. */
__attribute__((format(printf, 1, 2))) static inline void say(const char *format,
                                                             ...)
{
    va_list values;
    va_start(values, format);
    lab_line(STDERR_FILENO, format, values);
    va_end(values);
}

/* The machine let us down: says where, with the number of the error. Ends with
 * status 99, which no lab counts among its facts. */
__attribute__((noreturn)) static inline void die(const char *what)
{
    int error = errno;

    say("lab: %s failed: error %d (see errno(3))", what, error);
    _exit(99);
}

/* The runner chooses a number for each run, and what the program prints has to
 * follow from it: {n} in the header. In a bare run it is `bare`. Call it before
 * there are threads: getenv(3). */
static inline const char *run_word(const char *bare)
{
    const char *given = getenv("FORKLAB_N");

    return given != NULL && given[0] != '\0' && given[0] <= '9' ? given : bare;
}

static inline int run_number(int bare)
{
    const char *given = run_word("");

    return given[0] != '\0' ? atoi(given) : bare;
}

/* Names the calling thread, or, called by a process's first thread, the
 * process: at most 15 bytes. See prctl(2), PR_SET_NAME. */
static inline void call_me(const char *name)
{
    if (prctl(PR_SET_NAME, name) == -1)
        die("prctl");
}

/* Talk of the parent: how a child ended, decoded from its wait status. */
static inline void say_end(const char *who, int status)
{
    if (WIFSIGNALED(status))
        say("parent: the %s was killed by signal %d", who, WTERMSIG(status));
    else
        say("parent: the %s ended with %d", who, WEXITSTATUS(status));
}

#include "stage.h"

#endif

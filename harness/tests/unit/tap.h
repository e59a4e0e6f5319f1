/* SPDX-License-Identifier: MIT
 *
 * tap: what the tests in C print, TAP: a line for each check, counted.
 */
#ifndef FORKLAB_TAP_H
#define FORKLAB_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tests, failures;

__attribute__((format(printf, 2, 3))) static bool ok(bool good,
                                                     const char *format, ...)
{
    va_list values;

    printf("%s %d - ", good ? "ok" : "not ok", ++tests);
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    putchar('\n');
    failures += !good;
    return good;
}

static inline void same_text(const char *got, const char *wanted,
                             const char *what)
{
    bool good = got && wanted ? strcmp(got, wanted) == 0 : got == wanted;

    if (!ok(good, "%s", what))
        printf("# got    %s\n# wanted %s\n", got ? got : "(null)",
               wanted ? wanted : "(null)");
}

#endif

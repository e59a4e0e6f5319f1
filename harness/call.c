/* SPDX-License-Identifier: MIT
 *
 * call: see call.h.
 */
#define _GNU_SOURCE
#include "call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

volatile sig_atomic_t interrupted;

void command_fail(int status, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    fflush(stdout);
    fputs("forklab: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(status);
}

bool command_takes(const struct command_option *option, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = option->of; (at = strstr(at, name)) != NULL; at++)
        if ((at == option->of || at[-1] == ' ') &&
            (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

FILE *command_open_json(const char *path)
{
    FILE *stream = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");

    if (stream == NULL)
        command_fail(STATUS_CANNOT, "cannot write %s: %s", path,
                     strerror(errno));
    return stream;
}

void command_close_json(FILE *stream, const char *path, bool good)
{
    if (stream != stdout && fclose(stream) != 0)
        good = false;
    if (!good)
        command_fail(STATUS_CANNOT, "cannot write %s: %s", path,
                     strerror(errno));
}

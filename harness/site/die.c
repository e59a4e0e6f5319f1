/* SPDX-License-Identifier: MIT
 *
 * die: how the generator of the site ends where it cannot go on. See site.h.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "site/site.h"

void site_die(const char *format, ...)
{
    va_list values;

    fputs("error: site: ", stderr);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

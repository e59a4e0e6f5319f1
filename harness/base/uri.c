/* SPDX-License-Identifier: MIT
 *
 * uri: see uri.h.
 */
#include "base/uri.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static const char unreserved[] = "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789-._~/";

char *uri_of_path(const char *path)
{
    char *uri = xcalloc(3 * strlen(path) + 1, 1), *end = uri;

    for (const char *at = path; *at != '\0'; at++)
        if (strchr(unreserved, *at) != NULL)
            *end++ = *at;
        else
            end += sprintf(end, "%%%02X", (unsigned char)*at);
    return uri;
}

/* SPDX-License-Identifier: MIT
 *
 * web: see web.h.
 */
#define _GNU_SOURCE
#include "course/web.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "course/attempts.h"

/* The first line that is no comment; NULL: there is none. */
static char *base_of(const char *root)
{
    char *path = xasprintf("%s/labs/site.txt", root), *base = NULL;
    char *text = file_read(path, NULL), *rest = text, *line;

    while (base == NULL && (line = strsep(&rest, "\n")) != NULL)
        if (*line != '\0' && *line != '#')
            base = xstrdup(line);
    free(text);
    free(path);
    return base;
}

char *web_address(const char *root, const char *page)
{
    char *base = base_of(root), *address = NULL;

    if (base != NULL) {
        size_t length = strlen(base);
        address = xasprintf("%s%s%s.html", base,
                            base[length - 1] == '/' ? "" : "/", page);
    }
    free(base);
    return address;
}

char *web_place(const char *root, const char *page)
{
    char *place = web_address(root, page);

    if (place != NULL)
        return place;
    char *name = xasprintf("build/site/%s.html", page);
    char *path = xasprintf("%s/%s", root, name);
    if (access(path, R_OK) == 0)
        place = project_path(root, name);
    free(path);
    free(name);
    return place;
}

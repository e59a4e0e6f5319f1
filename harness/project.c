/* SPDX-License-Identifier: MIT
 *
 * project: see project.h.
 */
#define _GNU_SOURCE
#include "project.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "commands.h"

/* The project's root: build/forklab's grandparent folder. */
char *project_root(void)
{
    static char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length == -1)
        command_fail(STATUS_CANNOT, "/proc is not there; forklab lives on it");
    path[length] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(path, '/');
        if (slash != NULL)
            *slash = '\0';
    }
    return xstrdup(path[0] ? path : "/");
}

static bool has_labs(const char *root)
{
    char *folder = xasprintf("%s/labs", root);
    bool there = access(folder, F_OK) == 0;

    free(folder);
    return there;
}

void project_labs(const char *root, struct lab_list *labs)
{
    char *error = labs_find(root, labs);

    if (error != NULL && !has_labs(root))
        command_fail(
            STATUS_USAGE,
            "there are no labs in %s; forklab works where it was built: "
            "make build, then build/forklab",
            root);
    if (error != NULL)
        command_fail(STATUS_USAGE, "%s", error);
}

/* "31", "031" or "3"; anything else is -1. */
static int lab_number(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    return isdigit((unsigned char)text[0]) && *end == '\0' && number < 1000
               ? (int)number
               : -1;
}

const struct lab *project_lab(const struct lab_list *labs, const char *text)
{
    const struct lab *nearest = NULL;
    int number = lab_number(text);

    if (number < 0)
        command_fail(STATUS_USAGE,
                     "\"%s\" is not the number of a lab; see them all: "
                     "make list",
                     text);
    const struct lab *lab = labs_get(labs, number, &nearest);
    if (lab == NULL && nearest == NULL)
        command_fail(STATUS_USAGE,
                     "there is no lab %d; there is none at all in labs/",
                     number);
    if (lab == NULL)
        command_fail(STATUS_USAGE,
                     "there is no lab %d; the nearest is %d, %s: make lab-%d",
                     number, nearest->number, nearest->name, nearest->number);
    return lab;
}

/* SPDX-License-Identifier: MIT
 *
 * project: see project.h.
 */
#define _GNU_SOURCE
#include "command/project.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/next.h"
#include "call.h"

/* ---- where the labs are ---- */

/* Is there anything at DIRECTORY/NAME? */
static bool has(const char *directory, const char *name)
{
    char *path = xasprintf("%s/%s", directory, name);
    bool there = access(path, F_OK) == 0;

    free(path);
    return there;
}

/* The directory above that of our executable: a project for build/forklab, or a
 * prefix for bin/forklab. The caller frees it. */
static char *above_executable(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length == -1)
        command_fail(STATUS_CANNOT, "/proc is not mounted; forklab needs it");
    path[length] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(path, '/');
        if (slash != NULL)
            *slash = '\0';
    }
    return xstrdup(path[0] ? path : "/");
}

/* $FORKLAB_ROOT, PREFIX/share/forklab, or the project that forklab was built
 * in. The caller frees it. */
static char *data_directory(void)
{
    const char *given = getenv("FORKLAB_ROOT");

    if (given != NULL && given[0] != '\0') {
        char *full = realpath(given, NULL);
        if (full == NULL)
            command_fail(STATUS_USAGE, "FORKLAB_ROOT=%s: %s", given,
                         strerror(errno));
        return full;
    }
    char *above = above_executable();
    char *installed = xasprintf("%s/share/forklab", above);
    bool use_installed = !has(above, "labs") && has(installed, "labs");
    free(use_installed ? above : installed);
    return use_installed ? installed : above;
}

/* ---- where the user works ---- */

/* Makes WORK/NAME a symbolic link to DATA/TARGET, in one step, so that another
 * forklab never finds it missing. False with errno. */
static bool link_to(const char *work, const char *name, const char *data,
                    const char *target)
{
    char *link = xasprintf("%s/%s", work, name);
    char *to = xasprintf("%s/%s", data, target);
    char *fresh = xasprintf("%s.%d", link, (int)getpid());
    char now[PATH_MAX];
    ssize_t length = readlink(link, now, sizeof(now));
    bool good =
        length == (ssize_t)strlen(to) && memcmp(now, to, (size_t)length) == 0;

    if (!good) {
        unlink(fresh);
        good = symlink(to, fresh) == 0 && rename(fresh, link) == 0;
        int error = errno;
        if (!good)
            unlink(fresh);
        errno = error;
    }
    free(fresh);
    free(to);
    free(link);
    return good;
}

/* A directory that looks like a project: attempts/ and build/ are the user's,
 * the rest is links to the installed files. False with errno. */
static bool set_up(const char *work, const char *data)
{
    char *attempts = xasprintf("%s/build/attempts", work);
    bool good = directories_make(attempts) &&
                link_to(work, "labs", data, "labs") &&
                link_to(work, "solutions", data, "solutions") &&
                link_to(work, "Makefile", data, "Makefile") &&
                link_to(work, "build/labs", data, "programs/labs") &&
                link_to(work, "build/solutions", data, "programs/solutions") &&
                link_to(work, "build/musl", data, "programs/musl");

    free(attempts);
    return good;
}

/* $XDG_DATA_HOME/forklab, or ~/.local/share/forklab. NULL: there is no home.
 * The caller frees it. */
static char *user_directory(void)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

    if (data != NULL && data[0] == '/')
        return xasprintf("%s/forklab", data);
    return home != NULL && home[0] == '/'
               ? xasprintf("%s/.local/share/forklab", home)
               : NULL;
}

/* The directory of an installed forklab's user, set up if `writes`; the
 * installed one where there is none yet and nothing is to be written. Takes
 * data. */
static char *working_directory(char *data, bool writes)
{
    char *work = user_directory();

    if (!writes && (work == NULL || !has(work, "build/labs"))) {
        free(work);
        return data;
    }
    if (work == NULL)
        command_fail(STATUS_CANNOT, "no directory for your attempts is known: "
                                    "set HOME or XDG_DATA_HOME");
    if (!set_up(work, data) && writes)
        command_fail(STATUS_CANNOT,
                     "cannot write %s: %s; set XDG_DATA_HOME to a directory of "
                     "your own",
                     work, strerror(errno));
    free(data);
    char *full = realpath(work, NULL);
    if (full == NULL)
        return work;
    free(work);
    return full;
}

char *project_root(bool writes)
{
    char *data = data_directory();
    bool installed = !has(data, "build");

    /* What was built where its sources are is used there. */
    char *root = installed ? working_directory(data, writes) : data;
    next_here(root, installed);
    return root;
}

/* ---- the labs ---- */

void project_labs(const char *root, struct lab_list *labs)
{
    char *error = labs_find(root, labs);

    if (error != NULL && !has(root, "labs"))
        command_fail(STATUS_USAGE,
                     "there are no labs in %s; set FORKLAB_ROOT to a directory "
                     "that has them, or build forklab there: make build",
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
                     "\"%s\" is not the number of a lab; see them all: %s",
                     text, next_verb("list", 0));
    const struct lab *lab = labs_get(labs, number, &nearest);
    if (lab == NULL && nearest == NULL)
        command_fail(STATUS_USAGE, "there is no lab %02d; labs/ is empty",
                     number);
    if (lab == NULL)
        command_fail(STATUS_USAGE,
                     "there is no lab %02d; the nearest is %02d, %s: %s",
                     number, nearest->number, nearest->name,
                     next_verb("lab", nearest->number));
    return lab;
}

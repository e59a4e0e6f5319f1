/* SPDX-License-Identifier: MIT
 *
 * attempts: see attempts.h.
 */
#define _GNU_SOURCE
#include "course/attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "linux/syscalls.h"

#ifndef RENAME_NOREPLACE /* of linux/fs.h; musl does not have it */
#define RENAME_NOREPLACE 1
#endif

#define DIR "attempts"

/* ---- names ---- */

static bool stands_in(const char *root)
{
    char *here = getcwd(NULL, 0);
    bool same = here != NULL && strcmp(here, root) == 0;

    free(here);
    return same;
}

bool project_installed(const char *root)
{
    char *labs = xasprintf("%s/labs", root),
         *build = xasprintf("%s/build", root);
    struct stat info;
    bool linked = lstat(labs, &info) == 0 && S_ISLNK(info.st_mode);
    bool installed = linked || access(build, F_OK) == -1;

    free(build);
    free(labs);
    return installed;
}

char *project_path(const char *root, const char *name)
{
    return stands_in(root) ? xstrdup(name) : xasprintf("%s/%s", root, name);
}

char *project_make(const char *root, const char *target, int number)
{
    const char *command = strcmp(target, "lab") == 0 ? "run" : target;

    if (stands_in(root))
        return xasprintf("make %s-%d", target, number);
    return project_installed(root)
               ? xasprintf("forklab %s %d", command, number)
               : xasprintf("make -C '%s' %s-%d", root, target, number);
}

static char *attempt_name(const struct lab *lab)
{
    return xasprintf(DIR "/%s.c", lab->stem);
}

/* ---- errors ---- */

/* What to do about an error of the file system. */
static const char *advice(int error)
{
    switch (error) {
    case EROFS:
    case EACCES:
    case EPERM:
        return "; may you write here? If not, copy the project to a directory "
               "of "
               "your own";
    case ENOSPC:
    case EDQUOT:
        return "; make room and do it again (df -h . shows how much there is)";
    case ENOTDIR:
    case EEXIST:
        return "; move away what has that name, and do it again";
    default:
        return "";
    }
}

static char *cannot(const char *what, const char *root, const char *name,
                    int error)
{
    char *path = project_path(root, name);
    char *text = xasprintf("cannot %s %s: %s%s", what, path, strerror(error),
                           advice(error));

    free(path);
    return text;
}

/* ---- files ---- */

static char *make_directory(const char *root)
{
    char *path = xasprintf("%s/" DIR, root);
    char *error = NULL;
    struct stat status;

    if (mkdir(path, 0777) == -1 && errno != EEXIST)
        error = cannot("make", root, DIR, errno);
    else if (stat(path, &status) == -1)
        error = cannot("use", root, DIR, errno);
    else if (!S_ISDIR(status.st_mode))
        error = cannot("use", root, DIR, ENOTDIR);
    free(path);
    return error;
}

/* A new name for a file, never in the place of another one. */
static bool move_to_free_name(const char *from, const char *to)
{
    if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to,
                RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    /* A file system that does not know the flag: link() refuses as well. */
    return link(from, to) == 0 && unlink(from) == 0;
}

/* ---- try ---- */

/* The lab's source. NULL: *error says why. */
static char *lab_source(const char *root, const struct lab *lab, size_t *size,
                        char **error)
{
    char *path = xasprintf("%s/%s", root, lab->source);
    char *text = file_read(path, size);

    if (text == NULL)
        *error = cannot("read", root, lab->source, errno);
    free(path);
    return text;
}

static void say_next(FILE *stream, const char *root, const struct lab *lab)
{
    static const struct {
        const char *what, *target;
    } lines[] = {{"is it safe now?", "check"},
                 {"a hint", "hint"},
                 {"start again", "reset"}};

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char *command = project_make(root, lines[i].target, lab->number);
        fprintf(stream, "  %-17s%s\n", lines[i].what, command);
        free(command);
    }
}

/* There is something of that name: an attempt, or nothing to work with? */
static char *say_there(FILE *stream, const char *root, const struct lab *lab,
                       const char *path, const char *source)
{
    char *name = attempt_name(lab);
    size_t size;
    char *text = file_read(path, &size);
    char *error = NULL;

    if (text == NULL) {
        error = cannot("use", root, name, errno == EISDIR ? EEXIST : errno);
    } else {
        char *shown = project_path(root, name);
        fprintf(stream, "%s stays as it is%s.\n\n", shown,
                strcmp(text, source) == 0 ? ": not changed yet" : "");
        free(shown);
        say_next(stream, root, lab);
    }
    free(text);
    free(name);
    return error;
}

/* A path may be long: it has a line of its own. */
static void say_new(FILE *stream, const char *root, const struct lab *lab)
{
    char *name = attempt_name(lab);
    char *shown = project_path(root, name);

    fprintf(stream,
            "%s\nis your copy of lab %d. Change it until it shows "
            "what its header calls Safe.\n\n",
            shown, lab->number);
    say_next(stream, root, lab);
    free(shown);
    free(name);
}

char *attempt_try(FILE *stream, const char *root, const struct lab *lab)
{
    char *error = make_directory(root);
    size_t size = 0;
    char *source = error ? NULL : lab_source(root, lab, &size, &error);

    if (source == NULL)
        return error;
    char *name = attempt_name(lab);
    char *path = xasprintf("%s/%s", root, name);
    if (file_new(path, source, size))
        say_new(stream, root, lab);
    else if (errno == EEXIST)
        error = say_there(stream, root, lab, path, source);
    else
        error = cannot("write", root, name, errno);
    free(path);
    free(name);
    free(source);
    return error;
}

/* ---- reset ---- */

/* Moves the attempt to the first free name with a number; *kept gets that name,
 * below root. False with errno. */
static bool keep(const char *root, const char *name, char **kept)
{
    char *path = xasprintf("%s/%s", root, name);
    bool done = false;

    *kept = NULL;
    for (int i = 1; i < INT_MAX && !done; i++) {
        free(*kept);
        *kept = xasprintf("%s.%d", name, i);
        char *to = xasprintf("%s/%s", root, *kept);
        done = move_to_free_name(path, to);
        free(to);
        if (!done && errno != EEXIST)
            break;
    }
    free(path);
    return done;
}

/* The fresh copy is written before the attempt moves: whatever fails, there is
 * an attempt. */
static char *replace(FILE *stream, const char *root, const struct lab *lab,
                     const char *source, size_t size)
{
    char *name = attempt_name(lab), *kept = NULL, *error = NULL;
    char *path = xasprintf("%s/%s", root, name);
    char *fresh = xasprintf("%s.new.%d", path, (int)getpid());

    if (!file_new(fresh, source, size)) {
        error = cannot("write", root, name, errno);
    } else if (!keep(root, name, &kept)) {
        error = cannot("keep a copy of", root, name, errno);
        unlink(fresh);
    } else if (!move_to_free_name(fresh, path)) {
        error = cannot("write", root, name, errno);
        unlink(fresh);
    } else {
        char *shown = project_path(root, kept);
        fprintf(stream, "What you had is kept as %s\n", shown);
        free(shown);
        say_new(stream, root, lab);
    }
    free(kept);
    free(fresh);
    free(path);
    free(name);
    return error;
}

char *attempt_reset(FILE *stream, const char *root, const struct lab *lab)
{
    char *error = make_directory(root);
    size_t size = 0;
    char *source = error ? NULL : lab_source(root, lab, &size, &error);

    if (source == NULL)
        return error;
    char *name = attempt_name(lab);
    char *path = xasprintf("%s/%s", root, name);
    char *text = file_read(path, NULL);
    /* Nothing is there, or nothing that would have to be kept. */
    if ((text == NULL && errno == ENOENT) ||
        (text != NULL && strcmp(text, source) == 0))
        error = attempt_try(stream, root, lab);
    else
        error = replace(stream, root, lab, source, size);
    free(text);
    free(path);
    free(name);
    free(source);
    return error;
}

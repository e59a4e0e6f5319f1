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
#include "base/next.h"
#include "course/original.h"
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

char *project_path(const char *root, const char *name)
{
    return stands_in(root) ? xstrdup(name) : xasprintf("%s/%s", root, name);
}

static char *attempt_name(const struct lab *lab)
{
    return xasprintf(DIR "/%s.c", lab->stem);
}

bool attempt_exists(const char *root, const struct lab *lab)
{
    char *path = xasprintf("%s/" DIR "/%s.c", root, lab->stem);
    bool there = access(path, F_OK) == 0;

    free(path);
    return there;
}

/* ---- errors ---- */

/* What to do about an error of the file system. */
static const char *advice(int error)
{
    switch (error) {
    case EROFS:
    case EACCES:
    case EPERM:
        return "; is this directory writable? If not, copy the project to one "
               "of your own";
    case ENOSPC:
    case EDQUOT:
        return "; free some space and try again (df -h . shows how much there "
               "is)";
    case ENOTDIR:
    case EEXIST:
        return "; move the file of that name away and try again";
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

/* ---- a copy of a lab ---- */

/* The lab, and the names of the attempt that is or will be a copy of it. */
struct copy {
    const char *root;
    const struct lab *lab;
    char *source; /* the lab's text */
    size_t size;
    char *name; /* "attempts/31-lock-nobody-holds.c" */
    char *path; /* below root */
};

/* NULL, or what is wrong. copy_close() is called in any case. `fresh`: the lab
 * as it was when forklab was built, should somebody have changed it. */
static char *copy_open(struct copy *copy, const char *root,
                       const struct lab *lab, bool fresh)
{
    char *error = make_directory(root);
    char *path = xasprintf("%s/%s", root, lab->source);

    *copy = (struct copy){.root = root, .lab = lab};
    copy->name = attempt_name(lab);
    copy->path = xasprintf("%s/%s", root, copy->name);
    if (fresh)
        copy->source = original_text(root, lab, &copy->size);
    if (copy->source == NULL)
        copy->source = file_read(path, &copy->size);
    if (copy->source == NULL && error == NULL)
        error = cannot("read", root, lab->source, errno);
    free(path);
    return error;
}

static void copy_close(struct copy *copy)
{
    free(copy->source);
    free(copy->name);
    free(copy->path);
}

static void say_next(FILE *stream, const struct lab *lab)
{
    static const struct {
        const char *what, *verb;
    } lines[] = {{"is it safe now?", "check"},
                 {"a hint", "hint"},
                 {"start again", "reset"}};

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char *command = next_verb(lines[i].verb, lab->number);
        fprintf(stream, "  %-17s%s\n", lines[i].what, command);
        free(command);
    }
}

/* A path may be long: it has a line of its own. */
static void say_new(FILE *stream, const struct copy *copy)
{
    char *shown = project_path(copy->root, copy->name);

    fprintf(stream,
            "%s\nis your copy of lab %02d. Change it until it shows\nwhat its "
            "header lists under Safe.\n\n",
            shown, copy->lab->number);
    say_next(stream, copy->lab);
    free(shown);
}

/* ---- try ---- */

char *attempt_missing(const struct lab *lab)
{
    char *try = next_verb("try", lab->number);
    char *text = xasprintf("there is no attempt at lab %02d yet; start one: %s",
                           lab->number, try);

    free(try);
    return text;
}

/* There is something of that name: an attempt, or nothing to work with? */
static char *say_there(FILE *stream, const struct copy *copy)
{
    char *text = file_read(copy->path, NULL);

    if (text == NULL)
        return cannot("use", copy->root, copy->name,
                      errno == EISDIR ? EEXIST : errno);
    char *shown = project_path(copy->root, copy->name);
    fprintf(stream, "%s is not changed.\n%s\n", shown,
            strcmp(text, copy->source) == 0
                ? "(it is still the unchanged lab)\n"
                : "");
    say_next(stream, copy->lab);
    free(shown);
    free(text);
    return NULL;
}

static char *make_copy(FILE *stream, const struct copy *copy)
{
    if (!file_new(copy->path, copy->source, copy->size))
        return errno == EEXIST ? say_there(stream, copy)
                               : cannot("write", copy->root, copy->name, errno);
    say_new(stream, copy);
    return NULL;
}

char *attempt_try(FILE *stream, const char *root, const struct lab *lab)
{
    struct copy copy;
    char *error = copy_open(&copy, root, lab, false);
    char *note = original_note(root, lab);

    if (error == NULL && note != NULL)
        fprintf(stream, "Note: %s.\n\n", note);
    if (error == NULL)
        error = make_copy(stream, &copy);
    free(note);
    copy_close(&copy);
    return error;
}

/* ---- reset ---- */

/* Moves the attempt to the first free name with a number; *kept gets that name,
 * below root. False with errno. */
static bool move_aside(const struct copy *copy, char **kept)
{
    bool done = false;

    *kept = NULL;
    for (int i = 1; i < INT_MAX && !done; i++) {
        free(*kept);
        *kept = xasprintf("%s.%d", copy->name, i);
        char *to = xasprintf("%s/%s", copy->root, *kept);
        done = move_to_free_name(copy->path, to);
        free(to);
        if (!done && errno != EEXIST)
            break;
    }
    return done;
}

/* The fresh copy is written before the attempt moves: whatever fails, there is
 * an attempt. */
static char *replace(FILE *stream, const struct copy *copy)
{
    char *fresh = xasprintf("%s.new.%d", copy->path, (int)getpid());
    char *kept = NULL, *error = NULL;

    if (!file_new(fresh, copy->source, copy->size)) {
        error = cannot("write", copy->root, copy->name, errno);
    } else if (!move_aside(copy, &kept)) {
        error = cannot("keep a copy of", copy->root, copy->name, errno);
        unlink(fresh);
    } else if (!move_to_free_name(fresh, copy->path)) {
        error = cannot("write", copy->root, copy->name, errno);
        unlink(fresh);
    } else {
        char *shown = project_path(copy->root, kept);
        fprintf(stream, "Your previous version is kept as %s\n", shown);
        free(shown);
        say_new(stream, copy);
    }
    free(kept);
    free(fresh);
    return error;
}

char *attempt_reset(FILE *stream, const char *root, const struct lab *lab)
{
    struct copy copy;
    char *error = copy_open(&copy, root, lab, true);

    if (error == NULL) {
        char *text = file_read(copy.path, NULL);
        /* Nothing is there, or nothing that would have to be kept. */
        bool make =
            text == NULL ? errno == ENOENT : strcmp(text, copy.source) == 0;
        error = make ? make_copy(stream, &copy) : replace(stream, &copy);
        free(text);
    }
    copy_close(&copy);
    return error;
}

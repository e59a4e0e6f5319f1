/* SPDX-License-Identifier: MIT
 *
 * restore: see restore.h.
 */
#define _GNU_SOURCE
#include "course/restore.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/next.h"
#include "course/attempts.h"
#include "course/original.h"

/* Keeps the text as root/attempts/NAME, or as NAME.1, .2 ... where there is
 * one. Returns the name below root, or NULL with errno. */
static char *keep_as(const char *root, const char *file, const char *text,
                     size_t size)
{
    for (int i = 0; i < INT_MAX; i++) {
        char *name = i == 0 ? xasprintf("attempts/%s", file)
                            : xasprintf("attempts/%s.%d", file, i);
        char *path = xasprintf("%s/%s", root, name);
        bool done = file_new(path, text, size);
        int error = errno;
        free(path);
        if (done)
            return name;
        free(name);
        errno = error;
        if (error != EEXIST)
            break;
    }
    return NULL;
}

/* What the student made of root/NAME, where that is something of its own. *kept
 * is where it is now. False with errno. */
static bool keep_version(const char *root, const char *name, char **kept)
{
    char *path = xasprintf("%s/%s", root, name);
    char *attempts = xasprintf("%s/attempts", root);
    size_t size = 0;
    char *text = file_read_regular(path, MAX_LAB_SIZE, &size);
    bool gone = text == NULL && errno == ENOENT;

    *kept = NULL;
    if (text != NULL && directories_make(attempts))
        *kept = keep_as(root, strrchr(name, '/') + 1, text, size);
    int error = errno;
    free(text);
    free(attempts);
    free(path);
    errno = error;
    return gone || *kept != NULL;
}

static bool write_back(const char *root, const char *name)
{
    char *path = xasprintf("%s/%s", root, name);
    size_t size = 0;
    char *text = original_read(root, name, &size);
    struct fresh_file file = {0};

    if (text != NULL && fresh_open(&file, path))
        fwrite(text, 1, size, file.stream);
    bool good = fresh_close(&file);
    int error = errno;
    free(text);
    free(path);
    errno = error;
    return good;
}

static char *restore_file(FILE *stream, const char *root, const char *name)
{
    char *kept = NULL;
    bool good = keep_version(root, name, &kept) && write_back(root, name);
    char *error =
        good ? NULL
             : xasprintf("cannot bring %s back: %s", name, strerror(errno));

    if (good)
        fprintf(stream, "%s is as it was.\n", name);
    if (good && kept != NULL)
        fprintf(stream, "Your version is kept as %s\n", kept);
    free(kept);
    return error;
}

/* The lab of that number among the originals: that file may be gone, or have a
 * header that cannot be read any more. */
static char *find_original(const char *root, const char *number,
                           struct lab_list *labs, const struct lab **lab)
{
    char *place = xasprintf("%s/" ORIGINALS, root), *end;
    const struct lab *nearest;
    char *error = labs_find(place, labs);
    long wanted = strtol(number, &end, 10);

    free(place);
    if (error != NULL) {
        free(error);
        return xasprintf(
            "how the labs were is not known: there is no %s/" ORIGINALS
            "; in a git checkout: git checkout labs",
            root);
    }
    *lab = end != number && *end == '\0' && wanted < 1000
               ? labs_get(labs, (int)wanted, &nearest)
               : NULL;
    return *lab != NULL ? NULL
                        : xasprintf("there is no lab %s to bring back", number);
}

static void say_next(FILE *stream, const char *root, const struct lab *lab)
{
    bool tried = attempt_exists(root, lab);
    char *command = next_verb(tried ? "check" : "lab", lab->number);

    fprintf(stream, "\n    %-16s  %s\n", command,
            tried ? "is your attempt safe?" : "run it");
    free(command);
}

/* All that differs. *changed: how many files that were. */
static char *restore_all(FILE *stream, const char *root, const struct lab *lab,
                         size_t *changed)
{
    struct strings names = original_files(root, lab);
    char *error = NULL;

    *changed = 0;
    for (size_t i = 0; error == NULL && i < names.count; i++)
        if (original_differs(root, names.item[i])) {
            error = restore_file(stream, root, names.item[i]);
            ++*changed;
        }
    strings_free(&names);
    return error;
}

/* Of a lab that is known. */
static char *restore_files(FILE *stream, const char *root,
                           const struct lab *lab)
{
    size_t changed = 0, size;
    char *was = original_text(root, lab, &size);
    char *error =
        was != NULL
            ? restore_all(stream, root, lab, &changed)
            : xstrdup("git has fetched something since forklab was built: "
                      "see git status, git checkout");

    free(was);
    if (error != NULL)
        return error;
    if (changed == 0)
        fprintf(stream, "%s is not changed: there is nothing to bring back.\n",
                lab->source);
    say_next(stream, root, lab);
    return NULL;
}

char *restore_lab(FILE *stream, const char *root, const char *number)
{
    struct lab_list labs;
    const struct lab *lab = NULL;
    char *error = find_original(root, number, &labs, &lab);

    if (lab != NULL)
        error = restore_files(stream, root, lab);
    labs_free(&labs);
    return error;
}

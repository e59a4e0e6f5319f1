/* SPDX-License-Identifier: MIT
 *
 * original: see original.h.
 */
#define _GNU_SOURCE
#include "course/original.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/next.h"
#include "course/attempts.h"
#include "oracle/header.h"

#define PLACE "build/original"
#define MAX_LAB_SIZE ((size_t)1 << 20) /* bytes of a lab */

/* What the labs include; a change of it changes each of them. */
static const char *const shared[] = {"labs/lab.h", "labs/stage.h"};
#define SHARED (sizeof(shared) / sizeof(shared[0]))

/* ---- what is known ---- */

/* Has git brought something since the copy was made? What differs then may be
 * its work, not the student's. */
static bool fetched_since(const char *root, const struct stat *copy)
{
    char *path = xasprintf("%s/.git/FETCH_HEAD", root);
    struct stat fetched;
    bool since = stat(path, &fetched) == 0 &&
                 (fetched.st_mtim.tv_sec > copy->st_mtim.tv_sec ||
                  (fetched.st_mtim.tv_sec == copy->st_mtim.tv_sec &&
                   fetched.st_mtim.tv_nsec > copy->st_mtim.tv_nsec));

    free(path);
    return since;
}

/* The original of root/NAME; NULL: not known. */
static char *read_original(const char *root, const char *name, size_t *size)
{
    char *path = xasprintf("%s/" PLACE "/%s", root, name);
    struct stat copy;
    char *text = NULL;

    if (stat(path, &copy) == 0 && !fetched_since(root, &copy))
        text = file_read_regular(path, MAX_LAB_SIZE, size);
    free(path);
    return text;
}

/* Is root/NAME another file than it was? */
static bool differs(const char *root, const char *name)
{
    char *path = xasprintf("%s/%s", root, name);
    size_t was_size = 0, size = 0;
    char *was = read_original(root, name, &was_size);
    char *now = was != NULL ? file_read_regular(path, MAX_LAB_SIZE, &size) : NULL;
    bool other = was != NULL && (now == NULL || size != was_size ||
                                 memcmp(now, was, size) != 0);

    free(now);
    free(was);
    free(path);
    return other;
}

char *original_text(const char *root, const struct lab *lab, size_t *size)
{
    return read_original(root, lab->source, size);
}

bool original_lab(const char *root, const struct lab *lab, struct lab *was)
{
    size_t size = 0;
    char *text = original_text(root, lab, &size);
    char *error = text != NULL ? lab_parse(lab->source, text, size, was) : NULL;
    bool known = text != NULL && error == NULL;

    free(error);
    free(text);
    return known;
}

char *original_note(const char *root, const struct lab *lab)
{
    const char *changed = differs(root, lab->source) ? lab->source : NULL;

    for (size_t i = 0; i < SHARED && changed == NULL; i++)
        if (differs(root, shared[i]))
            changed = shared[i];
    if (changed == NULL)
        return NULL;
    char *restore = next_verb("restore", lab->number);
    char *text = xasprintf("the file %s was changed since forklab was built; "
                           "%s keeps your version and brings the lab back",
                           changed, restore);
    free(restore);
    return text;
}

/* ---- bringing it back ---- */

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
    char *text = read_original(root, name, &size);
    struct fresh_file file;

    if (fresh_open(&file, path))
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
    char *place = xasprintf("%s/" PLACE, root), *end;
    const struct lab *nearest;
    char *error = labs_find(place, labs);
    long wanted = strtol(number, &end, 10);

    free(place);
    if (error != NULL) {
        free(error);
        return xasprintf("how the labs were is not known: there is no %s/" PLACE
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

char *original_restore(FILE *stream, const char *root, const char *number)
{
    struct lab_list labs;
    const struct lab *lab = NULL;
    char *error = find_original(root, number, &labs, &lab);
    const char *names[SHARED + 1] = {lab != NULL ? lab->source : NULL};
    size_t changed = 0;

    memcpy(names + 1, shared, sizeof(shared));
    for (size_t i = 0; error == NULL && i < SHARED + 1; i++) {
        size_t size;
        char *was = read_original(root, names[i], &size);
        if (was == NULL && i == 0)
            error = xstrdup("git has fetched something since forklab was "
                            "built: see git status, git checkout");
        if (error == NULL && was != NULL && differs(root, names[i])) {
            error = restore_file(stream, root, names[i]);
            changed++;
        }
        free(was);
    }
    if (error == NULL && changed == 0)
        fprintf(stream, "%s is not changed: there is nothing to bring back.\n",
                names[0]);
    if (error == NULL)
        say_next(stream, root, lab);
    labs_free(&labs);
    return error;
}

/* SPDX-License-Identifier: MIT
 *
 * original: see original.h.
 */
#define _GNU_SOURCE
#include "course/original.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/next.h"
#include "oracle/header.h"

struct strings original_files(const char *root, const struct lab *lab)
{
    char *pattern = xasprintf("%s/" ORIGINALS "/labs/*.h", root);
    struct strings names = {0};
    glob_t headers = {0};

    strings_add(&names, lab->source);
    if (glob(pattern, 0, NULL, &headers) == 0)
        for (size_t i = 0; i < headers.gl_pathc; i++)
            strings_add(&names, headers.gl_pathv[i] + strlen(root) +
                                    strlen("/" ORIGINALS "/"));
    globfree(&headers);
    free(pattern);
    return names;
}

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

char *original_read(const char *root, const char *name, size_t *size)
{
    char *path = xasprintf("%s/" ORIGINALS "/%s", root, name);
    struct stat copy;
    char *text = NULL;

    if (stat(path, &copy) == 0 && !fetched_since(root, &copy))
        text = file_read_regular(path, MAX_LAB_SIZE, size);
    free(path);
    return text;
}

bool original_differs(const char *root, const char *name)
{
    char *path = xasprintf("%s/%s", root, name);
    size_t was_size = 0, size = 0;
    char *was = original_read(root, name, &was_size);
    char *now =
        was != NULL ? file_read_regular(path, MAX_LAB_SIZE, &size) : NULL;
    bool other = was != NULL && (now == NULL || size != was_size ||
                                 memcmp(now, was, size) != 0);

    free(now);
    free(was);
    free(path);
    return other;
}

char *original_text(const char *root, const struct lab *lab, size_t *size)
{
    return original_read(root, lab->source, size);
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
    struct strings names = original_files(root, lab);
    const char *changed = NULL;
    char *text = NULL;

    for (size_t i = 0; i < names.count && changed == NULL; i++)
        if (original_differs(root, names.item[i]))
            changed = names.item[i];
    if (changed != NULL) {
        char *restore = next_verb("restore", lab->number);
        text = xasprintf("the file %s was changed since forklab was built; "
                         "%s keeps your version and brings the lab back",
                         changed, restore);
        free(restore);
    }
    strings_free(&names);
    return text;
}

/* SPDX-License-Identifier: MIT
 *
 * submissions: see submissions.h.
 */
#define _GNU_SOURCE
#include "course/submissions.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "course/sources.h"

#define DEEPEST 5 /* levels of a submission, of which it is the first */
#define NAMED 5   /* students that a note names */

/* ---- directories ---- */

/* The names in a directory, in the order of their bytes, but for "." and "..";
 * none if it cannot be read. */
static struct strings names_in(const char *directory)
{
    struct strings names = {0};
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, NULL, files_by_name);

    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            strings_add(&names, name);
        free(entries[i]);
    }
    free(entries);
    return names;
}

/* Is it there, of that type, and no link? */
static bool is(mode_t type, const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 && (info.st_mode & S_IFMT) == type;
}

static bool has_c_file(const char *directory)
{
    struct strings names = names_in(directory);
    bool found = false;

    for (size_t i = 0; i < names.count; i++)
        found = found ||
                (names.item[i][0] != '.' && text_ends(names.item[i], ".c"));
    strings_free(&names);
    return found;
}

/* ---- one submission ---- */

/* Our own labs and solutions may have been packed, too. */
static bool is_ours(const char *name)
{
    return strcmp(name, "labs") == 0 || strcmp(name, "solutions") == 0;
}

/* Does a come before b? NULL comes last. */
static bool better(const char *a, const char *b)
{
    bool first = text_ends(a, "/attempts");

    if (b == NULL || first != text_ends(b, "/attempts"))
        return b == NULL || first;
    return strcmp(a, b) < 0;
}

/* Looks for files called as labs are in a directory, `left` levels deep, and
 * below; *best is the best directory so far, NULL: none. */
static void look_below(const char *directory, int left, char **best)
{
    struct strings names = names_in(directory);

    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.item[i];
        char *path = xasprintf("%s/%s", directory, name);
        if (is(S_IFDIR, path)) {
            if (left > 1 && !is_ours(name))
                look_below(path, left - 1, best);
        } else if (is(S_IFREG, path) && better(directory, *best) &&
                   fnmatch("[0-9][0-9]-*.c", name, 0) == 0) {
            free(*best);
            *best = xstrdup(directory);
        }
        free(path);
    }
    strings_free(&names);
}

char *submission_place(const char *submission)
{
    char *attempts = xasprintf("%s/attempts", submission);

    if (is(S_IFDIR, attempts))
        return attempts;
    free(attempts);
    char *best = NULL;
    if (!has_c_file(submission))
        look_below(submission, DEEPEST, &best);
    return best ? best : xstrdup(submission);
}

struct submission submission_in(char *place)
{
    struct strings all = names_in(place);
    struct submission submission = {.place = place};

    for (size_t i = 0; i < all.count; i++)
        if (text_ends(all.item[i], ".c"))
            strings_add(&submission.names, all.item[i]);
    strings_free(&all);
    return submission;
}

void submission_free(struct submission *submission)
{
    strings_free(&submission->names);
    free(submission->place);
    submission->place = NULL;
}

void submission_stamp(const struct submission *submission, const char *with,
                      char stamp[SHA256_HEX])
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL)
        abort();
    fprintf(stream, "%s\n", with);
    for (size_t i = 0; i < submission->names.count; i++) {
        const char *name = submission->names.item[i];
        char *path = xasprintf("%s/%s", submission->place, name);
        char hex[SHA256_HEX] = "";
        size_t length;
        char *bytes = is(S_IFREG, path)
                          ? file_read_regular(path, MAX_SOURCE, &length)
                          : NULL;
        if (bytes != NULL)
            sha256_hex(bytes, length, hex);
        fprintf(stream, "%s %s%c", hex, name, '\0');
        free(bytes);
        free(path);
    }
    fclose(stream);
    sha256_hex(text, size, stamp);
    free(text);
}

/* ---- who is graded ---- */

bool submission_is_graded(const char *out, const char *stamp)
{
    char *path = xasprintf("%s/stamp", out);
    char *text = file_read(path, NULL);
    bool same = text != NULL && text_same(text, strcspn(text, "\n"), stamp);

    free(text);
    free(path);
    return same;
}

bool submission_graded(const char *out, const char *stamp)
{
    char *path = xasprintf("%s/stamp", out);
    struct fresh_file file;
    bool good =
        fresh_open(&file, path) && fprintf(file.stream, "%s\n", stamp) > 0;

    good = fresh_close(&file) && good;
    free(path);
    return good;
}

void submission_ungraded(const char *out)
{
    char *path = xasprintf("%s/stamp", out);

    unlink(path);
    free(path);
}

/* ---- a class ---- */

/* "no C file from: ann, bob and 7 more" */
static void note(FILE *stream, const char *what, const struct strings *names)
{
    if (names->count == 0)
        return;
    fprintf(stream, "class: %s: ", what);
    for (size_t i = 0; i < names->count && i < NAMED; i++) {
        char *clean = text_clean(names->item[i], strlen(names->item[i]));
        fprintf(stream, "%s%s", i > 0 ? ", " : "", clean);
        free(clean);
    }
    if (names->count > NAMED)
        fprintf(stream, " and %zu more", names->count - NAMED);
    fputc('\n', stream);
}

struct handed_in {
    const char *out, *with;
    FILE *names;
    struct strings strays, empty; /* no directories; nothing handed in */
    int students;
};

/* Passes on the name if that student is to be graded. */
static void one_student(struct handed_in *class, const char *name,
                        const char *own)
{
    struct submission submission = submission_in(submission_place(own));
    char *out = xasprintf("%s/students/%s", class->out, name);
    char stamp[SHA256_HEX];

    if (submission.names.count == 0)
        strings_add(&class->empty, name);
    submission_stamp(&submission, class->with, stamp);
    if (!submission_is_graded(out, stamp))
        fprintf(class->names, "%s%c", name, '\0');
    submission_free(&submission);
    free(out);
}

char *submissions_ungraded(FILE *names, FILE *notes, const char *submissions,
                           const char *out, const char *with, struct part part)
{
    struct handed_in class = {.out = out, .with = with, .names = names};
    struct strings all = names_in(submissions);
    char *error = NULL;

    for (size_t i = 0; i < all.count; i++) {
        if (all.item[i][0] == '.')
            continue;
        char *own = xasprintf("%s/%s", submissions, all.item[i]);
        if (!is(S_IFDIR, own))
            strings_add(&class.strays, all.item[i]);
        else if (class.students++ % part.of == part.which - 1)
            one_student(&class, all.item[i], own);
        free(own);
    }
    if (class.students == 0) {
        error = xasprintf("no student has a directory in %s: it needs one "
                          "for each, with C files or attempts/ in it",
                          submissions);
    } else {
        note(notes, "no directories, so not looked at", &class.strays);
        note(notes, "no C file from", &class.empty);
    }
    strings_free(&class.empty);
    strings_free(&class.strays);
    strings_free(&all);
    return error;
}

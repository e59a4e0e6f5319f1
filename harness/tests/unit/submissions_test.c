/* SPDX-License-Identifier: MIT
 *
 * submissions_test: where the files of a student lie, who is to be graded, and
 * what is said of those who are not.
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "course/submissions.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/forklab-submissions-XXXXXX";

/* What lies below root; the caller frees it. */
static char *below(const char *name)
{
    return xasprintf("%s/%s", root, name);
}

/* A file below root with that text, and the directories that it is in. */
static void put(const char *name, const char *text)
{
    char *path = below(name), *slash = strrchr(path, '/');

    *slash = '\0';
    bool good = directories_make(path);
    *slash = '/';
    unlink(path);
    if (!good || !file_new(path, text, strlen(text)))
        ok(false, "cannot write %s", path);
    free(path);
}

/* What is handed in, one file after the other, and where it then lies. */
static const struct place {
    const char *file, *place, *what;
} places[] = {
    {"ann/31-x.c", "ann", "files of the student"},
    {"bob/31-x.c", "bob", "... of another one"},
    {"bob/attempts/12-x.c", "bob/attempts", "attempts/ comes first"},
    {"cyd/a-b/31-x.c", "cyd/a-b", "a directory too deep"},
    {"cyd/a/31-x.c", "cyd/a", "... the first one in bytes"},
    {"cyd/z/attempts/31-x.c", "cyd/z/attempts", "... attempts/ before others"},
    {"dan/forklab/labs/31-x.c", "dan", "our own labs are nobody's"},
    {"dan/forklab/solutions/31-x.c", "dan", "... nor are our solutions"},
    {"eve/notes/x.c", "eve", "what is not called as a lab is no attempt"},
    {"fay/1/2/3/4/31-x.c", "fay/1/2/3/4", "four directories deep"},
    {"gil/1/2/3/4/5/31-x.c", "gil", "... but not endlessly"},
};

static void same_place(const char *submission, const char *wanted,
                       const char *what)
{
    char *from = below(submission), *to = below(wanted);
    char *place = submission_place(from);

    same_text(place, to, what);
    free(place);
    free(to);
    free(from);
}

static void test_places(void)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        char student[] = "...";
        memcpy(student, places[i].file, 3);
        put(places[i].file, "");
        same_place(student, places[i].place, places[i].what);
    }
}

static void test_links(void)
{
    char *link = below("ivy/attempts"), *deep = below("jon/deep");

    put("ivy/readme", "");
    put("jon/readme", "");
    if (symlink("../ann", link) == -1 || symlink("../bob", deep) == -1)
        ok(false, "symlink(2)");
    same_place("ivy", "ivy", "attempts/ that is a link leads nowhere");
    same_place("jon", "jon", "nor does another link");
    free(deep);
    free(link);
}

static void stamp_of(const char *name, const char *with, char stamp[SHA256_HEX])
{
    struct submission submission = submission_in(below(name));

    submission_stamp(&submission, with, stamp);
    submission_free(&submission);
}

static void test_stamps(void)
{
    char first[SHA256_HEX], other[SHA256_HEX];

    put("kim/31-x.c", "one");
    stamp_of("kim", "1", first);
    put("kim/notes", "no C");
    stamp_of("kim", "1", other);
    same_text(other, first, "what is no C file is no matter");
    stamp_of("kim", "2", other);
    ok(strcmp(other, first) != 0, "graded with something else");
    put("kim/31-x.c", "two");
    stamp_of("kim", "1", other);
    ok(strcmp(other, first) != 0, "another text");
    put("kim/31-x.c", "one");
    stamp_of("kim", "1", other);
    same_text(other, first, "the first text again");
    put("kim/12-y.c", "");
    stamp_of("kim", "1", other);
    ok(strcmp(other, first) != 0, "one file more");
}

/* Who is to be graded, with blanks between names, and what is said. */
static char *ungraded(const char *class, struct part part, char **notes)
{
    char *submissions = below(class), *out = below("out"), *names = NULL;
    size_t size, noted;
    FILE *stream = open_memstream(&names, &size);
    FILE *note = open_memstream(notes, &noted);

    char *error =
        submissions_ungraded(stream, note, submissions, out, "1", part);
    fclose(note);
    fclose(stream);
    for (size_t i = 0; i < size; i++)
        if (names[i] == '\0')
            names[i] = ' ';
    free(submissions);
    free(out);
    if (error == NULL)
        return names;
    free(names);
    return error;
}

static void same_ungraded(struct part part, const char *wanted,
                          const char *what)
{
    char *notes = NULL, *names = ungraded("class", part, &notes);

    same_text(names, wanted, what);
    free(names);
    free(notes);
}

static void test_class(void)
{
    const char *const names[] = {"a", "b", "c", "d", "e"};
    struct part all = {1, 1};

    for (size_t i = 0; i < 5; i++) {
        char *name = xasprintf("class/%s/31-x.c", names[i]);
        put(name, names[i]);
        free(name);
    }
    same_ungraded(all, "a b c d e ", "a class");
    same_ungraded((struct part){2, 3}, "b e ", "the second of three parts");
    same_ungraded((struct part){3, 3}, "c ", "the third");
    char *out = below("out/students/b"), stamp[SHA256_HEX];
    stamp_of("class/b", "1", stamp);
    ok(directories_make(out) && !submission_is_graded(out, stamp),
       "b is not graded");
    ok(submission_graded(out, stamp) && submission_is_graded(out, stamp),
       "... and now is");
    same_ungraded(all, "a c d e ", "b is not graded again");
    put("class/b/31-x.c", "changed");
    same_ungraded(all, "a b c d e ", "... unless something has changed");
    put("class/b/31-x.c", "b");
    submission_ungraded(out);
    same_ungraded(all, "a b c d e ", "... or the grades are void");
    free(out);
}

static void test_notes(void)
{
    char *notes = NULL, *names = NULL;
    struct part all = {1, 1};

    put("odd/readme.txt", "");
    put("odd/.hidden/31-x.c", "");
    names = ungraded("odd", all, &notes);
    char *wanted = xasprintf("no student has a directory in %s/odd: it needs "
                             "one for each, with C files or attempts/ in it",
                             root);
    same_text(names, wanted, "nobody");
    free(wanted);
    free(names);
    free(notes);
    put("odd/with\nline/notes", "");
    put("odd/zoe/31-x.c", "");
    names = ungraded("odd", all, &notes);
    same_text(names, "with\nline zoe ", "a name of two lines");
    same_text(notes,
              "class: no directories, so not looked at: readme.txt\n"
              "class: no C file from: with\\x0Aline\n",
              "who has handed nothing in, and what is nobody's");
    free(names);
    free(notes);
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

int main(void)
{
    if (mkdtemp(root) == NULL)
        return 1;
    test_places();
    test_links();
    test_stamps();
    test_class();
    test_notes();
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    printf("1..%d\n", tests);
    return failures != 0;
}

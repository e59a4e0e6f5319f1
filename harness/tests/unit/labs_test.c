/* SPDX-License-Identifier: MIT
 *
 * Tests of the header grammar and of finding labs. TAP; exit 1 on failure.
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oracle/header.h"
#include "oracle/labs.h"
#include "report/report.h"
#include "tests/unit/tap.h"

/* ---- headers ---- */

#define PATH "labs/31-lock-nobody-holds.c"
#define TOP                                                                    \
    "/* SPDX-License-Identifier: MIT\n"                                        \
    " *\n"                                                                     \
    " * 31-lock-nobody-holds: the child waits.\n"                              \
    " *\n"
#define END                                                                    \
    " *\n"                                                                     \
    " * See fork(2).\n"                                                        \
    " */\n"                                                                    \
    "int main(void)\n"                                                         \
    "{\n"                                                                      \
    "}\n"
#define HAZARD " * Hazard:  hello\n"
#define SAFE " * Safe:    bye\n"

static void wrong(const char *text, const char *error, const char *what)
{
    struct lab lab;
    char *got = lab_parse(PATH, text, strlen(text), &lab);

    same_text(got, error, what);
    if (got == NULL)
        lab_free(&lab);
    free(got);
}

static void good_header(void)
{
    static const char text[] =
        TOP " * Hazard:  [child] hang in pthread_mutex_lock, owner vanished\n"
            " *          2 hello\n"
            " * Safe:    child saw 1 1\n"
            " *          hello\n"
            " *          [child] exit 42\n"
            " *          3 hello\n"
            " *          1 2 3\n"
            " * Work:    thread, program\n"
            " * Needs:   mariadb, openssl\n"
            " *          root\n"
            " * Output:  pty\n"
            " * Plot:    us at MiB\n" END;
    struct lab lab;
    char *error = lab_parse("/somewhere/" PATH, text, strlen(text), &lab);

    same_text(error, NULL, "a good header is read");
    if (error != NULL)
        return;
    ok(lab.number == 31, "number");
    same_text(lab.stem, "31-lock-nobody-holds", "stem");
    same_text(lab.name, "lock-nobody-holds", "name");
    same_text(lab.title, "the child waits.", "title");
    same_text(lab.source, PATH, "source, from the project's root");
    ok(lab.lines == 22, "lines of the file (%d)", lab.lines);
    ok(lab.hazard.count == 2 && lab.safe.count == 4, "facts");
    same_text(lab.hazard.item[0].text,
              "[child] hang in pthread_mutex_lock, owner vanished",
              "a finding keeps its role");
    ok(lab.hazard.item[1].count == 2, "a count stands in front");
    same_text(lab.hazard.item[1].text, "hello", "... and is no part of it");
    same_text(lab.safe.item[0].text, "child saw 1 1", "numbers within stay");
    ok(lab.safe.item[1].count == 4, "the same fact twice adds up");
    same_text(lab.safe.item[3].text, "2 3", "1 2 3 is once 2 3");
    ok(lab.work == (WORK_THREAD | WORK_PROGRAM), "work");
    same_text(work_word(lab.work), "thread", "... the first of it");
    ok(lab.need_count == 3 && strcmp(lab.needs[2], "root") == 0,
       "needs, over two lines");
    ok(lab.output == OUTPUT_PTY, "output");
    same_text(lab.plot, "us at MiB", "plot");
    lab_free(&lab);
    ok(lab.stem == NULL && lab.safe.item == NULL, "lab_free empties");
}

static void good_variants(void)
{
    wrong(TOP HAZARD SAFE END, NULL, "the least header");
    wrong("\n\n" TOP HAZARD SAFE END, NULL, "empty lines before the header");
    wrong(TOP HAZARD SAFE " * See https://x.org/\n" END, NULL,
          "an address is no word");
    wrong(TOP HAZARD SAFE " * https://x.org/\n" END, NULL,
          "... at the start neither");
    wrong("/* SPDX-License-Identifier: MIT\n"
          " * 31-lock-nobody-holds: the child\n"
          " * waits and\n"
          " *     waits.\n" HAZARD SAFE " */\n",
          NULL, "a title of several lines");
    wrong(TOP HAZARD SAFE " *\n * Prose, then an example:\n *\n"
                          " *     Example: this\n" END,
          NULL, "indented prose below the lists");
    wrong(TOP " * Hazard:  [child] hang in f\n" SAFE
              " *          2 [worker 1] exit 42 */\nx",
          NULL, "the comment may end in a line of text");
    wrong(TOP " * Hazard:  42\n" SAFE END, NULL, "a number alone is evidence");
    wrong(TOP HAZARD SAFE " *          (2 [worker] exit 42)\n" END, NULL,
          "a finding that may show");
    wrong(TOP " * Hazard:  (hello) [x]\n" SAFE " *          (2 hello)\n" END,
          NULL, "evidence in parentheses is evidence");
    wrong(TOP " * Hazard: a\n *         b\n" SAFE END, NULL,
          "the column of the first fact counts, not column 13");

    struct lab lab;
    char *error = lab_parse(PATH,
                            "/* SPDX-License-Identifier: MIT\n"
                            " * 31-lock-nobody-holds: the child\n"
                            " * waits and\n"
                            " *     waits.\n" HAZARD SAFE " */\n",
                            strlen("/* SPDX-License-Identifier: MIT\n"
                                   " * 31-lock-nobody-holds: the child\n"
                                   " * waits and\n"
                                   " *     waits.\n" HAZARD SAFE " */\n"),
                            &lab);
    same_text(error ? error : lab.title, "the child waits and waits.",
              "... is joined");
    lab_free(&lab);
    free(error);
}

/* The lists that a header has for musl. */
static void musl_lists(void)
{
    static const char own[] = TOP HAZARD SAFE " * Hazard (musl):  2 hello\n"
                                              " *                 x\n"
                                              " * Safe (musl):    hello\n" END;
    static const char cured[] = TOP HAZARD SAFE " * Hazard (musl):  none\n" END;
    static const char one[] = TOP HAZARD SAFE " * Hazard (musl):  1 none\n" END;
    struct lab lab;
    char *error = lab_parse(PATH, own, strlen(own), &lab);

    same_text(error, NULL, "lists for musl are read");
    ok(lab_hazard(&lab, "musl 1.2.3", NULL)->count == 2 &&
           lab_hazard(&lab, "glibc 2.42", NULL)->count == 1,
       "... Hazard: has its own facts");
    same_text(lab_hazard(&lab, "musl 1.2.3", NULL)->item[0].text, "hello",
              "... these");
    same_text(lab_safe(&lab, "musl 1.2.3")->item[0].text, "hello",
              "... Safe: as well");
    same_text(lab_safe(&lab, "glibc 2.42")->item[0].text, "bye",
              "... and glibc's stay as they are");
    lab_free(&lab);
    error = lab_parse(PATH, cured, strlen(cured), &lab);
    same_text(error, NULL, "none: cured in musl");
    ok(lab_hazard(&lab, "musl 1.2.3", NULL) == NULL,
       "... there is no hazard to show");
    ok(lab_hazard(&lab, "glibc 2.42", NULL) == &lab.hazard,
       "... but with glibc");
    ok(lab_safe(&lab, "musl 1.2.3") == &lab.safe,
       "... and what is safe is the same");
    lab_free(&lab);
    error = lab_parse(PATH, one, strlen(one), &lab);
    same_text(error, NULL, "1 none is evidence");
    same_text(lab_hazard(&lab, "musl 1.2.3", NULL)->item[0].text, "none",
              "... of that name");
    lab_free(&lab);
}

/* What a version of the kernel has cured. */
static void cured_in_linux(void)
{
    static const char text[] =
        TOP HAZARD SAFE " * Hazard (Linux 4.19):  none\n" END;
    struct lab lab;
    char *error = lab_parse(PATH, text, strlen(text), &lab);

    same_text(error, NULL, "a hazard that Linux 4.19 has cured is read");
    ok(lab_hazard(&lab, "glibc 2.36", "4.18.0-25") == &lab.hazard,
       "... before it, there is one");
    ok(lab_hazard(&lab, "glibc 2.36", "4.19.0") == NULL &&
           lab_hazard(&lab, "musl 1.2.3", "6.1.0-17-amd64") == NULL,
       "... from it on, there is none");
    ok(lab_hazard(&lab, "glibc 2.36", "3.10.0") == &lab.hazard,
       "... 3.10 is older");
    lab_free(&lab);
    wrong(TOP HAZARD SAFE " * Hazard (Linux 4.19):  x\n" END,
          PATH ":7: Hazard (Linux N): can only be none",
          "what a kernel has cured is no list");
    wrong(TOP HAZARD SAFE " * Hazard (Linux 4):  none\n" END,
          PATH ":7: unknown word \"Hazard (Linux 4):\" (with a C library: "
               "Hazard (musl), Safe (musl), Hazard (glibc 2.43); or Hazard "
               "(Linux 4.19))",
          "half a version");
}

/* What is shown since a version of glibc. */
static void newer_list(void)
{
    static const char text[] =
        TOP HAZARD SAFE " * Hazard (glibc 2.43):  x\n" END;
    struct lab lab;
    char *error = lab_parse(PATH, text, strlen(text), &lab);

    same_text(error, NULL, "a list since glibc 2.43 is read");
    ok(lab_hazard(&lab, "glibc 2.42", NULL) == &lab.hazard &&
           lab_hazard(&lab, "musl 1.2.3", NULL) == &lab.hazard,
       "... before it, Hazard: is as it was");
    same_text(lab_hazard(&lab, "glibc 2.43", NULL)->item[0].text, "x",
              "... and from it on");
    ok(lab_hazard(&lab, "glibc 2.50", NULL) == &lab.hazard_newer,
       "... later, too");
    lab_free(&lab);
    wrong(TOP HAZARD SAFE " * Hazard (glibc 2.):  x\n" END,
          PATH ":7: unknown word \"Hazard (glibc 2.):\" (with a C library: "
               "Hazard (musl), Safe (musl), Hazard (glibc 2.43); or Hazard "
               "(Linux 4.19))",
          "a version without its number");
    wrong(TOP HAZARD SAFE " * Hazard (glibc 2.43):  hello\n" END,
          PATH ":7: Hazard (glibc N): has the same facts as Hazard:",
          "a list that does not differ");
}

static void wrong_musl_lists(void)
{
    wrong(TOP HAZARD SAFE " * Hazard (musk):  x\n" END,
          PATH
          ":7: unknown word \"Hazard (musk):\" (with a C library: Hazard "
          "(musl), Safe (musl), Hazard (glibc 2.43); or Hazard (Linux 4.19))",
          "an unknown C library");
    wrong(TOP HAZARD SAFE " * Needs (musl):  x\n" END,
          PATH
          ":7: unknown word \"Needs (musl):\" (with a C library: Hazard "
          "(musl), Safe (musl), Hazard (glibc 2.43); or Hazard (Linux 4.19))",
          "a word that is the same with each");
    wrong(TOP HAZARD SAFE " * Hazard (musl):  hello\n" END,
          PATH ":7: Hazard (musl): has the same facts as Hazard:",
          "a list for musl that does not differ");
    wrong(TOP HAZARD SAFE " * Safe (musl):  bye\n" END,
          PATH ":7: Safe (musl): has the same facts as Safe:",
          "... nor for what is safe");
    wrong(TOP HAZARD SAFE " * Hazard (musl):  bye\n" END,
          PATH ":7: with musl, hazard and safe have the same facts",
          "a hazard of musl that is safe");
    wrong(TOP HAZARD SAFE " * Safe (musl):  hello\n" END,
          PATH ":7: with musl, hazard and safe have the same facts",
          "... and the other way round");
    wrong(TOP HAZARD SAFE " * Hazard (musl):  none\n"
                          " *                 x\n" END,
          PATH ":8: Hazard (musl): none must be the only entry",
          "none and more");
    wrong(TOP HAZARD SAFE " * Hazard (musl):  x\n"
                          " *                 none\n" END,
          PATH ":8: Hazard (musl): none must be the only entry",
          "more and none");
    wrong(TOP HAZARD SAFE " * Hazard (musl):  x\n"
                          " * Hazard (musl):  y\n" END,
          PATH ":8: Hazard (musl): is in line 7 already",
          "a list for musl twice");
    wrong(TOP HAZARD SAFE " * Hazard (musl):\n" END,
          PATH ":7: nothing after Hazard (musl):", "an empty list for musl");
    wrong(TOP " * Hazard (musl):  x\n" SAFE END,
          PATH ":1: the header has no Hazard:",
          "a list for musl does not stand in for the other");
}

static void wrong_words(void)
{
    wrong(TOP HAZARD " * Save:    bye\n" END,
          PATH ":6: unknown word \"Save:\" (known: Hazard, Safe, Work, "
               "Needs, Output, Plot, Number)",
          "a misspelt Safe:");
    wrong(TOP HAZARD SAFE " * safe:    bye\n" END,
          PATH ":7: unknown word \"safe:\" (known: Hazard, Safe, Work, "
               "Needs, Output, Plot, Number)",
          "a word in lower case");
    wrong(TOP HAZARD HAZARD SAFE END, PATH ":6: Hazard: is in line 5 already",
          "a word twice");
    wrong(TOP HAZARD " *  Safe:    bye\n" END,
          PATH ":6: this line starts in column 5, the first one of Hazard: in "
               "13",
          "a word one column to the right is no fact");
    wrong(TOP "   Hazard: x\n" SAFE END,
          PATH ":5: a line of the header starts with \" *\"",
          "a line without its star");
    wrong(TOP " *    Hazard:  x\n" SAFE END, PATH ":5: Hazard: is indented",
          "a word that is indented");
    wrong(TOP SAFE END, PATH ":1: the header has no Hazard:", "no Hazard:");
    wrong(TOP HAZARD END, PATH ":1: the header has no Safe:", "no Safe:");
    wrong(TOP " * Hazard:\n *          x\n" SAFE END,
          PATH ":5: nothing after Hazard:", "a list starts in its word's line");
    wrong(TOP " * Hazard:  b\n *          a\n *          a\n"
              " * Safe:    2 a\n *          b\n" END,
          PATH ":8: Safe: has the same facts as Hazard:",
          "two lists that nobody can tell apart");
}

static void wrong_facts(void)
{
    wrong(TOP HAZARD " *         [child] exit 1\n" SAFE END,
          PATH ":6: this line starts in column 12, the first one of Hazard: in "
               "13",
          "a fact in the wrong column");
    wrong(TOP HAZARD SAFE " *\n *          lost\n" END,
          PATH ":8: an empty line within Safe:", "a fact behind an empty line");
    wrong(TOP " * Hazard:  [child] hangs\n" SAFE END,
          PATH ":5: [child] hangs: unknown finding (known: exit, killed by, "
               "hang in, idle in, zombie child, socket, descriptor leaked, "
               "left behind, connection of, adopted)",
          "a finding out of the vocabulary");
    wrong(TOP HAZARD " *          [child exit 1\n" SAFE END,
          PATH ":6: [child exit 1: a finding starts with its [role]",
          "a bracket that does not close");
    wrong(TOP " * Hazard:  [child] deadline\n" SAFE END,
          PATH ":5: [child] deadline: that is not evidence",
          "nobody may expect the deadline");
    wrong(TOP " * Hazard:  ([child] exit 1)\n" SAFE END,
          PATH ":5: ([child] exit 1): only a fact of Safe: can be optional",
          "a hazard that may show");
    wrong(TOP HAZARD SAFE " *          ([child] hangs)\n" END,
          PATH ":7: ([child] hangs): unknown finding (known: exit, killed by, "
               "hang in, idle in, zombie child, socket, descriptor leaked, "
               "left behind, connection of, adopted)",
          "... out of the vocabulary");
    wrong(TOP " * Hazard:  0 hello\n" SAFE END,
          PATH ":5: 0 hello: a count is a number from 1 to 100000",
          "a count of 0");
    wrong(TOP " * Hazard:  007 hello\n" SAFE END,
          PATH ":5: 007 hello: a count is a number from 1 to 100000",
          "a count with zeros");
    wrong(TOP " * Hazard:  99999999999999999999 x\n" SAFE END,
          PATH ":5: 99999999999999999999 x: a count is a number from 1 to "
               "100000",
          "a count beyond measure");
    wrong(TOP " * Hazard:  2  hello\n" SAFE END,
          PATH
          ":5: 2  hello: exactly one space separates a count from its fact",
          "two spaces behind a count");
    wrong(TOP " * Hazard:  caf\xc3\xa9\n" SAFE END,
          PATH ":5: Hazard: only plain ASCII", "a fact beyond ASCII");
    wrong(TOP HAZARD SAFE " * Output:  socket\n" END,
          PATH ":7: Output: is pipe, pty or file, not \"socket\"",
          "an unknown output");
    wrong(TOP HAZARD SAFE " * Output:  pty\n *          pipe\n" END,
          PATH ":8: Output: is one word", "two outputs");
    wrong(TOP HAZARD SAFE " * Work:    thread, sweat\n" END,
          PATH ":7: Work: is thread, pipe, socket, program or program:NAME, "
               "not \"sweat\"",
          "a work that nobody hears");
    wrong(TOP HAZARD SAFE " * Plot:    us\n" END,
          PATH ":7: Plot: is \"UNIT at UNIT\", not \"us\"", "a plot of a unit");
    wrong(TOP HAZARD SAFE " * Plot:    us at MiB\n *          b at c\n" END,
          PATH ":8: Plot: is one line", "two plots");
    wrong(TOP HAZARD SAFE " * Needs:   MariaDB\n" END,
          PATH ":7: Needs: words are of a-z, 0-9 and -, not \"MariaDB\"",
          "a need in capitals");
    wrong(TOP HAZARD SAFE " * Needs:   root root\n" END,
          PATH ":7: Needs: \"root\" is listed twice", "a need twice");
}

static void wrong_frames(void)
{
    wrong("", PATH ":1: the file does not begin with a comment", "no bytes");
    wrong("int x;\n" TOP HAZARD SAFE END,
          PATH ":1: the file does not begin with a comment",
          "code before the comment");
    wrong("/*", PATH ":1: the comment has no end", "a comment without an end");
    wrong("/*/", PATH ":1: the comment has no end", "/*/ is no comment");
    wrong("/**/",
          PATH ":1: the first line of the header is "
               "\"SPDX-License-Identifier: ...\"",
          "an empty comment");
    wrong("/* SPDX-License-Identifier: MIT */",
          PATH ":1: the header has no line \"31-lock-nobody-holds: title\"",
          "no title");
    wrong("/* MIT\n * 31-lock-nobody-holds: x\n" HAZARD SAFE " */",
          PATH ":1: the first line of the header is "
               "\"SPDX-License-Identifier: ...\"",
          "no SPDX line");
    wrong("/* SPDX-License-Identifier: MIT\n * 32-lock-nobody-holds: x\n"
          " */",
          PATH ":2: the file is called 31-lock-nobody-holds, its header "
               "32-lock-nobody-holds",
          "another lab's name");
    wrong("/* SPDX-License-Identifier: MIT\n * 31-lock-nobody-holds:\n */",
          PATH ":2: a title must follow \"31-lock-nobody-holds: \"",
          "an empty title");
    wrong(TOP " * 31-lock-nobody-holds: again\n" HAZARD SAFE END,
          PATH ":5: the title is in line 3 already", "two titles");
    wrong(TOP HAZARD " * Safe:\tbye\n" END,
          PATH ":6: the byte 0x09, a tab: use spaces", "a tab");
    wrong("/* SPDX-License-Identifier: MIT\r\n */",
          PATH ":1: the byte 0x0d: save the file with Unix line ends",
          "lines that end in CR LF");
    wrong("/* SPDX-License-Identifier: MIT\n"
          " * 31-lock-nobody-holds: \xff\n" HAZARD SAFE " */",
          PATH ":2: the title: only plain ASCII", "a title beyond ASCII");
}

static void wrong_names(void)
{
    static const char *const names[] = {"labs/x.c",
                                        "31-.txt",
                                        "3-x.c",
                                        "labs/31-X.c",
                                        "31-x.exec.c",
                                        "31-x.so.c",
                                        "31-.c",
                                        "",
                                        "/"};
    struct lab lab;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char *error = lab_parse(names[i], TOP, strlen(TOP), &lab);
        ok(error && strstr(error, "a lab's file is called NN-name.c"),
           "\"%s\" is no lab's name", names[i]);
        free(error);
    }
    char *error = lab_parse("labs/00-x.c", TOP, strlen(TOP), &lab);
    same_text(error, "labs/00-x.c: the numbers of labs start at 01",
              "there is no lab 0");
    free(error);
}

static void hostile(void)
{
    static const char nul[] = TOP " * Hazard:  a\0b\n" SAFE END;
    size_t size = (size_t)10 << 20;
    char *much = xcalloc(size, 1);
    struct lab lab;

    char *error = lab_parse(PATH, nul, sizeof(nul) - 1, &lab);
    same_text(error, PATH ":5: the byte 0x00 does not belong in a header",
              "a NUL in the header");
    free(error);
    error = lab_parse(PATH, much, size, &lab);
    same_text(error, PATH ": larger than 1 MiB: this is not a lab", "10 MB");
    free(error);
    memset(much, 'x', size);
    /* NOLINTBEGIN(bugprone-not-null-terminated-result): bytes of a file */
    memcpy(much, TOP, strlen(TOP));
    memcpy(much + 500000, "*/", 2);
    /* NOLINTEND(bugprone-not-null-terminated-result) */
    error = lab_parse(PATH, much, 500002, &lab);
    same_text(error, PATH ":1: a header of more than 16 KiB", "a huge header");
    free(error);
    free(much);
}

/* ---- directories ---- */

static void write_file(const char *root, const char *name, const char *text)
{
    char *path = xasprintf("%s/%s", root, name);
    FILE *file = fopen(path, "w");

    if (file == NULL || fputs(text, file) == EOF || fclose(file) == EOF) {
        printf("Bail out! cannot write %s\n", path);
        exit(1);
    }
    free(path);
}

static void write_lab(const char *root, const char *stem)
{
    char *name = xasprintf("labs/%s.c", stem);
    char *text = xasprintf(
        "/* SPDX-License-Identifier: MIT\n * %s: x.\n" HAZARD SAFE " */\n",
        stem);

    write_file(root, name, text);
    free(text);
    free(name);
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void getting(const struct lab_list *list)
{
    const struct lab *nearest;

    ok(labs_get(list, 7, &nearest) == &list->lab[1], "labs_get");
    ok(labs_get(list, 8, &nearest) == NULL && nearest == &list->lab[1],
       "... or the nearest");
    ok(labs_get(list, 99, &nearest) == NULL && nearest == &list->lab[3],
       "... beyond the last");
    ok(labs_get(list, -2147483647, &nearest) == NULL &&
           nearest == &list->lab[0],
       "... before the first");
    struct lab_list none = {0};
    ok(labs_get(&none, 1, &nearest) == NULL && nearest == NULL,
       "... in an empty list");
}

static void finding(void)
{
    char root[] = "/tmp/labs_test.XXXXXX";
    struct lab_list list;

    if (mkdtemp(root) == NULL) {
        printf("Bail out! mkdtemp\n");
        exit(1);
    }
    char *error = labs_find(root, &list);
    ok(error && strstr(error, "/labs: No such file") && list.count == 0,
       "a directory that is not there");
    free(error);
    char *labs_directory = xasprintf("%s/labs", root);
    mkdir(labs_directory, 0700);
    write_lab(root, "31-lock");
    write_lab(root, "07-minus-one");
    write_lab(root, "89-last");
    write_lab(root, "01-first");
    write_file(root, "labs/20-x.exec.c", "not a lab");
    write_file(root, "labs/20-x.so.c", "not a lab");
    write_file(root, "labs/lab.h", "not a lab");
    write_file(root, "labs/31-lock.md", "not a lab");
    error = labs_find(root, &list);
    same_text(error, NULL, "labs are found");
    ok(list.count == 4 && list.lab[0].number == 1 && list.lab[3].number == 89,
       "... by number, and what is no lab is left out");
    same_text(list.count ? list.lab[2].source : "", "labs/31-lock.c",
              "... with their source");
    getting(&list);
    labs_free(&list);
    write_lab(root, "31-again");
    error = labs_find(root, &list);
    same_text(error, "labs/31-lock.c: number 31 is taken by labs/31-again.c",
              "two labs with one number");
    ok(list.count == 0 && list.lab == NULL, "... and no list");
    free(error);
    char *odd = xasprintf("%s/labs/50-directory.c", root);
    mkdir(odd, 0700);
    struct lab lab;
    error = lab_read(odd, &lab);
    same_text(error, "labs/50-directory.c: is not a regular file",
              "a directory in the place of a lab");
    free(error);
    error = lab_read("labs/50-nothing.c", &lab);
    same_text(error, "labs/50-nothing.c: No such file or directory",
              "a file that is not there");
    free(error);
    free(odd);
    free(labs_directory);
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void chapters(void)
{
    same_text(chapter_name(1), "the copy", "chapter 0");
    same_text(chapter_name(31), "vanished threads: locks", "chapter 3");
    same_text(chapter_name(89), "depths", "chapter 8");
    same_text(chapter_name(99), "more", "beyond");
    same_text(chapter_name(-5), "more", "below");
}

int main(void)
{
    good_header();
    good_variants();
    musl_lists();
    newer_list();
    cured_in_linux();
    wrong_musl_lists();
    wrong_words();
    wrong_facts();
    wrong_frames();
    wrong_names();
    hostile();
    finding();
    chapters();
    printf("1..%d\n", tests);
    return failures != 0;
}

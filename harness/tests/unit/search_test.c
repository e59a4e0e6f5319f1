/* SPDX-License-Identifier: MIT
 *
 * Tests of the search over the strings and pages that are there: each famous
 * string leads to its lab first, also in another case, with other addresses, or
 * a part of it; strings of tests/unseen.tsv, which the table does not have,
 * lead to theirs often enough; what is not about processes leads nowhere. TAP;
 * exit 1 on failure.
 *
 *     build/tests/unit/search_test [FILE]    from the project's directory; a
 *         FILE of lines "LABS<tab>STRING" instead: how many are right
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/memory.h"
#include "course/search.h"
#include "course/words.h"
#include "tests/unit/tap.h"

#define UNSEEN "harness/tests/unseen.tsv"
#define UNSEEN_RIGHT 0.9 /* so many of them at least */

static struct lab_list all_labs;
static struct passages passages;
/* The first answer: the number of its lab; 0: none. */
static int first_lab(const char *text, enum certainty *certainty)
{
    struct answers answers = search_find(&passages, text);
    int number = answers.count ? answers.item[0].lab->number : 0;

    *certainty = answers.certainty;
    answers_free(&answers);
    return number;
}

static bool leads(const char *text, const struct famous *famous)
{
    enum certainty certainty;

    return first_lab(text, &certainty) == famous->lab[0]->number &&
           certainty == SEARCH_FITS;
}

static bool is_among(const char *text, const struct famous *famous)
{
    struct answers answers = search_find(&passages, text);
    bool found = false;

    for (size_t i = 0; i < answers.count; i++)
        found = found || answers.item[i].lab == famous->lab[0];
    answers_free(&answers);
    return found;
}

/* ---- the famous strings ---- */

static char *upper(const char *text)
{
    char *copy = xstrdup(text);

    for (char *c = copy; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

/* Each number of three digits and more, each address, is another. */
static char *other_numbers(const char *text)
{
    char *copy = xstrdup(text);

    for (char *at = copy; *at != '\0';) {
        size_t digits = strspn(at, "0123456789");
        bool address = strncmp(at, "0x", 2) == 0;
        if (address)
            digits = 2 + strspn(at + 2, "0123456789abcdef");
        for (size_t i = address ? 2 : 0; digits > 2 && i < digits; i++)
            at[i] = at[i] == '7' ? '6' : '7';
        at += digits ? digits : 1;
    }
    return copy;
}

/* Without its last word, where four are left. NULL: not so many. */
static char *shorter(const char *text)
{
    struct strings words = words_of(text);
    size_t count = words.count;

    strings_free(&words);
    const char *end = strrchr(text, ' ');
    return count < 5 || end == NULL
               ? NULL
               : xasprintf("%.*s", (int)(end - text), text);
}

static void famous_strings(void)
{
    for (size_t i = 0; i < passages.famous.count; i++) {
        const struct famous *famous = &passages.famous.item[i];
        char *loud = upper(famous->string);
        char *numbers = other_numbers(famous->string);
        char *pasted =
            xasprintf("Nov 28 13:02:07 host app[4711]: %s\n", famous->string);
        char *part = shorter(famous->string);
        ok(leads(famous->string, famous), "%s", famous->string);
        ok(leads(loud, famous), "%s", loud);
        ok(leads(numbers, famous), "%s", numbers);
        ok(is_among(pasted, famous), "in a log: %s", famous->string);
        if (part != NULL)
            ok(is_among(part, famous), "a part: %s", part);
        free(part);
        free(pasted);
        free(numbers);
        free(loud);
    }
    ok(passages.famous.count >= 120, "%zu strings", passages.famous.count);
}

/* ---- what is not in the table ---- */

static void is_first(int lab, const char *text)
{
    enum certainty certainty;
    int got = first_lab(text, &certainty);

    if (!ok(got == lab, "%s", text))
        printf("# got lab %d, wanted %d\n", got, lab);
}

/* However an error number is written. */
static void error_numbers(void)
{
    is_first(50, "errno 98");
    is_first(50, "[Errno 98]");
    is_first(50, "EADDRINUSE");
    is_first(50, "code: 'EADDRINUSE', errno: -98");
    is_first(50, "bind: address in use");
    is_first(51, "errno: -26");
    is_first(51, "os error 26");
    is_first(51, "error=26");
    is_first(70, "spawn: errno 12");
    is_first(11, "EMFILE");
    is_first(0, "errno 2");
    is_first(0, "ENOENT");
}

/* A name's prefix, an ending, a name in another name. */
static void words(void)
{
    is_first(33, "#2 __GI___localtime_r (t=0x7ffd1234)");
    is_first(60, "zombies");
    is_first(60, "zombie");
    is_first(60, "Resource temporarily unavailable in _fork_exec");
}

static void nearest(void)
{
    enum certainty certainty;

    first_lab("workers stuck, unlike anything", &certainty);
    ok(certainty == SEARCH_NEAREST, "nearest, where nothing fits");
    first_lab("Segmentation fault in my parser", &certainty);
    ok(certainty == SEARCH_NONE, "none, of what is not about processes");
    first_lab("Read-only file system", &certainty);
    ok(certainty == SEARCH_NONE, "none, of words that pages have by chance");
}

/* "50 51<tab>STRING". How many of them lead to one of their labs; "none": to
 * none. */
static int count_right(const char *path, int *all, bool say)
{
    char *table = file_read(path, NULL), *at = table, *line;
    int right = 0;

    *all = 0;
    while (at != NULL && (line = strsep(&at, "\n")) != NULL) {
        char *tab = strchr(line, '\t');
        enum certainty certainty;
        if (tab == NULL)
            continue;
        *tab = '\0';
        int got = first_lab(tab + 1, &certainty);
        char *lab = got ? xasprintf("%02d", got) : xstrdup("none");
        bool good = strstr(line, lab) != NULL;
        if (say && !good)
            printf("# wanted %s, got %s: %s\n", line, lab, tab + 1);
        right += good;
        ++*all;
        free(lab);
    }
    free(table);
    return right;
}

static void unseen(void)
{
    int all, right = count_right(UNSEEN, &all, true);

    ok(all >= 100, "%d strings that the table does not have", all);
    ok(right >= UNSEEN_RIGHT * all, "%d of them lead to the right lab", right);
}

int main(int argc, char **argv)
{
    int all = 0;
    char *error = labs_find(".", &all_labs);

    if (error == NULL)
        error = passages_read(".", &all_labs, &passages);
    if (error != NULL) {
        printf("Bail out! %s\n", error);
        return 1;
    }
    if (argc > 1) {
        int right = count_right(argv[1], &all, true);
        printf("%d of %d\n", right, all);
    } else {
        famous_strings();
        error_numbers();
        words();
        nearest();
        unseen();
        printf("1..%d\n", tests);
    }
    passages_free(&passages);
    labs_free(&all_labs);
    return failures > 0;
}

/* SPDX-License-Identifier: MIT
 *
 * Tests of reading a lab's page. TAP; exit 1
 * on failure.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course/lesson.h"
#include "report/report.h"
#include "tests/unit/tap.h"

/* ---- Markdown ---- */

static void plain(const char *text, const char *wanted)
{
    char *got = markdown_plain(text, strlen(text));

    same_text(got, wanted, text);
    free(got);
}

static void marks(void)
{
    plain("", "");
    plain("no marks", "no marks");
    plain("*locked*, by thread", "locked, by thread");
    plain("**keeps it**", "keeps it");
    plain("__tz_convert and my_own_name_", "__tz_convert and my_own_name_");
    plain("`__lll_lock_wait`", "__lll_lock_wait");
    plain("`int *p = *q;` is *code*", "int *p = *q; is code");
    plain("2 * 3 * 4", "2 * 3 * 4");
    plain("see [lab 13](13-offset.md).", "see lab 13.");
    plain("[a](b) and [c](d)", "a and c");
    plain("lock[0] and [brackets]", "lock[0] and [brackets]");
    plain("\\*not\\* \\_so\\_", "*not* _so_");
    plain("`open", "open");
    plain("[open](no end", "open](no end");
    plain("\\", "\\");
    plain("*", "*");
}

/* Only so many bytes are read. */
static void length_counts(void)
{
    char *got = markdown_plain("`ab`c", 3);

    same_text(got, "ab", "markdown_plain: a length");
    free(got);
}

/* ---- pages ---- */

static const char page[] = "# 31 lock-nobody-holds: the child hangs in `lock`\n"
                           "\n"
                           "## You see\n"
                           "\n"
                           "*It hangs.*\n"
                           "\n"
                           "<details><summary>Symptoms</summary>\n"
                           "\n"
                           "- `__lll_lock_wait`\n"
                           "- one that goes on\n"
                           "  in the `next\n"
                           "  line`\n"
                           "\n"
                           "</details>\n"
                           "\n"
                           "behind\n"
                           "\n"
                           "## In brief\n"
                           "\n"
                           "No.\n"
                           "\n"
                           "## What is really going on\n"
                           "\n"
                           "1. no hint\n"
                           "\n"
                           "<details><summary>Three hints to cure it "
                           "yourself</summary>\n"
                           "\n"
                           "1. Take `lock`, see [lab\n"
                           "   43](43-two.md).\n"
                           "2. Two.\n"
                           "12. Twelve: 3. is no number here.\n"
                           "\n"
                           "</details>\n"
                           "\n"
                           "## Cures and their cost\n"
                           "\n"
                           "- no hint\n";

static void whole_page(void)
{
    struct lesson lesson;

    lesson_parse(page, &lesson);
    same_text(lesson.heading, "31 lock-nobody-holds: the child hangs in lock",
              "heading, without marks");
    ok(lesson.symptoms.count == 2, "two symptoms");
    same_text(lesson.symptoms.item[0], "__lll_lock_wait", "a symptom");
    same_text(lesson.symptoms.item[1], "one that goes on in the next line",
              "... over three lines, with code over two");
    ok(lesson.hints.count == 3, "three hints");
    same_text(lesson.hints.item[0], "Take `lock`, see lab 43.",
              "a hint keeps code, a link over two lines goes");
    same_text(lesson.hints.item[2], "Twelve: 3. is no number here.",
              "a hint with two digits");
    lesson_free(&lesson);
    ok(lesson.heading == NULL && lesson.hints.item == NULL,
       "lesson_free empties");
}

static void visible_parts(void)
{
    static const char text[] = "# 1 a: b\n\n## You see\n\nfirst\n\n"
                               "<details><summary>Symptoms</summary>\n\n"
                               "- x\n\n</details>\n\nlast\n\n"
                               "## In short\n\nIt is so.\n\nAnd so.\n";
    struct lesson lesson;

    lesson_parse(text, &lesson);
    ok(strstr(lesson.you_see, "first") && strstr(lesson.you_see, "last") &&
           strstr(lesson.you_see, "- x") == NULL,
       "\"You see\" is shown without what is folded away");
    same_text(lesson.in_short, "It is so.\n\nAnd so.",
              "\"In short\" to the end of the page");
    lesson_free(&lesson);
}

/* ---- what is not there, what is broken ---- */

static void damaged(void)
{
    static const char *const texts[] = {
        "",
        "#",
        "\n## You see\n",
        "# x\n\n## In short\n",
        "<details><summary>Symptoms</summary>\n- never closed\n",
        "<details><summary>Symptoms</summary>\n</details>",
        ("<details><summary>Three hints to cure it yourself</summary>\n"
         "no list\n</details>\n"),
        "## You see\n<details>\n",
        "\xff\xfe\x80 - 1. `*[](",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct lesson lesson;
        lesson_parse(texts[i], &lesson);
        ok(lesson.symptoms.count == 0 && lesson.hints.count == 0 &&
               lesson.you_see != NULL && lesson.in_short != NULL,
           "damaged page %zu: nothing, and no crash", i);
        lesson_free(&lesson);
    }
}

/* Each page cut at each of its bytes. */
static void cut(void)
{
    bool good = true;

    for (size_t length = 0; length < sizeof(page); length++) {
        char *part = xasprintf("%.*s", (int)length, page);
        struct lesson lesson;
        lesson_parse(part, &lesson);
        good = good && lesson.hints.count <= 3 && lesson.symptoms.count <= 2;
        lesson_free(&lesson);
        free(part);
    }
    ok(good, "a page that ends at any of %zu bytes", sizeof(page));
}

int main(void)
{
    marks();
    length_counts();
    whole_page();
    visible_parts();
    damaged();
    cut();
    printf("1..%d\n", tests);
    return failures != 0;
}

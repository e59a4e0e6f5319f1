/* SPDX-License-Identifier: MIT
 *
 * Tests of the pieces of a page that are translated. TAP; exit 1 on failure.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pieces.h"
#include "tests/unit/tap.h"

/* Notes each piece, and gives X for it. */
static const char *note(const char *piece, const char *section, void *data)
{
    struct strings *pieces = data;
    char *text = xasprintf("%s: %s", section ? section : "-", piece);

    strings_add(pieces, text);
    free(text);
    return "X";
}

static void turned(const char *page, const char *pieces, const char *result,
                   const char *what)
{
    struct strings found = {0};
    char *got = pieces_turn(page, note, &found);
    char *all = xstrdup("");

    for (size_t i = 0; i < found.count; i++) {
        char *longer = xasprintf("%s%s\n", all, found.item[i]);
        free(all);
        all = longer;
    }
    same_text(all, pieces, what);
    same_text(got, result, what);
    strings_free(&found);
    free(all);
    free(got);
}

int main(void)
{
    turned("# 31 name: it hangs\n", "-: it hangs\n", "# 31 name: X\n",
           "a title: what stands behind the colon");
    turned("# Which?\n\nOne\ntwo.\n\n## Who?\n\n- He\n  she\n- It\n",
           "-: Which?\n-: One two.\nWho?: Who?\nWho?: He she\nWho?: It\n",
           "# X\n\nX\n\n## Who?\n\n- X\n- X\n",
           "lines are joined, points are not, a heading stays");
    turned("# 1 n: it\n\n## In short\n\nshort\n## Teach\n\nno piece\n",
           "-: it\nIn short: In short\nIn short: short\n",
           "# 1 n: X\n\n## In short\n\nX\n## Teach\n\nno piece\n",
           "of a lab, the sections that are named");
    turned("# 1 n: it\n## You see\nIt is:\n```text\n# raw text\n```\n"
           "<details><summary>Symptoms</summary>\n\n- a point\n\n</details>\n"
           "\n    raw code\n",
           "-: it\nYou see: You see\nYou see: It is:\n",
           "# 1 n: X\n## You see\nX\n```text\n# raw text\n```\n"
           "<details lang=\"en\"><summary>Symptoms</summary>\n\n- a "
           "point\n\n</details>\n"
           "\n    raw code\n",
           "code and what is folded stay");
    turned(
        "# Why\n| | cure |\n|---|---|\n| `only_code()` | in `b` |\n  | at |\n",
        "-: Why\n-: cure\n-: in `b`\n-: at\n",
        "# X\n|  | X |\n| --- | --- |\n| `only_code()` | X |\n  | X |\n",
        "cells; what has no words stays");
    turned("# 1 n: it\n## In short\nSo.\n### Of it\nMore\n",
           "-: it\nIn short: In short\nIn short: So.\nIn short: More\n",
           "# 1 n: X\n## In short\nX\n### Of it\nX\n", "a third heading stays");
    turned("", "", "", "nothing");
    turned("# 1 n: it\n## In short\nno end",
           "-: it\nIn short: In short\nIn short: no end\n",
           "# 1 n: X\n## In short\nX\n", "a page without a last newline");
    printf("1..%d\n", tests);
    return failures != 0;
}

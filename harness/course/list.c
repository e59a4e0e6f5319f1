/* SPDX-License-Identifier: MIT
 *
 * list: see list.h.
 */
#define _GNU_SOURCE
#include "course/list.h"

#include <stdlib.h>
#include <string.h>

#include "course/progress.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

static void print_title(FILE *stream, const char *title, size_t indent,
                        size_t columns)
{
    size_t room = columns > indent + 10 ? columns - indent : 10;
    char *clean = text_clean(title, strlen(title));
    const char *rest = clean;

    while (*rest != '\0') {
        size_t bytes = text_break(rest, room);
        size_t shown = bytes;
        while (shown > 1 && rest[shown - 1] == ' ')
            shown--;
        if (rest != clean)
            fprintf(stream, "%*s", (int)indent, "");
        fprintf(stream, "%.*s\n", (int)shown, rest);
        rest += bytes;
        rest += strspn(rest, " ");
    }
    free(clean);
}

/* Cut or filled up to the width, with two spaces after it. */
static void print_name(FILE *stream, const char *name, size_t width)
{
    char *cut = text_cut(name, width + 2);

    fprintf(stream, "%-*s", (int)width + 2, cut);
    free(cut);
}

static size_t longest_name(const struct lab_list *list)
{
    size_t longest = 0;

    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->lab[i].name) > longest)
            longest = strlen(list->lab[i].name);
    return longest;
}

static void print_chapter(FILE *stream, struct style style, int number)
{
    const char *on = style.color ? BOLD : "", *off = style.color ? PLAIN : "";

    fprintf(stream, "%s%d  %s%s\n", on, number / 10, chapter_name(number), off);
}

/* "+" cured, "." tried, so that no colour is needed; words to be read aloud. */
static const char *mark_of(struct style style, const char *root,
                           const struct lab *lab)
{
    switch (root ? progress_get(root, lab) : PROGRESS_NONE) {
    case PROGRESS_SAFE:
        return style.plain ? " cured" : "+";
    case PROGRESS_TRIED:
        return style.plain ? " tried" : ".";
    default:
        return style.plain ? "" : " ";
    }
}

/* ---- a chapter a line ---- */

#define CHAPTER_NAME 28

/* "31+ 32. 33": the labs from `from` on that are of one chapter. Returns the
 * index behind them. */
static size_t print_numbers(FILE *stream, struct style style,
                            const struct lab_list *list, size_t from,
                            const char *root)
{
    size_t i = from;

    for (; i < list->count &&
           list->lab[i].number / 10 == list->lab[from].number / 10;
         i++) {
        const char *mark = mark_of(style, root, &list->lab[i]);
        bool last = i + 1 == list->count ||
                    list->lab[i + 1].number / 10 != list->lab[i].number / 10;
        fprintf(stream, "%02d%s%s", list->lab[i].number,
                last && strcmp(mark, " ") == 0 ? "" : mark,
                last          ? ""
                : style.plain ? ", "
                              : " ");
    }
    fputc('\n', stream);
    return i;
}

void print_chapters(FILE *stream, struct style style,
                    const struct lab_list *list, const char *root)
{
    const char *on = style.color ? BOLD : "", *off = style.color ? PLAIN : "";

    for (size_t i = 0; i < list->count;) {
        int number = list->lab[i].number;
        if (style.plain)
            fprintf(stream, "Chapter %d, %s. Labs ", number / 10,
                    chapter_name(number));
        else
            fprintf(stream, "%d  %s%-*s%s", number / 10, on, CHAPTER_NAME,
                    chapter_name(number), off);
        i = print_numbers(stream, style, list, i, root);
    }
}

/* ---- a lab a line ---- */

bool print_list(FILE *stream, struct style style, const struct lab_list *list,
                int chapter, const char *root)
{
    size_t columns = style.columns < 40 ? 40 : (size_t)style.columns;
    size_t name = longest_name(list);
    int last = -1;

    if (name > columns / 2)
        name = columns / 2;
    for (size_t i = 0; i < list->count; i++) {
        const struct lab *lab = &list->lab[i];
        if (chapter != LIST_ALL && lab->number / 10 != chapter)
            continue;
        if (lab->number / 10 != last) {
            if (last != -1)
                fputc('\n', stream);
            last = lab->number / 10;
            print_chapter(stream, style, lab->number);
        }
        const char *mark = mark_of(style, root, lab);
        if (style.plain) {
            fprintf(stream, "%02d%s, %s: ", lab->number, mark, lab->name);
            print_title(stream, lab->title, 0, columns);
            continue;
        }
        fprintf(stream, "%02d %s", lab->number, mark);
        print_name(stream, lab->name, name);
        print_title(stream, lab->title, name + 6, columns);
    }
    return last != -1;
}

/* SPDX-License-Identifier: MIT
 *
 * sheet: see sheet.h.
 */
#define _GNU_SOURCE
#include "print/sheet.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/tongue.h"

struct sheet_line *sheet_add_line(struct sheet *page, char *text)
{
    char *clean = text_clean(text, strlen(text));
    char *cut = text_cut(clean, (size_t)page->style.columns);
    size_t length = strlen(cut);

    free(text);
    free(clean);
    while (length > 0 && cut[length - 1] == ' ')
        cut[--length] = '\0';
    GROW(page->line, page->count);
    page->line[page->count] = (struct sheet_line){.text = cut};
    return &page->line[page->count++];
}

void sheet_add_blank(struct sheet *page)
{
    if (page->count > 0 && page->line[page->count - 1].text[0] != '\0')
        sheet_add_line(page, xstrdup(""));
}

void sheet_tint(struct sheet_line *line, int which, size_t from, size_t length,
                const char *color)
{
    size_t size = strlen(line->text);

    if (from >= size || length == 0)
        return;
    if (length > size - from)
        length = size - from;
    line->span[which] = (struct span){from, length, color};
}

struct sheet_line *sheet_add_sides(struct sheet *page, const char *left,
                                   const char *right)
{
    size_t columns = (size_t)page->style.columns;
    size_t used = text_width(left) + text_width(right);

    if (used + 2 <= columns && !page->style.plain)
        return sheet_add_line(
            page, xasprintf("%s%*s%s", left, (int)(columns - used), "", right));
    size_t first = page->count;
    sheet_add_line(page, xstrdup(left));
    size_t width = page->style.plain ? columns : text_width(right);
    sheet_add_line(page, xasprintf("%*s%s",
                                   width < columns ? (int)(columns - width) : 0,
                                   "", right));
    return &page->line[first];
}

void sheet_add_command(struct sheet *page, const char *command)
{
    const char *before = page->style.plain ? "next: " : "    ";

    sheet_tint(sheet_add_line(page, xasprintf("%s%s", before, command)), 0, 4,
               SIZE_MAX, BOLD);
}

void sheet_add_row_line(struct sheet *page, size_t label_width,
                        const char *label, const char *text)
{
    const char *word = tr(label);
    size_t width = text_width(word);

    if (page->style.plain) {
        const char *colon = label[0] != '\0' ? ": " : "";
        sheet_add_line(page, xasprintf("%s%s%s", word, colon, text));
        return;
    }
    size_t gap = width < label_width ? label_width - width : 1;
    struct sheet_line *line =
        sheet_add_line(page, xasprintf("  %s%*s%s", word, (int)gap, "", text));

    sheet_tint(line, 0, 2, strlen(word), CYAN);
}

void sheet_add_row(struct sheet *page, size_t label_width, const char *label,
                   const char *text, size_t most)
{
    size_t width = (size_t)page->style.columns - label_width - 2;
    size_t shown = 0;

    do {
        size_t length = strcspn(text, "\n");
        char *clean = text_clean(text, length);
        struct strings lines = {0};
        text_wrap(&lines, clean, width, 0, most - shown);
        for (size_t i = 0; i < lines.count; i++)
            sheet_add_row_line(page, label_width, shown++ == 0 ? label : "",
                               lines.item[i]);
        strings_free(&lines);
        free(clean);
        text += length;
        text += strspn(text, "\n");
    } while (*text != '\0' && shown < most);
}

void sheet_add_rows(struct sheet *page, size_t label_width, const char *label,
                    const struct strings *list, size_t most)
{
    for (size_t i = 0; i < list->count; i++) {
        if (i + 1 == most && list->count > most) {
            char *text = xasprintf(tr("and %zu more"), list->count - i);
            sheet_add_row(page, label_width, "", text, 1);
            free(text);
            return;
        }
        const char *text =
            list->item[i][0] ? list->item[i] : tr("(an empty line)");
        sheet_add_row(page, label_width, i == 0 ? label : "", text, 1);
    }
}

static void print_line(FILE *stream, const struct sheet_line *line, bool color)
{
    size_t at = 0;

    for (int i = 0; color && i < 2; i++) {
        const struct span *span = &line->span[i];
        if (span->color == NULL || span->from < at)
            continue;
        fwrite(line->text + at, 1, span->from - at, stream);
        fprintf(stream, "\033[%sm%.*s\033[0m", span->color, (int)span->length,
                line->text + span->from);
        at = span->from + span->length;
    }
    fprintf(stream, "%s\n", line->text + at);
}

void sheet_print(FILE *stream, const struct sheet *page)
{
    for (size_t i = 0; i < page->count; i++)
        print_line(stream, &page->line[i], page->style.color);
}

void sheet_free(struct sheet *page)
{
    for (size_t i = 0; i < page->count; i++)
        free(page->line[i].text);
    free(page->line);
}

/* SPDX-License-Identifier: MIT
 *
 * pieces: see pieces.h.
 */
#define _GNU_SOURCE
#include "base/pieces.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tongue.h"

/* Where the walk through a page is. */
struct walk {
    const char *page;
    FILE *to;
    piece_turn *turn;
    void *data;
    char *section;
    char *piece; /* of a paragraph or a point that may go on; NULL: none */
    bool wanted, fenced, folded;
};

bool pieces_of_lab(const char *section)
{
    static const char *const of_labs[] = {"You see", "In short",
                                          "Cures and their cost"};

    for (size_t i = 0; i < sizeof(of_labs) / sizeof(*of_labs); i++)
        if (strcmp(of_labs[i], section) == 0)
            return true;
    return false;
}

bool pieces_section(const char *page, const char *section)
{
    bool lab = strncmp(page, "# ", 2) == 0 && isdigit((unsigned char)page[2]);

    return !lab || pieces_of_lab(section);
}

/* Has it a word outside of code? What has none is the same in any language. */
static bool has_words(const char *piece)
{
    bool code = false;

    for (const char *at = piece; *at != '\0'; at++) {
        code = code != (*at == '`');
        if (!code && isalpha((unsigned char)at[0]) &&
            isalpha((unsigned char)at[1]))
            return true;
    }
    return false;
}

static const char *turned(const struct walk *walk, const char *piece)
{
    return has_words(piece) ? walk->turn(piece, walk->section, walk->data)
                            : piece;
}

static void end_piece(struct walk *walk)
{
    if (walk->piece == NULL)
        return;
    fprintf(walk->to, "%s\n", turned(walk, walk->piece));
    free(walk->piece);
    walk->piece = NULL;
}

static void begin_piece(struct walk *walk, const char *line, size_t mark)
{
    end_piece(walk);
    fprintf(walk->to, "%.*s", (int)mark, line);
    walk->piece = xstrdup(line + mark);
}

static void add_to_piece(struct walk *walk, const char *line)
{
    char *longer = xasprintf("%s %s", walk->piece, line + strspn(line, " "));

    free(walk->piece);
    walk->piece = longer;
}

/* The length of "- " or "1. " at the start of a line; 0: there is none. */
static size_t point(const char *line)
{
    size_t digits = strspn(line, "0123456789");

    if (strncmp(line, "- ", 2) == 0)
        return 2;
    return digits > 0 && strncmp(line + digits, ". ", 2) == 0 ? digits + 2 : 0;
}

/* "| cell | cell |", perhaps below a point; a line of dashes has no words. No
 * page has a bar in a cell. */
static void turn_row(struct walk *walk, char *line)
{
    size_t before = strspn(line, " ") + 1;
    char *rest = line + before, *cell;

    fprintf(walk->to, "%.*s", (int)before, line);
    while ((cell = strsep(&rest, "|")) != NULL && rest != NULL) {
        size_t length = strlen(cell);
        while (length > 0 && cell[length - 1] == ' ')
            cell[--length] = '\0';
        cell += strspn(cell, " ");
        fprintf(walk->to, " %s |", turned(walk, cell));
    }
    fputc('\n', walk->to);
}

/* "# 31 lock-nobody-holds: the child hangs", of which the part after the colon
 * is turned; "# Which of these do I have?" */
static void turn_title(struct walk *walk, const char *line)
{
    const char *colon =
        isdigit((unsigned char)line[2]) ? strstr(line, ": ") : NULL;
    size_t before = colon ? (size_t)(colon - line) + 2 : 2;

    fprintf(walk->to, "%.*s%s\n", (int)before, line,
            turned(walk, line + before));
}

static void begin_section(struct walk *walk, const char *line)
{
    free(walk->section);
    walk->section = xstrdup(line + 3);
    walk->wanted = pieces_section(walk->page, walk->section);
    if (walk->wanted)
        turned(walk, walk->section);
    fprintf(walk->to, "%s\n", line);
}

/* Lines that are no text: "" ends a paragraph; fences and tags hide more; code
 * may be indented. */
static bool is_apart(struct walk *walk, const char *line)
{
    bool fence = strncmp(line, "```", 3) == 0;
    bool apart = fence || walk->fenced || walk->folded || line[0] == '\0' ||
                 line[0] == '<' || line[0] == '#' || !walk->wanted ||
                 (walk->piece == NULL && strncmp(line, "    ", 4) == 0);

    walk->fenced = walk->fenced != fence;
    if (strncmp(line, "<details>", 9) == 0)
        walk->folded = true;
    else if (strncmp(line, "</details>", 10) == 0)
        walk->folded = false;
    return apart;
}

static void take_line(struct walk *walk, char *line)
{
    bool heading = !walk->fenced && !walk->folded;

    if (heading && strncmp(line, "# ", 2) == 0) {
        turn_title(walk, line);
    } else if (heading && strncmp(line, "## ", 3) == 0) {
        end_piece(walk);
        begin_section(walk, line);
    } else if (is_apart(walk, line)) {
        bool folds = strncmp(line, "<details>", 9) == 0;
        end_piece(walk);
        fprintf(walk->to, "%s%s\n", folds ? "<details lang=\"en\">" : "",
                folds ? line + 9 : line);
    } else if (line[strspn(line, " ")] == '|') {
        end_piece(walk);
        turn_row(walk, line);
    } else if (point(line) > 0 || walk->piece == NULL) {
        begin_piece(walk, line,
                    point(line) > 0 ? point(line) : strspn(line, " "));
    } else {
        add_to_piece(walk, line);
    }
}

char *pieces_turn(const char *page, piece_turn *turn, void *data)
{
    char *result = NULL, *copy = xstrdup(page), *rest = copy;
    size_t size = 0;
    struct walk walk = {.page = page,
                        .to = open_memstream(&result, &size),
                        .turn = turn,
                        .data = data,
                        .wanted = pieces_section(page, "")};

    if (walk.to == NULL)
        abort(); /* no memory */
    while (rest != NULL && *rest != '\0')
        take_line(&walk, strsep(&rest, "\n"));
    end_piece(&walk);
    fclose(walk.to);
    free(walk.section);
    free(copy);
    return result;
}

static const char *translated(const char *piece, const char *section,
                              void *data)
{
    (void)section;
    (void)data;
    return tr(piece);
}

char *pieces_translate(const char *page)
{
    return pieces_turn(page, translated, NULL);
}

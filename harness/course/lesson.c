/* SPDX-License-Identifier: MIT
 *
 * lesson: see lesson.h.
 */
#define _GNU_SOURCE
#include "course/lesson.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "course/attempts.h"
#include "course/web.h"
#include "base/files.h"
#include "base/next.h"
#include "base/pieces.h"
#include "base/tongue.h"

#define SYMPTOMS "Symptoms"
#define HINTS "Three hints to cure it yourself"
/* A line "31" for each hint that was shown. */
#define COUNTER "attempts/.hints"

/* ---- Markdown ---- */

/* [text](address): how long the address part is, from "](" on; 0: none. */
static size_t link_end(const char *at, const char *end)
{
    const char *close = at + 1 < end && at[0] == ']' && at[1] == '('
                            ? memchr(at, ')', (size_t)(end - at))
                            : NULL;

    return close ? (size_t)(close - at) + 1 : 0;
}

static bool is_word(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || byte == '\\';
}

/* An asterisk is emphasis at the edge of a word only, not in 2 * 3. Of several,
 * **so**, it counts what stands around all of them. An underscore never is: no
 * page uses it so, and names of libc begin with it. */
static bool is_emphasis(const char *text, const char *at, const char *end)
{
    const char *first = at, *past = at;

    while (first > text && first[-1] == *at)
        first--;
    while (past < end && *past == *at)
        past++;
    bool before = first > text && is_word(first[-1]);
    bool after = past < end && is_word(*past);
    return before != after;
}

/* Without the marks; those of code may stay: "locks `lock`" says more than
 * "locks lock". */
static char *without_marks(const char *text, size_t length, bool keep_code)
{
    char *plain = xcalloc(length + 1, 1), *to = plain;
    const char *end = text + length;
    bool code = false, link = false;

    for (const char *at = text; at < end; at++) {
        size_t skip = link && !code ? link_end(at, end) : 0;
        if (*at == '`') {
            code = !code;
            if (keep_code)
                *to++ = *at;
            /* NOLINTNEXTLINE(bugprone-branch-clone): before any mark */
        } else if (code) {
            *to++ = *at;
        } else if (skip > 0) {
            at += skip - 1;
            link = false;
        } else if (*at == '[' && memchr(at, ']', (size_t)(end - at)) &&
                   strstr(at, "](") != NULL &&
                   strcspn(at, "]") == (size_t)(strstr(at, "](") - at)) {
            link = true;
        } else if (*at == '\\' && at + 1 < end &&
                   ispunct((unsigned char)at[1])) {
            *to++ = *++at;
        } else if (*at != '*' || !is_emphasis(text, at, end)) {
            *to++ = *at;
        }
    }
    return plain;
}

char *markdown_plain(const char *text, size_t length)
{
    return without_marks(text, length, false);
}

/* ---- the page ---- */

/* The text of "## NAME", up to the next heading. Empty if there is none. */
static const char *find_section(const char *page, const char *name,
                                size_t *length)
{
    char *heading = xasprintf("\n## %s\n", name);
    const char *start = strstr(page, heading);

    *length = 0;
    if (start != NULL) {
        start += strlen(heading);
        const char *end = strstr(start, "\n## ");
        *length = end ? (size_t)(end - start) + 1 : strlen(start);
    }
    free(heading);
    return start ? start : page;
}

/* What can be folded away under that summary. */
static const char *find_folded(const char *page, const char *summary,
                               size_t *length)
{
    char *opening = xasprintf("<details><summary>%s</summary>\n", summary);
    const char *start = strstr(page, opening);
    const char *end = start ? strstr(start, "</details>") : NULL;

    *length = 0;
    if (end != NULL) {
        start += strlen(opening);
        *length = (size_t)(end - start);
    }
    free(opening);
    return end ? start : page;
}

/* "- " or "12. " at the start of a line: how many bytes; 0: none. */
static size_t bullet(const char *line)
{
    size_t digits = strspn(line, "0123456789");

    if (line[0] == '-' && line[1] == ' ')
        return 2;
    return digits > 0 && line[digits] == '.' && line[digits + 1] == ' '
               ? digits + 2
               : 0;
}

/* Adds a point that is complete, without its marks. */
static void end_point(struct strings *points, char **point, bool keep_code)
{
    if (*point == NULL)
        return;
    char *plain = without_marks(*point, strlen(*point), keep_code);
    strings_add(points, plain);
    free(plain);
    free(*point);
    *point = NULL;
}

/* Each point of a list, its lines joined: code and links may go on in the next
 * line. */
static void read_points(struct strings *points, const char *text, size_t length,
                        bool keep_code)
{
    const char *end = text + length;
    char *point = NULL;

    for (const char *line = text; line < end;) {
        size_t size = strcspn(line, "\n"), skip = bullet(line);
        size_t blanks = skip + strspn(line + skip, " ");
        if (skip > 0)
            end_point(points, &point, keep_code);
        if (blanks < size && (skip > 0 || point != NULL)) {
            char *longer =
                xasprintf("%s%s%.*s", point ? point : "", point ? " " : "",
                          (int)(size - blanks), line + blanks);
            free(point);
            point = longer;
        }
        line += size + 1;
    }
    end_point(points, &point, keep_code);
}

/* A copy without what is folded away, and without blank lines at its ends. */
static char *visible(const char *text, size_t length)
{
    char *copy = xasprintf("%.*s", (int)length, text);
    char *from = strstr(copy, "<details>");
    char *to = from ? strstr(from, "</details>\n") : NULL;

    if (to != NULL)
        memmove(from, to + strlen("</details>\n"),
                strlen(to + strlen("</details>\n")) + 1);
    size_t size = strlen(copy);
    while (size > 0 && copy[size - 1] == '\n')
        copy[--size] = '\0';
    size_t blank = strspn(copy, "\n");
    memmove(copy, copy + blank, size - blank + 1);
    return copy;
}

void lesson_parse(const char *text, struct lesson *lesson)
{
    size_t length;

    *lesson = (struct lesson){0};
    if (strncmp(text, "# ", 2) == 0)
        lesson->heading = markdown_plain(text + 2, strcspn(text + 2, "\n"));
    const char *part = find_section(text, "You see", &length);
    lesson->you_see = visible(part, length);
    part = find_section(text, "In short", &length);
    lesson->in_short = visible(part, length);
    part = find_folded(text, SYMPTOMS, &length);
    read_points(&lesson->symptoms, part, length, false);
    part = find_folded(text, HINTS, &length);
    read_points(&lesson->hints, part, length, true);
}

char *lesson_read(const char *root, const struct lab *lab,
                  struct lesson *lesson)
{
    char *page = xasprintf("labs/%s.md", lab->stem);
    char *path = xasprintf("%s/%s", root, page);
    char *text = file_read(path, NULL), *error = NULL;

    *lesson = (struct lesson){0};
    if (text == NULL) {
        error = xasprintf("cannot read %s: %s", path, strerror(errno));
        free(page);
    } else {
        lesson_parse(text, lesson);
        lesson->page = page;
    }
    free(text);
    free(path);
    return error;
}

void lesson_free(struct lesson *lesson)
{
    free(lesson->page);
    free(lesson->heading);
    free(lesson->you_see);
    free(lesson->in_short);
    strings_free(&lesson->symptoms);
    strings_free(&lesson->hints);
    *lesson = (struct lesson){0};
}

/* ---- on the terminal ---- */

/* Of a line, without the blanks at its end. */
static size_t length_of(const char *line)
{
    size_t length = strlen(line);

    while (length > 0 && line[length - 1] == ' ')
        length--;
    return length;
}

static void print_wrapped(FILE *stream, struct style style, const char *plain)
{
    struct strings lines = {0};
    char *clean = text_clean(plain, strlen(plain));
    size_t columns = style.columns < 40 ? 40 : (size_t)style.columns;

    text_wrap(&lines, clean, columns - 4, 0, 1000);
    for (size_t i = 0; i < lines.count; i++)
        fprintf(stream, "  %.*s\n", (int)length_of(lines.item[i]),
                lines.item[i]);
    strings_free(&lines);
    free(clean);
}

/* Paragraphs are wrapped anew; what is indented or between fences stays. */
static void print_markdown(FILE *stream, struct style style, const char *text)
{
    bool fenced = false;
    char *paragraph = xstrdup("");

    for (const char *line = text;; line += strcspn(line, "\n") + 1) {
        size_t size = strcspn(line, "\n");
        bool fence = strncmp(line, "```", 3) == 0;
        bool breaks = fenced || fence || size == 0 || bullet(line) > 0;
        if (breaks && paragraph[0] != '\0') {
            char *plain = without_marks(paragraph, strlen(paragraph), true);
            print_wrapped(stream, style, plain);
            free(plain);
            paragraph[0] = '\0';
        }
        if (fence) {
            fenced = !fenced;
        } else if (fenced) {
            fprintf(stream, "    %.*s\n", (int)size, line);
        } else if (size == 0) {
            fputc('\n', stream);
        } else {
            char *longer = xasprintf("%s%s%.*s", paragraph,
                                     paragraph[0] ? " " : "", (int)size, line);
            free(paragraph);
            paragraph = longer;
        }
        if (line[size] == '\0')
            break;
    }
    char *plain = without_marks(paragraph, strlen(paragraph), true);
    if (plain[0] != '\0')
        print_wrapped(stream, style, plain);
    free(plain);
    free(paragraph);
}

/* The page in the language of the reader: the rest of forklab searches and
 * counts in the English one. */
static char *read_translated(const char *root, const struct lab *lab,
                             struct lesson *lesson)
{
    char *error = lesson_read(root, lab, lesson);
    char *path = lesson->page ? xasprintf("%s/%s", root, lesson->page) : NULL;
    char *text = path && tongue_name() ? file_read(path, NULL) : NULL;

    if (text != NULL) {
        char *page = lesson->page, *translated = pieces_translate(text);
        lesson->page = NULL;
        lesson_free(lesson);
        lesson_parse(translated, lesson);
        lesson->page = page;
        free(translated);
    }
    free(text);
    free(path);
    return error;
}

/* Where the page is as HTML, if it is, in the language of the reader. */
static void print_place(FILE *stream, const char *root, const struct lab *lab)
{
    const char *language = tongue_name();
    char *page = language != NULL
                     ? xasprintf("%.*s/%s", (int)strcspn(language, "_@"),
                                 language, lab->stem)
                     : xstrdup(lab->stem);
    char *place = web_place(root, page);

    if (place != NULL) {
        fputc('\n', stream);
        fprintf(stream, tr("In a browser: %s"), place);
    }
    free(place);
    free(page);
}

char *lesson_explain(FILE *stream, const char *root, const struct lab *lab)
{
    struct lesson lesson;
    char *error = read_translated(root, lab, &lesson);

    if (lesson.page == NULL)
        return error;
    char *page = project_path(root, lesson.page);
    bool tried = attempt_exists(root, lab);
    char *next = next_verb(tried ? "check" : "try", lab->number);
    const char *symptom = lesson.heading ? strstr(lesson.heading, ": ") : NULL;
    fprintf(stream, "lab %02d: %s\n%s\n\n", lab->number, lab->name,
            symptom ? symptom + 2 : "");
    print_markdown(stream, style_for(stream), lesson.in_short);
    fputc('\n', stream);
    fprintf(stream, tr("All of it: %s"), page);
    print_place(stream, root, lab);
    fprintf(stream, "\n\n    %-16s  %s\n", next,
            tried ? tr("is your attempt safe?")
                  : tr("your own copy, to cure it"));
    free(next);
    free(page);
    lesson_free(&lesson);
    return NULL;
}

size_t lesson_count_lines(const char *text, int number)
{
    char *line = xasprintf("%d\n", number);
    size_t count = 0;

    for (const char *at = text; at != NULL && *at != '\0';) {
        count += strncmp(at, line, strlen(line)) == 0;
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    free(line);
    return count;
}

/* Which hint comes next, from 0; counts it as shown. -1 with errno: it cannot
 * be counted. */
static int next_hint(const char *root, int number)
{
    char *path = xasprintf("%s/" COUNTER, root);
    char *directory = xasprintf("%s/attempts", root);
    char *text = file_read(path, NULL);
    char *line = xasprintf("%d", number);
    int shown = text ? (int)lesson_count_lines(text, number) : 0;

    mkdir(directory, 0777);
    if (!file_add_line(path, line))
        shown = -1;
    int error = errno;
    free(line);
    free(text);
    free(directory);
    free(path);
    errno = error;
    return shown;
}

size_t lesson_hints_shown(const char *root, const struct lab *lab,
                          size_t *hints)
{
    struct lesson lesson;
    char *path = xasprintf("%s/" COUNTER, root);
    char *text = file_read(path, NULL);
    size_t shown = text ? lesson_count_lines(text, lab->number) : 0;

    free(lesson_read(root, lab, &lesson));
    *hints = lesson.hints.count;
    lesson_free(&lesson);
    free(text);
    free(path);
    return shown < *hints ? shown : *hints;
}

/* What to type after a hint: there are more, or only the solution is left. */
static void say_after_hint(FILE *stream, const char *root,
                           const struct lab *lab, bool more)
{
    bool tried = attempt_exists(root, lab);
    char *check = next_verb(tried ? "check" : "try", lab->number);
    char *command = next_verb(more ? "hint" : "diff", lab->number);

    fprintf(stream, "    %-16s  %s\n    %-16s  %s\n", check,
            tried ? "is it safe now?" : "your own copy, to cure it", command,
            more ? "the next hint" : "no more hints: the solution");
    free(command);
    free(check);
}

char *lesson_hint(FILE *stream, const char *root, const struct lab *lab)
{
    struct style style = style_for(stream);
    struct lesson lesson;
    char *error = lesson_read(root, lab, &lesson);

    if (lesson.hints.count == 0) {
        if (error == NULL)
            error = xasprintf("%s has no hints", lesson.page);
        lesson_free(&lesson);
        return error;
    }
    size_t count = lesson.hints.count;
    int shown = next_hint(root, lab->number);
    /* One at a time; all of them when all were shown, or cannot be counted. */
    bool one = shown >= 0 && (size_t)shown < count;
    size_t from = one ? (size_t)shown : 0, to = one ? from : count - 1;
    if (shown < 0)
        fprintf(stream,
                "All hints, because " COUNTER " cannot be written: %s.\n\n",
                strerror(errno));
    for (size_t i = from; i <= to; i++) {
        fprintf(stream, "hint %zu of %zu for lab %02d\n\n", i + 1, count,
                lab->number);
        print_wrapped(stream, style, lesson.hints.item[i]);
        fputc('\n', stream);
    }
    say_after_hint(stream, root, lab, to + 1 < count);
    lesson_free(&lesson);
    return NULL;
}

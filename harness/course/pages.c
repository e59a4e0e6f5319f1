/* SPDX-License-Identifier: MIT
 *
 * pages: see pages.h.
 */
#define _GNU_SOURCE
#include "course/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/utf8.h"

#define MAX_SOURCE                                                             \
    ((size_t)1 << 18) /* bytes that are shown; a lab has 5,000                 \
                       */

static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<style>\n"
    "body { font: 15px/1.45 sans-serif; margin: 1.5em; color: #222;"
    " max-width: 60em }\n"
    "pre, ol { font: 13px/1.4 monospace; background: #f6f6f6;"
    " border: 1px solid #ddd; overflow-x: auto }\n"
    "pre { padding: 8px }\n"
    "ol { padding: 8px 8px 8px 5em; margin: 0 }\n"
    "li { white-space: pre; padding-left: 4px }\n"
    "li:target, li.stuck { background: #ffe9a8 }\n"
    "li::marker { color: #666 }\n"
    "@media print { pre, li { white-space: pre-wrap } }\n"
    "</style>\n";

static void put(FILE *stream, const char *before, const char *text,
                const char *after)
{
    char *valid = text_valid(text, strlen(text));

    fputs(before, stream);
    escape_xml(stream, valid);
    fputs(after, stream);
    free(valid);
}

static void put_head(FILE *stream, const struct graded *graded)
{
    const char *file = graded->file ? graded->file : "";

    fprintf(stream, "%s<title>lab %02d: ", page_head, graded->lab->number);
    put(stream, "", file, "</title>\n</head>\n<body>\n");
    fputs("<p><a href=\"../../class.html\">the class</a> &middot; "
          "<a href=\"#report\">report</a> &middot; "
          "<a href=\"#source\">source</a></p>\n",
          stream);
    fprintf(stream, "<h1>Lab %02d: ", graded->lab->number);
    put(stream, "", graded->lab->title, "</h1>\n");
}

static void put_report(FILE *stream, const struct graded *graded,
                       const char *report)
{
    put(stream, "<h2 id=\"report\">", grade_word(graded), "</h2>\n");
    if (graded->message != NULL)
        put(stream, "<p>", graded->message, "</p>\n");
    if (graded->line > 0)
        fprintf(stream, "<p>See <a href=\"#L%d\">line %d</a>.</p>\n",
                graded->line, graded->line);
    if (report != NULL && report[0] != '\0')
        put(stream, "<pre>\n", report, "</pre>\n");
}

/* A line each, with its number, so that a page can lead to it. */
static void put_lines(FILE *stream, char *text, int stuck)
{
    char *rest = text, *line;
    int number = 0;

    fputs("<ol>\n", stream);
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (rest == NULL && *line == '\0')
            break;
        number++;
        line[strcspn(line, "\r")] = '\0';
        fprintf(stream, "<li id=\"L%d\"%s>", number,
                number == stuck ? " class=\"stuck\"" : "");
        escape_xml(stream, line);
        fputc('\n', stream);
    }
    fputs("</ol>\n", stream);
}

static void put_source(FILE *stream, const struct graded *graded,
                       const char *source, size_t size)
{
    put(stream, "<h2 id=\"source\">", graded->file ? graded->file : "source",
        "</h2>\n");
    if (source == NULL) {
        fputs("<p>The file was not read.</p>\n", stream);
        return;
    }
    char *text = text_valid(source, size < MAX_SOURCE ? size : MAX_SOURCE);
    put_lines(stream, text, graded->line);
    free(text);
    if (size > MAX_SOURCE)
        fprintf(stream, "<p>The first %zu of %zu bytes.</p>\n", MAX_SOURCE,
                size);
}

char *pages_write(const char *directory, const struct graded *graded,
                  const char *report, const char *source, size_t size)
{
    char *path = xasprintf("%s/%02d.html", directory, graded->lab->number);
    char *error = NULL;
    struct fresh_file file;

    if (fresh_open(&file, path)) {
        put_head(file.stream, graded);
        put_report(file.stream, graded, report);
        put_source(file.stream, graded, source, size);
        fputs("</body>\n</html>\n", file.stream);
    }
    if (!fresh_close(&file))
        error = xasprintf("cannot write %s: %s", path, strerror(errno));
    free(path);
    return error;
}

void pages_remove(const char *directory, int lab)
{
    char *path = xasprintf("%s/%02d.html", directory, lab);

    unlink(path);
    free(path);
}

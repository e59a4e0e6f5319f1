/* SPDX-License-Identifier: MIT
 *
 * functions: "Is this function safe after fork()?", a table from functions.tsv,
 * whose head says where each column comes from.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/files.h"
#include "base/memory.h"
#include "site/frame.h"
#include "site/site.h"

enum { FUNCTION, POSIX, GLIBC, MUSL, CHILD, LAB, NOTE, COLUMNS };

static void write_cell(FILE *stream, const char *text)
{
    static const char *const good[] = {"yes", "safe", NULL};
    static const char *const bad[] = {"hangs", "wrong", NULL};
    const char *class = "";
    size_t length = strcspn(text, " ,:");

    for (size_t i = 0; good[i] != NULL; i++)
        if (strncmp(text, good[i], length) == 0 && good[i][length] == '\0')
            class = " class=\"good\"";
    for (size_t i = 0; bad[i] != NULL; i++)
        if (strncmp(text, bad[i], length) == 0 && bad[i][length] == '\0')
            class = " class=\"bad\"";
    fprintf(stream, "<td%s>", class);
    write_text(stream, text);
    fputs("</td>", stream);
}

static void write_lab_cell(FILE *stream, const struct site *site,
                           const char *number)
{
    const struct lab_page *lab = site_lab(site, atoi(number));

    fputs("<td>", stream);
    if (lab != NULL)
        fprintf(stream, "<a href=\"%s.html\">%02d</a>", lab->stem, lab->number);
    else if (strcmp(number, "-") != 0)
        site_die("functions.tsv: no lab %s", number);
    fputs("</td>", stream);
}

static void write_row(FILE *stream, const struct site *site, char *line)
{
    char *field[COLUMNS];

    for (size_t i = 0; i < COLUMNS; i++) {
        field[i] = strsep(&line, "\t");
        if (field[i] == NULL)
            site_die("functions.tsv: %s has no %d columns", field[0], COLUMNS);
    }
    fprintf(stream, "<tr id=\"%s\"><th scope=\"row\"><code>%s</code></th>",
            field[FUNCTION], field[FUNCTION]);
    for (size_t i = POSIX; i <= CHILD; i++)
        write_cell(stream, field[i]);
    write_lab_cell(stream, site, field[LAB]);
    fputs("<td>", stream);
    write_text(stream, field[NOTE]);
    fputs("</td></tr>\n", stream);
}

static void write_explanation(FILE *stream)
{
    fputs(
        "<h1>Is this function safe after fork()?</h1>\n"
        "<p>In the child of a process that has threads, only what is "
        "<em>async-signal-safe</em> may be called until exec: POSIX says so of "
        "fork(). What happens in fact differs by C library and version. This "
        "table has both.</p>\n<dl>\n"
        "<dt>POSIX</dt><dd>is it in the list of async-signal-safe functions? "
        "From signal-safety(7) of man-pages 6.03, which has that of "
        "POSIX.1-2008 with its corrections (2018); <em>2024</em> where the "
        "newer page differs</dd>\n"
        "<dt>glibc</dt><dd>the note of its manual, AS-Safe or AS-Unsafe, at "
        "2.36, 2.41 and 2.42.9000, which became 2.43; behind the colon what "
        "makes it unsafe. <em>unknown</em>: the manual has no note</dd>\n"
        "<dt>musl</dt><dd>it has no such notes: <em>required</em> by POSIX, or "
        "<em>unknown</em>. Nobody has checked it here</dd>\n"
        "<dt>in the child</dt><dd><em>hangs</em>, <em>safe</em> and "
        "<em>wrong</em> were measured, by the lab or for its page; "
        "<em>sourced</em>: a source says so, nobody has measured it here; "
        "<em>unknown</em>: neither</dd>\n</dl>\n",
        stream);
}

static void write_rows(FILE *stream, const struct site *site)
{
    char *path = xasprintf("%s/harness/site/functions.tsv", site->root);
    char *text = file_read(path, NULL), *rest = text, *line;

    if (text == NULL)
        site_die("%s cannot be read", path);
    while ((line = strsep(&rest, "\n")) != NULL)
        if (*line != '\0' && *line != '#')
            write_row(stream, site, line);
    free(text);
    free(path);
}

void write_functions(const struct site *site)
{
    struct frame frame = {
        .file = "functions.html",
        .title = "Is this function safe after fork()? POSIX, glibc, musl",
        .description =
            "Which functions may the child of a threaded process call before "
            "exec? By POSIX, by glibc's manual, and as it was measured."};
    struct fresh_file file;
    FILE *stream = frame_begin(site, &frame, &file);

    write_explanation(stream);
    fputs(
        "<p id=\"search\" hidden><label for=\"filter\">Function:</label> "
        "<input id=\"filter\" type=\"search\" autocomplete=\"off\" "
        "spellcheck=\"false\"> <span id=\"found\" role=\"status\"></span></p>\n"
        "<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
        "aria-label=\"functions\"><table class=\"filtered\">\n<thead><tr>"
        "<th scope=\"col\">function</th><th scope=\"col\">POSIX</th>"
        "<th scope=\"col\">glibc</th><th scope=\"col\">musl</th>"
        "<th scope=\"col\">in the child</th><th scope=\"col\">lab</th>"
        "<th scope=\"col\">note</th></tr></thead>\n<tbody>\n",
        stream);
    write_rows(stream, site);
    fputs("</tbody></table></div>\n", stream);
    frame_end(&file);
}

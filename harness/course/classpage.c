/* SPDX-License-Identifier: MIT
 *
 * classpage: see classpage.h.
 */
#define _GNU_SOURCE
#include "course/classpage.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "course/web.h"

/* The text on one line, whatever bytes it has. */
static void put_html(FILE *stream, const char *text)
{
    char *valid = text_valid(text, strlen(text));

    for (char *at = valid; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20)
            *at = ' ';
    escape_xml(stream, valid);
    free(valid);
}

/* Sign and colour: either alone is enough. A table that is sticky needs borders
 * of its own for each cell. */
static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
    "<title>forklab: the class</title>\n<style>\n"
    "body { font: 14px/1.4 sans-serif; margin: 1.5em; color: #222 }\n"
    "table { border-collapse: separate; border-spacing: 0;"
    " border: 1px solid #bbb; border-width: 1px 0 0 1px }\n"
    "th, td { padding: 1px 6px; border: 1px solid #bbb;"
    " border-width: 0 1px 1px 0; text-align: center; white-space: nowrap }\n"
    "thead th, tfoot th, tfoot td { background: #eee }\n"
    "thead th { position: sticky; top: 0; z-index: 1 }\n"
    "tr > :first-child { position: sticky; left: 0; text-align: left }\n"
    "thead tr > :first-child { z-index: 2 }\n"
    "tbody th { background: #fff; font-weight: normal }\n"
    "tbody th span { display: block; max-width: min(16em, 30vw);"
    " overflow: hidden; text-overflow: ellipsis }\n"
    "tfoot th { white-space: normal }\n"
    "tfoot td { font-size: 11px; vertical-align: top; white-space: normal }\n"
    ".legend b { padding: 0 6px }\n"
    ".legend span { display: inline-block; margin-right: 1em }\n"
    "td a { color: inherit; text-decoration: none }\n"
    "td a:hover, td a:focus { text-decoration: underline }\n"
    "td small { font-size: 9px; padding-left: 1px }\n"
    "td .s { font-size: 10px; padding-left: 4px; color: #555 }\n"
    "thead button { all: unset; cursor: pointer }\n"
    "thead button:focus-visible { outline: 2px solid #06c }\n"
    "th[aria-sort=ascending] button::after { content: \"\\2191\" }\n"
    "th[aria-sort=descending] button::after { content: \"\\2193\" }\n"
    ".P { background: #b7e1b0 } .L { background: #fff0a0;"
    " outline: 2px dotted #a67c00; outline-offset: -2px }\n"
    ".F { background: #f4b6ad; font-weight: bold }\n"
    ".U { background: #e4e4e4 } .N { color: #999 }\n"
    ".S { background: #dde } .E { background: #222; color: #fff }\n"
    ".E .s { color: #fff }\n"
    "@page { size: A4 landscape; margin: 10mm }\n"
    "@media print { body { margin: 0; font-size: 8px }\n"
    "thead th, tr > :first-child { position: static }\n"
    "tr { break-inside: avoid } th, td { padding: 0 2px }\n"
    "tfoot td { font-size: 6px } td .s { display: none }\n"
    "* { print-color-adjust: exact; -webkit-print-color-adjust: exact } }\n"
    "</style>\n</head>\n<body>\n";

/* Sorts the rows by the column whose head is clicked; a second click turns the
 * order. Numbers by value, all else by its text; equal rows keep their order.
 */
static const char page_script[] =
    "<script>\n"
    "const body = document.querySelector('thead ~ tbody')\n"
    "const heads = [...document.querySelectorAll('thead th')]\n"
    "const collator = new Intl.Collator(undefined, { numeric: true })\n"
    "function sort(column) {\n"
    "    const down = heads[column].getAttribute('aria-sort') === 'ascending'\n"
    "    const key = row => row.cells[column].textContent\n"
    "    const rows = [...body.rows]\n"
    "    rows.sort((a, b) => (down ? -1 : 1) *"
    " collator.compare(key(a), key(b)))\n"
    "    body.append(...rows)\n"
    "    heads.forEach(head => head.removeAttribute('aria-sort'))\n"
    "    heads[column].setAttribute('aria-sort',"
    " down ? 'descending' : 'ascending')\n"
    "}\n"
    "heads.forEach((head, column) => {\n"
    "    const button = document.createElement('button')\n"
    "    button.append(...head.childNodes)\n"
    "    button.onclick = () => sort(column)\n"
    "    head.append(button)\n"
    "})\n"
    "</script>\n";

static void write_legend(FILE *stream)
{
    fputs("<p class=\"legend\"><span><b class=\"P\">P</b> safe</span> "
          "<span><b class=\"L\">P?</b> safe, but look at it</span> "
          "<span><b class=\"F\">F</b> failed: <small>H</small> the hazard is "
          "still there, <small>B</small> it does something else, "
          "<small>C</small> it does not compile</span> "
          "<span><b class=\"U\">=</b> the lab as it is</span> "
          "<span><b class=\"N\">&middot;</b> nothing submitted</span> "
          "<span><b class=\"S\">S</b> skipped on this machine</span> "
          "<span><b class=\"E\">E</b> could not be graded</span></p>\n"
          "<p>A sign leads to the report, {} to the source.</p>\n",
          stream);
}

static void write_head_row(FILE *stream, const struct class *class)
{
    fputs("<table>\n<thead><tr><th>student</th><th>score</th>", stream);
    for (size_t k = 0; k < class->labs->count; k++) {
        fprintf(stream, "<th title=\"");
        put_html(stream, class->labs->lab[k].name);
        fprintf(stream, "\">%02d</th>", class->labs->lab[k].number);
    }
    fputs("</tr></thead>\n<tbody>\n", stream);
}

/* The class of a cell: P, L (look at it), F, U, N (nothing), S, E. */
static char class_of(const struct cell *cell)
{
    switch (cell->letter) {
    case 'P':
        return cell->flag != NULL ? 'L' : 'P';
    case 'H':
    case 'B':
    case 'C':
        return 'F';
    case '-':
        return 'N';
    case 'U':
    case 'S':
        return cell->letter;
    default:
        return 'E';
    }
}

static void put_sign(FILE *stream, const struct cell *cell)
{
    switch (class_of(cell)) {
    case 'L':
        fputs("P?", stream);
        break;
    case 'F':
        fprintf(stream, "F<small>%c</small>", cell->letter);
        break;
    case 'U':
        fputc('=', stream);
        break;
    case 'N':
        fputs("&middot;", stream);
        break;
    default:
        fputc(class_of(cell), stream);
    }
}

static void write_cell(FILE *stream, const struct cell *cell, const char *name,
                       int lab)
{
    const char *title = cell->flag ? cell->flag : cell->message;

    fprintf(stream, "<td class=\"%c\"", class_of(cell));
    if (class_of(cell) != 'P' && title != NULL) {
        fputs(" title=\"", stream);
        put_html(stream, title);
        fputc('"', stream);
    }
    fputc('>', stream);
    if (cell->page)
        fprintf(stream, "<a href=\"students/%s/%02d.html\">", name, lab);
    put_sign(stream, cell);
    if (cell->page)
        fprintf(stream,
                "</a><a class=\"s\" title=\"source\" "
                "href=\"students/%s/%02d.html#source\">{}</a>",
                name, lab);
    fputs("</td>", stream);
}

static void write_student(FILE *stream, const struct student *student,
                          const struct lab_list *labs)
{
    char *name = uri_of_path(student->name);

    fputs("<tr><th title=\"", stream);
    put_html(stream, student->name);
    fputs("\"><span>", stream);
    put_html(stream, student->name);
    fprintf(stream, "</span></th><td>%d</td>", student->score);
    for (size_t k = 0; k < labs->count; k++)
        write_cell(stream, &student->cells[k], name, labs->lab[k].number);
    fputs("</tr>\n", stream);
    free(name);
}

/* The page of each lab, where these are published: the file may be read on
 * another machine. */
static void write_pages(FILE *stream, const struct class *class)
{
    for (size_t k = 0; k < class->labs->count; k++) {
        char *address = web_address(class->root, class->labs->lab[k].stem);
        if (address == NULL)
            return;
        fputs(k == 0 ? "<tr><th>what it is about</th><th></th>" : "", stream);
        fputs("<td><a href=\"", stream);
        put_html(stream, address);
        fputs("\">page</a></td>", stream);
        free(address);
    }
    fputs("</tr>\n", stream);
}

static void write_foot(FILE *stream, const struct class *class)
{
    fputs("</tbody>\n<tfoot>\n<tr><th>safe</th><th></th>", stream);
    for (size_t k = 0; k < class->labs->count; k++)
        fprintf(stream, "<td>%zu</td>", class_passed(class, k));
    fputs("</tr>\n<tr><th>most common verdict</th><th></th>", stream);
    for (size_t k = 0; k < class->labs->count; k++) {
        size_t most;
        const char *verdict = class_most_common(class, k, &most);
        fputs("<td>", stream);
        if (verdict != NULL) {
            put_html(stream, verdict);
            fprintf(stream, "<br>%zu", most);
        }
        fputs("</td>", stream);
    }
    fputs("</tr>\n", stream);
    write_pages(stream, class);
    fputs("</tfoot>\n</table>\n", stream);
}

void classpage_write(FILE *stream, const struct class *class)
{
    fputs(page_head, stream);
    fprintf(stream, "<h1>%zu student%s, %zu labs</h1>\n", class->count,
            class->count == 1 ? "" : "s", class->labs->count);
    write_legend(stream);
    write_head_row(stream, class);
    for (size_t i = 0; i < class->count; i++)
        write_student(stream, &class->student[i], class->labs);
    write_foot(stream, class);
    fputs(page_script, stream);
    fputs("</body>\n</html>\n", stream);
}

/* SPDX-License-Identifier: MIT
 *
 * class: see class.h.
 */
#define _GNU_SOURCE
#include "course/class.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "base/escape.h"
#include "base/files.h"
#include "base/utf8.h"
#include "print/printers.h"
#include "report/report.h"

struct cell {
    char letter;   /* see grade_letter(); E: could not be checked */
    char *verdict; /* "HANG (proved)", "not compiled": what it did; NULL: no
                      attempt */
    char *message;
};

struct student {
    char *name;
    bool graded; /* there is a file, and it can be read */
    int score;
    double seconds;
    struct cell *cells; /* one for each lab */
};

struct class
{
    const struct lab_list *labs;
    struct student *student;
    size_t count;
};

/* ---- reading ---- */

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

    return text != NULL ? text : "";
}

static void read_cell(struct cell *cell, const cJSON *test)
{
    const cJSON *extra = cJSON_GetObjectItem(test, "extra_data");
    const char *letter = text_of(extra, "letter");
    const char *verdict = text_of(extra, "verdict");

    cell->letter = (char)(letter[0] ? letter[0] : 'E');
    if (cell->letter != '-' && cell->letter != 'P')
        cell->verdict =
            xstrdup(verdict[0] ? verdict : text_of(extra, "result"));
    const char *message = text_of(test, "output");
    cell->message = xasprintf("%.*s", (int)strcspn(message, "\n"), message);
}

static void read_student(struct student *student, const char *path,
                         const struct lab_list *labs)
{
    char *text = file_read(path, NULL);
    cJSON *results = text ? cJSON_Parse(text) : NULL;
    const cJSON *test;

    student->cells = xcalloc(labs->count, sizeof(*student->cells));
    for (size_t i = 0; i < labs->count; i++)
        student->cells[i].letter = 'E';
    student->graded = results != NULL;
    cJSON_ArrayForEach(test, cJSON_GetObjectItem(results, "tests"))
    {
        int number = atoi(text_of(test, "number"));
        for (size_t i = 0; i < labs->count; i++)
            if (labs->lab[i].number == number && !student->cells[i].message)
                read_cell(&student->cells[i], test);
    }
    for (size_t i = 0; i < labs->count; i++)
        student->score += student->cells[i].letter == 'P';
    const cJSON *time = cJSON_GetObjectItem(results, "execution_time");
    student->seconds = cJSON_IsNumber(time) ? time->valuedouble : 0;
    cJSON_Delete(results);
    free(text);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dot(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static char *read_class(const char *directory, struct class *class)
{
    char *path = xasprintf("%s/students", directory);
    struct dirent **names;
    int count = scandir(path, &names, no_dot, by_name);

    if (count == -1) {
        char *error = xasprintf("cannot read %s: %s", path, strerror(errno));
        free(path);
        return error;
    }
    class->student = xcalloc((size_t)count + 1, sizeof(*class->student));
    for (int i = 0; i < count; i++) {
        struct student *student = &class->student[class->count++];
        char *file = xasprintf("%s/%s/results.json", path, names[i]->d_name);
        student->name = xstrdup(names[i]->d_name);
        read_student(student, file, class->labs);
        free(file);
        free(names[i]);
    }
    free(names);
    free(path);
    return NULL;
}

static void class_free(struct class *class)
{
    for (size_t i = 0; i < class->count; i++) {
        for (size_t k = 0; k < class->labs->count; k++) {
            free(class->student[i].cells[k].verdict);
            free(class->student[i].cells[k].message);
        }
        free(class->student[i].cells);
        free(class->student[i].name);
    }
    free(class->student);
}

/* ---- what they have in common ---- */

static size_t passed(const struct class *class, size_t lab)
{
    size_t count = 0;

    for (size_t i = 0; i < class->count; i++)
        count += class->student[i].cells[lab].letter == 'P';
    return count;
}

/* The verdict that most of those have who did not pass; NULL: there are none.
 * *most is how many. A class has few different ones. */
static const char *most_common(const struct class *class, size_t lab,
                               size_t *most)
{
    const char *best = NULL;

    *most = 0;
    for (size_t i = 0; i < class->count; i++) {
        const char *one = class->student[i].cells[lab].verdict;
        size_t same = 0;
        if (one == NULL || (best != NULL && strcmp(one, best) == 0))
            continue;
        for (size_t k = 0; k < class->count; k++) {
            const char *other = class->student[k].cells[lab].verdict;
            same += other != NULL && strcmp(one, other) == 0;
        }
        if (same > *most) {
            *most = same;
            best = one;
        }
    }
    return best;
}

/* ---- class.csv ---- */

/* By RFC 4180. A name that a spreadsheet would take for a formula gets an
 * apostrophe. */
static void put_csv(FILE *stream, const char *text)
{
    char *valid = text_valid(text, strlen(text));

    fputc('"', stream);
    if (strchr("=+-@", valid[0]) != NULL && valid[0] != '\0')
        fputc('\'', stream);
    for (const char *at = valid; *at != '\0'; at++) {
        if (*at == '"')
            fputc('"', stream);
        fputc(*at, stream);
    }
    fputc('"', stream);
    free(valid);
}

static void write_csv(FILE *stream, const struct class *class)
{
    fputs("student,score,most", stream);
    for (size_t k = 0; k < class->labs->count; k++)
        fprintf(stream, ",lab %02d", class->labs->lab[k].number);
    fputc('\n', stream);
    for (size_t i = 0; i < class->count; i++) {
        const struct student *student = &class->student[i];
        size_t most = 0;
        for (size_t k = 0; k < class->labs->count; k++)
            most += student->cells[k].letter != 'S';
        put_csv(stream, student->name);
        fprintf(stream, ",%d,%zu", student->score, most);
        for (size_t k = 0; k < class->labs->count; k++)
            fprintf(stream, ",%c", student->cells[k].letter);
        fputc('\n', stream);
    }
}

/* ---- class.html ---- */

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

/* Letter and colour: either alone is enough. */
static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<title>forklab: the class</title>\n<style>\n"
    "body { font: 14px/1.4 sans-serif; margin: 1.5em; color: #222 }\n"
    "table { border-collapse: collapse }\n"
    "th, td { padding: 1px 6px; border: 1px solid #ccc; text-align: center }\n"
    "thead th, tfoot th, tfoot td { background: #eee }\n"
    "thead th { position: sticky; top: 0 }\n"
    "tbody th { text-align: left; font-weight: normal }\n"
    "tfoot td { font-size: 11px; vertical-align: top }\n"
    ".P { background: #b7e1b0 } .H { background: #f4b6ad }\n"
    ".B { background: #f7d9a0 } .C { background: #d6c6ec }\n"
    ".S { background: #dde } .E { background: #222; color: #fff }\n"
    "@media print { thead th { position: static } }\n"
    "</style>\n</head>\n<body>\n";

static void write_legend(FILE *stream)
{
    fputs("<p><b class=\"P\">&nbsp;P&nbsp;</b> safe &middot; "
          "<b class=\"H\">&nbsp;H&nbsp;</b> the hazard is still there &middot; "
          "<b class=\"B\">&nbsp;B&nbsp;</b> does something else &middot; "
          "<b class=\"C\">&nbsp;C&nbsp;</b> does not compile &middot; "
          "<b>&nbsp;-&nbsp;</b> not started &middot; "
          "<b class=\"S\">&nbsp;S&nbsp;</b> skipped on this machine &middot; "
          "<b class=\"E\">&nbsp;E&nbsp;</b> could not be graded</p>\n",
          stream);
}

static void write_head_row(FILE *stream, const struct class *class)
{
    fputs("<table>\n<thead><tr><th>student<th>score", stream);
    for (size_t k = 0; k < class->labs->count; k++) {
        fprintf(stream, "<th title=\"");
        put_html(stream, class->labs->lab[k].name);
        fprintf(stream, "\">%02d", class->labs->lab[k].number);
    }
    fputs("</tr></thead>\n<tbody>\n", stream);
}

static void write_student(FILE *stream, const struct student *student,
                          size_t labs)
{
    fputs("<tr><th>", stream);
    put_html(stream, student->name);
    fprintf(stream, "<td>%d", student->score);
    for (size_t k = 0; k < labs; k++) {
        const struct cell *cell = &student->cells[k];
        if (cell->letter == '-') {
            fputs("<td>-", stream);
            continue;
        }
        fprintf(stream, "<td class=\"%c\"", cell->letter);
        if (cell->letter != 'P' && cell->message != NULL) {
            fputs(" title=\"", stream);
            put_html(stream, cell->message);
            fputc('"', stream);
        }
        fprintf(stream, ">%c", cell->letter);
    }
    fputs("</tr>\n", stream);
}

static void write_foot(FILE *stream, const struct class *class)
{
    fputs("</tbody>\n<tfoot>\n<tr><th>safe<th>", stream);
    for (size_t k = 0; k < class->labs->count; k++)
        fprintf(stream, "<td>%zu", passed(class, k));
    fputs("</tr>\n<tr><th>most common verdict<th>", stream);
    for (size_t k = 0; k < class->labs->count; k++) {
        size_t most;
        const char *verdict = most_common(class, k, &most);
        fputs("<td>", stream);
        if (verdict != NULL) {
            put_html(stream, verdict);
            fprintf(stream, "<br>%zu", most);
        }
    }
    fputs("</tr>\n</tfoot>\n</table>\n</body>\n</html>\n", stream);
}

static void write_html(FILE *stream, const struct class *class)
{
    fputs(page_head, stream);
    fprintf(stream, "<h1>%zu student%s, %zu labs</h1>\n", class->count,
            class->count == 1 ? "" : "s", class->labs->count);
    write_legend(stream);
    write_head_row(stream, class);
    for (size_t i = 0; i < class->count; i++)
        write_student(stream, &class->student[i], class->labs->count);
    write_foot(stream, class);
}

/* ---- the files ---- */

static char *write_file(const char *directory, const char *name,
                        void (*writer)(FILE *, const struct class *),
                        const struct class *class)
{
    char *path = xasprintf("%s/%s", directory, name), *error = NULL;
    struct fresh_file file;

    if (fresh_open(&file, path))
        writer(file.stream, class);
    if (!fresh_close(&file))
        error = xasprintf("cannot write %s: %s", path, strerror(errno));
    free(path);
    return error;
}

char *class_write(FILE *stream, const char *directory,
                  const struct lab_list *labs)
{
    struct class class = {.labs = labs};
    char *error = read_class(directory, &class);
    size_t ungraded = 0;

    if (error == NULL && class.count == 0)
        error = xasprintf("there is no student in %s/students", directory);
    if (error == NULL)
        error = write_file(directory, "class.csv", write_csv, &class);
    if (error == NULL)
        error = write_file(directory, "class.html", write_html, &class);
    for (size_t i = 0; i < class.count; i++)
        ungraded += !class.student[i].graded;
    if (error == NULL)
        fprintf(stream,
                "%zu students, %zu of them could not be graded\n"
                "wrote %s/: class.csv class.html\n",
                class.count, ungraded, directory);
    class_free(&class);
    return error;
}

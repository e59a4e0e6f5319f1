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

#include "base/files.h"
#include "base/utf8.h"
#include "course/classpage.h"
#include "print/printers.h"
#include "report/report.h"

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
    if (strchr("-UP", cell->letter) == NULL)
        cell->verdict =
            xstrdup(verdict[0] ? verdict : text_of(extra, "result"));
    const char *flag = text_of(extra, "flag");
    cell->flag = cell->letter == 'P' && flag[0] ? xstrdup(flag) : NULL;
    const char *message = text_of(test, "output");
    cell->message = xasprintf("%.*s", (int)strcspn(message, "\n"), message);
}

/* Which cells have a page beside the results: see pages.h. */
static void find_pages(struct student *student, const char *directory,
                       const struct lab_list *labs)
{
    for (size_t i = 0; i < labs->count; i++) {
        char *page = xasprintf("%s/%02d.html", directory, labs->lab[i].number);
        student->cells[i].page = access(page, F_OK) == 0;
        free(page);
    }
}

static void read_student(struct student *student, const char *directory,
                         const struct lab_list *labs)
{
    char *path = xasprintf("%s/results.json", directory);
    char *text = file_read(path, NULL);
    cJSON *results = text ? cJSON_Parse(text) : NULL;
    const cJSON *test;

    student->cells = xcalloc(labs->count, sizeof(*student->cells));
    for (size_t i = 0; i < labs->count; i++)
        student->cells[i].letter = 'E';
    student->graded = results != NULL;
    find_pages(student, directory, labs);
    cJSON_ArrayForEach(test, cJSON_GetObjectItem(results, "tests"))
    {
        int number = atoi(text_of(test, "number"));
        for (size_t i = 0; i < labs->count; i++)
            if (labs->lab[i].number == number && !student->cells[i].message)
                read_cell(&student->cells[i], test);
    }
    for (size_t i = 0; i < labs->count; i++)
        student->score += student->cells[i].letter == 'P';
    cJSON_Delete(results);
    free(text);
    free(path);
}

static int no_dot(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static char *read_class(const char *directory, struct class *class)
{
    char *path = xasprintf("%s/students", directory);
    struct dirent **names;
    int count = scandir(path, &names, no_dot, files_by_name);

    if (count == -1) {
        char *error = xasprintf("cannot read %s: %s", path, strerror(errno));
        free(path);
        return error;
    }
    class->student = xcalloc((size_t)count + 1, sizeof(*class->student));
    for (int i = 0; i < count; i++) {
        struct student *student = &class->student[class->count++];
        char *file = xasprintf("%s/%s", path, names[i]->d_name);
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
            free(class->student[i].cells[k].flag);
        }
        free(class->student[i].cells);
        free(class->student[i].name);
    }
    free(class->student);
}

/* ---- what they have in common ---- */

size_t class_passed(const struct class *class, size_t lab)
{
    size_t count = 0;

    for (size_t i = 0; i < class->count; i++)
        count += class->student[i].cells[lab].letter == 'P';
    return count;
}

/* A class has few different ones. */
const char *class_most_common(const struct class *class, size_t lab,
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

/* "31: it prints what it should find out; 33: ...", quoted. */
static void put_flags(FILE *stream, const struct student *student,
                      const struct lab_list *labs)
{
    char *all = xstrdup("");

    for (size_t k = 0; k < labs->count; k++) {
        if (student->cells[k].flag == NULL)
            continue;
        char *longer = xasprintf("%s%s%02d: %s", all, all[0] ? "; " : "",
                                 labs->lab[k].number, student->cells[k].flag);
        free(all);
        all = longer;
    }
    fputc(',', stream);
    if (all[0] != '\0')
        put_csv(stream, all);
    fputc('\n', stream);
    free(all);
}

static void write_csv(FILE *stream, const struct class *class)
{
    fputs("student,score,most", stream);
    for (size_t k = 0; k < class->labs->count; k++)
        fprintf(stream, ",lab %02d", class->labs->lab[k].number);
    fputs(",look at\n", stream);
    for (size_t i = 0; i < class->count; i++) {
        const struct student *student = &class->student[i];
        size_t most = 0;
        for (size_t k = 0; k < class->labs->count; k++)
            most += student->cells[k].letter != 'S';
        put_csv(stream, student->name);
        fprintf(stream, ",%d,%zu", student->score, most);
        for (size_t k = 0; k < class->labs->count; k++)
            fprintf(stream, ",%c", student->cells[k].letter);
        put_flags(stream, student, class->labs);
    }
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

char *class_write(FILE *stream, const char *root, const char *directory,
                  const struct lab_list *labs)
{
    struct class class = {.root = root, .labs = labs};
    char *error = read_class(directory, &class);
    size_t ungraded = 0;

    if (error == NULL && class.count == 0)
        error = xasprintf("there is no student in %s/students", directory);
    if (error == NULL)
        error = write_file(directory, "class.csv", write_csv, &class);
    if (error == NULL)
        error = write_file(directory, "class.html", classpage_write, &class);
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

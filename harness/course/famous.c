/* SPDX-License-Identifier: MIT
 *
 * famous: see famous.h.
 */
#define _GNU_SOURCE
#include "course/famous.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/memory.h"

#define TABLE "labs/strings.tsv"
#define COLUMNS 4

/* The columns of a line, which the caller frees; no count but COLUMNS is good.
 */
static struct strings columns_of(const char *line, size_t length)
{
    struct strings columns = {0};

    for (size_t at = 0; at <= length;) {
        const char *tab = memchr(line + at, '\t', length - at);
        size_t end = tab ? (size_t)(tab - line) : length;
        char *column = xasprintf("%.*s", (int)(end - at), line + at);
        strings_add(&columns, column);
        free(column);
        at = end + 1;
    }
    return columns;
}

/* "31 49". Returns NULL or what is wrong. */
static const char *read_labs(const char *text, const struct lab_list *labs,
                             struct famous *famous)
{
    const struct lab *nearest;
    size_t count = 0;

    for (char *end; *text != '\0'; text = end) {
        long number = strtol(text, &end, 10);
        if (end == text)
            return "a lab is a number";
        if (count == FAMOUS_MOST_LABS)
            return "too many labs";
        famous->lab[count] = labs_get(labs, (int)number, &nearest);
        if (famous->lab[count++] == NULL)
            return "there is no such lab";
        end += strspn(end, " ");
    }
    return count == 0 ? "no lab" : NULL;
}

static const char *read_line(const struct strings *columns,
                             const struct lab_list *labs, struct famous *famous)
{
    if (columns->count != COLUMNS)
        return "it has not four columns";
    if (columns->item[0][0] == '\0')
        return "no string";
    const char *wrong = read_labs(columns->item[1], labs, famous);
    if (wrong == NULL) {
        famous->string = xstrdup(columns->item[0]);
        famous->software = xstrdup(columns->item[2]);
        famous->source = xstrdup(columns->item[3]);
    }
    return wrong;
}

char *famous_read(const char *root, const struct lab_list *labs,
                  struct famous_list *list)
{
    char *path = xasprintf("%s/" TABLE, root), *error = NULL;
    char *text = file_read(path, NULL);
    int number = 0;

    *list = (struct famous_list){0};
    if (text == NULL)
        error = xasprintf("cannot read %s: %s", path, strerror(errno));
    for (const char *at = text; at && *at != '\0' && error == NULL;) {
        size_t length = strcspn(at, "\n");
        struct strings columns = columns_of(at, length);
        struct famous famous = {0};
        const char *wrong = read_line(&columns, labs, &famous);
        number++;
        if (wrong != NULL) {
            error = xasprintf(TABLE ":%d: %s", number, wrong);
        } else {
            GROW(list->item, list->count);
            list->item[list->count++] = famous;
        }
        strings_free(&columns);
        at += length + (at[length] == '\n');
    }
    if (error != NULL)
        famous_free(list);
    free(text);
    free(path);
    return error;
}

void famous_free(struct famous_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->item[i].string);
        free(list->item[i].software);
        free(list->item[i].source);
    }
    free(list->item);
    *list = (struct famous_list){0};
}

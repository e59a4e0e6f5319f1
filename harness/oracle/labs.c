/* SPDX-License-Identifier: MIT
 *
 * labs: see labs.h.
 */
#define _GNU_SOURCE
#include "oracle/labs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/memory.h"
#include "oracle/header.h"

static int is_lab_entry(const struct dirent *entry)
{
    return is_lab_file(entry->d_name);
}

/* Reads one file of the directory and adds it to the list. */
static char *add_lab(const char *directory, const char *file,
                     struct lab_list *list)
{
    struct lab lab;
    char *path = xasprintf("%s/%s", directory, file);
    char *error = lab_read(path, &lab);

    free(path);
    if (error != NULL)
        return error;
    GROW(list->lab, list->count);
    list->lab[list->count++] = lab;
    return NULL;
}

/* Names start with two digits, so their order is that of the numbers. */
static char *read_directory(const char *directory, struct lab_list *list)
{
    struct dirent **entries;
    char *error = NULL;
    int count = scandir(directory, &entries, is_lab_entry, files_by_name);

    if (count == -1)
        return xasprintf("%s: %s", directory, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (error == NULL)
            error = add_lab(directory, entries[i]->d_name, list);
        free(entries[i]);
    }
    free(entries);
    return error;
}

static char *check_numbers(const struct lab_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        const struct lab *one = &list->lab[i - 1], *other = &list->lab[i];
        if (one->number == other->number)
            return xasprintf("%s: number %02d is taken by %s", other->source,
                             other->number, one->source);
    }
    return NULL;
}

char *labs_find(const char *root, struct lab_list *list)
{
    char *directory = xasprintf("%s/labs", root);

    *list = (struct lab_list){0};
    char *error = read_directory(directory, list);
    free(directory);
    if (error == NULL)
        error = check_numbers(list);
    if (error != NULL)
        labs_free(list);
    return error;
}

static long distance(long one, long other)
{
    return one > other ? one - other : other - one;
}

const struct lab *labs_get(const struct lab_list *list, int number,
                           const struct lab **nearest)
{
    *nearest = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct lab *lab = &list->lab[i];
        if (lab->number == number)
            return lab;
        if (*nearest == NULL || distance(number, lab->number) <
                                    distance(number, (*nearest)->number))
            *nearest = lab;
    }
    return NULL;
}

void labs_free(struct lab_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        lab_free(&list->lab[i]);
    free(list->lab);
    *list = (struct lab_list){0};
}

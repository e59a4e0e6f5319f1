/* SPDX-License-Identifier: MIT
 *
 * memory: allocation that does not fail, arrays that grow, lists of strings.
 */
#ifndef FORKLAB_MEMORY_H
#define FORKLAB_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

/* malloc(3) and friends that end the program with status 4 when memory runs
 * out: the runner has nothing better to do then. The caller frees. */
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list values)
    __attribute__((format(printf, 1, 0)));

/* Zeroed pages, each cleared when it is first used: for an array of which most
 * is never touched. munmap(2) gives them back. */
void *xpages(size_t size);

/* Makes room for one more element in an array of `count` elements that has only
 * grown by this macro (or is NULL, with a count of 0):
 *
 *     GROW(list->item, list->count);
 *     list->item[list->count++] = item;
 *
 * The room doubles at each power of two, so that no capacity has to be kept. An
 * array of which elements are taken back must not be grown by it. */
#define GROW(array, count) ((array) = grown((array), (count), sizeof(*(array))))
void *grown(void *array, size_t count, size_t size);

/* A list of strings, which it owns. An empty one is {0}. */
struct strings {
    char **item;
    size_t count;
};

void strings_add(struct strings *list, const char *text); /* a copy of text */
void strings_free(struct strings *list); /* leaves an empty list */

#endif

/* SPDX-License-Identifier: MIT
 *
 * moved: see moved.h.
 */
#define _GNU_SOURCE
#include "course/moved.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The statements of a text, without blanks. */
struct strings moved_statements(const char *text)
{
    struct strings all = {0};

    while (*text != '\0') {
        size_t length = strcspn(text, ";{}"), used = 0;
        char *one = xcalloc(length + 1, 1);
        for (size_t i = 0; i < length; i++)
            if (!isspace((unsigned char)text[i]))
                one[used++] = text[i];
        if (used > 0)
            strings_add(&all, one);
        free(one);
        text += length + (text[length] != '\0');
    }
    return all;
}

static int count_pair(const struct strings *all, const char *one,
                      const char *next)
{
    int count = 0;

    for (size_t i = 0; i + 1 < all->count; i++)
        count += strcmp(all->item[i], one) == 0 &&
                 strcmp(all->item[i + 1], next) == 0;
    return count;
}

/* Does statement i of ours come before the next one less often in theirs? */
static bool is_parted(const struct strings *ours, size_t i,
                      const struct strings *theirs)
{
    const char *one = ours->item[i], *next = ours->item[i + 1];

    return count_pair(theirs, one, next) < count_pair(ours, one, next);
}

static int count_one(const struct strings *all, const char *one)
{
    int count = 0;

    for (size_t i = 0; i < all->count; i++)
        count += strcmp(all->item[i], one) == 0;
    return count;
}

/* Has statement i of ours others before and behind it in theirs? */
static bool is_moved(const struct strings *ours, size_t i,
                     const struct strings *theirs)
{
    return i > 0 && i + 1 < ours->count && is_parted(ours, i - 1, theirs) &&
           is_parted(ours, i, theirs);
}

bool moved_alike(const char *ours, const struct strings *solution,
                 const char *theirs)
{
    struct strings lab = moved_statements(ours);
    struct strings attempt = moved_statements(theirs);
    bool found = false;

    for (size_t i = 0; i < lab.count && !found; i++)
        found = is_moved(&lab, i, solution) && is_moved(&lab, i, &attempt) &&
                count_one(&attempt, lab.item[i]) >=
                    count_one(solution, lab.item[i]);
    strings_free(&lab);
    strings_free(&attempt);
    return found;
}

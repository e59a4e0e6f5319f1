/* SPDX-License-Identifier: MIT
 *
 * famous: labs/strings.tsv, the strings that other people's programs say when
 * they meet what a lab shows, each from a public report:
 *
 *     STRING <tab> LAB [LAB...] <tab> SOFTWARE <tab> https://REPORT
 *
 * The first lab is the one whose mechanism it is; the others are near.
 */
#ifndef FORKLAB_FAMOUS_H
#define FORKLAB_FAMOUS_H

#include <stddef.h>

#include "oracle/labs.h"

#define FAMOUS_MOST_LABS 3

struct famous {
    char *string, *software, *source;
    const struct lab *lab[FAMOUS_MOST_LABS]; /* the first one is there */
};

struct famous_list {
    struct famous *item;
    size_t count;
};

/* Reads the table. Returns NULL, or what is wrong and in which line, which the
 * caller frees; *list is then empty. */
char *famous_read(const char *root, const struct lab_list *labs,
                  struct famous_list *list);

void famous_free(struct famous_list *list);

#endif

/* SPDX-License-Identifier: MIT
 *
 * fact: see fact.h.
 */
#define _GNU_SOURCE
#include "report/fact.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *fact_word(enum fact_kind kind)
{
    switch (kind) {
    case FACT_LINE:
        return NULL;
    case FACT_EXIT:
        return "exit";
    case FACT_KILLED:
        return "killed by";
    case FACT_HANG:
        return "hang in";
    case FACT_IDLE:
        return "idle in";
    case FACT_ZOMBIE:
        return "zombie child";
    case FACT_SOCKET:
        return "socket";
    case FACT_DESCRIPTOR:
        return "descriptor leaked";
    case FACT_LEFT_BEHIND:
        return "left behind";
    case FACT_CONNECTION:
        return "connection of";
    case FACT_DEADLINE:
        return "deadline";
    case FACT_LIMIT:
        return "limit";
    case FACT_GONE:
        return "gone";
    case FACT_ADOPTED:
        return "adopted";
    }
    return NULL;
}

void facts_add_finding(struct facts *list, enum fact_kind kind,
                       const char *role, const char *operand)
{
    GROW(list->item, list->count);
    list->item[list->count++] = (struct fact){
        .kind = kind,
        .count = 1,
        .role = xstrdup(role),
        .operand = xstrdup(operand),
        .text = xasprintf("[%s] %s%s%s", role, fact_word(kind),
                          operand[0] ? " " : "", operand),
    };
}

void facts_add_copy(struct facts *list, const struct fact *fact, int count)
{
    GROW(list->item, list->count);
    list->item[list->count++] = (struct fact){
        .kind = fact->kind,
        .count = count,
        .optional = fact->optional,
        .role = fact->role ? xstrdup(fact->role) : NULL,
        .operand = fact->operand ? xstrdup(fact->operand) : NULL,
        .text = xstrdup(fact->text),
    };
}

void fact_free(struct fact *fact)
{
    free(fact->role);
    free(fact->operand);
    free(fact->text);
    *fact = (struct fact){0};
}

void facts_free(struct facts *list)
{
    for (size_t i = 0; i < list->count; i++)
        fact_free(&list->item[i]);
    free(list->item);
    *list = (struct facts){0};
}

char *fact_shown(const struct fact *fact)
{
    bool number = isdigit((unsigned char)fact->text[0]);
    bool disguised = fact->kind == FACT_LINE && fact->text[0] == '[';
    const char *note = disguised ? " (a line on stdout)" : "";

    return fact->count == 1 && !number
               ? xasprintf("%s%s", fact->text, note)
               : xasprintf("%d %s%s", fact->count, fact->text, note);
}

struct strings facts_shown(const struct facts *list)
{
    struct strings shown = {0};

    for (size_t i = 0; i < list->count; i++) {
        char *text = fact_shown(&list->item[i]);
        strings_add(&shown, text);
        free(text);
    }
    return shown;
}

bool fact_is_shared(const struct fact *fact)
{
    return fact->kind == FACT_CONNECTION &&
           strstr(fact->operand, " and ") != NULL;
}

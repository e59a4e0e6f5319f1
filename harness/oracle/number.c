/* SPDX-License-Identifier: MIT
 *
 * number: see number.h.
 */
#define _GNU_SOURCE
#include "oracle/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/memory.h"

static const char digits[] = "0123456789";

/* times * n + plus; or n * n; or any number. */
struct form {
    long times, plus;
    bool square, any;
    const char *end; /* behind its brace */
};

static bool skip(const char **at, char byte)
{
    if (**at != byte)
        return false;
    ++*at;
    return true;
}

/* A number of at most five digits; 0 where there is none. */
static long skip_number(const char **at)
{
    size_t length = strspn(*at, digits);
    long number = length > 0 && length <= 5 ? atol(*at) : 0;

    *at += length;
    return number;
}

/* What stands behind an opening brace. */
static bool read_form(const char *at, struct form *form)
{
    *form = (struct form){.times = 1};
    if (skip(&at, '}')) {
        form->any = true;
        form->end = at;
        return true;
    }
    if (*at != 'n') {
        form->times = skip_number(&at);
        if (form->times == 0 || !skip(&at, '*'))
            return false;
    }
    if (!skip(&at, 'n'))
        return false;
    if (*at == '*') {
        form->square = true;
        if (at[1] != 'n' || form->times != 1)
            return false;
        at += 2;
    } else if (*at == '+' || *at == '-') {
        int sign = *at++ == '+' ? 1 : -1;
        form->plus = sign * skip_number(&at);
        if (form->plus == 0)
            return false;
    }
    form->end = at + 1;
    return *at == '}';
}

const char *number_error(const char *text)
{
    struct form form;

    for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at, '{')) {
        if (!read_form(at + 1, &form))
            return "in braces stands n, n+7, n-7, 3*n, 3*n-7, n*n or nothing";
        at = form.end;
    }
    return NULL;
}

bool number_is_in(const char *text)
{
    struct form form;

    for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at, '{')) {
        if (!read_form(at + 1, &form))
            return false;
        if (!form.any)
            return true;
        at = form.end;
    }
    return false;
}

/* The caller frees it. A word stands for itself. */
static char *value_of(const struct form *form, const char *n)
{
    long number = atol(n);

    if (strspn(n, digits) != strlen(n) ||
        (form->times == 1 && form->plus == 0 && !form->square))
        return xstrdup(n);
    return xasprintf("%ld", form->square ? number * number
                                         : form->times * number + form->plus);
}

char *number_fill(const char *text, const char *n)
{
    char *filled = xstrdup("");
    struct form form;

    while (*text != '\0') {
        const char *brace = strchrnul(text, '{');
        bool known = *brace == '{' && read_form(brace + 1, &form) && !form.any;
        const char *end = known ? brace : brace + (*brace == '{');
        char *value = known ? value_of(&form, n) : xstrdup("");
        char *longer =
            xasprintf("%s%.*s%s", filled, (int)(end - text), text, value);
        free(value);
        free(filled);
        filled = longer;
        text = known ? form.end : end;
    }
    return filled;
}

void number_fill_facts(const struct facts *list, const char *n,
                       struct facts *filled)
{
    *filled = (struct facts){0};
    for (size_t i = 0; i < list->count; i++) {
        const struct fact *fact = &list->item[i];
        facts_add_copy(filled, fact, fact->count);
        struct fact *copy = &filled->item[filled->count - 1];
        copy->optional = fact->optional;
        if (fact->kind != FACT_LINE || n == NULL)
            continue;
        free(copy->text);
        copy->text = number_fill(fact->text, n);
    }
}

bool number_matches(const char *pattern, const char *line)
{
    while (*pattern != '\0') {
        if (pattern[0] == '{' && pattern[1] == '}') {
            size_t length = strspn(line, digits);
            if (length == 0)
                return false;
            line += length;
            pattern += 2;
        } else if (*pattern++ != *line++) {
            return false;
        }
    }
    return *line == '\0';
}

bool number_is_bare(const struct facts *list, const char *bare, const char *n,
                    const char *line)
{
    bool found = false;

    if (bare == NULL || n == NULL || strcmp(n, bare) == 0)
        return false;
    for (size_t i = 0; i < list->count && !found; i++) {
        char *filled = number_fill(list->item[i].text, bare);
        found = strcmp(filled, line) == 0;
        free(filled);
    }
    return found;
}

char *number_choose(const char *bare)
{
    size_t length = strlen(bare);
    unsigned long luck;
    long least = 1;

    if (length < 2)
        length = 2;
    for (size_t i = 1; i < length && i < 9; i++)
        least *= 10;
    if (getrandom(&luck, sizeof(luck), GRND_NONBLOCK) != sizeof(luck))
        luck = (unsigned long)time(NULL) * 2654435761U;
    long number = least + (long)(luck % (unsigned long)(5 * least));
    return xasprintf("%ld", number == atol(bare) ? number + 1 : number);
}

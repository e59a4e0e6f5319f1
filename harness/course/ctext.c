/* SPDX-License-Identifier: MIT
 *
 * ctext: see ctext.h.
 */
#define _GNU_SOURCE
#include "course/ctext.h"

#include <string.h>

#define MAX_DEPTH 64 /* of parentheses; what is deeper counts as in a call */

/* ---- blanks ---- */

/* The end of the comment or string that begins at `at`; NULL: none does, or the
 * file ends in it. */
static const char *end_of_quote(const char *at, bool strings)
{
    if (at[0] == '/' && at[1] == '*') {
        const char *end = strstr(at + 2, "*/");
        return end != NULL ? end + 1 : at + strlen(at) - 1;
    }
    if (at[0] == '/' && at[1] == '/')
        return at + strcspn(at, "\n") - 1;
    if (!strings || (*at != '"' && *at != '\''))
        return NULL;
    const char *end = at + 1;
    while (*end != '\0' && *end != *at && *end != '\n')
        end += end[0] == '\\' && end[1] != '\0' ? 2 : 1;
    return *end != '\0' ? end : end - 1;
}

void ctext_blank(char *text, bool strings)
{
    for (char *at = text; *at != '\0'; at++) {
        const char *end = end_of_quote(at, strings);
        if (end == NULL)
            continue;
        for (; at < end; at++)
            if (*at != '\n')
                *at = ' ';
        *at = ' ';
    }
}

/* ---- words ---- */

int ctext_count(const char *text, const char *word)
{
    size_t length = strlen(word);
    int count = 0;

    for (const char *at = text; (at = strstr(at, word)) != NULL; at += length)
        count += (at == text || !ctext_is_word_byte(at[-1])) &&
                 !ctext_is_word_byte(at[length]);
    return count;
}

int ctext_count_bytes(const char *text, const char *bytes)
{
    int count = 0;

    for (const char *at = text; (at = strstr(at, bytes)) != NULL; at++)
        count++;
    return count;
}

/* ---- uses ---- */

/* The parentheses that are open: which of them are a call's. */
struct nest {
    bool call[MAX_DEPTH];
    size_t depth, calls;
};

static void open_one(struct nest *nest, bool call)
{
    bool deep = nest->depth >= MAX_DEPTH;

    if (!deep)
        nest->call[nest->depth] = call;
    nest->calls += !deep && call;
    nest->depth++;
}

static void close_one(struct nest *nest)
{
    if (nest->depth == 0)
        return;
    nest->depth--;
    if (nest->depth < MAX_DEPTH && nest->call[nest->depth])
        nest->calls--;
}

/* if (x), and not a call. */
static bool is_keyword(const char *word, size_t length)
{
    static const char *const words[] = {"if",     "while",  "for",
                                        "switch", "return", "sizeof"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
            return true;
    return false;
}

int ctext_uses(const char *text, const char *word)
{
    const size_t wanted = strlen(word);
    struct nest nest = {0};
    int count = 0;

    if (strstr(text, word) == NULL)
        return 0;
    while (*text != '\0') {
        if (*text == '(')
            open_one(&nest, false);
        else if (*text == ')')
            close_one(&nest);
        if (!ctext_is_word_byte(*text)) {
            text++;
            continue;
        }
        const char *start = text;
        while (ctext_is_word_byte(*text))
            text++;
        size_t length = (size_t)(text - start);
        const char *next = text + strspn(text, " \t\n");
        if (length == wanted && memcmp(start, word, length) == 0)
            count += *next == '(' || nest.calls > 0;
        if (*next != '(')
            continue;
        open_one(&nest, !is_keyword(start, length));
        text = next + 1;
    }
    return count;
}

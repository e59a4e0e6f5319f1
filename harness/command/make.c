/* SPDX-License-Identifier: MIT
 *
 * command/make: what the Makefile asks: which options the compiler needs for a
 * lab, and which target a misspelt one may stand for.
 */
#define _GNU_SOURCE
#include "command/make.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/memory.h"
#include "command/project.h"
#include "course/compile.h"

/* ---- needs ---- */

static void print_words(const struct strings *words)
{
    for (size_t i = 0; i < words->count; i++)
        printf("%s%s", i > 0 ? " " : "", words->item[i]);
    putchar('\n');
}

int command_needs(const struct call *call)
{
    struct strings flags = {0}, missing = {0};

    if (call->argv[0] == NULL)
        command_fail(STATUS_USAGE, "needs has words of a Needs: line");
    for (char **word = call->argv; *word != NULL; word++)
        if (call->options->musl ? !compile_needs_libc_only(*word)
                                : !compile_need(*word, &flags))
            strings_add(&missing, *word);
    int status = missing.count > 0 ? STATUS_CANNOT : STATUS_WANTED;
    print_words(missing.count > 0 ? &missing : &flags);
    strings_free(&flags);
    strings_free(&missing);
    return status;
}

/* ---- meant ---- */

/* Adds the target that `at` begins with, if `end` follows it. */
static void add_target(struct strings *targets, const char *at, const char *end)
{
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz");

    if (length > 0 && strncmp(at + length, "-N", 2) == 0)
        length += 2;
    if (length == 0 || strncmp(at + length, end, strlen(end)) != 0)
        return;
    char *name = xasprintf("%.*s", (int)length, at);
    strings_add(targets, name);
    free(name);
}

/* The targets that `make help` names: a line "##   NAME ...", which may have
 * more of them as "(NAME  ...". */
static struct strings read_targets(const char *text)
{
    struct strings targets = {0};

    for (const char *line = text; line != NULL && *line != '\0';) {
        const char *end = strchrnul(line, '\n');
        if (strncmp(line, "##   ", 5) == 0) {
            add_target(&targets, line + 5, " ");
            for (const char *at = line; at < end; at++)
                if (*at == '(')
                    add_target(&targets, at + 1, "  ");
        }
        line = *end != '\0' ? end + 1 : end;
    }
    return targets;
}

/* Where the digits at its end begin; NULL: there are none, or nothing else. */
static const char *number_at_end(const char *asked)
{
    const char *at = asked + strlen(asked);

    while (at > asked && isdigit((unsigned char)at[-1]))
        at--;
    return at > asked && *at != '\0' ? at : NULL;
}

/* lab31 and lab_31 are lab-31, if nothing but one name stands before it. */
static bool is_verb(const char *target, const char *asked)
{
    size_t length = strlen(target) - 2;

    return strcmp(target + length, "-N") == 0 &&
           strncmp(asked, target, length) == 0 &&
           strcspn(asked + length, "0123456789") ==
               (size_t)(number_at_end(asked) - asked) - length;
}

/* The target of which asked is a variant, or else the first one that has its
 * first three letters. NULL: none. */
static const char *find_target(const struct strings *targets, const char *asked)
{
    char start[4];

    snprintf(start, sizeof(start), "%s", asked);
    for (size_t i = 0; i < targets->count && number_at_end(asked); i++)
        if (strlen(targets->item[i]) > 2 && is_verb(targets->item[i], asked))
            return targets->item[i];
    for (size_t i = 0; i < targets->count; i++)
        if (strstr(targets->item[i], start) != NULL)
            return targets->item[i];
    return NULL;
}

/* Says on stderr that there is no such target, and what it may stand for. */
int command_meant(const struct call *call)
{
    const char *asked = call->argv[0] ? call->argv[0] : "";
    char *root = project_root(false);
    char *path = xasprintf("%s/Makefile", root);
    char *text = file_read(path, NULL);
    struct strings targets = read_targets(text);
    const char *target = asked[0] ? find_target(&targets, asked) : NULL;
    const char *number = number_at_end(asked);

    fprintf(stderr, "error: there is no target '%s'.", asked);
    if (target != NULL) {
        int length = (int)strcspn(target, "-");
        fprintf(stderr, " Did you mean:  make %.*s%s%s\n", length, target,
                target[length] ? "-" : "",
                target[length] == '\0' ? ""
                : number != NULL       ? number
                                       : "N");
    } else {
        fputs("\n  make help   shows them all\n", stderr);
    }
    strings_free(&targets);
    free(text);
    free(path);
    free(root);
    return STATUS_USAGE;
}

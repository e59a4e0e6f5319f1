/* SPDX-License-Identifier: MIT
 *
 * words: see words.h.
 */
#define _GNU_SOURCE
#include "course/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- error numbers ---- */

/* Those that somebody may see because of a fork. Their texts are what C, Java,
 * Node and the others say in English. */
static const struct {
    int number;
    const char *name, *text;
} errors[] = {
    {EPERM, "eperm", "operation not permitted"},
    {ECHILD, "echild", "no child processes"},
    {EAGAIN, "eagain", "resource temporarily unavailable"},
    {ENOMEM, "enomem", "cannot allocate memory"},
    {ENFILE, "enfile", "too many open files in system"},
    {EMFILE, "emfile", "too many open files"},
    {ETXTBSY, "etxtbsy", "text file busy"},
    {EDEADLK, "edeadlk", "resource deadlock avoided"},
    {EADDRINUSE, "eaddrinuse", "address already in use"},
    {EADDRINUSE, "eaddrinuse", "address in use"},
    {EADDRINUSE, "eaddrinuse", "addrinuse"}, /* Rust's kind of error */
};

/* What stands before a number that is one of an error: "errno 98", "errno:
 * -11", "error=12", "os error 26". */
static const char *const introductions[] = {"errno", "error=", "error "};

/* Behind an introduction: the number of an error, or 0. */
static int number_at(const char *text)
{
    text += strspn(text, " :=#-([");
    return (int)strtol(text, NULL, 10);
}

static bool has_number(const char *line, int number)
{
    size_t count = sizeof(introductions) / sizeof(introductions[0]);

    for (size_t i = 0; i < count; i++) {
        const char *word = introductions[i];
        for (const char *at = line; (at = strcasestr(at, word)) != NULL;) {
            at += strlen(word);
            if (number_at(at) == number)
                return true;
        }
    }
    return false;
}

/* ---- words ---- */

/* Is it a part of a word? Names of functions, errors and states are words. */
static bool in_word(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

/* Words that tell nothing: they stand in any sentence, in any stack, or in any
 * message. */
static const char common[] =
    " a an and any are another as at be but by do does for from has have how i"
    " in is it its my no not of on or so than that the then there this to too"
    " was we what when which why will with you your can cannot could may must"
    " error err errno warning warn fatal exception failed fail failure info"
    " debug log traceback caused message code status line unable couldn didn"
    " don doesn oserror ioerror runtimeerror valueerror typeerror keyerror"
    " attributeerror operationalerror internalerror databaseerror"
    " programmingerror ioexception deprecationwarning runtimewarning "
    "userwarning"
    " 0x older kernels main start libc_start_main libc_start_call_main"
    " start_thread clone clone3 nptl so lib lib64 usr linux gnu x86_64 bin "
    "local"
    " python3 https http www com ";

/* A word that tells nothing, a single letter, or a number: never the same. */
static bool is_empty(const char *word)
{
    if (word[0] == '\0' || word[1] == '\0' || strlen(word) > 60)
        return true;
    if (strspn(word, "0123456789abcdefx") == strlen(word) &&
        isdigit((unsigned char)word[0]))
        return true;
    char *padded = xasprintf(" %s ", word);
    bool found = strstr(common, padded) != NULL;
    free(padded);
    return found;
}

/* A debugger says __GI___localtime_r, a page localtime_r. */
static const char *without_prefix(const char *word)
{
    const char *rest = word + strspn(word, "_");

    if (strncmp(rest, "gi_", 3) == 0)
        rest += 3 + strspn(rest + 3, "_");
    return rest[0] ? rest : word;
}

static bool drop_end(char *word, const char *end)
{
    size_t length = strlen(word), cut = strlen(end);

    if (length < cut + 4 || strcmp(word + length - cut, end) != 0)
        return false;
    word[length - cut] = '\0';
    return true;
}

/* zombie and zombies, print and prints, close and closed are one; names of
 * functions stay as they are. */
static void drop_ending(char *word)
{
    size_t length = strlen(word);

    if (strspn(word, "abcdefghijklmnopqrstuvwxyz") != length)
        return;
    if (length > 1 && strcmp(word + length - 2, "ss") != 0)
        drop_end(word, "s");
    if (!drop_end(word, "ed"))
        drop_end(word, "ing");
    drop_end(word, "e");
}

/* What is no word: one byte, or a colour that was pasted with it. */
static size_t skip_other(const char *at)
{
    size_t length =
        at[0] == '\033' && at[1] == '[' ? 2 + strspn(at + 2, "0123456789;") : 0;

    return length > 0 && at[length] != '\0' ? length + 1 : 1;
}

static void add_once(struct strings *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->item[i], word) == 0)
            return;
    strings_add(words, word);
}

static void add_word(struct strings *words, const char *at, size_t length)
{
    char *word = xasprintf("%.*s", (int)length, at);

    for (char *c = word; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    char *bare = xstrdup(without_prefix(word));
    if (!is_empty(bare)) {
        drop_ending(bare);
        add_once(words, bare);
        if (strstr(bare, "fork") != NULL) /* vfork, _fork_exec */
            add_once(words, "fork");
        if (drop_end(bare, "_r")) /* localtime_r is localtime, too */
            add_once(words, bare);
    }
    free(bare);
    free(word);
}

struct strings words_of(const char *line)
{
    struct strings words = {0};

    for (const char *at = line; *at != '\0';) {
        size_t length = 0;
        while (in_word(at[length]))
            length++;
        if (length > 0)
            add_word(&words, at, length);
        at += length ? length : skip_other(at);
    }
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (strcasestr(line, errors[i].text) != NULL ||
            has_number(line, errors[i].number))
            add_word(&words, errors[i].name, strlen(errors[i].name));
    return words;
}

/* SPDX-License-Identifier: MIT
 *
 * tongue: see tongue.h.
 */
#define _GNU_SOURCE
#include "base/tongue.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

#define DOMAIN "forklab"

static const char *language; /* NULL: English */
static bool changed;         /* LANGUAGE is ours ... */
static char *before;         /* ... and was that, or was not set */
static bool hushed;

/* Where the catalogues are: beside the program, as make leaves them, or below
 * share/, as they are installed. The caller frees it; NULL: nowhere. */
static char *catalogues(void)
{
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

    if (length <= 0)
        return NULL;
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    char *directory = xasprintf("%s/locale", program);
    if (access(directory, F_OK) == 0)
        return directory;
    free(directory);
    return xasprintf("%s/../share/locale", program);
}

/* Not a path, whoever has set it. */
static bool is_name(const char *name)
{
    return name != NULL && name[0] != '\0' && strlen(name) < 16 &&
           strspn(name,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_@") ==
               strlen(name);
}

/* glibc heeds LANGUAGE in every locale but "C"; musl the name of the locale. */
static bool choose(const char *name, const char *directory)
{
    const char *found = getenv("LANGUAGE");

    before = found ? xstrdup(found) : NULL;
    changed = true;
#ifdef __GLIBC__
    const char *messages = "C.UTF-8";
#else
    const char *messages = name;
#endif
    /* musl knows no other encoding, and gives no answer. */
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL &&
           setlocale(LC_MESSAGES, messages) != NULL &&
           setenv("LANGUAGE", name, 1) == 0 &&
           bindtextdomain(DOMAIN, directory) != NULL &&
           dgettext(DOMAIN, "")[0] != '\0'; /* the head of the catalogue */
}

void tongue_begin(void)
{
    const char *name = getenv("FORKLAB_LANG");
    char *directory = is_name(name) ? catalogues() : NULL;

    if (directory == NULL)
        return;
    if (choose(name, directory)) {
        language = name;
    } else {
        tongue_leave_environment();
        setlocale(LC_ALL, "C");
    }
    free(directory);
}

void tongue_leave_environment(void)
{
    if (!changed)
        return;
    changed = false;
    if (before != NULL)
        setenv("LANGUAGE", before, 1);
    else
        unsetenv("LANGUAGE");
}

const char *tongue_name(void)
{
    return language;
}

void tongue_hush(bool hush)
{
    hushed = hush;
}

const char *tr(const char *english)
{
    /* The text that is empty stands for the catalogue's head. */
    if (language == NULL || hushed || english[0] == '\0')
        return english;
    return dgettext(DOMAIN, english);
}

/* SPDX-License-Identifier: MIT
 *
 * lab: see lab.h.
 */
#define _GNU_SOURCE
#include "oracle/lab.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tongue.h"
#include "linux/libc.h"

bool is_lab_file(const char *name)
{
    size_t length = strlen(name);

    if (length < 6 || !isdigit((unsigned char)name[0]) ||
        !isdigit((unsigned char)name[1]) || name[2] != '-')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
               length - 2 &&
           strcmp(name + length - 2, ".c") == 0;
}

/* In the order of the bits of enum work. */
static const char *const works[] = {"thread", "pipe", "socket", "program"};

const char *work_word(unsigned work)
{
    for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
        if (work & (1U << i))
            return works[i];
    return NULL;
}

unsigned work_by_word(const char *word)
{
    for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
        if (strcmp(word, works[i]) == 0)
            return 1U << i;
    return 0;
}

/* Is this text, from its version on, "2.36" or "6.1.0-17-amd64", not older? */
static bool is_since(struct release since, const char *text)
{
    struct release now = {0};

    return since.major != 0 && text != NULL &&
           sscanf(text, "%u.%u", &now.major, &now.minor) == 2 &&
           (now.major > since.major ||
            (now.major == since.major && now.minor >= since.minor));
}

static bool is_newer(const struct lab *lab, const char *libc)
{
    static const char glibc[] = "glibc ";
    size_t length = sizeof(glibc) - 1;

    return libc != NULL && strncmp(libc, glibc, length) == 0 &&
           is_since(lab->newer, libc + length);
}

bool lab_cured_in_linux(const struct lab *lab, const char *kernel)
{
    return is_since(lab->cured_in_linux, kernel);
}

const struct facts *lab_hazard(const struct lab *lab, const char *libc,
                               const char *kernel)
{
    if (lab_cured_in_linux(lab, kernel))
        return NULL;
    if (is_newer(lab, libc))
        return &lab->hazard_newer;
    if (!libc_is_musl(libc))
        return &lab->hazard;
    if (lab->cured_in_musl)
        return NULL;
    return lab->hazard_musl.count > 0 ? &lab->hazard_musl : &lab->hazard;
}

const struct facts *lab_safe(const struct lab *lab, const char *libc)
{
    return libc_is_musl(libc) && lab->safe_musl.count > 0 ? &lab->safe_musl
                                                          : &lab->safe;
}

bool lab_needs(const struct lab *lab, const char *word)
{
    for (size_t i = 0; i < lab->need_count; i++)
        if (strcmp(lab->needs[i], word) == 0)
            return true;
    return false;
}

const char *chapter_name(int number)
{
    static const char *const names[] = {
        N_("the copy"),
        N_("shared descriptions"),
        N_("connections"),
        N_("vanished threads: locks"),
        N_("vanished threads: the rest"),
        N_("the exec boundary"),
        N_("processes and signals"),
        N_("the price"),
        N_("depths"),
    };
    const int chapters = (int)(sizeof(names) / sizeof(*names));

    return number > 0 && number / 10 < chapters ? names[number / 10] : "more";
}

void lab_free(struct lab *lab)
{
    free(lab->stem);
    free(lab->name);
    free(lab->title);
    free(lab->source);
    facts_free(&lab->hazard);
    facts_free(&lab->safe);
    facts_free(&lab->hazard_musl);
    facts_free(&lab->safe_musl);
    facts_free(&lab->hazard_newer);
    for (size_t i = 0; i < lab->need_count; i++)
        free(lab->needs[i]);
    free(lab->needs);
    strings_free(&lab->programs);
    free(lab->bare);
    free(lab->plot);
    *lab = (struct lab){0};
}

/* SPDX-License-Identifier: MIT
 *
 * next: see next.h.
 */
#define _GNU_SOURCE
#include "base/next.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static char *project;  /* NULL: the present directory */
static bool installed; /* there is no make, or its Makefile is not ours */

void next_here(const char *root, bool is_installed)
{
    free(project);
    project = xstrdup(root);
    installed = is_installed;
}

bool next_is_installed(void)
{
    return installed;
}

static bool stands_in_project(void)
{
    char *here = project != NULL ? getcwd(NULL, 0) : NULL;
    bool same = project == NULL || (here != NULL && strcmp(here, project) == 0);

    free(here);
    return same;
}

/* A lab's number has two digits wherever it is said, as in the names of its
 * files; a chapter's has one. The caller frees it. */
static char *number_after(const char *before, struct next next)
{
    int digits = strcmp(next.verb, "list") == 0 ? 1 : 2;

    return next.number ? xasprintf("%s%0*d", before, digits, next.number)
                       : xstrdup("");
}

/* "forklab check 31 --seed 3 --libc musl" */
static char *by_forklab(struct next next)
{
    bool lab = strcmp(next.verb, "lab") == 0;
    bool solution = strcmp(next.verb, "solution") == 0;
    char *number = number_after(" ", next);
    char *seed = next.seed ? xasprintf(" --seed %d", next.seed) : xstrdup("");
    const char *verb = lab || solution                      ? "run"
                       : strcmp(next.verb, "list-all") == 0 ? "list all"
                                                            : next.verb;
    char *text = xasprintf("forklab %s%s%s%s%s", verb, number,
                           solution ? " --solution" : "", seed,
                           next.musl ? " --libc musl" : "");

    free(seed);
    free(number);
    return text;
}

/* "make -C '/home/me/forklab' check-31 SEED=3 LIBC=musl" */
static char *by_make(struct next next)
{
    bool there = next.portable || stands_in_project();
    char *where = there ? xstrdup("") : xasprintf("-C '%s' ", project);
    char *number = number_after("-", next);
    char *seed = next.seed ? xasprintf(" SEED=%d", next.seed) : xstrdup("");
    char *text = xasprintf("make %s%s%s%s%s", where, next.verb, number, seed,
                           next.musl ? " LIBC=musl" : "");

    free(seed);
    free(number);
    free(where);
    return text;
}

char *next_command(struct next next)
{
    return installed ? by_forklab(next) : by_make(next);
}

char *next_verb(const char *verb, int number)
{
    return next_command((struct next){.verb = verb, .number = number});
}

char *next_with(char *first, const char *what, char *second)
{
    char *both = second == NULL
                     ? xstrdup(first)
                     : xasprintf("%-16s" NEXT_GAP "%s%s", first, what, second);

    free(first);
    free(second);
    return both;
}

const char *next_forklab(void)
{
    return installed ? "forklab" : "build/forklab";
}

const char *next_setup(bool for_tests)
{
    if (installed)
        return "install it with the package manager";
    return for_tests ? "make setup check" : "make setup";
}

const char *next_build(void)
{
    return installed ? "install forklab again" : "make build";
}

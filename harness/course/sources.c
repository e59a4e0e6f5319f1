/* SPDX-License-Identifier: MIT
 *
 * sources: see sources.h.
 */
#define _GNU_SOURCE
#include "course/sources.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/memory.h"
#include "linux/elf.h"
#include "course/ctext.h"
#include "course/moved.h"
#include "course/original.h"
#include "oracle/number.h"

/* Names of what lets an attempt get past its hazard without curing it: it does
 * not wait, or not for ever, or it finds out how it is looked at. */
static const char *const dodges[] = {
    "alarm",
    "setitimer",
    "timer_create",
    "timerfd_create",
    "sleep",
    "usleep",
    "SIG_IGN",
    "nanosleep",
    "clock_nanosleep",
    "pthread_mutex_trylock",
    "pthread_mutex_timedlock",
    "pthread_mutex_clocklock",
    "pthread_cond_timedwait",
    "pthread_cond_clockwait",
    "sem_trywait",
    "sem_timedwait",
    "kill",
    "tgkill",
    "pthread_kill",
    "pthread_cancel",
    "longjmp",
    "siglongjmp",
    "setjmp",
    "sigsetjmp",
    "dup",
    "dup2",
    "SO_REUSEPORT",
    "chmod",
    "umask",
    "fchmod",
    "ptrace",
    "goto",
    "volatile",
    "noinline",
    "asm",
    "dprintf",
    "puts",
    "putchar",
    "printf",
    "fputs",
    "fwrite",
    "writev",
    "STDOUT_FILENO",
    "__asm__",
    "getenv",
    "secure_getenv",
    "lab_seed",
    "run_number",
    "run_word",
    NULL,
};

/* ---- words ---- */

/* "a, b" of a word list: what theirs has and ours has not. NULL: nothing. */
static char *words_added(const char *ours, const char *theirs,
                         const char *const *words)
{
    char *list = NULL;

    for (; *words != NULL; words++) {
        if (ctext_count(theirs, *words) <= ctext_count(ours, *words))
            continue;
        char *longer =
            list ? xasprintf("%s, %s", list, *words) : xstrdup(*words);
        free(list);
        list = longer;
    }
    return list;
}

/* ---- the flag ---- */

/* Takes the reason over. */
static void add_reason(struct sources *sources, char *reason)
{
    if (sources->flag != NULL) {
        char *both = xasprintf("%s; %s", sources->flag, reason);
        free(sources->flag);
        free(reason);
        reason = both;
    }
    sources->flag = reason;
}

/* The function that the lab hangs in; NULL: it does not. */
static const char *hazard_function(const struct lab *lab, size_t *length)
{
    for (size_t i = 0; i < lab->hazard.count; i++) {
        const struct fact *fact = &lab->hazard.item[i];
        *length = fact->operand ? strcspn(fact->operand, ", ") : 0;
        if (fact->kind == FACT_HANG && *length > 0)
            return fact->operand;
    }
    return NULL;
}

/* Fewer places that may hang, and no other program that takes them over. */
static void flag_fewer_calls(const struct lab *lab, const char *ours,
                             const char *theirs, struct sources *sources)
{
    size_t length;
    const char *name = hazard_function(lab, &length);
    bool starts =
        sources->used != NULL && (strstr(sources->used, "exec") != NULL ||
                                  strstr(sources->used, "spawn") != NULL);

    if (name == NULL)
        return;
    char *function = xasprintf("%.*s", (int)length, name);
    int before = ctext_count(ours, function);
    int after = ctext_count(theirs, function);
    sources->calls = before > 0;
    if (after < before && !starts)
        add_reason(sources,
                   xasprintf("%s, in which the lab hangs, stands in it %d "
                             "times instead of %d",
                             function, after, before));
    free(function);
}

/* A line of Safe: that it has as a text, and the lab has not. Both without
 * comments. */
static void flag_typed(const struct lab *lab, const char *ours,
                       const char *theirs, struct sources *sources)
{
    for (size_t i = 0; i < lab->safe.count; i++) {
        const struct fact *fact = &lab->safe.item[i];
        char *line = number_fill(fact->text, lab->bare ? lab->bare : "");
        bool typed = fact->kind == FACT_LINE && strstr(theirs, line) != NULL &&
                     strstr(ours, line) == NULL;
        if (typed)
            add_reason(sources,
                       xasprintf("the line \"%s\" is typed in it", line));
        free(line);
        if (typed)
            return;
    }
}

/* The next statement that begins with show(, on one line: "show("child saw %d",
 * n)". *at goes behind it. NULL: none. The caller frees it. */
static char *next_show(const char **at)
{
    static const char call[] = "show(";
    const char *start = strstr(*at, call);

    while (start != NULL && start > *at && ctext_is_word_byte(start[-1]))
        start = strstr(start + 1, call);
    if (start == NULL)
        return NULL;
    size_t length = strcspn(start, ";"), used = 0;
    char *text = xcalloc(length + 1, 1);
    for (size_t i = 0; i < length; i++)
        if (!isspace((unsigned char)start[i]))
            text[used++] = start[i];
        else if (used > 0 && text[used - 1] != ' ')
            text[used++] = ' ';
    *at = start + length;
    return text;
}

static bool same_but_blanks(const char *one, const char *other)
{
    while (*one != '\0' || *other != '\0') {
        one += strspn(one, " ");
        other += strspn(other, " ");
        if (*one != *other)
            return false;
        one += *one != '\0';
        other += *other != '\0';
    }
    return true;
}

static bool has_show(const char *text, const char *statement)
{
    bool found = false;
    char *one;

    while (!found && (one = next_show(&text)) != NULL) {
        found = same_but_blanks(one, statement);
        free(one);
    }
    return found;
}

/* Evidence by another statement than the lab's. */
static void flag_other_show(const char *ours, const char *theirs,
                            struct sources *sources)
{
    bool found = false;
    char *one;

    while (!found && (one = next_show(&theirs)) != NULL) {
        found = !has_show(ours, one);
        if (found)
            add_reason(sources,
                       xasprintf("%.60s is not how the lab shows it", one));
        free(one);
    }
}

/* Calls for a reader. */
static void flag_never_run(const char *ours, const char *theirs,
                           struct sources *sources)
{
    static const char *const never[] = {"if (0)", "if(0)", "if (false)",
                                        "if(false)"};

    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
        if (ctext_count_bytes(theirs, never[i]) >
            ctext_count_bytes(ours, never[i]))
            add_reason(sources, xasprintf("what stands behind \"%s\" in it "
                                          "never runs",
                                          never[i]));
}

static void find_reasons(const struct lab *lab, const struct known *known,
                         char *ours, char *theirs, struct sources *sources)
{
    ctext_blank(ours, false);
    ctext_blank(theirs, false);
    if (sources->earlier)
        add_reason(sources, xstrdup("it was begun from an earlier text of the "
                                    "lab, which had no number in its lines"));
    sources->moved =
        known->moves && moved_alike(ours, &known->statements, theirs);
    flag_typed(lab, ours, theirs, sources);
    flag_other_show(ours, theirs, sources);
    if (strstr(theirs, "FORKLAB_") != NULL && strstr(ours, "FORKLAB_") == NULL)
        add_reason(sources, xstrdup("it names a variable of the runner"));
    ctext_blank(ours, true);
    ctext_blank(theirs, true);
    sources->cures = known_used(known, ours, theirs);
    sources->used = known_words(&sources->cures);
    flag_fewer_calls(lab, ours, theirs, sources);
    flag_never_run(ours, theirs, sources);
    char *lost = known_lost(known, ours, theirs);
    if (lost != NULL)
        add_reason(sources,
                   xasprintf("it calls %s() less often than the lab", lost));
    free(lost);
    char *dodge = words_added(ours, theirs, dodges);
    if (dodge != NULL)
        add_reason(sources, xasprintf("it uses %s", dodge));
    free(dodge);
}

void sources_compare(const char *root, const struct lab *lab,
                     const struct known *known, const char *file,
                     struct sources *sources)
{
    size_t ours_length = 0, theirs_length = 0;
    char *path = xasprintf("%s/labs/%s.c", root, lab->stem);
    char *ours = original_text(root, lab, &ours_length);
    char *theirs = file_read_regular(file, MAX_SOURCE, &theirs_length);

    if (ours == NULL)
        ours = file_read_regular(path, MAX_SOURCE, &ours_length);
    *sources = (struct sources){0};
    if (ours != NULL && theirs != NULL) {
        sources->same = ours_length == theirs_length &&
                        memcmp(ours, theirs, ours_length) == 0;
        sources->earlier =
            lab->bare != NULL && strstr(theirs, "Number:") == NULL;
        find_reasons(lab, known, ours, theirs, sources);
    }
    free(path);
    free(ours);
    free(theirs);
}

/* Does the program call what its source calls? A function of the C library may
 * have another name in it. */
static bool calls(const char *program, const char *name)
{
    char *checked = xasprintf("__%s_chk", name); /* _FORTIFY_SOURCE */
    bool found = program == NULL || !known_is_imported(name) ||
                 elf_has_symbol(program, name) ||
                 elf_has_symbol(program, checked);

    free(checked);
    return found;
}

/* What stands in the source, and was dropped by the compiler as never called,
 * cures nothing. */
static void flag_no_cure(struct sources *sources, const char *program)
{
    bool cured = sources->moved;

    for (size_t i = 0; i < sources->cures.count; i++)
        cured = cured || calls(program, sources->cures.item[i]);
    if (!cured)
        add_reason(sources, xstrdup("no call that usually cures it was added"));
}

void sources_see_program(struct sources *sources, const struct lab *lab,
                         const char *program)
{
    size_t length;
    const char *name = hazard_function(lab, &length);

    flag_no_cure(sources, program);
    if (name == NULL || !sources->calls || program == NULL)
        return;
    char *function = xasprintf("%.*s", (int)length, name);
    if (!elf_has_symbol(program, function))
        add_reason(sources,
                   xasprintf("its program no longer imports %s", function));
    free(function);
}

void sources_free(struct sources *sources)
{
    strings_free(&sources->cures);
    free(sources->used);
    free(sources->flag);
    *sources = (struct sources){0};
}

/* SPDX-License-Identifier: MIT
 *
 * checkpage: what a check of an attempt says, for a terminal and as JSON. The
 * page of a run that is not safe is page.c's.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/next.h"
#include "course/check.h"
#include "print/json.h"
#include "print/sheet.h"

#define LABEL ((size_t)8)
#define MAX_WORDS 40 /* lines of the compiler; it says the worst first */
#define MAX_WARNINGS 8

/* ---- the compiler ---- */

/* Line by line, whole: where it points with a caret the columns must stay. */
static void print_words(FILE *stream, const char *words, int most)
{
    int lines = 0, left = 0;

    for (const char *at = words; *at != '\0'; lines++) {
        size_t length = strcspn(at, "\n");
        if (lines < most) {
            char *clean = text_clean(at, length);
            fprintf(stream, "%s\n", clean);
            free(clean);
        } else {
            left++;
        }
        at += length + (at[length] == '\n');
    }
    if (left > 0)
        fprintf(stream, "... and %d more lines\n", left);
}

static void print_warnings(FILE *stream, const struct check *check)
{
    if (check->words == NULL || check->words[0] == '\0')
        return;
    fputs("The compiler warns:\n", stream);
    print_words(stream, check->words, MAX_WARNINGS);
    fputc('\n', stream);
}

/* ---- pages without a run ---- */

/* That labs/ is not what it was. */
static void add_note(struct sheet *page, const struct check *check)
{
    char *note = check->note ? xasprintf("%s.", check->note) : NULL;

    if (note != NULL)
        sheet_add_row(page, LABEL, "note", note, 3);
    free(note);
}

static void add_head(struct sheet *page, const struct check *check,
                     const struct lab *lab)
{
    char *left = xasprintf("lab %02d: %s", lab->number, lab->name);

    sheet_tint(sheet_add_sides(page, left, check->file), 0, 0, strlen(left),
               BOLD);
    free(left);
    sheet_add_blank(page);
}

/* What to type next, and what for. */
static void add_command(struct sheet *page, const char *verb, int number,
                        const char *what)
{
    char *command = next_verb(verb, number);
    char *text = xasprintf("%-16s  %s", command, what);

    sheet_add_command(page, text);
    free(text);
    free(command);
}

/* SAFE, what it did, why it works by the words of our own cure, and what comes
 * next. */
static void add_safe(struct sheet *page, const struct check *check,
                     const struct lab *lab, const struct lab *next)
{
    char *counted = xasprintf("%d of %d runs", check->run, check->runs);

    sheet_tint(sheet_add_sides(page, "SAFE", counted), 0, 0, 4, GREEN);
    sheet_add_blank(page);
    sheet_add_row(page, LABEL, "did", check->report.check.wanted, 3);
    if (check->sources.used != NULL)
        sheet_add_row(page, LABEL, "used", check->sources.used, 2);
    if (check_flag(check) != NULL) {
        char *look = xasprintf("look at it: %s.", check_flag(check));
        sheet_add_row(page, LABEL, "flag", look, 4);
        free(look);
    }
    if (check->our_cure != NULL)
        sheet_add_row(page, LABEL, "ours", check->our_cure, 5);
    add_note(page, check);
    sheet_add_blank(page);
    add_command(page, "diff", lab->number, "our cure, to compare with");
    add_command(page, "explain", lab->number,
                "why it works: what the hazard was");
    if (next != NULL) {
        char *what = xasprintf("the next: %s", next->name);
        add_command(page, "lab", next->number, what);
        free(what);
    }
    free(counted);
}

static void add_unchanged(struct sheet *page, const struct check *check,
                          const struct lab *lab)
{
    sheet_tint(sheet_add_line(page, xstrdup("UNCHANGED")), 0, 0, 9, YELLOW);
    sheet_add_blank(page);
    sheet_add_row(
        page, LABEL, "why",
        "This is the unchanged lab, which has the hazard. Nothing was run.", 2);
    sheet_add_row(page, LABEL, "do", "Change the file, then check it again.",
                  1);
    add_note(page, check);
    sheet_add_blank(page);
    add_command(page, "hint", lab->number, "where to begin");
    add_command(page, "check", lab->number, "");
}

static void add_not_compiled(struct sheet *page, const struct check *check,
                             const struct lab *lab)
{
    sheet_tint(sheet_add_line(page, xstrdup("NOT COMPILED")), 0, 0, 12, RED);
    sheet_add_blank(page);
    if (check->reason != NULL)
        sheet_add_row(page, LABEL, "reason", check->reason, 3);
    sheet_add_row(page, LABEL, "why",
                  "This is not the hazard: the file does not compile, so "
                  "nothing was run.",
                  2);
    add_note(page, check);
    sheet_add_blank(page);
    add_command(page, "check", lab->number, "");
}

static void print_short(FILE *stream, struct style style,
                        const struct check *check, const struct lab *lab,
                        const struct lab *next)
{
    struct sheet page = {.style = style};

    add_head(&page, check, lab);
    if (check->end == CHECK_SAFE)
        add_safe(&page, check, lab, next);
    else if (check->end == CHECK_SAME)
        add_unchanged(&page, check, lab);
    else
        add_not_compiled(&page, check, lab);
    sheet_print(stream, &page);
    sheet_free(&page);
}

/* The same run once more. The caller frees it. */
static char *again_command(const struct check *check, const struct lab *lab)
{
    if (check->given)
        return xasprintf("%s check %d --seed %d%s %s", next_forklab(),
                         lab->number, check->seed,
                         check->musl ? " --libc musl" : "", check->file);
    return next_command((struct next){.verb = "check",
                                      .number = lab->number,
                                      .seed = check->seed,
                                      .musl = check->musl});
}

void print_check(FILE *stream, struct style style, const struct check *check,
                 const struct lab *lab, const struct lab *next)
{
    if (check->end == CHECK_COMPILER) {
        print_words(stream, check->words ? check->words : "", MAX_WORDS);
        fputc('\n', stream);
    } else {
        print_warnings(stream, check);
    }
    if (check->end == CHECK_SAFE || check->end == CHECK_SAME ||
        check->end == CHECK_COMPILER) {
        print_short(stream, style, check, lab, next);
        return;
    }
    char *again = next_with(again_command(check, lab),
                            "a hint: ", next_verb("hint", lab->number));
    print_page(stream, style, &check->report, lab,
               check->end == CHECK_SKIP ? NULL : again);
    free(again);
}

/* ---- JSON ---- */

bool print_check_json(FILE *stream, const struct check *check)
{
    json_use_our_memory();
    cJSON *run = json_of_run(&check->report);
    cJSON *value = cJSON_AddObjectToObject(run, "check");

    json_add_text(value, "result", check_word(check));
    json_add_text(value, "file", check->file);
    json_add_known(value, "run", check->run);
    json_add_known(value, "runs", check->runs);
    json_add_known(value, "seed", check->seed);
    json_add_known(value, "slowest_ms", (long)check->slowest_ms);
    json_add_text(value, "used", check->sources.used);
    json_add_text(value, "flag", check_flag(check));
    json_add_text(value, "note", check->note);
    json_add_text(value, "compiler", check->words);
    json_add_text(value, "wanted", check->report.check.wanted);
    json_add_text(value, "where", check->report.check.where);
    json_add_text(value, "likely", check->report.check.likely);
    return json_print(stream, run);
}

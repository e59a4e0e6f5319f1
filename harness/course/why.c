/* SPDX-License-Identifier: MIT
 *
 * why: see why.h.
 */
#define _GNU_SOURCE
#include "course/why.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/next.h"
#include "base/text.h"
#include "course/search.h"

/* One line, cut to the width of the page. The caller frees the text. */
static void say_line(FILE *stream, struct style style, size_t indent,
                     char *text)
{
    size_t room = (size_t)style.columns - indent;
    char *clean = text_clean(text, strlen(text));
    char *cut = text_cut(clean + text_skip_blanks(clean), room);

    fprintf(stream, "%*s%s\n", (int)indent, "", cut);
    free(cut);
    free(clean);
    free(text);
}

/* What has fitted, and for a famous string where it was reported. */
static void say_passage(FILE *stream, struct style style,
                        const struct passage *passage)
{
    const struct famous *famous = passage->famous;

    say_line(stream, style, 6, xstrdup(passage->text));
    if (famous != NULL)
        say_line(stream, style, 6,
                 xasprintf("(%s: %s)", famous->software, famous->source));
}

static void say_answer(FILE *stream, struct style style,
                       const struct answer *answer)
{
    const struct lab *lab = answer->lab;

    say_line(stream, style, 2,
             xasprintf("%02d  %s: %s", lab->number, lab->name, lab->title));
    say_passage(stream, style, answer->passage);
}

/* Commands, each with what it is for; frees them. */
static void say_command(FILE *stream, char *command, const char *purpose)
{
    fprintf(stream, "    %-28s %s\n", command, purpose);
    free(command);
}

static char *autopsy_command(void)
{
    return xasprintf("%s autopsy PID", next_forklab());
}

static void say_none(FILE *stream)
{
    fputs("none: no famous string, no symptom and no page of a lab is like "
          "it.\n\n",
          stream);
    say_command(stream, autopsy_command(), "why a process makes no progress");
    say_command(stream, next_verb("list", 0), "all labs");
}

static void say_nearest(FILE *stream, struct style style,
                        const struct answer *answer)
{
    const struct lab *lab = answer->lab;

    fputs("No string and no symptom fits.\n", stream);
    say_line(stream, style, 0,
             xasprintf("nearest: lab %02d, %s: %s", lab->number, lab->name,
                       lab->title));
    say_line(stream, style, 6, xstrdup(answer->passage->text));
}

static void say_commands(FILE *stream, int lab)
{
    fputc('\n', stream);
    say_command(stream, next_verb("explain", lab), "what it is");
    say_command(stream, next_verb("lab", lab), "see it happen");
    say_command(stream, autopsy_command(), "a process that hangs now");
}

static void say_answers(FILE *stream, const struct answers *answers)
{
    struct style style = style_for(stream);

    switch (answers->certainty) {
    case SEARCH_NONE:
        say_none(stream);
        return;
    case SEARCH_NEAREST:
        say_nearest(stream, style, &answers->item[0]);
        break;
    case SEARCH_FITS:
        for (size_t i = 0; i < answers->count; i++)
            say_answer(stream, style, &answers->item[i]);
        break;
    }
    say_commands(stream, answers->item[0].lab->number);
}

char *why_print(FILE *stream, const char *root, const struct lab_list *labs,
                const char *words, bool *found)
{
    struct passages passages;
    struct answers answers = {0};
    char *error = passages_read(root, labs, &passages);

    if (error == NULL) {
        answers = search_find(&passages, words);
        say_answers(stream, &answers);
    }
    *found = answers.count > 0;
    answers_free(&answers);
    passages_free(&passages);
    return error;
}

char *why_lab(FILE *stream, const char *root, const struct lab_list *labs,
              const char *words, const struct lab **lab)
{
    struct passages passages;
    struct answers answers = {0};
    char *error = passages_read(root, labs, &passages);

    *lab = NULL;
    if (error == NULL)
        answers = search_find(&passages, words);
    if (answers.certainty == SEARCH_FITS) {
        *lab = answers.item[0].lab;
        say_passage(stream, style_for(stream), answers.item[0].passage);
    } else if (error == NULL) {
        say_answers(stream, &answers);
    }
    answers_free(&answers);
    passages_free(&passages);
    return error;
}

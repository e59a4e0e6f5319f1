/* SPDX-License-Identifier: MIT
 *
 * answer: see answer.h.
 */
#define _GNU_SOURCE
#include "course/answer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/next.h"
#include "base/text.h"
#include "course/lesson.h"
#include "course/progress.h"

bool somebody_is_there(void)
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

static char *answers_path(const char *root)
{
    return xasprintf("%s/attempts/.answers", root);
}

/* Was there a yes for that lab before? */
static bool said_yes(const char *root, const struct lab *lab)
{
    char *path = answers_path(root);
    char *text = file_read(path, NULL);
    bool found = text != NULL && lesson_count_lines(text, lab->number) > 0;

    free(text);
    free(path);
    return found;
}

/* Where it cannot be noted, the question comes again. */
static void note_yes(const char *root, const struct lab *lab)
{
    char *directory = xasprintf("%s/attempts", root);
    char *path = answers_path(root);
    char *line = xasprintf("%d", lab->number);

    mkdir(directory, 0777);
    file_add_line(path, line);
    free(line);
    free(path);
    free(directory);
}

static bool reads_yes(FILE *stream)
{
    char line[64] = "";

    fflush(stream);
    return fgets(line, sizeof(line), stdin) != NULL &&
           (line[0] == 'y' || line[0] == 'Y');
}

static void say_instead(FILE *stream, const struct lab *lab)
{
    char *hint = next_verb("hint", lab->number);
    char *try = next_verb("try", lab->number);

    fprintf(stream,
            "\n    %-16s  a hint\n    %-16s  your own copy of the lab\n", hint,
            try);
    free(hint);
    free(try);
}

bool answer_allowed(FILE *stream, const char *root, const struct lab *lab)
{
    size_t hints;
    size_t shown = lesson_hints_shown(root, lab, &hints);

    if (switched_on("YES") || !somebody_is_there() || said_yes(root, lab) ||
        progress_get(root, lab) == PROGRESS_SAFE ||
        (hints > 0 && shown >= hints))
        return true;
    fprintf(stream,
            "This shows the cure of lab %02d; you have seen %zu of %zu hints.\n"
            "Show it? [y/N] ",
            lab->number, shown, hints);
    if (!reads_yes(stream)) {
        say_instead(stream, lab);
        return false;
    }
    fputc('\n', stream);
    note_yes(root, lab);
    return true;
}

/* The comment from there on, without its stars and line ends. */
static char *comment_text(const char *at)
{
    const char *end = strstr(at, "*/");
    size_t length = end != NULL ? (size_t)(end - at) : 0;
    char *text = xcalloc(length + 1, 1), *to = text;

    for (const char *from = at; from < at + length; from++) {
        bool star = *from == '*' && from > at && from[-1] == ' ';
        bool blank = *from == ' ' || *from == '\n' || star;
        if (!blank)
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > text && to[-1] == ' ')
        *--to = '\0';
    return text;
}

char *answer_reason(const char *root, const struct lab *lab)
{
    char *path = xasprintf("%s/solutions/%s.c", root, lab->stem);
    char *text = file_read(path, NULL);
    const char *at = text != NULL ? strstr(text, "/* FIX: ") : NULL;
    char *reason = at != NULL ? comment_text(at + strlen("/* FIX: ")) : NULL;

    free(text);
    free(path);
    return reason;
}

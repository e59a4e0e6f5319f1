/* SPDX-License-Identifier: MIT
 *
 * predict: see predict.h.
 */
#define _GNU_SOURCE
#include "course/predict.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/text.h"
#include "course/answer.h"

static const char *const words[] = {
    [HAPPENS_RIGHT] = "it ends, and all is right",
    [HAPPENS_WRONG] = "it ends, and the result is wrong",
    [HAPPENS_HANG] = "it hangs: somebody waits for ever",
    [HAPPENS_LEFT] = "it leaves something behind: a process, a descriptor",
    [HAPPENS_COST] = "it is right, and costs too much time or memory",
};
#define WORDS ((int)(sizeof(words) / sizeof(words[0])))

enum happening predict_ask(FILE *stream, const struct lab *lab)
{
    char line[64] = "";

    if (!switched_on("PREDICT") || !somebody_is_there())
        return HAPPENS_NOTHING;
    fprintf(stream, "lab %02d: %s\nRead %s. What will happen?\n\n", lab->number,
            lab->name, lab->source);
    for (int i = HAPPENS_RIGHT; i < WORDS; i++)
        fprintf(stream, "  %d  %s\n", i, words[i]);
    fprintf(stream, "\nYour prediction, 1 to %d (Enter: none): ", WORDS - 1);
    fflush(stream);
    if (fgets(line, sizeof(line), stdin) == NULL)
        return HAPPENS_NOTHING;
    fputc('\n', stream);
    long said = strtol(line, NULL, 10);
    return said > 0 && said < WORDS ? (enum happening)said : HAPPENS_NOTHING;
}

static bool any_fact(const struct facts *facts, const char *start,
                     const char *part)
{
    for (size_t i = 0; i < facts->count; i++) {
        const char *text = facts->item[i].text;
        if (strncmp(text, start, strlen(start)) == 0 && strstr(text, part))
            return true;
    }
    return false;
}

/* As the table of the labs puts it, by the facts of the header. */
static enum happening kind_of(const struct facts *hazard)
{
    static const char *const left[] = {"] zombie", "] socket", "] descriptor",
                                       "] left"};

    if (any_fact(hazard, "[", "] hang in "))
        return HAPPENS_HANG;
    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
        if (any_fact(hazard, "[", left[i]))
            return HAPPENS_LEFT;
    return HAPPENS_WRONG;
}

enum happening predict_seen(const struct report *report, const struct lab *lab)
{
    const struct facts *hazard =
        lab_hazard(lab, report->machine.libc, report->machine.kernel);

    if (report->outcome == OUTCOME_SAFE)
        return HAPPENS_RIGHT;
    if (report->outcome != OUTCOME_HAZARD || hazard == NULL)
        return HAPPENS_NOTHING;
    return lab->number / 10 == 7 ? HAPPENS_COST : kind_of(hazard);
}

static void note(const char *root, const struct lab *lab, enum happening said,
                 enum happening seen)
{
    char *directory = xasprintf("%s/attempts", root);
    char *path = xasprintf("%s/.predictions", directory);
    char *line = xasprintf("%d said %d saw %d", lab->number, said, seen);

    mkdir(directory, 0777);
    file_add_line(path, line);
    free(line);
    free(path);
    free(directory);
}

void predict_tell(FILE *stream, const char *root, const struct lab *lab,
                  enum happening said, enum happening seen)
{
    if (said == HAPPENS_NOTHING || seen == HAPPENS_NOTHING)
        return;
    if (said == seen)
        fprintf(stream, "\nYou predicted it: %s.\n", words[seen]);
    else
        fprintf(stream, "\nYou predicted: %s.\nIt was: %s.\n", words[said],
                words[seen]);
    note(root, lab, said, seen);
}

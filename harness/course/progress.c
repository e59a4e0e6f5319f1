/* SPDX-License-Identifier: MIT
 *
 * progress: see progress.h.
 */
#define _GNU_SOURCE
#include "course/progress.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "course/attempts.h"
#include "base/files.h"
#include "base/next.h"
#include "report/report.h"

static char *progress_path(const char *root)
{
    return xasprintf("%s/attempts/progress", root);
}

/* Is the line about that lab? 1 and 01 are the same. */
static bool is_about(const char *line, int number)
{
    char *end;

    return line[0] >= '0' && line[0] <= '9' &&
           strtol(line, &end, 10) == number && *end == ' ';
}

/* Does the line say that the lab is safe? */
static bool says_safe(const char *line)
{
    const char *word = line + strcspn(line, " ");

    return word[0] == ' ' && text_same(word + 1, strcspn(word + 1, " \n"),
                                       check_end_word(CHECK_SAFE));
}

/* The file as it is, but for the line of that lab. */
static void copy_others(FILE *stream, const char *text, int number)
{
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (length > 0 && !is_about(line, number))
            fprintf(stream, "%.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

bool progress_set(const char *root, const struct lab *lab, enum check_end end)
{
    char *path = progress_path(root);
    char *text = file_read(path, NULL);
    struct fresh_file file;
    char date[16] = "";
    time_t now = time(NULL);
    struct tm parts;

    if (localtime_r(&now, &parts) != NULL)
        strftime(date, sizeof(date), "%Y-%m-%d", &parts);
    if (fresh_open(&file, path)) {
        copy_others(file.stream, text ? text : "", lab->number);
        fprintf(file.stream, "%d %s %s\n", lab->number, check_end_word(end),
                date);
    }
    bool good = fresh_close(&file);
    free(text);
    free(path);
    return good;
}

enum progress progress_get(const char *root, const struct lab *lab)
{
    enum progress progress =
        attempt_exists(root, lab) ? PROGRESS_TRIED : PROGRESS_NONE;
    char *path = progress_path(root);
    char *text = file_read(path, NULL);

    for (const char *line = text; line != NULL && *line != '\0';) {
        if (lab != NULL && is_about(line, lab->number))
            progress = says_safe(line) ? PROGRESS_SAFE : PROGRESS_TRIED;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    free(text);
    free(path);
    return progress;
}

struct standing progress_standing(const char *root, const struct lab_list *labs)
{
    struct standing standing = {0};

    for (size_t i = 0; i < labs->count; i++) {
        const struct lab *lab = &labs->lab[i];
        enum progress progress = progress_get(root, lab);
        standing.safe += progress == PROGRESS_SAFE;
        standing.tried += progress == PROGRESS_TRIED;
        if (progress == PROGRESS_TRIED && standing.open == NULL)
            standing.open = lab;
        if (progress != PROGRESS_SAFE && standing.next == NULL)
            standing.next = lab;
    }
    return standing;
}

void progress_print(FILE *stream, const char *root, const struct lab_list *labs)
{
    struct standing standing = progress_standing(root, labs);

    if (standing.safe + standing.tried == 0)
        return;
    fprintf(stream, "\n%zu of %zu cured (+), %zu tried (.)", standing.safe,
            labs->count, standing.tried);
    if (standing.next != NULL) {
        char *command = next_verb("lab", standing.next->number);
        fprintf(stream, "; next: %s", command);
        free(command);
    }
    fputc('\n', stream);
}

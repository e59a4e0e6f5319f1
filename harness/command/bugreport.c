/* SPDX-License-Identifier: MIT
 *
 * bugreport: see bugreport.h.
 */
#define _GNU_SOURCE
#include "command/bugreport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/version.h"
#include "course/attempts.h"

#define NAME "attempts/bug-report.md"

/* A copy of the text in which `path` is called `word`. The caller frees it. */
static char *shorten(const char *text, const char *path, const char *word)
{
    char *copy = xstrdup("");
    size_t length = path != NULL ? strlen(path) : 0;

    /* "/" alone is in every path. */
    for (const char *at; length > 1 && (at = strstr(text, path)) != NULL;) {
        char *longer =
            xasprintf("%s%.*s%s", copy, (int)(at - text), text, word);
        free(copy);
        copy = longer;
        text = at + length;
    }
    char *all = xasprintf("%s%s", copy, text);
    free(copy);
    return all;
}

static void put(FILE *stream, const char *root, const char *text)
{
    char *project = shorten(text, root, ".");
    char *home = shorten(project, getenv("HOME"), "~");

    fputs(home, stream);
    free(home);
    free(project);
}

/* What changes how forklab runs, as far as it is set. */
static void put_environment(FILE *stream, const char *root)
{
    static const char *const names[] = {
        "CC",           "MUSL_CC", "LANG",         "LC_ALL",
        "TERM",         "COLUMNS", "LINES",        "FORKLAB_ROOT",
        "FORKLAB_CAGE", "TMPDIR",  "XDG_DATA_HOME"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        char *line =
            value != NULL ? xasprintf("%s=%s\n", names[i], value) : NULL;
        if (line != NULL)
            put(stream, root, line);
        free(line);
    }
}

static void put_all(FILE *stream, const char *root,
                    const struct bug_report *bug)
{
    struct utsname machine;

    fputs("# forklab " FORKLAB_VERSION "\n\n"
          "What I typed, what I saw, and what I had expected:\n\n"
          "\n## The machine\n\n```text\n",
          stream);
    if (uname(&machine) == 0)
        fprintf(stream, "%s %s %s\n", machine.sysname, machine.release,
                machine.machine);
    put_environment(stream, root);
    put(stream, root, bug->doctor);
    fputs("```\n", stream);
    if (bug->run == NULL)
        return;
    fputs("\n## The run\n\n```json\n", stream);
    put(stream, root, bug->run);
    fputs("```\n", stream);
}

char *bug_report_write(FILE *stream, const char *root,
                       const struct bug_report *bug)
{
    char *path = xasprintf("%s/" NAME, root), *error = NULL;
    char *attempts = xasprintf("%s/attempts", root);
    struct fresh_file file = {0};

    if (directories_make(attempts) && fresh_open(&file, path))
        put_all(file.stream, root, bug);
    if (!fresh_close(&file)) {
        error = xasprintf("cannot write %s: %s", path, strerror(errno));
    } else {
        char *shown = project_path(root, NAME);
        fprintf(stream,
                "%s\n\nRead it before you send it, and say at its top what you "
                "did and saw.\nNothing was sent anywhere.\n",
                shown);
        free(shown);
    }
    free(path);
    return error;
}

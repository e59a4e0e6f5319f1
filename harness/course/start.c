/* SPDX-License-Identifier: MIT
 *
 * start: see start.h.
 */
#define _GNU_SOURCE
#include "course/start.h"

#include <stdlib.h>

#include "base/next.h"
#include "course/progress.h"

/* "    make lab-01        the first one: said-once-read-twice" */
static void print_command(FILE *stream, const char *verb, const struct lab *lab,
                          const char *what)
{
    char *command = next_verb(verb, lab != NULL ? lab->number : 0);

    fprintf(stream, "\n    %-16s  %s%s%s\n", command, what,
            lab != NULL ? ": " : "", lab != NULL ? lab->name : "");
    free(command);
}

static void print_others(FILE *stream)
{
    char *list = next_verb("list", 0), *doctor = next_verb("doctor", 0);
    char *help =
        next_is_installed() ? xstrdup("forklab --help") : next_verb("help", 0);

    fprintf(stream,
            "\nEach screen ends with the next command. All labs: %s\n"
            "All commands: %s    What this machine can do: %s\n",
            list, help, doctor);
    free(list);
    free(help);
    free(doctor);
}

void print_start(FILE *stream, const char *root, const struct lab_list *labs)
{
    struct standing standing = progress_standing(root, labs);

    if (standing.safe + standing.tried == 0)
        fprintf(
            stream,
            "forklab: %zu small programs in which fork(2) goes wrong. Watch "
            "one fail,\nread why, change it until it is safe.\n",
            labs->count);
    else
        fprintf(stream, "forklab: %zu of %zu labs cured, %zu tried.\n",
                standing.safe, labs->count, standing.tried);
    if (standing.open != NULL)
        print_command(stream, "check", standing.open, "your attempt");
    else if (standing.next != NULL)
        print_command(stream, "lab", standing.next,
                      standing.safe > 0 ? "the next" : "the first");
    else if (labs->count > 0)
        print_command(stream, "handin", NULL, "all are cured: pack them up");
    print_others(stream);
}

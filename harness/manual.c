/* SPDX-License-Identifier: MIT
 *
 * manual: see manual.h.
 */
#define _GNU_SOURCE
#include "manual.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/version.h"
#include "course/lesson.h"
#include "course/web.h"

static const char status_text[] =
    "0 as wanted, 1 another outcome, 2 usage error or unknown lab, 3 not "
    "possible on this machine (it says why), 4 a bug in forklab";

/* ---- --help ---- */

void manual_help(const struct command_table *table, FILE *stream)
{
    fputs("usage: forklab COMMAND\n\n", stream);
    for (const struct command *command = table->commands; command->name;
         command++) {
        char *both = xasprintf("%s %s", command->name, command->arguments);
        fprintf(stream, "  %-22s %s\n", both, command->brief);
        free(both);
    }
    fputc('\n', stream);
    for (const struct command_option *option = table->options; option->name;
         option++) {
        char *both = xasprintf("--%s %s", option->name,
                               option->argument ? option->argument : "");
        fprintf(stream, "  %-22s %s\n", both, option->brief);
        free(both);
    }
    fputs("\nexit status: 0 as wanted, 1 another outcome, 2 usage error or "
          "unknown lab,\n3 not possible on this machine (it says why), 4 a bug "
          "in forklab\n"
          "FORKLAB_LANG=ja: explain and the page of a run in Japanese\n",
          stream);
}

/* ---- the manual ---- */

/* Escapes for roff: a backslash, a dot or quote at the start of a line, and
 * "-", which would become a hyphen that cannot be pasted into a shell. */
static void put_roff(FILE *stream, const char *text, size_t length)
{
    bool start = true;

    for (const char *at = text; at < text + length; at++) {
        if (start && (*at == '.' || *at == '\''))
            fputs("\\&", stream);
        if (*at == '\\')
            fputs("\\e", stream);
        else if (*at == '-')
            fputs("\\-", stream);
        else
            fputc(*at, stream);
        start = *at == '\n';
    }
}

static void put_text(FILE *stream, const char *text)
{
    put_roff(stream, text, strlen(text));
    fputc('\n', stream);
}

static void put_command(FILE *stream, const struct command *command)
{
    fprintf(stream, ".TP\n.B %s ", command->name);
    put_text(stream, command->arguments);
    char *brief = xasprintf("%c%s.", toupper((unsigned char)command->brief[0]),
                            command->brief + 1);
    put_text(stream, brief);
    free(brief);
    if (command->more != NULL)
        put_text(stream, command->more);
}

static void put_option(FILE *stream, const struct command_option *option)
{
    fprintf(stream, ".TP\n.BI \\-\\-%s \" %s\"\n", option->name,
            option->argument ? option->argument : "");
    char *brief = xasprintf("(%s) %s.", option->of, option->brief);
    put_text(stream, brief);
    free(brief);
}

void manual_command(const struct command_table *table, FILE *stream)
{
    fputs(".TH FORKLAB 1 \"\" \"forklab " FORKLAB_VERSION
          "\" \"User Commands\"\n"
          ".SH NAME\nforklab \\- what goes wrong with fork(2), in small "
          "programs that you can run\n"
          ".SH SYNOPSIS\n.B forklab\n.I COMMAND\n[\\fIOPTION\\fR...]\n"
          ".SH DESCRIPTION\n"
          "Each lab is a C program that fails deterministically and comes with "
          "a fix. forklab runs it contained, observes it from outside and "
          "reports what happened; if it hangs, forklab proves that. A time "
          "limit is never evidence.\n"
          ".SH COMMANDS\n",
          stream);
    for (const struct command *command = table->commands; command->name;
         command++)
        put_command(stream, command);
    fputs(".SH OPTIONS\nIn parentheses: the commands that take it.\n", stream);
    for (const struct command_option *option = table->options; option->name;
         option++)
        put_option(stream, option);
    fputs(".SH EXIT STATUS\n", stream);
    put_text(stream, status_text);
    fputs(".SH ENVIRONMENT\n"
          ".TP\n.B TMPDIR\nWhere the directory of each run is created; default "
          "/tmp.\n"
          ".TP\n.BR CC \", \" MUSL_CC\nThe compilers that check and grade use; "
          "default cc and musl\\-gcc.\n"
          ".TP\n.BR COLUMNS \", \" LINES \", \" NO_COLOR \", \" "
          "FORCE_COLOR\nHow a page looks.\n"
          ".TP\n.B FORKLAB_LANG\nFORKLAB_LANG=ja: explain and the page of a "
          "run speak Japanese where it is translated; JSON stays English.\n"
          ".TP\n.B PLAIN\nPLAIN=1: for screen readers, without columns and "
          "colours, each thing a line.\n"
          ".TP\n.B PREDICT\nPREDICT=1: at a terminal, run asks what a lab will "
          "do before it shows.\n"
          ".TP\n.B HOLD\nHOLD=1: run keeps what hangs alive for ten minutes "
          "and says how to look into it; HOLD=60: for 60 s.\n"
          ".TP\n.B YES\nYES=1: a cure is shown without a question.\n"
          ".SH SEE ALSO\n.BR forklab\\-labs (7),\n.BR fork (2),\n.BR "
          "pthread_atfork (3),\n.BR posix_spawn (3)\n",
          stream);
}

/* The page of a lab, or "index", where these are published. */
static void put_address(FILE *stream, const char *root, const char *page)
{
    char *address = web_address(root, page);

    if (address != NULL) {
        fputs(".br\n", stream);
        put_text(stream, address);
    }
    free(address);
}

static void put_lab(FILE *stream, const char *root, const struct lab *lab,
                    const struct lesson *lesson)
{
    char *plain = markdown_plain(lesson->in_short, strlen(lesson->in_short));
    char *name = xasprintf("%02d %s", lab->number, lab->name);

    fputs(".TP\n.B ", stream);
    put_text(stream, name);
    for (char *line = plain; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (length > 0) {
            put_roff(stream, line, length);
            fputc('\n', stream);
        }
        line += length + (line[length] == '\n');
    }
    for (size_t i = 0; i < lesson->symptoms.count; i++) {
        fputs(i == 0 ? ".br\nSymptoms: " : ";\n", stream);
        put_roff(stream, lesson->symptoms.item[i],
                 strlen(lesson->symptoms.item[i]));
    }
    fputc('\n', stream);
    put_address(stream, root, lab->stem);
    free(name);
    free(plain);
}

char *manual_labs(FILE *stream, const char *root, const struct lab_list *labs)
{
    int chapter = -1;
    char *error = NULL;

    fputs(".TH FORKLAB\\-LABS 7 \"\" \"forklab " FORKLAB_VERSION "\" \"Labs\"\n"
          ".SH NAME\nforklab\\-labs \\- all labs of forklab, with their "
          "symptoms\n"
          ".SH DESCRIPTION\nThe first digit of a number is its chapter. "
          "\\fBmake lab\\-31\\fR runs lab 31, labs/31\\-*.md is its page.\n",
          stream);
    for (size_t i = 0; i < labs->count && error == NULL; i++) {
        const struct lab *lab = &labs->lab[i];
        struct lesson lesson;
        if (lab->number / 10 != chapter) {
            chapter = lab->number / 10;
            fputs(".SH ", stream);
            for (const char *at = chapter_name(lab->number); *at != '\0'; at++)
                fputc(toupper((unsigned char)*at), stream);
            fputc('\n', stream);
        }
        error = lesson_read(root, lab, &lesson);
        if (error == NULL)
            put_lab(stream, root, lab, &lesson);
        lesson_free(&lesson);
    }
    fputs(".SH SEE ALSO\n.BR forklab (1),\n.BR fork (2),\n.BR "
          "signal\\-safety (7)\n",
          stream);
    put_address(stream, root, "index");
    return error;
}

/* ---- completion ---- */

/* The names of the commands whose argument is of that kind, as a pattern. */
static void put_commands(const struct command_table *table, FILE *stream,
                         enum takes takes)
{
    const char *before = "";

    for (const struct command *command = table->commands; command->name;
         command++)
        if (command->takes == takes) {
            fprintf(stream, "%s%s", before, command->name);
            before = " | ";
        }
}

/* Likewise for the options whose value is of that kind. */
static void put_values(const struct command_table *table, FILE *stream,
                       enum takes takes)
{
    const struct command_option *option = table->options;
    const char *before = "";

    for (; option->name != NULL; option++)
        if (option->takes == takes && option->argument != NULL) {
            fprintf(stream, "%s--%s", before, option->name);
            before = " | ";
        }
}

/* A line for each command: the options that it takes. */
static void put_options(const struct command_table *table, FILE *stream)
{
    for (const struct command *command = table->commands; command->name;
         command++) {
        const struct command_option *option = table->options;
        bool any = false;
        for (; option->name != NULL; option++)
            if (command_takes(option, command->name)) {
                if (!any)
                    fprintf(stream, "    %s) options='", command->name);
                fprintf(stream, "%s--%s", any ? " " : "", option->name);
                any = true;
            }
        if (any)
            fputs("' ;;\n", stream);
    }
}

/* The value of the option before the cursor. */
static void complete_values(const struct command_table *table, FILE *stream)
{
    fputs("    case $before in\n    ", stream);
    put_values(table, stream, TAKES_FILE);
    fputs(") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n    ", stream);
    put_values(table, stream, TAKES_DIRECTORY);
    fputs(") COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n    ", stream);
    put_values(table, stream, TAKES_LIBC);
    fputs(") COMPREPLY=($(compgen -W musl -- \"$word\")); return ;;\n    ",
          stream);
    put_values(table, stream, TAKES_NUMBER);
    fputs(") return ;;\n    esac\n", stream);
}

/* The argument of the command. */
static void complete_arguments(const struct command_table *table, FILE *stream)
{
    fputs("    case $command in\n    ", stream);
    put_commands(table, stream, TAKES_LAB);
    fputs(" | ", stream);
    put_commands(table, stream, TAKES_LAB_AND_FILE);
    fputs(")\n"
          "        if [ \"$COMP_CWORD\" -gt 2 ]; then\n"
          "            COMPREPLY=($(compgen -f -X '!*.c' -- \"$word\"))\n"
          "            return\n"
          "        fi\n"
          "        COMPREPLY=($(compgen -W \"$(\"${COMP_WORDS[0]}\" list all "
          "2>/dev/null |\n"
          "            sed -n 's/^\\([0-9][0-9]\\) .*/\\1/p')\" -- "
          "\"$word\"))\n"
          "        ;;\n    ",
          stream);
    put_commands(table, stream, TAKES_DIRECTORY);
    fputs(") COMPREPLY=($(compgen -d -- \"$word\")) ;;\n    ", stream);
    put_commands(table, stream, TAKES_SECTION);
    fputs(") COMPREPLY=($(compgen -W '1 7' -- \"$word\")) ;;\n    esac\n",
          stream);
}

void manual_completion(const struct command_table *table, FILE *stream)
{
    fputs("# Completion of forklab's commands, options and labs in bash:\n"
          "#     source <(build/forklab completion)\n"
          "_forklab()\n{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} options=\n"
          "    local before=${COMP_WORDS[COMP_CWORD - 1]} "
          "command=${COMP_WORDS[1]}\n"
          "    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '--help --version",
          stream);
    for (const struct command *command = table->commands; command->name;
         command++)
        fprintf(stream, " %s", command->name);
    fputs("' -- \"$word\"))\n        return\n    fi\n", stream);
    complete_values(table, stream);
    fputs("    case $command in\n", stream);
    put_options(table, stream);
    fputs("    esac\n"
          "    if [[ $word = -* ]]; then\n"
          "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
          "        return\n    fi\n",
          stream);
    complete_arguments(table, stream);
    fputs("}\n"
          "complete -o filenames -F _forklab forklab build/forklab "
          "./build/forklab\n",
          stream);
}

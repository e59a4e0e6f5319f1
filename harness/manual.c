/* SPDX-License-Identifier: MIT
 *
 * manual: see manual.h.
 */
#define _GNU_SOURCE
#include "manual.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "course/lesson.h"
#include "report/report.h"

/* What an option, or a command, takes behind it. */
enum takes { NOTHING, LAB, LAB_AND_FILE, FILE_NAME, FOLDER, NUMBER, WORD };

static const struct command {
    const char *name;
    const char *arguments;
    const char *brief; /* fits behind 28 columns */
    const char *more;  /* for the manual: whole sentences; may be NULL */
    enum takes takes;
} commands[] = {
    {"list", "[--json]", "all labs, and which of them you have cured",
     "A plus marks what a check has called safe, a dot what was tried.",
     NOTHING},
    {"run", "N", "run lab N and say what happened",
     "With --all: all labs and their solutions, as a table.", LAB},
    {"explain", "N", "why it happens, in a few lines", NULL, LAB},
    {"try", "N", "copy lab N to attempts/, to change it there",
     "An attempt that is there is never overwritten.", LAB},
    {"hint", "N", "one of three hints, the next time another", NULL, LAB},
    {"check", "N [FILE.c]", "is attempts/N-*.c (or FILE.c) safe? 20 runs",
     "Compiles it and runs it, each time with another seed, until a run is not "
     "safe; says what was wanted, what was seen, where, and one likely reason. "
     "With --program PATH: one run of a program that is compiled already.",
     LAB_AND_FILE},
    {"watch", "N", "the same, at each save, until Ctrl-C", NULL, LAB},
    {"reset", "N", "start again; what you have is kept",
     "It is renamed to attempts/NN-name.c.1, or the next number that is free.",
     LAB},
    {"why", "\"STRING\"", "from an error or a line of a stack to the labs",
     "The words are looked up in what the labs' pages say of symptoms. Status "
     "1: "
     "none of them has these words.",
     WORD},
    {"grade", "", "check all attempts; grades in five formats",
     "Gradescope, JUnit, TAP 13, GitHub Classroom and Exercism. Each attempt "
     "is "
     "compiled and run in a view of its own, where it sees no file of yours. "
     "Status 0 whatever the score is.",
     NOTHING},
    {"class", "FOLDER", "the grades of many as one table: see make class",
     "Reads FOLDER/students/*/results.json, writes class.csv and class.html.",
     FOLDER},
    {"cage", "-- COMMAND...", "any command: the same verdicts, nothing escapes",
     NULL, WORD},
    {"autopsy", "PID...", "why is this process not going on?",
     "What each of its threads waits for, who could still wake it, and whether "
     "the owner of a lock vanished at a fork. Nothing is disturbed.",
     WORD},
    {"doctor", "", "what this machine can do", NULL, NOTHING},
    {"completion", "", "for bash: source <(build/forklab completion)", NULL,
     NOTHING},
    {"manual", "1|7", "forklab(1) or forklab-labs(7), for man -l -", NULL,
     WORD},
    {NULL, NULL, NULL, NULL, NOTHING}};

static const struct option {
    const char *name, *argument; /* argument: NULL for none */
    const char *of;              /* the commands that take it */
    const char *brief;
    enum takes takes;
} options[] = {
    {"solution", NULL, "run", "run the solution instead of the lab", NOTHING},
    {"attempt", NULL, "run", "run build/attempts/N-* instead", NOTHING},
    {"program", "PATH", "run check", "run that program instead", FILE_NAME},
    {"all", NULL, "run", "all labs and solutions, as a table", NOTHING},
    {"libc", "musl", "run check", "what was built with musl", WORD},
    {"runs", "COUNT", "check grade", "so many instead of 20", NUMBER},
    {"seed", "SEED", "check", "only the run with that seed", NUMBER},
    {"deadline", "SECONDS", "run check grade cage",
     "default 10; never evidence of anything", NUMBER},
    {"json", "FILE", "run check cage autopsy",
     "the report as JSON too; - is stdout", FILE_NAME},
    {"quiet", NULL, "run check grade cage autopsy",
     "one line instead of the page", NOTHING},
    {"submission", "FOLDER", "grade", "instead of attempts/", FOLDER},
    {"out", "FOLDER", "grade", "instead of build/grade", FOLDER},
    {NULL, NULL, NULL, NULL, NOTHING}};

static const char status_text[] =
    "0 as wanted, 1 another outcome, 2 usage or unknown lab, 3 this machine "
    "cannot (it says why), 4 a bug of forklab";

bool usage_knows(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return true;
    return false;
}

/* ---- --help ---- */

void usage_print(FILE *stream)
{
    fputs("usage: forklab COMMAND\n\n", stream);
    for (const struct command *command = commands; command->name; command++) {
        char *both = xasprintf("%s %s", command->name, command->arguments);
        fprintf(stream, "  %-22s %s\n", both, command->brief);
        free(both);
    }
    fputc('\n', stream);
    for (const struct option *option = options; option->name; option++) {
        char *both = xasprintf("--%s %s", option->name,
                               option->argument ? option->argument : "");
        fprintf(stream, "  %-22s %s\n", both, option->brief);
        free(both);
    }
    fputs("\nexit status: 0 as wanted, 1 another outcome, 2 usage or unknown "
          "lab,\n3 this machine cannot (it says why), 4 a bug of forklab\n",
          stream);
}

/* ---- the manual ---- */

/* A backslash is the language's own sign, so are a dot and a quote at the start
 * of a line, and a bare "-" would become a hyphen, which nobody can copy. */
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

static void put_option(FILE *stream, const struct option *option)
{
    fprintf(stream, ".TP\n.BI \\-\\-%s \" %s\"\n", option->name,
            option->argument ? option->argument : "");
    char *brief = xasprintf("(%s) %s.", option->of, option->brief);
    put_text(stream, brief);
    free(brief);
}

void usage_manual(FILE *stream)
{
    fputs(".TH FORKLAB 1 \"\" \"forklab 0.1\" \"User Commands\"\n"
          ".SH NAME\nforklab \\- what goes wrong with fork(2), in small "
          "programs that you can run\n"
          ".SH SYNOPSIS\n.B forklab\n.I COMMAND\n[\\fIOPTION\\fR...]\n"
          ".SH DESCRIPTION\n"
          "Each lab is a C program that misbehaves in the same way every "
          "time, with its cure beside it. forklab runs it where nothing can "
          "escape, looks from outside, and says what happened; that a program "
          "hangs it proves. A time limit alone is never evidence.\n"
          ".SH COMMANDS\n",
          stream);
    for (const struct command *command = commands; command->name; command++)
        put_command(stream, command);
    fputs(".SH OPTIONS\nIn parentheses: the commands that take it.\n", stream);
    for (const struct option *option = options; option->name; option++)
        put_option(stream, option);
    fputs(".SH EXIT STATUS\n", stream);
    put_text(stream, status_text);
    fputs(".SH ENVIRONMENT\n"
          ".TP\n.B TMPDIR\nWhere each run has its own folder; /tmp.\n"
          ".TP\n.BR CC \", \" MUSL_CC\nThe compilers of check and grade; cc, "
          "musl\\-gcc.\n"
          ".TP\n.BR COLUMNS \", \" LINES \", \" NO_COLOR \", \" "
          "FORCE_COLOR\nHow a page looks.\n"
          ".SH SEE ALSO\n.BR forklab\\-labs (7),\n.BR fork (2),\n.BR "
          "pthread_atfork (3),\n.BR posix_spawn (3)\n",
          stream);
}

static void put_lab(FILE *stream, const struct lab *lab,
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
    free(name);
    free(plain);
}

char *usage_manual_of_labs(FILE *stream, const char *root,
                           const struct lab_list *labs)
{
    int chapter = -1;
    char *error = NULL;

    fputs(".TH FORKLAB\\-LABS 7 \"\" \"forklab 0.1\" \"Labs\"\n"
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
            put_lab(stream, lab, &lesson);
        lesson_free(&lesson);
    }
    fputs(".SH SEE ALSO\n.BR forklab (1),\n.BR fork (2),\n.BR "
          "signal\\-safety (7)\n",
          stream);
    return error;
}

/* ---- completion ---- */

static void put_names(FILE *stream, enum takes takes)
{
    bool first = true;

    for (const struct command *command = commands; command->name; command++)
        if (command->takes == takes ||
            (takes == LAB && command->takes == LAB_AND_FILE)) {
            fprintf(stream, "%s%s", first ? "" : " | ", command->name);
            first = false;
        }
}

static bool takes_option(const struct option *option, const char *command)
{
    size_t length = strlen(command);

    for (const char *at = option->of; (at = strstr(at, command)) != NULL; at++)
        if ((at == option->of || at[-1] == ' ') &&
            (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static void put_options(FILE *stream)
{
    for (const struct command *command = commands; command->name; command++) {
        bool any = false;
        for (const struct option *option = options; option->name; option++)
            if (takes_option(option, command->name)) {
                if (!any)
                    fprintf(stream, "    %s) options='", command->name);
                fprintf(stream, "%s--%s", any ? " " : "", option->name);
                any = true;
            }
        if (any)
            fputs("' ;;\n", stream);
    }
}

void usage_completion(FILE *stream)
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
    for (const struct command *command = commands; command->name; command++)
        fprintf(stream, " %s", command->name);
    fputs("' -- \"$word\"))\n        return\n    fi\n"
          "    case $before in\n"
          "    --json | --program) COMPREPLY=($(compgen -f -- \"$word\")); "
          "return ;;\n"
          "    --submission | --out) COMPREPLY=($(compgen -d -- \"$word\")); "
          "return ;;\n"
          "    --libc) COMPREPLY=($(compgen -W musl -- \"$word\")); return ;;\n"
          "    --runs | --seed | --deadline) return ;;\n"
          "    esac\n"
          "    case $command in\n",
          stream);
    put_options(stream);
    fputs("    list) options='--json' ;;\n    esac\n"
          "    if [[ $word = -* ]]; then\n"
          "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
          "        return\n    fi\n"
          "    case $command in\n    ",
          stream);
    put_names(stream, LAB);
    fputs(")\n"
          "        if [ \"$COMP_CWORD\" -gt 2 ]; then\n"
          "            COMPREPLY=($(compgen -f -X '!*.c' -- \"$word\"))\n"
          "            return\n"
          "        fi\n"
          "        COMPREPLY=($(compgen -W \"$(\"${COMP_WORDS[0]}\" list "
          "2>/dev/null |\n"
          "            sed -n 's/^\\([0-9][0-9]\\) .*/\\1/p')\" -- "
          "\"$word\"))\n"
          "        ;;\n    ",
          stream);
    put_names(stream, FOLDER);
    fputs(") COMPREPLY=($(compgen -d -- \"$word\")) ;;\n"
          "    manual) COMPREPLY=($(compgen -W '1 7' -- \"$word\")) ;;\n"
          "    esac\n}\n"
          "complete -o filenames -F _forklab forklab build/forklab "
          "./build/forklab\n",
          stream);
}

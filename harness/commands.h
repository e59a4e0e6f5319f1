/* SPDX-License-Identifier: MIT
 *
 * commands: the table of forklab's commands and the table of their options.
 * Parsing, --help, the manual pages, completion and dispatch all read these two
 * tables; nothing else lists commands or options. To add a command: one line in
 * commands.c, one function in command/run.c (programs are run or looked at),
 * command/make.c (what the Makefile asks) or command/course.c (the rest).
 */
#ifndef FORKLAB_COMMANDS_H
#define FORKLAB_COMMANDS_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "oracle/labs.h"
#include "run/run.h"

/* Exit status. A command that a signal interrupts returns 128 + SIGINT. */
enum {
    STATUS_WANTED, /* what was asked for, or what a lab is expected to do */
    STATUS_OTHER,  /* another outcome */
    STATUS_USAGE,  /* wrong arguments, or no such lab */
    STATUS_CANNOT, /* this machine cannot */
    STATUS_BUG     /* a bug of forklab */
};

/* Set by SIGINT, SIGTERM and SIGHUP; a run in progress is then ended. */
extern volatile sig_atomic_t interrupted;

/* Seconds, where no deadline was asked for. A lab and its solution end by
 * themselves, so theirs is for a machine that is very busy; an attempt may not,
 * and somebody waits for it. */
#define DEADLINE 10
#define LAB_DEADLINE 60

/* The options of one command line, by the name that each has there. */
struct options {
    enum variant variant;
    const char *program;
    const char *json;
    const char *submission, *out;
    double deadline_s; /* 0: the default */
    double falsify_s;  /* 0: a proof ends the run */
    int runs;          /* 0: the command's own default */
    int seed;          /* 0: all */
    bool musl, all, quiet;
    bool list_json; /* --json of `list`, which has no file */
};

/* One command line, as its command gets it. */
struct call {
    const char *name;            /* of the command */
    char **argv;                 /* its arguments, no options; NULL ends it */
    const char *root;            /* the project's directory; see project.h */
    const struct lab_list *labs; /* all labs */
    const struct options *options;
};

/* What an argument or the value of an option is: for completion, and so that
 * process numbers can be checked first. */
enum takes {
    TAKES_NOTHING,
    TAKES_LAB,
    TAKES_LAB_AND_FILE,
    TAKES_FILE,
    TAKES_DIRECTORY,
    TAKES_NUMBER,
    TAKES_PROCESS,
    TAKES_LIBC,
    TAKES_SECTION,
    TAKES_WORD
};

/* What must be there before a command runs. */
enum place {
    PLACE_NONE, /* nothing: call.root and call.labs are NULL */
    PLACE_READ, /* the labs, which are only read */
    PLACE_WORK  /* the labs, and a directory that can be written */
};

/* Where options may stand among the arguments. */
enum reads {
    READS_OPTIONS, /* anywhere */
    READS_FIRST,   /* before the first argument, which begins a command line */
    READS_WORDS    /* nowhere: words may begin with dashes */
};

struct command {
    const char *name;
    const char *arguments; /* as --help shows them; "" for none */
    const char *brief;     /* at most 55 columns */
    const char *more;      /* for the manual: whole sentences, or NULL */
    enum takes takes;
    enum place place;
    enum reads reads;
    int (*run)(const struct call *call); /* returns the exit status */
};

struct command_option {
    const char *name, *argument; /* argument: NULL for none */
    const char *of;              /* the commands that take it, by blanks */
    const char *brief;           /* at most 55 columns */
    enum takes takes;
    /* Checks the value (NULL where there is none) and stores it. */
    void (*set)(struct options *options, const char *value);
};

/* Both end with an entry whose name is NULL. */
extern const struct command commands[];
extern const struct command_option command_options[];

/* Does the command of that name take the option? */
bool command_takes(const struct command_option *option, const char *name);

/* Parses argv, which begins with the name of a command, runs that command and
 * returns the exit status. */
int command_main(int argc, char **argv);

/* Writes "forklab: ..." to stderr and exits with that status. */
__attribute__((format(printf, 2, 3), noreturn)) void
command_fail(int status, const char *format, ...);

/* The stream for --json=PATH, which is stdout for "-". Ends forklab if it
 * cannot be opened. */
FILE *command_open_json(const char *path);

/* Closes that stream, unless it is stdout. Ends forklab if that fails, or if
 * not all was written before (`good` is false, errno says why). */
void command_close_json(FILE *stream, const char *path, bool good);

/* ---- the commands: command/run.c ---- */

int command_autopsy(const struct call *call);
int command_cage(const struct call *call);
int command_run(const struct call *call);
int command_stress(const struct call *call);

/* Ends forklab if a process number is below 0: getopt_long(3) would take it for
 * an option. */
void command_refuse_negative(char **argv);

/* ---- the commands: command/course.c ---- */

int command_check(const struct call *call);
int command_class(const struct call *call);
int command_completion(const struct call *call);
int command_diff(const struct call *call);
int command_doctor(const struct call *call);
int command_explain(const struct call *call);
int command_grade(const struct call *call);
int command_hint(const struct call *call);
int command_list(const struct call *call);
int command_manual(const struct call *call);
int command_reset(const struct call *call);
int command_try(const struct call *call);
int command_watch(const struct call *call);
int command_why(const struct call *call);

/* ---- the commands: command/make.c ---- */

int command_meant(const struct call *call);
int command_needs(const struct call *call);

#endif

/* SPDX-License-Identifier: MIT
 *
 * call: what a command is given (its arguments, its options, the labs), what a
 * line of the table of commands consists of, and how a command ends early.
 */
#ifndef FORKLAB_CALL_H
#define FORKLAB_CALL_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "course/submissions.h"
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
    const char *submission, *out, *base, *kept, *stamp, *sarif;
    struct part part;  /* of a class */
    double deadline_s; /* 0: the default */
    double falsify_s;  /* 0: a proof ends the run */
    int runs;          /* 0: the command's own default */
    int seed;          /* 0: all */
    int jobs;          /* 0: one */
    bool musl, all, quiet, watch;
    bool pages, autolab;
    bool list_json; /* --json of `list`, which has no file */
};

struct command_table;

/* One command line, as its command gets it. */
struct call {
    const char *name;            /* of the command */
    char **argv;                 /* its arguments, no options; NULL ends it */
    const char *root;            /* the project's directory; see project.h */
    const struct lab_list *labs; /* all labs */
    const struct options *options;
    const struct command_table *table; /* all commands, for the manual */
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

/* Each of the two arrays ends with an entry whose name is NULL. */
struct command_table {
    const struct command *commands;
    const struct command_option *options;
};

/* Does the command of that name take the option? */
bool command_takes(const struct command_option *option, const char *name);

/* Writes "forklab: ..." to stderr and exits with that status. */
__attribute__((format(printf, 2, 3), noreturn)) void
command_fail(int status, const char *format, ...);

/* The stream for --json=PATH, which is stdout for "-". Ends forklab if it
 * cannot be opened. */
FILE *command_open_json(const char *path);

/* Closes that stream, unless it is stdout. Ends forklab if that fails, or if
 * not all was written before (`good` is false, errno says why). */
void command_close_json(FILE *stream, const char *path, bool good);

#endif

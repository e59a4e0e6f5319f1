/* SPDX-License-Identifier: MIT
 *
 * check: is a student's attempt at a lab safe? Compiles it, runs it many times,
 * each time with another seed (FORKLAB_SEED, see lab.h; odd seeds on one CPU),
 * and stops at the first run that is not safe.
 */
#ifndef FORKLAB_CHECK_H
#define FORKLAB_CHECK_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "course/sources.h"
#include "oracle/labs.h"
#include "print/printers.h"
#include "report/report.h"

#define CHECK_RUNS 20

struct check;

struct check_options {
    int runs; /* seeds 1 to runs; CHECK_RUNS */
    int seed; /* only this one; 0: all */
    double deadline_s;
    int jobs; /* runs at a time, the first excepted; 0 is 1. Only with tell */
    /* Writes what is to be said of a check; where several runs are made at a
     * time, a process that knows the failed one calls it. May be NULL */
    bool (*tell)(FILE *stream, const struct check *check,
                 const struct lab *lab);
    const struct known *known; /* where root has no solutions/; or NULL */
    bool musl;                 /* compiled and linked with musl */
    bool (*sealed)(void); /* called between the compiler and the first run; if
                             it returns false, nothing is run. May be NULL */
    bool (*own_network)(void); /* gives a process that makes runs beside others
                                  a network; NULL: then there are none */
    volatile sig_atomic_t *interrupted;
    bool progress; /* "run 3 of 20" on stderr, on one line that vanishes */
};

enum check_end {
    CHECK_SAFE,     /* all runs were */
    CHECK_HAZARD,   /* the lab's hazard is still there */
    CHECK_BROKEN,   /* neither: it does something else than the lab */
    CHECK_SAME,     /* it is the lab, byte by byte: nothing was run */
    CHECK_COMPILER, /* it does not compile; words tells */
    CHECK_SKIP,     /* this machine lacks what the lab needs; reason tells */
    CHECK_CANNOT,   /* no file, no compiler, no room ...; reason tells */
    CHECK_STOPPED,  /* interrupted */
};

struct check {
    enum check_end end;
    char *file;  /* as it was shown to the compiler */
    bool given;  /* it was named, and is not the one in attempts/ */
    char *words; /* of the compiler, warnings too; NULL: silent */
    char *reason;
    struct report report; /* of the last run, with what the check says of it;
                             without a run, the lab and the reason */
    int run, runs;        /* the last run, from 1; and how many were to be */
    int seed;             /* of the last run */
    double slowest_ms;    /* the longest of the runs that this process made */
    int told;             /* a file with what options->tell wrote, which stands
                             for the report; 0: the report is here */
    bool musl;
    char *note;     /* the lab itself was changed; NULL: it was not, or that is
                       not known */
    char *our_cure; /* the FIX comment of the solution; NULL: not safe */
    struct sources sources; /* the attempt's beside the lab's */
};

/* Checks `file`, or root's attempts/STEM.c where it is NULL. The caller calls
 * check_free() in any case. */
void check_attempt(const char *root, const struct lab *lab, const char *file,
                   const struct check_options *options, struct check *check);
void check_free(struct check *check);

/* "safe", "hazard", "broken", "unchanged", "not compiled", "skipped", "not
 * checked", "interrupted". Static. */
const char *check_word(const struct check *check);
const char *check_end_word(enum check_end end);

/* The end that has this word; CHECK_CANNOT for NULL and for unknown words. */
enum check_end check_end_named(const char *word);

/* Why a person should look at an attempt that was found safe; NULL: nothing
 * speaks against it, or it was not. The check's. */
const char *check_flag(const struct check *check);

/* Says it all on one page, and what to do next: `next` is the lab after this
 * one, or NULL. What keeps a check from being made is left to the caller. */
void print_check(FILE *stream, struct style style, const struct check *check,
                 const struct lab *lab, const struct lab *next);

/* JSON of the last run by run.schema.json, with a member "check"; ends with a
 * newline. False if it could not be written (errno tells). */
bool print_check_json(FILE *stream, const struct check *check);

#endif

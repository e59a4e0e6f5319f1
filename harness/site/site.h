/* SPDX-License-Identifier: MIT
 *
 * site: the reference as static HTML. What it is made of, and what its files
 * share. The data: the labs as `forklab list --json` prints them, the pages
 * of labs/, strings.tsv and WHICH.md, the sources, and for each lab the JSON of
 * a run; for some a run of it and one of its cure that also say what was in
 * memory (watch/). Nothing here runs a program.
 */
#ifndef FORKLAB_SITE_H
#define FORKLAB_SITE_H

#include <stdbool.h>
#include <stdio.h>

#include "site/markdown.h"
#include "site/trace.h"

struct lab_page {
    int number;
    char *stem;    /* "31-lock-nobody-holds" */
    char *chapter; /* "vanished threads: locks" */
    char *symptom; /* "the child hangs in pthread_mutex_lock" */
    char *string;  /* "__lll_lock_wait": what an error report has; NULL: none */
    char *brief;   /* In short, as text */
    struct document *page;
    struct trace *trace; /* NULL: there is no run of it */
    /* Of the program and of its cure, with their memory; NULL: not watched. */
    struct trace *order[2];
};

/* What somebody sees or pastes, and where it leads. */
struct symptom {
    char *text;     /* by which it is sorted and found */
    char *software; /* that says it; NULL: it is from a page */
    char *source;   /* a public report; NULL: from a page */
    const struct lab_page *lab;
};

struct site {
    const char *root; /* the directory of the project */
    const char *data; /* labs.json, runs/NN.json */
    const char *out;
    const char *base; /* "https://.../"; "": nobody has said it */
    const char *up;   /* "../" in another language, where OUT is below; or "" */
    char **languages; /* "ja": those that there are besides; NULL ends them */
    struct lab_page *lab;
    size_t labs;
    struct symptom *symptom;
    size_t symptoms;
    struct document *which;
};

/* Reads all of it, or dies. */
void site_load(struct site *site);
void site_free(struct site *site);

const struct lab_page *site_lab(const struct site *site, int number);

/* The pages: each writes its files, or dies. */
void write_lab(const struct site *site, size_t index);
void write_home(const struct site *site);
void write_symptoms(const struct site *site);
void write_which(const struct site *site);
void write_may_i_fork(const struct site *site);
void write_functions(const struct site *site);
void write_others(const struct site *site);
void write_sitemap(const struct site *site);

/* The box "First": the question that separates a lab from those that look
 * alike, from WHICH.md. */
void write_first(FILE *stream, const struct site *site,
                 const struct lab_page *lab);

/* Both sources side by side, with the lines of the diff marked. */
void write_pair(FILE *stream, const struct site *site,
                const struct lab_page *lab);

/* "You are the thread": the reader chooses who runs next. Nothing where the lab
 * was not watched. */
void write_orders(FILE *stream, const struct lab_page *lab);

/* Says what is wrong, and ends with status 1. */
void site_die(const char *format, ...)
    __attribute__((format(printf, 1, 2), noreturn));

#endif

/* SPDX-License-Identifier: MIT
 *
 * bench: what the parts of `make bench` share. Each measures one group of rows,
 * floor, peers and ours side by side in one run on one machine; see main.c.
 */
#ifndef FORKLAB_BENCH_H
#define FORKLAB_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FORKLAB "build/forklab"
#define LOAD "build/bench-load"
#define STAMP "build/bench-stamp.so"
#define REPORT "build/bench.json"

/* ---- measure.c ---- */

#define MOST 400

/* Values of several runs. Runs without a value are counted, not dropped. */
struct sample {
    double value[MOST];
    int count, without;
};

void sample_add(struct sample *sample, double value);
/* -1 where there is no value. Both sort. */
double sample_median(struct sample *sample);
double sample_p90(struct sample *sample);
double sample_least(struct sample *sample);

double now_ms(void);
void pause_ms(double ms);

/* Starts a command with its output thrown away; -1: it is not here. */
pid_t start(char *const *argv);

/* What a command took, with all that it waited for. */
struct cost {
    double wall, cpu; /* ms; wall is -1 if it is not here */
};
struct cost cost_of(char *const *argv);

/* The CPU time that one process has used by itself, ms; -1: it has gone. */
double cpu_of(pid_t pid);

/* Ends a process, and waits for it. */
void end(pid_t pid);

/* A command line, split at blanks: at most 15 words. The words are copied to a
 * static ring: at most eight are good at once. */
char **words(const char *line);

/* ---- table.c ---- */

/* One line of the last table. What is not here is -1. */
struct row {
    const char *name; /* "verdict-10" */
    const char *unit; /* "ms" ... */
    const char *floor_is, *peer_is;
    double floor, peer, ours, p90;
    int runs, unproved;
    double ratio; /* what harness/bench/bounds.tsv limits: ours to what. 0: it
                     is ours to floor */
};

void table_add(struct row row);

/* What is not here, and why. */
void table_miss(const char *name, const char *why);

/* The table floor / peers / ours / ratio on stdout, and build/bench.svg. */
void table_print(void);
bool table_draw(const char *path);

/* Writes "name ratio" lines. */
bool table_save(const char *path);

/* ---- bounds.c ---- */

/* Compares ratios with bounds, both files of "name<TAB>number" lines, and
 * prints TAP and "N passed, N failed". `only` as for wanted(), or NULL. Returns
 * the exit status: 1 if one is above its bound, or missing. */
int bounds_compare(const char *bounds, const char *measured, const char *only);

/* ---- the groups, and what was asked for: choice.c ---- */

/* Fewer runs, and only what has a bound: make check-bench. */
extern bool quick;
/* A part of the names of the rows that are asked for; NULL: all. */
extern const char *only_rows;

/* Is that row asked for? */
bool wanted(const char *name);
/* ... by its whole name? */
bool named(const char *name);

int runs_of(int many, int few);

void bench_verdicts(void); /* verdicts.c */
void bench_watcher(void);  /* watcher.c */
void bench_start(void);    /* start.c */
void bench_calls(void);    /* calls.c */
void bench_explain(void);  /* explain.c */
void bench_suite(void);    /* suite.c */

#endif

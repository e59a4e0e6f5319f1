/* SPDX-License-Identifier: MIT
 *
 * lab: what a lab is, as its header says: number, name, title, the facts that
 * it must show, and what it needs. The grammar of a header is in header.h.
 *
 * Ownership: a lab owns every string and array in it; lab_free() frees them.
 */
#ifndef FORKLAB_LAB_H
#define FORKLAB_LAB_H

#include <stdbool.h>
#include <stddef.h>

#include "cage/output.h"
#include "cage/witness.h"
#include "report/fact.h"

/* "4.19"; 0.0: none. */
struct release {
    unsigned major, minor;
};

struct lab {
    int number;   /* 31 */
    char *stem;   /* "31-lock-nobody-holds" */
    char *name;   /* "lock-nobody-holds" */
    char *title;  /* what stands after "31-lock-nobody-holds: " */
    char *source; /* "labs/31-lock-nobody-holds.c", from the project's root */
    struct facts hazard, safe;
    struct facts hazard_musl, safe_musl; /* empty: as everywhere */
    bool cured_in_musl;                  /* "Hazard (musl): none" */
    struct facts hazard_newer; /* since that version: "Hazard (glibc 2.43)" */
    struct release newer;
    struct release cured_in_linux; /* "Hazard (Linux 4.19): none" */
    char **needs;                  /* words of the Needs: line */
    size_t need_count;
    unsigned work; /* enum work of cage/witness.h: the Work: line */
    enum output_kind output;
    struct strings programs; /* "Work: program:sh": roles that a process has
                                only by executing a program of that name */
    char *bare; /* {n} of a run that nobody hands a number: the Number: line;
                   NULL: its lines have none */
    char *plot; /* "us at MiB", see measured.h; NULL: measures nothing */
    int lines;  /* of the whole file */
};

/* Has this kernel, "6.1.0-17-amd64", cured the hazard? */
bool lab_cured_in_linux(const struct lab *lab, const char *kernel);

/* The facts of the lab, and of its solution, by the C library that they run
 * with, "glibc 2.36" or "musl 1.2.3", and the kernel. NULL: one of them has
 * cured the hazard, and the lab must be safe. */
const struct facts *lab_hazard(const struct lab *lab, const char *libc,
                               const char *kernel);
const struct facts *lab_safe(const struct lab *lab, const char *libc);

/* A word for the first of these works: "thread". NULL for 0. */
const char *work_word(unsigned work);

/* The work of that word; 0: there is none. */
unsigned work_by_word(const char *word);

/* Does its Needs: line have that word? */
bool lab_needs(const struct lab *lab, const char *word);

/* The chapter that a lab's number belongs to: "the copy" for 1 to 9 ... */
const char *chapter_name(int number);

void lab_free(struct lab *lab);

/* Is it the name of a lab's file: NN-name.c, of a-z, 0-9 and -? */
bool is_lab_file(const char *name);

#endif

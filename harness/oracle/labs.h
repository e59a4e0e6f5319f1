/* SPDX-License-Identifier: MIT
 *
 * labs: finding labs and reading their headers.
 *
 * The folders are the list: a lab is labs/NN-symptom.c with solutions/
 * NN-symptom.c beside it. What a run of it must show stands in the comment at
 * its top (DESIGN: one fact a line):
 *
 *      * Hazard:  [child] hang in pthread_mutex_lock, owner vanished
 *      * Safe:    child saw 1 1
 *      *          [child] exit 42
 *      * Work:    thread
 *      * Needs:   mariadb
 *      * Output:  pipe
 *      * Plot:    us at MiB
 *
 * Where a run with musl shows something else than one with glibc, a list of its
 * own says so; the C library of the program that runs chooses:
 *
 *      * Hazard (musl):  [child] hang in pthread_mutex_lock
 *      * Safe (musl):    2 [child] exit 42
 *
 * "Hazard (musl): none" is a hazard that musl has cured: there the lab, too,
 * must show what is Safe. "Needs: glibc" is a lab that musl cannot run at all.
 *
 * The grammar. The file begins with the comment, its first line is the SPDX
 * line, then comes "NN-name: title." with the file's own stem; the title may go
 * on in the next lines. A word stands where the text of the comment starts, its
 * first fact behind it; further facts are indented to the column of the first,
 * with no empty line between. Each word at most once; Hazard: and Safe: are
 * there and differ. What stands in the names, titles and facts is plain ASCII.
 *
 * A fact that starts with [ is a finding, in words of vocabulary.h. A number
 * and one space before a fact is its count: "3 hello" is hello three times.
 * Evidence that starts with a number and a space is written with its count: "1
 * 2 3" is once "2 3". A fact that stands twice in a list counts twice.
 *
 * Work: is what the program must do besides, so that it is not enough to print
 * what is Safe: "thread", it starts one; "pipe", it makes one, or a pair of
 * sockets; "socket", it binds one to an address; "program", it starts another
 * one by exec.
 *
 * A finding of Safe: in parentheses, "(2 [worker] exit 42)", may show, up to so
 * often: there are cures of another shape than the solution's.
 */
#ifndef FORKLAB_LABS_H
#define FORKLAB_LABS_H

#include <stdbool.h>
#include <stddef.h>

/* A fact and how often it must show; "3 hello" is {3, "hello"}. */
struct fact {
    int count;
    char *text; /* evidence as written, a finding with its "[role] " */
    bool may;   /* it need not show, and not more often than that */
};

struct facts {
    struct fact *item;
    size_t count;
};

/* What a program must do, by the Work: line. */
enum work {
    WORK_THREAD = 1,
    WORK_PIPE = 2,
    WORK_SOCKET = 4,
    WORK_PROGRAM = 8,
};

/* What stdout and stderr of the lab are. */
enum output_kind { OUTPUT_SEQPACKET, OUTPUT_PIPE, OUTPUT_PTY, OUTPUT_FILE };

struct lab {
    int number;   /* 31 */
    char *stem;   /* "31-lock-nobody-holds" */
    char *name;   /* "lock-nobody-holds" */
    char *title;  /* what stands behind "31-lock-nobody-holds: " */
    char *source; /* "labs/31-lock-nobody-holds.c", from the project's root */
    struct facts hazard, safe;
    struct facts hazard_musl, safe_musl; /* empty: as everywhere */
    bool cured_in_musl;                  /* "Hazard (musl): none" */
    char **needs;                        /* words of the Needs: line */
    size_t need_count;
    unsigned work; /* enum work */
    enum output_kind output;
    char *plot; /* "us at MiB", see measured.h; NULL: measures nothing */
    int lines;  /* of the whole file */
};

struct lab_list {
    struct lab *lab; /* by rising number */
    size_t count;
};

/* Reads the header of one C file into *lab (number and stem come from the
 * file's name). Returns NULL, or what is wrong as "labs/x.c:5: ..." (the
 * caller frees it); *lab is then empty. Every `Word:` that is not part of the
 * grammar is an error which names the line: a misspelt Safe: must not vanish.
 */
char *lab_read(const char *path, struct lab *lab);

/* The same for a file whose content is in memory; path is only its name. */
char *lab_parse(const char *path, const char *text, size_t size,
                struct lab *lab);

/* Reads all of labs/NN-*.c below root. Returns NULL or the first error, as
 * lab_read() does; *list is then empty. Two labs with one number are an error.
 * Files that are no labs (NN-name.exec.c, NN-name.so.c) are left out. */
char *labs_find(const char *root, struct lab_list *list);

/* The lab of that number; NULL if there is none, and *nearest is then the one
 * whose number is nearest (NULL in an empty list). */
const struct lab *labs_get(const struct lab_list *list, int number,
                           const struct lab **nearest);

/* What the lab must show, and its solution, by the C library that they run
 * with. NULL: that library has cured the hazard, and the lab must be safe. */
const struct facts *lab_hazard(const struct lab *lab, bool musl);
const struct facts *lab_safe(const struct lab *lab, bool musl);

/* A word for the first of these works: "thread". NULL for 0. */
const char *work_word(unsigned work);

/* Does its Needs: line have that word? */
bool lab_needs(const struct lab *lab, const char *word);

/* The chapter that a lab's number belongs to: "the copy" for 1 to 9 ... */
const char *chapter_name(int number);

void lab_free(struct lab *lab);
void labs_free(struct lab_list *list);

#endif

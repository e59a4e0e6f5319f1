/* SPDX-License-Identifier: MIT
 *
 * passages: all that a search can find, each with its words: the famous
 * strings, the symptoms of the pages, the lines of "You see", and the pages'
 * whole text, a paragraph each. And how much a word tells: the fewer labs have
 * it in their page or strings, the more (inverse document frequency, Sparck
 * Jones 1972).
 */
#ifndef FORKLAB_PASSAGES_H
#define FORKLAB_PASSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "course/famous.h"
#include "oracle/labs.h"

/* From the one that comes first among equals. */
enum passage_kind {
    PASSAGE_FAMOUS,
    PASSAGE_SYMPTOM,
    PASSAGE_SEEN,
    PASSAGE_TEXT
};

#define NO_TERM ((size_t)-1)

struct passage {
    enum passage_kind kind;
    const struct lab *lab;       /* of a famous string: the first one */
    const struct famous *famous; /* NULL where it is none */
    char *text;
    size_t *term;      /* its words; those of the software come last */
    size_t terms, own; /* own: without the software */
    double sum;        /* how much its own words tell */
};

struct term;

struct passages {
    struct passage *item;
    size_t count;
    struct famous_list famous;
    void *vocabulary;   /* a tree of struct term */
    struct term **term; /* by number */
    size_t terms, labs;
};

/* Reads the table and all pages. Returns NULL or what is wrong, which the
 * caller frees; passages_free() in any case. */
char *passages_read(const char *root, const struct lab_list *labs,
                    struct passages *passages);
void passages_free(struct passages *passages);

/* The number of a word, or NO_TERM: no page has it. */
size_t passages_term(const struct passages *passages, const char *word);

/* How much a word tells. */
double passages_weight(const struct passages *passages, size_t term);

/* Is it a word about processes, or one of the errors that words.h knows? */
bool passages_topic(const struct passages *passages, size_t term);

/* Is it the name of a function or a variable? */
bool passages_name(const struct passages *passages, size_t term);

#endif

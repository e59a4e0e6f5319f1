/* SPDX-License-Identifier: MIT
 *
 * fact: one thing that a run has shown or that a lab's header declares, as
 * data: a line on stdout, or a finding such as "[child] exit 42".
 *
 * The reader of headers and findings.c make facts; the judge compares them, and
 * whoever prints or explains asks their kind, role and operand. Their text is
 * parsed in one place only, where a header is read (oracle/vocabulary.h).
 */
#ifndef FORKLAB_FACT_H
#define FORKLAB_FACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

/* The words of findings: fact_word(). What a header may write after each is in
 * oracle/vocabulary.c, and what each means for a run in findings.h. */
enum fact_kind {
    FACT_LINE, /* no finding: a line that the program wrote on stdout */
    FACT_EXIT,
    FACT_KILLED,
    FACT_HANG,
    FACT_IDLE,
    FACT_ZOMBIE,
    FACT_SOCKET,
    FACT_DESCRIPTOR,
    FACT_LEFT_BEHIND,
    FACT_CONNECTION,
    FACT_DEADLINE,
    FACT_LIMIT,
    FACT_GONE,
    FACT_ADOPTED,
};

struct fact {
    enum fact_kind kind;
    int count;     /* how often it shows, or must show */
    bool optional; /* of a header: up to `count` times, or not at all */
    char *role;    /* of a finding: "child"; NULL for a line */
    char *operand; /* of a finding, what follows its word: "42"; "": nothing;
                      NULL for a line */
    char *text;    /* "[child] exit 42", or the line as written */
};

/* A list of facts, which it owns. An empty one is {0}. */
struct facts {
    struct fact *item;
    size_t count;
};

/* "exit", "killed by", "hang in" ...; NULL for FACT_LINE. Static. */
const char *fact_word(enum fact_kind kind);

/* Adds a finding, with a count of 1, to the list. operand may be "". */
void facts_add_finding(struct facts *list, enum fact_kind kind,
                       const char *role, const char *operand);

/* Adds a copy of the fact with another count. */
void facts_add_copy(struct facts *list, const struct fact *fact, int count);

void fact_free(struct fact *fact);
void facts_free(struct facts *list); /* leaves an empty list */

/* The fact as a header has it: a count above 1 stands before it. A line that
 * looks like a finding is marked: no header can ask for it. The caller frees
 * it. */
char *fact_shown(const struct fact *fact);

/* Each of the list as fact_shown() has it. The caller calls strings_free(). */
struct strings facts_shown(const struct facts *list);

/* Of a FACT_CONNECTION: did several roles ask on it ("parent and child")? */
bool fact_is_shared(const struct fact *fact);

#endif

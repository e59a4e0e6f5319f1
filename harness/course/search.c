/* SPDX-License-Identifier: MIT
 *
 * search: see search.h.
 */
#define _GNU_SOURCE
#include "course/search.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "course/words.h"

#define LEAST 0.5       /* what scores less is no answer */
#define LEAST_NEAR 0.3  /* and what scores less than this is not even near */
#define LEAST_TEXT 0.45 /* so much of the question is in one paragraph */
#define LEAST_SUM 2.5   /* a word or two that tell less are no question */
#define MAX_ANSWERS 5   /* but all that are as good as the best one */
#define SEEN_WEIGHT 0.8 /* a line of "You see" tells less than a symptom */
#define LINE_WEIGHT 0.8 /* one line of many, as of a pasted stack */
#define NEXT_LAB 0.9    /* the second lab of a string, and so on */
#define BEST 0.65       /* how much the better of two hits counts */
#define SEEN_BEST 0.8   /* a line of a stack has arguments that nobody shares */
#define FULL 3.0 /* what tells less is no full hit, though all is there */
#define NAME_WEIGHT 0.2 /* an unknown word with a digit: a file, an id */

/* What is asked: its words, and how much each of them tells. */
struct question {
    size_t *term; /* NO_TERM: a word that no page has */
    double *weight;
    size_t count, known; /* known: to the pages */
    double sum;
    bool topic; /* one of them is about processes, or a name in a page */
};

static bool has_digit(const char *word)
{
    while (*word != '\0' && !isdigit((unsigned char)*word))
        word++;
    return *word != '\0';
}

static void add_word(const struct passages *passages, const char *word,
                     struct question *question)
{
    size_t term = passages_term(passages, word);
    double weight = passages_weight(passages, term);

    if (term == NO_TERM && has_digit(word))
        weight *= NAME_WEIGHT;
    GROW(question->term, question->count);
    GROW(question->weight, question->count);
    question->term[question->count] = term;
    question->weight[question->count++] = weight;
    question->sum += weight;
    question->known += term != NO_TERM;
    question->topic = question->topic || passages_topic(passages, term) ||
                      passages_name(passages, term);
}

/* A name that no page has may have parts that say what it does:
 * ngx_spawn_process. */
static void add_parts(const struct passages *passages, const char *name,
                      struct question *question)
{
    char *text = xstrdup(name);

    for (char *c = text; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
    struct strings parts = words_of(text);
    for (size_t i = 0; i < parts.count; i++)
        if (passages_term(passages, parts.item[i]) != NO_TERM)
            add_word(passages, parts.item[i], question);
    strings_free(&parts);
    free(text);
}

/* parts: also those of names that are unknown. */
static struct question ask(const struct passages *passages, const char *text,
                           bool parts)
{
    struct strings words = words_of(text);
    struct question question = {0};

    for (size_t i = 0; i < words.count; i++) {
        const char *word = words.item[i];
        bool known = passages_term(passages, word) != NO_TERM;
        add_word(passages, word, &question);
        if (parts && !known && strchr(word, '_') != NULL)
            add_parts(passages, word, &question);
    }
    strings_free(&words);
    return question;
}

static void question_free(struct question *question)
{
    free(question->term);
    free(question->weight);
}

/* ---- how well they fit ---- */

/* What a passage and a question have in common. */
struct shared {
    size_t words;
    bool topic, name; /* one of them is about processes, is a name */
    double own, all;  /* by the passage's own words, and with its software's */
};

static struct shared share(const struct passages *passages,
                           const struct passage *passage,
                           const struct question *question)
{
    struct shared shared = {0};

    for (size_t i = 0; i < question->count; i++)
        for (size_t j = 0; j < passage->terms; j++)
            if (question->term[i] == passage->term[j]) {
                shared.words++;
                shared.topic |= passages_topic(passages, question->term[i]);
                shared.name |= passages_name(passages, question->term[i]);
                shared.own += j < passage->own ? question->weight[i] : 0;
                shared.all += question->weight[i];
                break;
            }
    return shared;
}

/* One word of several, the name of the software, a word that stands in a line
 * of "You see": a coincidence, which may be near but is no hit. */
static bool is_weak(const struct passage *passage,
                    const struct question *question, struct shared shared,
                    double of_ours)
{
    if (shared.own <= 0 || passage->kind == PASSAGE_TEXT)
        return true;
    if (shared.words > 1)
        return false;
    if (passage->kind == PASSAGE_SEEN)
        return !shared.name;
    return question->count > 1 && of_ours < 0.9;
}

/* All of a symptom is in the question (a pasted stack), or all of the question
 * is in the symptom (a word of it): either is a hit, both are a full one. A
 * paragraph has so many words that only the question's part counts. */
static double fit(const struct passages *passages,
                  const struct passage *passage,
                  const struct question *question, bool *weak)
{
    struct shared shared = share(passages, passage, question);
    /* The name of a function or an error is enough, alone. */
    bool name = passage->own == 1;
    double full = passage->sum > FULL || name ? passage->sum : FULL;
    double of_ours = full > 0 ? shared.own / full : 0;
    double of_theirs = question->sum > 0 ? shared.all / question->sum : 0;

    *weak = is_weak(passage, question, shared, of_ours);
    if (shared.words < 2 && !shared.topic && *weak)
        return 0;
    if (passage->kind == PASSAGE_TEXT)
        return of_theirs;
    double best = of_ours > of_theirs ? of_ours : of_theirs;
    double other = of_ours > of_theirs ? of_theirs : of_ours;
    if (passage->kind == PASSAGE_SEEN)
        return SEEN_WEIGHT * (SEEN_BEST * best + (1 - SEEN_BEST) * other);
    return BEST * best + (1 - BEST) * other;
}

/* ---- answers ---- */

static struct answer *find_answer(const struct answers *answers,
                                  const struct lab *lab)
{
    for (size_t i = 0; i < answers->count; i++)
        if (answers->item[i].lab == lab)
            return &answers->item[i];
    return NULL;
}

/* The best passage of each lab is kept. */
static void take(struct answers *answers, const struct lab *lab,
                 const struct passage *passage, double score)
{
    struct answer *answer = find_answer(answers, lab);

    if (answer == NULL) {
        GROW(answers->item, answers->count);
        answers->item[answers->count++] = (struct answer){lab, passage, score};
    } else if (score > answer->score) {
        *answer = (struct answer){lab, passage, score};
    }
}

static void take_all(struct answers *answers, const struct passage *passage,
                     double score)
{
    take(answers, passage->lab, passage, score);
    for (size_t i = 1; passage->famous && i < FAMOUS_MOST_LABS; i++)
        if (passage->famous->lab[i] != NULL)
            take(answers, passage->famous->lab[i], passage, score *= NEXT_LAB);
}

/* One more line of what was pasted leads to that lab. */
static void add_to(struct answers *sum, const struct answer *one)
{
    struct answer *answer = find_answer(sum, one->lab);

    if (answer == NULL)
        take(sum, one->lab, one->passage, LINE_WEIGHT * one->score);
    else
        answer->score += (1 - answer->score) / 2 * one->score;
}

static int by_score(const void *a, const void *b)
{
    const struct answer *x = a, *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->passage->kind != y->passage->kind)
        return (int)x->passage->kind - (int)y->passage->kind;
    return x->lab->number - y->lab->number;
}

static void drop_weak(struct answers *answers)
{
    size_t kept = 1; /* the best */

    if (answers->count == 0)
        return;
    qsort(answers->item, answers->count, sizeof(*answers->item), by_score);
    double best = answers->item[0].score;
    for (size_t i = 1; i < answers->count; i++) {
        const struct answer *answer = &answers->item[i];
        bool as_good = answer->score >= 0.999 * best;
        if (as_good || (kept < MAX_ANSWERS && answer->score >= 0.6 * best))
            answers->item[kept++] = *answer;
    }
    answers->count = kept;
}

/* ---- the search ---- */

static void score_text(const struct passages *passages, const char *text,
                       size_t length, struct answers *answers)
{
    char *part = xasprintf("%.*s", (int)length, text);
    struct question question = ask(passages, part, false);
    bool tells = question.topic || question.sum >= LEAST_SUM;

    for (size_t i = 0; i < passages->count && tells; i++) {
        const struct passage *passage = &passages->item[i];
        bool weak;
        double score = fit(passages, passage, &question, &weak);
        if (!weak && score >= LEAST)
            take_all(answers, passage, score);
    }
    question_free(&question);
    free(part);
}

/* What was pasted may be a whole stack, of which one line tells. A lab that
 * several lines lead to comes before one that only the best of them leads to:
 * each further line halves what the score lacks of 1. */
static void score_lines(const struct passages *passages, const char *text,
                        struct answers *answers)
{
    struct answers sum = {0};

    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        struct answers one = {0};
        score_text(passages, at, length, &one);
        for (size_t i = 0; i < one.count; i++)
            add_to(&sum, &one.item[i]);
        answers_free(&one);
        at += length + (at[length] == '\n');
    }
    for (size_t i = 0; i < sum.count; i++)
        if (sum.item[i].score >= LEAST)
            take(answers, sum.item[i].lab, sum.item[i].passage,
                 sum.item[i].score);
    answers_free(&sum);
}

/* Nothing fits: the paragraph that has most of the words, or what almost fits.
 * One word that is known is not enough, and one of them must be about
 * processes. */
static void find_nearest(const struct passages *passages, const char *text,
                         struct answers *answers)
{
    struct question question = ask(passages, text, true);
    bool near = question.known > 1 && question.topic;

    for (size_t i = 0; i < passages->count && near; i++) {
        const struct passage *passage = &passages->item[i];
        bool weak;
        double score = fit(passages, passage, &question, &weak);
        bool is_text = passage->kind == PASSAGE_TEXT;
        if (score >= (is_text ? LEAST_TEXT : LEAST_NEAR))
            take(answers, passage->lab, passage, score);
    }
    question_free(&question);
    drop_weak(answers);
    if (answers->count > 0) {
        answers->count = 1;
        answers->certainty = SEARCH_NEAREST;
    }
}

struct answers search_find(const struct passages *passages, const char *text)
{
    struct answers answers = {0};

    score_text(passages, text, strlen(text), &answers);
    if (strchr(text, '\n') != NULL)
        score_lines(passages, text, &answers);
    drop_weak(&answers);
    if (answers.count > 0)
        answers.certainty = SEARCH_FITS;
    else
        find_nearest(passages, text, &answers);
    return answers;
}

void answers_free(struct answers *answers)
{
    free(answers->item);
    *answers = (struct answers){0};
}

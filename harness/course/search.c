/* SPDX-License-Identifier: MIT
 *
 * search: see search.h.
 */
#define _GNU_SOURCE
#include "base/next.h"
#include "course/search.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "course/attempts.h"
#include "course/lesson.h"
#include "print/printers.h"
#include "report/report.h"

#define LEAST 0.5       /* what scores less is no answer */
#define MAX_ANSWERS 5   /* but all that are as good as the best one */
#define SEEN_WEIGHT 0.8 /* a line of "You see" tells less than a symptom */
#define LINE_WEIGHT 0.8 /* one line of many, as of a pasted stack */
#define UNKNOWN_WEIGHT 3.5

/* ---- words ---- */

/* Is it a part of a word? Names of functions, errors and states are words. */
static bool in_word(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

/* Words that tell nothing: they stand in any sentence, in any stack, and single
 * letters; and numbers, which are never the same. */
static bool is_empty(const char *word)
{
    static const char *const common[] = {"a",
                                         "an",
                                         "and",
                                         "any",
                                         "are",
                                         "another",
                                         "as",
                                         "at",
                                         "be",
                                         "but",
                                         "by",
                                         "do",
                                         "for",
                                         "from",
                                         "has",
                                         "have",
                                         "i",
                                         "in",
                                         "is",
                                         "it",
                                         "its",
                                         "my",
                                         "no",
                                         "not",
                                         "of",
                                         "on",
                                         "or",
                                         "so",
                                         "than",
                                         "that",
                                         "the",
                                         "then",
                                         "there",
                                         "this",
                                         "to",
                                         "too",
                                         "was",
                                         "what",
                                         "when",
                                         "why",
                                         "with",
                                         "you",
                                         "your",
                                         "can",
                                         "0x",
                                         "older",
                                         "kernels",
                                         "main",
                                         "start",
                                         "libc_start_main",
                                         "libc_start_call_main",
                                         "start_thread",
                                         "clone",
                                         "clone3",
                                         NULL};

    if (word[0] != '\0' && word[1] == '\0')
        return true;

    if (strspn(word, "0123456789abcdefx") == strlen(word) &&
        isdigit((unsigned char)word[0]))
        return true;
    for (const char *const *one = common; *one != NULL; one++)
        if (strcmp(word, *one) == 0)
            return true;
    return false;
}

/* A debugger says __GI___localtime_r, a page localtime_r. */
static const char *without_prefix(const char *word)
{
    const char *rest = word + strspn(word, "_");

    if (strncmp(rest, "gi_", 3) == 0)
        rest += 3 + strspn(rest + 3, "_");
    return rest[0] ? rest : word;
}

/* What is no word: one byte, or a colour that was pasted with it. */
static size_t skip_other(const char *at)
{
    size_t length =
        at[0] == '\033' && at[1] == '[' ? 2 + strspn(at + 2, "0123456789;") : 0;

    return length > 0 && at[length] != '\0' ? length + 1 : 1;
}

/* The words of a line, each once, in lower case. */
static struct strings words_of(const char *line)
{
    struct strings words = {0};

    for (const char *at = line; *at != '\0';) {
        size_t length = 0;
        while (in_word(at[length]))
            length++;
        if (length > 0) {
            char *word = xasprintf("%.*s", (int)length, at);
            bool known = false;
            for (char *c = word; *c != '\0'; c++)
                *c = (char)tolower((unsigned char)*c);
            const char *bare = without_prefix(word);
            for (size_t i = 0; i < words.count; i++)
                known = known || strcmp(words.item[i], bare) == 0;
            if (!known && !is_empty(bare))
                strings_add(&words, bare);
            free(word);
        }
        at += length ? length : skip_other(at);
    }
    return words;
}

/* zombie and zombies, print and prints, hang and hangs are one. */
static bool same_word(const char *a, const char *b)
{
    size_t x = strlen(a), y = strlen(b), shared = x < y ? x : y;

    if (shared < 4 || strncmp(a, b, shared) != 0)
        return strcmp(a, b) == 0;
    const char *rest = x < y ? b + shared : a + shared;
    return rest[0] == '\0' || strcmp(rest, "s") == 0 ||
           strcmp(rest, "es") == 0 || strcmp(rest, "ed") == 0 ||
           strcmp(rest, "ing") == 0;
}

static bool has(const struct strings *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (same_word(words->item[i], word))
            return true;
    return false;
}

/* ---- what the pages say ---- */

struct line {
    const struct lab *lab;
    char *text;
    struct strings words;
    double weight; /* of the whole line: 1, or SEEN_WEIGHT */
    double sum;    /* how much its words tell */
};

struct lines {
    struct line *item;
    size_t count;
};

static void add_line(struct lines *lines, const struct lab *lab,
                     const char *text, size_t length, double weight)
{
    GROW(lines->item, lines->count);
    struct line *line = &lines->item[lines->count++];
    *line = (struct line){.lab = lab, .weight = weight};
    line->text = xasprintf("%.*s", (int)length, text);
    line->words = words_of(line->text);
}

/* A symptom, and each of the names in it: "futex_do_wait (older kernels:
 * futex_wait_queue, futex_wait_queue_me)". */
static void add_symptom(struct lines *lines, const struct lab *lab,
                        const char *symptom)
{
    add_line(lines, lab, symptom, strlen(symptom), 1);
    for (const char *at = symptom; *at != '\0';) {
        size_t length = 0;
        while (in_word(at[length]))
            length++;
        if (memchr(at, '_', length) != NULL)
            add_line(lines, lab, at, length, 1);
        at += length ? length : 1;
    }
}

static void add_lesson(struct lines *lines, const struct lab *lab,
                       const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->symptoms.count; i++)
        add_symptom(lines, lab, lesson->symptoms.item[i]);
    bool fenced = false;
    for (const char *at = lesson->you_see; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        bool fence = strncmp(at, "```", 3) == 0;
        /* What a program has said has no marks: __GI___localtime_r. */
        char *plain = fenced ? xasprintf("%.*s", (int)length, at)
                             : markdown_plain(at, length);
        struct strings words = words_of(plain);
        if (!fence && words.count > 1) /* one word alone: "child", "parent" */
            add_line(lines, lab, plain, strlen(plain), SEEN_WEIGHT);
        fenced = fenced != fence;
        strings_free(&words);
        free(plain);
        at += length + (at[length] == '\n');
    }
}

static void lines_free(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        free(lines->item[i].text);
        strings_free(&lines->item[i].words);
    }
    free(lines->item);
}

/* ---- how well they fit ---- */

/* How much a word tells: the fewer lines have it, the more. One that no line
 * has may be the name of somebody's program, or the reason why nothing fits. */
static double weight_of(const struct lines *lines, const char *word)
{
    size_t count = 0;

    for (size_t i = 0; i < lines->count; i++)
        count += has(&lines->item[i].words, word);
    return count == 0 ? UNKNOWN_WEIGHT
                      : log((double)lines->count / (double)count) + 0.2;
}

/* What is asked: its words, and how much each of them tells. */
struct question {
    struct strings words;
    double *weight;
    double sum;
};

static double sum_of_weights(const struct lines *lines,
                             const struct strings *words)
{
    double sum = 0;

    for (size_t i = 0; i < words->count; i++)
        sum += weight_of(lines, words->item[i]);
    return sum;
}

static struct question ask(const struct lines *lines, const char *text)
{
    struct question question = {.words = words_of(text)};

    question.weight = xcalloc(question.words.count + 1, sizeof(double));
    for (size_t i = 0; i < question.words.count; i++) {
        question.weight[i] = weight_of(lines, question.words.item[i]);
        question.sum += question.weight[i];
    }
    return question;
}

static void question_free(struct question *question)
{
    strings_free(&question->words);
    free(question->weight);
}

/* All of the symptom is in the question (a pasted stack), or all of the
 * question is in the symptom (a word of it): either is a full hit. */
static double fit(const struct line *line, const struct question *question)
{
    double shared = 0;

    for (size_t i = 0; i < question->words.count; i++)
        if (has(&line->words, question->words.item[i]))
            shared += question->weight[i];
    if (shared <= 0 || line->sum <= 0)
        return 0;
    double of_ours = shared / line->sum, of_theirs = shared / question->sum;
    double best = of_ours > of_theirs ? of_ours : of_theirs;
    double other = of_ours > of_theirs ? of_theirs : of_ours;
    best = best > 1 ? 1 : best;
    other = other > 1 ? 1 : other;
    return line->weight * (0.8 * best + 0.2 * other);
}

static struct answer *find_answer(const struct answers *answers,
                                  const struct lab *lab)
{
    for (size_t i = 0; i < answers->count; i++)
        if (answers->item[i].lab == lab)
            return &answers->item[i];
    return NULL;
}

/* The best line of each lab is kept. */
static void take_answer(struct answers *answers, const struct lab *lab,
                        const char *symptom, double score)
{
    struct answer *answer = find_answer(answers, lab);

    if (answer == NULL) {
        GROW(answers->item, answers->count);
        answers->item[answers->count++] =
            (struct answer){lab, xstrdup(symptom), score};
    } else if (score > answer->score) {
        free(answer->symptom);
        answer->symptom = xstrdup(symptom);
        answer->score = score;
    }
}

static void take(struct answers *answers, const struct line *line, double score)
{
    take_answer(answers, line->lab, line->text, score);
}

/* One more line of what was pasted leads to that lab. */
static void add_to(struct answers *sum, const struct answer *one)
{
    struct answer *answer = find_answer(sum, one->lab);

    if (answer == NULL)
        take_answer(sum, one->lab, one->symptom, LINE_WEIGHT * one->score);
    else
        answer->score += (1 - answer->score) / 2 * one->score;
}

static int by_score(const void *a, const void *b)
{
    const struct answer *x = a, *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
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
        struct answer *answer = &answers->item[i];
        bool as_good = answer->score >= 0.999 * best;
        if (as_good || (kept < MAX_ANSWERS && answer->score >= 0.6 * best))
            answers->item[kept++] = *answer;
        else
            free(answer->symptom);
    }
    answers->count = kept;
}

static void score_all(const struct lines *lines, const char *words,
                      size_t length, struct answers *answers)
{
    char *text = xasprintf("%.*s", (int)length, words);
    struct question question = ask(lines, text);

    for (size_t i = 0; i < lines->count; i++) {
        double score = fit(&lines->item[i], &question);
        if (score >= LEAST)
            take(answers, &lines->item[i], score);
    }
    question_free(&question);
    free(text);
}

/* What was pasted may be a whole stack, of which one line tells. A lab that
 * several lines lead to comes before one that only the best of them leads to:
 * each further line halves what the score lacks of 1. */
static void score_each_line(const struct lines *lines, const char *words,
                            struct answers *answers)
{
    struct answers sum = {0};

    for (const char *at = words; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        struct answers one = {0};
        score_all(lines, at, length, &one);
        for (size_t i = 0; i < one.count; i++)
            add_to(&sum, &one.item[i]);
        answers_free(&one);
        at += length + (at[length] == '\n');
    }
    for (size_t i = 0; i < sum.count; i++)
        if (sum.item[i].score >= LEAST)
            take_answer(answers, sum.item[i].lab, sum.item[i].symptom,
                        sum.item[i].score);
    answers_free(&sum);
}

char *why_find(const char *root, const struct lab_list *labs, const char *words,
               struct answers *answers)
{
    struct lines lines = {0};
    char *error = NULL;

    *answers = (struct answers){0};
    for (size_t i = 0; i < labs->count && error == NULL; i++) {
        struct lesson lesson;
        error = lesson_read(root, &labs->lab[i], &lesson);
        if (error == NULL)
            add_lesson(&lines, &labs->lab[i], &lesson);
        lesson_free(&lesson);
    }
    for (size_t i = 0; i < lines.count; i++)
        lines.item[i].sum = sum_of_weights(&lines, &lines.item[i].words);
    if (error == NULL) {
        score_all(&lines, words, strlen(words), answers);
        if (strchr(words, '\n') != NULL)
            score_each_line(&lines, words, answers);
    }
    drop_weak(answers);
    lines_free(&lines);
    return error;
}

void answers_free(struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++)
        free(answers->item[i].symptom);
    free(answers->item);
    *answers = (struct answers){0};
}

/* ---- on the terminal ---- */

static void say_answer(FILE *stream, struct style style,
                       const struct answer *answer)
{
    size_t room = (size_t)style.columns;
    char *line = xasprintf("  %02d  %s: %s", answer->lab->number,
                           answer->lab->name, answer->lab->title);
    char *cut = text_cut(line, room);
    char *clean = text_clean(answer->symptom, strlen(answer->symptom));
    char *symptom = text_cut(clean + text_skip_blanks(clean), room - 6);

    fprintf(stream, "%s\n      %s\n", cut, symptom);
    free(symptom);
    free(clean);
    free(cut);
    free(line);
}

static void say_nothing_found(FILE *stream)
{
    char *autopsy = xasprintf("%s autopsy PID", next_forklab());
    char *list = next_verb("list", 0);

    fprintf(stream,
            "No lab's symptoms have these words.\n\n"
            "    %-27s  why a process makes no progress\n"
            "    %-27s  all labs\n",
            autopsy, list);
    free(list);
    free(autopsy);
}

char *why_print(FILE *stream, const char *root, const struct lab_list *labs,
                const char *words, bool *found)
{
    struct style style = style_for(stream);
    struct answers answers;
    char *error = why_find(root, labs, words, &answers);

    *found = answers.count > 0;
    if (error == NULL && !*found)
        say_nothing_found(stream);
    for (size_t i = 0; i < answers.count; i++)
        say_answer(stream, style, &answers.item[i]);
    if (*found) {
        int first = answers.item[0].lab->number;
        char *explain = next_verb("explain", first);
        char *lab = next_verb("lab", first);
        char *autopsy = xasprintf("%s autopsy PID", next_forklab());
        fprintf(stream,
                "\n    %-28s what it is\n    %-28s see it happen\n"
                "    %-28s a process that hangs now\n",
                explain, lab, autopsy);
        free(autopsy);
        free(explain);
        free(lab);
    }
    answers_free(&answers);
    return error;
}

/* SPDX-License-Identifier: MIT
 *
 * passages: see passages.h.
 */
#define _GNU_SOURCE
#include "course/passages.h"

#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/memory.h"
#include "course/lesson.h"
#include "course/words.h"

#define MAX_LABS 100 /* a lab's number has two digits */

struct term {
    char *word;
    size_t number;
    /* The labs, by number, that have it in what people see, or else in their
     * text. */
    bool seen[MAX_LABS], text[MAX_LABS];
    bool topic;
};

/* Words without one of which nothing is about processes. */
static const char topics[] =
    "fork forked child children parent process subprocess multiprocessing "
    "thread"
    " threaded multithreaded worker spawn exec vfork clone deadlock lock mutex"
    " futex hang stuck zombie defunct pid pipe descriptor daemon prefork "
    "preload"
    " job pool malloc tcmalloc jemalloc atfork pthread_atfork forever sigchld"
    " wait waitpid gunicorn uwsgi unicorn puma celery resque sidekiq pcntl_fork"
    " EPERM ECHILD EAGAIN ENOMEM ENFILE EMFILE ETXTBSY EDEADLK EADDRINUSE";

/* ---- the vocabulary ---- */

static int by_word(const void *a, const void *b)
{
    const struct term *x = a, *y = b;

    return strcmp(x->word, y->word);
}

static struct term *find_term(const struct passages *passages, const char *word)
{
    struct term key = {.word = (char *)word};
    struct term **found = tfind(&key, &passages->vocabulary, by_word);

    return found ? *found : NULL;
}

static struct term *need_term(struct passages *passages, const char *word)
{
    struct term *term = find_term(passages, word);

    if (term != NULL)
        return term;
    term = xcalloc(1, sizeof(*term));
    term->word = xstrdup(word);
    term->number = passages->terms;
    /* An array of pointers: the tree has them, too.
     * NOLINTNEXTLINE(bugprone-sizeof-expression) */
    GROW(passages->term, passages->terms);
    passages->term[passages->terms++] = term;
    if (tsearch(term, &passages->vocabulary, by_word) == NULL)
        abort(); /* no memory */
    return term;
}

size_t passages_term(const struct passages *passages, const char *word)
{
    const struct term *term = find_term(passages, word);

    return term ? term->number : NO_TERM;
}

/* One that no page has may be the name of somebody's program, or the reason why
 * nothing fits. */
double passages_weight(const struct passages *passages, size_t term)
{
    size_t seen = 0, text = 0;

    for (size_t i = 0; i < MAX_LABS && term != NO_TERM; i++) {
        seen += passages->term[term]->seen[i];
        text += passages->term[term]->text[i];
    }
    size_t labs = seen ? seen : text ? text : 1;
    double weight = 0.2;
    /* The logarithm of (all + 1) / labs, by the midpoint rule: for log(3) each
     * run would load libm. */
    for (; labs <= passages->labs; labs++)
        weight += 1 / ((double)labs + 0.5);
    return weight;
}

bool passages_topic(const struct passages *passages, size_t term)
{
    return term != NO_TERM && passages->term[term]->topic;
}

bool passages_name(const struct passages *passages, size_t term)
{
    return term != NO_TERM && strchr(passages->term[term]->word, '_') != NULL;
}

static void add_topics(struct passages *passages)
{
    struct strings words = words_of(topics);

    for (size_t i = 0; i < words.count; i++)
        need_term(passages, words.item[i])->topic = true;
    strings_free(&words);
}

/* ---- passages ---- */

static void add_terms(struct passages *passages, struct passage *passage,
                      const char *text)
{
    struct strings words = words_of(text);

    for (size_t i = 0; i < words.count; i++) {
        GROW(passage->term, passage->terms);
        struct term *term = need_term(passages, words.item[i]);
        passage->term[passage->terms++] = term->number;
    }
    strings_free(&words);
}

static struct passage *add_passage(struct passages *passages,
                                   enum passage_kind kind,
                                   const struct lab *lab, const char *text)
{
    GROW(passages->item, passages->count);
    struct passage *passage = &passages->item[passages->count++];
    *passage =
        (struct passage){.kind = kind, .lab = lab, .text = xstrdup(text)};
    add_terms(passages, passage, text);
    passage->own = passage->terms;
    for (size_t i = 0; i < passage->own; i++) {
        struct term *term = passages->term[passage->term[i]];
        bool *in = kind == PASSAGE_TEXT ? term->text : term->seen;
        in[lab->number % MAX_LABS] = true;
    }
    return passage;
}

static void add_famous(struct passages *passages)
{
    for (size_t i = 0; i < passages->famous.count; i++) {
        const struct famous *famous = &passages->famous.item[i];
        struct passage *passage = add_passage(passages, PASSAGE_FAMOUS,
                                              famous->lab[0], famous->string);
        passage->famous = famous;
        add_terms(passages, passage, famous->software);
    }
}

/* A symptom, and each of the names in it: "futex_do_wait (older kernels:
 * futex_wait_queue, futex_wait_queue_me)". */
static void add_symptom(struct passages *passages, const struct lab *lab,
                        const char *symptom)
{
    add_passage(passages, PASSAGE_SYMPTOM, lab, symptom);
    for (const char *at = symptom; *at != '\0';) {
        size_t length = 0;
        while (isalnum((unsigned char)at[length]) || at[length] == '_')
            length++;
        if (memchr(at, '_', length) != NULL) {
            char *name = xasprintf("%.*s", (int)length, at);
            add_passage(passages, PASSAGE_SYMPTOM, lab, name);
            free(name);
        }
        at += length ? length : 1;
    }
}

/* Each line of "You see". What a program has said has no marks of Markdown:
 * __GI___localtime_r. One word alone tells nothing: "child", "parent". */
static void add_you_see(struct passages *passages, const struct lab *lab,
                        const char *text)
{
    bool fenced = false;

    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        bool fence = strncmp(at, "```", 3) == 0;
        char *plain = fenced ? xasprintf("%.*s", (int)length, at)
                             : markdown_plain(at, length);
        struct strings words = words_of(plain);
        if (!fence && words.count > 1)
            add_passage(passages, PASSAGE_SEEN, lab, plain);
        fenced = fenced != fence;
        strings_free(&words);
        free(plain);
        at += length + (at[length] == '\n');
    }
}

/* The page, a paragraph each; what was measured, and when, is no symptom. */
static void add_text(struct passages *passages, const struct lab *lab,
                     const char *page)
{
    const char *end = strstr(page, "\n## Measured on");

    for (const char *at = page; *at != '\0' && (end == NULL || at < end);) {
        const char *next = strstr(at, "\n\n");
        size_t length = next ? (size_t)(next - at) : strlen(at);
        char *plain = markdown_plain(at, length);
        add_passage(passages, PASSAGE_TEXT, lab, plain);
        free(plain);
        at += length + strspn(at + length, "\n");
    }
}

static char *add_page(struct passages *passages, const char *root,
                      const struct lab *lab)
{
    char *path = xasprintf("%s/labs/%s.md", root, lab->stem), *error = NULL;
    char *text = file_read(path, NULL);
    struct lesson lesson;

    if (text == NULL) {
        error = xasprintf("cannot read %s: %s", path, strerror(errno));
    } else {
        lesson_parse(text, &lesson);
        for (size_t i = 0; i < lesson.symptoms.count; i++)
            add_symptom(passages, lab, lesson.symptoms.item[i]);
        add_you_see(passages, lab, lesson.you_see);
        add_text(passages, lab, text);
        lesson_free(&lesson);
    }
    free(text);
    free(path);
    return error;
}

char *passages_read(const char *root, const struct lab_list *labs,
                    struct passages *passages)
{
    *passages = (struct passages){.labs = labs->count};
    char *error = famous_read(root, labs, &passages->famous);

    add_topics(passages);
    if (error == NULL)
        add_famous(passages);
    for (size_t i = 0; i < labs->count && error == NULL; i++)
        error = add_page(passages, root, &labs->lab[i]);
    for (size_t i = 0; i < passages->count; i++) {
        struct passage *passage = &passages->item[i];
        for (size_t j = 0; j < passage->own; j++)
            passage->sum += passages_weight(passages, passage->term[j]);
    }
    return error;
}

static void keep_term(void *term)
{
    (void)term;
}

void passages_free(struct passages *passages)
{
    for (size_t i = 0; i < passages->count; i++) {
        free(passages->item[i].text);
        free(passages->item[i].term);
    }
    free(passages->item);
    tdestroy(passages->vocabulary, keep_term);
    for (size_t i = 0; i < passages->terms; i++) {
        free(passages->term[i]->word);
        free(passages->term[i]);
    }
    free(passages->term);
    famous_free(&passages->famous);
    *passages = (struct passages){0};
}

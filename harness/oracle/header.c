/* SPDX-License-Identifier: MIT
 *
 * header: see header.h.
 *
 * The reader is strict because a header is the oracle of its lab: what it does
 * not understand it refuses, with the line, so that no fact vanishes silently.
 */
#define _GNU_SOURCE
#include "oracle/header.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "oracle/number.h"
#include "oracle/vocabulary.h"
#include "report/measured.h"
#include "report/report.h"

/* Bytes of a header, and times that one fact is to show. */
#define MAX_HEADER ((size_t)16 << 10)
#define MAX_COUNT 100000

static const char too_large[] = "larger than 1 MiB: this is not a lab";
static const char spdx[] = "SPDX-License-Identifier: ";

enum word {
    WORD_HAZARD,
    WORD_SAFE,
    WORD_HAZARD_MUSL,
    WORD_SAFE_MUSL,
    WORD_HAZARD_NEWER,
    WORD_HAZARD_LINUX,
    WORD_WORK,
    WORD_NEEDS,
    WORD_OUTPUT,
    WORD_PLOT,
    WORD_NUMBER,
    WORDS
};

/* Two have a version in them: "Hazard (glibc 2.43)", "Hazard (Linux 4.19)". */
#define GLIBC "Hazard (glibc "
#define LINUX "Hazard (Linux "

static const char *const words[WORDS] = {"Hazard",
                                         "Safe",
                                         "Hazard (musl)",
                                         "Safe (musl)",
                                         "Hazard (glibc N)",
                                         "Hazard (Linux N)",
                                         "Work",
                                         "Needs",
                                         "Output",
                                         "Plot",
                                         "Number"};

/* One line of the comment, without its star. */
struct line {
    int number;       /* in the file, from 1 */
    const char *text; /* first byte that is no space; length 0: empty line */
    size_t length;
    int column; /* of text in the file's line, from 0 */
    bool at_start;
};

struct reader {
    const char *name; /* "labs/31-lock-nobody-holds.c", for messages */
    struct lab *lab;
    enum word open;  /* the list that indented lines belong to; WORDS: none */
    int fact_column; /* of its first fact */
    bool gap;        /* an empty line came since */
    bool in_title;   /* the title may go on */
    int seen[WORDS]; /* the line of each word; 0: not there */
    int title_line;
    char *error; /* the first one */
};

__attribute__((format(printf, 3, 4))) static void
fail(struct reader *reader, int line, const char *format, ...)
{
    va_list values;

    if (reader->error != NULL)
        return;
    va_start(values, format);
    char *what = xvasprintf(format, values);
    va_end(values);
    reader->error = line > 0 ? xasprintf("%s:%d: %s", reader->name, line, what)
                             : xasprintf("%s: %s", reader->name, what);
    free(what);
}

/* ---- file names ---- */

/* The last directory and the file of a path: "labs/x.c". */
static const char *short_name(const char *path)
{
    const char *at = strrchr(path, '/');

    while (at != NULL && at > path && at[-1] != '/')
        at--;
    return at != NULL ? at : path;
}

static void name_lab(struct reader *reader)
{
    const char *slash = strrchr(reader->name, '/');
    const char *file = slash ? slash + 1 : reader->name;
    struct lab *lab = reader->lab;

    if (!is_lab_file(file)) {
        fail(reader, 0, "a lab's file is called NN-name.c (a-z, 0-9 and -)");
        return;
    }
    lab->stem = xasprintf("%.*s", (int)strlen(file) - 2, file);
    lab->name = xstrdup(lab->stem + 3);
    lab->source = xstrdup(reader->name);
    lab->number = (file[0] - '0') * 10 + file[1] - '0';
    if (lab->number == 0)
        fail(reader, 0, "the numbers of labs start at 01");
}

/* ---- facts ---- */

static bool printable_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

/* Splits "3 hello" into count and text. Returns NULL or what is wrong. */
static const char *split_count(const char *text, struct fact *fact)
{
    size_t digits = strspn(text, "0123456789");

    *fact = (struct fact){.count = 1};
    if (digits > 0 && text[digits] == ' ') {
        long count = strtol(text, NULL, 10);
        if (text[0] == '0' || digits > 6 || count > MAX_COUNT)
            return "a count is a number from 1 to 100000";
        text += digits + 1;
        if (text[0] == ' ')
            return "exactly one space separates a count from its fact";
        fact->count = (int)count;
    }
    if (text[0] == '[')
        return finding_read(text, fact);
    fact->text = xstrdup(text);
    return number_error(text);
}

/* "(2 [worker] exit 42)": what stands in the parentheses, if it is a finding.
 * NULL: it is a fact like any other. The caller frees it. */
static char *in_parentheses(const char *text)
{
    size_t length = strlen(text), digits = strspn(text + 1, "0123456789");
    const char *finding = text + 1 + digits + (digits > 0 && length > 2);

    return text[0] == '(' && text[length - 1] == ')' && length > 3 &&
                   finding[0] == '['
               ? xasprintf("%.*s", (int)length - 2, text + 1)
               : NULL;
}

/* The same fact twice in a list is one with the counts added up. */
static void add_fact(struct facts *list, struct fact fact)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].optional == fact.optional &&
            strcmp(list->item[i].text, fact.text) == 0) {
            list->item[i].count += fact.count;
            fact_free(&fact);
            return;
        }
    GROW(list->item, list->count);
    list->item[list->count++] = fact;
}

/* The list of the open word. */
static struct facts *open_list(struct reader *reader)
{
    switch (reader->open) {
    case WORD_HAZARD:
        return &reader->lab->hazard;
    case WORD_HAZARD_MUSL:
        return &reader->lab->hazard_musl;
    case WORD_SAFE_MUSL:
        return &reader->lab->safe_musl;
    case WORD_HAZARD_NEWER:
        return &reader->lab->hazard_newer;
    default:
        return &reader->lab->safe;
    }
}

/* "none" is no fact, but the word for a cured hazard; evidence that is called
 * so is written "1 none". */
static void read_fact(struct reader *reader, int line, const char *text)
{
    struct lab *lab = reader->lab;
    bool musl = reader->open == WORD_HAZARD_MUSL;
    bool none = musl && strcmp(text, "none") == 0;
    struct fact fact = {0};
    char *inner = in_parentheses(text);
    const char *wrong = none ? NULL : split_count(inner ? inner : text, &fact);
    bool safe = reader->open == WORD_SAFE || reader->open == WORD_SAFE_MUSL;

    if (inner != NULL && wrong == NULL && !safe) {
        fact_free(&fact);
        wrong = "only a fact of Safe: can be optional";
    }
    free(inner);
    fact.optional = inner != NULL;

    if (musl && (lab->cured_in_musl || (none && lab->hazard_musl.count > 0)))
        fail(reader, line, "%s: none must be the only entry",
             words[WORD_HAZARD_MUSL]);
    else if (wrong != NULL)
        fail(reader, line, "%.60s: %s", text, wrong);
    else if (none)
        lab->cured_in_musl = true;
    else
        add_fact(open_list(reader), fact);
}

static bool same_facts(const struct facts *one, const struct facts *other)
{
    if (one->count != other->count)
        return false;
    for (size_t i = 0; i < one->count; i++) {
        bool found = false;
        for (size_t k = 0; k < other->count && !found; k++)
            found = one->item[i].count == other->item[k].count &&
                    one->item[i].optional == other->item[k].optional &&
                    strcmp(one->item[i].text, other->item[k].text) == 0;
        if (!found)
            return false;
    }
    return true;
}

/* ---- Work:, Needs: and Output: ---- */

static void read_work(struct reader *reader, int line, char *text)
{
    char *rest = NULL;

    for (char *word = strtok_r(text, " ,", &rest); word != NULL;
         word = strtok_r(NULL, " ,", &rest)) {
        static const char program[] = "program:";
        bool named = strncmp(word, program, strlen(program)) == 0 &&
                     word[strlen(program)] != '\0';
        unsigned work = work_by_word(named ? "program" : word);
        reader->lab->work |= work;
        if (named)
            strings_add(&reader->lab->programs, word + strlen(program));
        if (work == 0)
            fail(reader, line,
                 "Work: is thread, pipe, socket, program or program:NAME, not "
                 "\"%.60s\"",
                 word);
    }
}

static void add_need(struct reader *reader, int line, const char *need)
{
    struct lab *lab = reader->lab;

    if (strspn(need, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(need)) {
        fail(reader, line, "Needs: words are of a-z, 0-9 and -, not \"%.60s\"",
             need);
        return;
    }
    for (size_t i = 0; i < lab->need_count; i++)
        if (strcmp(lab->needs[i], need) == 0) {
            fail(reader, line, "Needs: \"%.60s\" is listed twice", need);
            return;
        }
    GROW(lab->needs, lab->need_count);
    lab->needs[lab->need_count++] = xstrdup(need);
}

static void read_needs(struct reader *reader, int line, char *text)
{
    char *rest = NULL;

    for (char *need = strtok_r(text, " ,", &rest); need != NULL;
         need = strtok_r(NULL, " ,", &rest))
        add_need(reader, line, need);
}

static void read_output(struct reader *reader, int line, const char *text)
{
    static const struct {
        const char *word;
        enum output_kind kind;
    } kinds[] = {
        {"pipe", OUTPUT_PIPE}, {"pty", OUTPUT_PTY}, {"file", OUTPUT_FILE}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(text, kinds[i].word) == 0) {
            reader->lab->output = kinds[i].kind;
            return;
        }
    fail(reader, line, "Output: is pipe, pty or file, not \"%.60s\"", text);
}

static void read_plot(struct reader *reader, int line, const char *text)
{
    if (plot_declared(text))
        reader->lab->plot = xstrdup(text);
    else
        fail(reader, line, "Plot: is \"UNIT at UNIT\", not \"%.60s\"", text);
}

/* The value of {n} in a bare run: a number, or a word, which has no forms. */
static void read_number(struct reader *reader, int line, const char *text)
{
    bool number = strspn(text, "0123456789") == strlen(text);
    bool word = strspn(text, "abcdefghijklmnopqrstuvwxyz") == strlen(text);

    if (strlen(text) > 9 || (!number && !word) ||
        (number && text[0] == '0' && text[1] != '\0'))
        fail(reader, line,
             "Number: is a number or a word of at most 9 digits or letters "
             "(a-z), not \"%.60s\"",
             text);
    else
        reader->lab->bare = xstrdup(text);
}

/* Are there lines with {n}, and a value for it, or neither? */
static void check_number(struct reader *reader)
{
    const struct facts *lists[] = {
        &reader->lab->hazard, &reader->lab->safe, &reader->lab->hazard_musl,
        &reader->lab->safe_musl, &reader->lab->hazard_newer};
    bool used = false;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        for (size_t k = 0; k < lists[i]->count; k++)
            used = used || (lists[i]->item[k].kind == FACT_LINE &&
                            number_is_in(lists[i]->item[k].text));
    if (used && reader->lab->bare == NULL)
        fail(reader, 0, "there is {n}, but no Number: for a bare run");
    if (!used && reader->lab->bare != NULL)
        fail(reader, reader->seen[WORD_NUMBER], "Number: without {n}");
}

/* ---- lines ---- */

/* What stands after the open word, or in a line below it. */
static void read_value(struct reader *reader, int line, const char *text,
                       size_t length)
{
    if (!printable_ascii(text, length)) {
        fail(reader, line, "%s: only plain ASCII", words[reader->open]);
        return;
    }
    char *value = xasprintf("%.*s", (int)length, text);
    switch (reader->open) {
    case WORD_HAZARD:
    case WORD_SAFE:
    case WORD_HAZARD_MUSL:
    case WORD_SAFE_MUSL:
    case WORD_HAZARD_NEWER:
        read_fact(reader, line, value);
        break;
    case WORD_HAZARD_LINUX:
        if (strcmp(value, "none") != 0)
            fail(reader, line, "%s: can only be none", words[reader->open]);
        break;
    case WORD_WORK:
        read_work(reader, line, value);
        break;
    case WORD_NEEDS:
        read_needs(reader, line, value);
        break;
    case WORD_OUTPUT:
        read_output(reader, line, value);
        break;
    case WORD_PLOT:
        read_plot(reader, line, value);
        break;
    case WORD_NUMBER:
        read_number(reader, line, value);
        break;
    case WORDS:
        break;
    }
    free(value);
}

static size_t letters_at(const char *text, size_t length)
{
    size_t letters = 0;

    while (letters < length && isalpha((unsigned char)text[letters]))
        letters++;
    return letters;
}

/* The length of " 2.43", a version, at the start of text. */
static size_t version_at(const char *text, size_t length)
{
    size_t past = 1;

    if (length == 0 || text[0] != ' ')
        return 0;
    while (past < length &&
           (isdigit((unsigned char)text[past]) || text[past] == '.'))
        past++;
    return past;
}

/* The length of a `Word`, `Word (libc)` or `Word (libc 2.43)` with a colon
 * after it at the start of text; 0 if there is none. An address (https://...)
 * is no word. */
static size_t word_length(const char *text, size_t length)
{
    size_t letters = letters_at(text, length);

    if (letters > 0 && length - letters > 2 && text[letters] == ' ' &&
        text[letters + 1] == '(') {
        size_t past = letters + 2;
        past += letters_at(text + past, length - past);
        past += version_at(text + past, length - past);
        if (past < length && text[past] == ')')
            letters = past + 1;
    }
    if (letters == 0 || letters == length || text[letters] != ':')
        return 0;
    if (length - letters >= 3 && memcmp(text + letters, "://", 3) == 0)
        return 0;
    return letters;
}

/* The version in a word that starts so, "Hazard (glibc 2.43)"; 0.0: it is
 * another word. */
static struct release version_in(const char *text, size_t letters,
                                 const char *start)
{
    struct release version = {0};
    size_t length = strlen(start);
    char rest[16] = "";
    int end = 0;

    if (letters <= length || letters - length >= sizeof(rest) ||
        memcmp(text, start, length) != 0)
        return version;
    memcpy(rest, text + length, letters - length);
    if (sscanf(rest, "%3u.%3u)%n", &version.major, &version.minor, &end) != 2 ||
        (size_t)end != letters - length)
        version = (struct release){0};
    return version;
}

static enum word known_word(const char *text, size_t letters)
{
    enum word word = 0;

    if (version_in(text, letters, GLIBC).major != 0)
        return WORD_HAZARD_NEWER;
    if (version_in(text, letters, LINUX).major != 0)
        return WORD_HAZARD_LINUX;
    while (word < WORDS && (strlen(words[word]) != letters ||
                            memcmp(words[word], text, letters) != 0))
        word++;
    return word;
}

static void read_word(struct reader *reader, const struct line *line,
                      size_t letters)
{
    enum word word = known_word(line->text, letters);
    size_t at = letters + 1;

    if (word == WORDS && line->text[letters - 1] == ')') {
        fail(reader, line->number,
             "unknown word \"%.*s:\" (with a C library: Hazard (musl), Safe "
             "(musl), Hazard (glibc 2.43); or Hazard (Linux 4.19))",
             letters < 40 ? (int)letters : 40, line->text);
        return;
    }
    if (word == WORDS) {
        fail(reader, line->number,
             "unknown word \"%.*s:\" (known: Hazard, Safe, Work, Needs, "
             "Output, Plot, Number)",
             letters < 40 ? (int)letters : 40, line->text);
        return;
    }
    if (reader->seen[word] != 0) {
        fail(reader, line->number, "%s: is in line %d already", words[word],
             reader->seen[word]);
        return;
    }
    while (at < line->length && line->text[at] == ' ')
        at++;
    if (at == line->length) {
        fail(reader, line->number, "nothing after %s:", words[word]);
        return;
    }
    reader->seen[word] = line->number;
    if (word == WORD_HAZARD_NEWER)
        reader->lab->newer = version_in(line->text, letters, GLIBC);
    if (word == WORD_HAZARD_LINUX)
        reader->lab->cured_in_linux = version_in(line->text, letters, LINUX);
    reader->open = word;
    reader->gap = false;
    reader->fact_column = line->column + (int)at;
    read_value(reader, line->number, line->text + at, line->length - at);
}

/* "31-lock-nobody-holds: ..." as a line's start: its length, else 0. */
static size_t stem_length(const struct line *line)
{
    size_t at = 0;

    while (at < line->length &&
           (isalnum((unsigned char)line->text[at]) || line->text[at] == '-' ||
            line->text[at] == '_'))
        at++;
    if (at < 3 || at == line->length || line->text[at] != ':' ||
        !isdigit((unsigned char)line->text[0]) ||
        memchr(line->text, '-', at) == NULL)
        return 0;
    return at;
}

static void read_title(struct reader *reader, const struct line *line,
                       size_t length)
{
    struct lab *lab = reader->lab;

    if (reader->title_line != 0) {
        fail(reader, line->number, "the title is in line %d already",
             reader->title_line);
        return;
    }
    if (strlen(lab->stem) != length ||
        memcmp(lab->stem, line->text, length) != 0) {
        fail(reader, line->number, "the file is called %s, its header %.*s",
             lab->stem, length < 60 ? (int)length : 60, line->text);
        return;
    }
    if (line->length < length + 3 || line->text[length + 1] != ' ') {
        fail(reader, line->number, "a title must follow \"%s: \"", lab->stem);
        return;
    }
    reader->title_line = line->number;
    reader->in_title = true;
    size_t at = length + 1;
    while (line->text[at] == ' ')
        at++;
    lab->title = xasprintf("%.*s", (int)(line->length - at), line->text + at);
}

static void continue_title(struct reader *reader, const struct line *line)
{
    char *whole =
        xasprintf("%s %.*s", reader->lab->title, (int)line->length, line->text);

    free(reader->lab->title);
    reader->lab->title = whole;
}

static void read_indented(struct reader *reader, const struct line *line)
{
    size_t letters = word_length(line->text, line->length);

    if (reader->in_title) {
        continue_title(reader, line);
    } else if (reader->open != WORDS && reader->gap) {
        fail(reader, line->number,
             "an empty line within %s:", words[reader->open]);
    } else if (reader->open != WORDS && line->column == reader->fact_column) {
        if (reader->open == WORD_OUTPUT || reader->open == WORD_PLOT ||
            reader->open == WORD_NUMBER)
            fail(reader, line->number, "%s: is one %s", words[reader->open],
                 reader->open == WORD_OUTPUT ? "word" : "line");
        read_value(reader, line->number, line->text, line->length);
    } else if (reader->open != WORDS) {
        fail(reader, line->number,
             "this line starts in column %d, the first one of %s: in %d",
             line->column + 1, words[reader->open], reader->fact_column + 1);
    } else if (letters != 0 && known_word(line->text, letters) != WORDS) {
        fail(reader, line->number, "%.*s: is indented", (int)letters,
             line->text);
    }
}

static void read_line(struct reader *reader, const struct line *line)
{
    if (line->length == 0) {
        reader->gap = true;
        reader->in_title = false;
        return;
    }
    if (!line->at_start) {
        read_indented(reader, line);
        return;
    }
    reader->open = WORDS;
    size_t stem = stem_length(line);
    size_t letters = word_length(line->text, line->length);
    if (stem != 0) {
        read_title(reader, line, stem);
    } else if (letters != 0) {
        reader->in_title = false;
        read_word(reader, line, letters);
    } else if (reader->in_title) {
        continue_title(reader, line);
    }
}

/* Cuts one line of the comment out of the file. `text` is what stands between
 * two line ends, or after the opening. False if it is no line of a comment. */
static bool cut_line(struct reader *reader, struct line *line, const char *text,
                     size_t length, bool first, bool last)
{
    size_t at = first ? 2 : 0;

    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
            fail(reader, line->number, "the byte 0x%02x%s",
                 (unsigned char)text[i],
                 text[i] == '\r'   ? ": save the file with Unix line ends"
                 : text[i] == '\t' ? ", a tab: use spaces"
                                   : " does not belong in a header");
            return false;
        }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    while (!first && at < length && text[at] == ' ')
        at++;
    if (!first && at < length && text[at] == '*')
        at++;
    else if (!first && !(last && at >= length)) {
        fail(reader, line->number, "a line of the header starts with \" *\"");
        return false;
    }
    size_t start = at < length && text[at] == ' ' ? at + 1 : at;
    at = start;
    while (at < length && text[at] == ' ')
        at++;
    line->at_start = at == start;
    line->column = (int)at;
    line->text = text + at;
    line->length = at < length ? length - at : 0;
    return true;
}

static void check_spdx(struct reader *reader, const struct line *line)
{
    size_t length = strlen(spdx);

    if (!line->at_start || line->length <= length ||
        memcmp(line->text, spdx, length) != 0)
        fail(reader, line->number, "the first line of the header is \"%s...\"",
             spdx);
}

/* Reads the comment from "/" to "*": `end` is past its last line's text. */
static void read_comment(struct reader *reader, const char *text,
                         const char *end, int number)
{
    bool first = true;

    while (reader->error == NULL) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((stop ? stop : end) - text);
        struct line line = {.number = number};

        if (!cut_line(reader, &line, text, length, first, stop == NULL))
            return;
        if (first)
            check_spdx(reader, &line);
        else
            read_line(reader, &line);
        if (stop == NULL)
            return;
        first = false;
        text = stop + 1;
        number++;
    }
}

/* ---- the whole file ---- */

/* A list for one C library is there because it differs. */
static void check_libraries(struct reader *reader)
{
    static const char same[] = "%s: has the same facts as %s:";
    const struct lab *lab = reader->lab;
    const struct facts *hazard = lab_hazard(lab, "musl", NULL);
    const struct facts *safe = lab_safe(lab, "musl");

    if (reader->seen[WORD_HAZARD_MUSL] != 0 && hazard != NULL &&
        same_facts(hazard, &lab->hazard))
        fail(reader, reader->seen[WORD_HAZARD_MUSL], same,
             words[WORD_HAZARD_MUSL], words[WORD_HAZARD]);
    if (reader->seen[WORD_SAFE_MUSL] != 0 && same_facts(safe, &lab->safe))
        fail(reader, reader->seen[WORD_SAFE_MUSL], same, words[WORD_SAFE_MUSL],
             words[WORD_SAFE]);
    if (hazard != NULL && same_facts(hazard, safe))
        fail(reader,
             reader->seen[reader->seen[WORD_SAFE_MUSL] ? WORD_SAFE_MUSL
                                                       : WORD_HAZARD_MUSL],
             "with musl, hazard and safe have the same facts");
    if (reader->seen[WORD_HAZARD_NEWER] != 0 &&
        same_facts(&lab->hazard_newer, &lab->hazard))
        fail(reader, reader->seen[WORD_HAZARD_NEWER], same,
             words[WORD_HAZARD_NEWER], words[WORD_HAZARD]);
}

static void check_complete(struct reader *reader, int line)
{
    const struct lab *lab = reader->lab;

    if (reader->title_line == 0)
        fail(reader, line, "the header has no line \"%s: title\"", lab->stem);
    else if (!printable_ascii(lab->title, strlen(lab->title)))
        fail(reader, reader->title_line, "the title: only plain ASCII");
    else if (reader->seen[WORD_HAZARD] == 0)
        fail(reader, line, "the header has no Hazard:");
    else if (reader->seen[WORD_SAFE] == 0)
        fail(reader, line, "the header has no Safe:");
    else if (same_facts(&lab->hazard, &lab->safe))
        fail(reader, reader->seen[WORD_SAFE],
             "Safe: has the same facts as Hazard:");
    else
        check_libraries(reader);
    check_number(reader);
}

static void read_file(struct reader *reader, const char *text, size_t size)
{
    size_t at = 0;
    int line = 1;

    while (at < size && (text[at] == ' ' || text[at] == '\n'))
        line += text[at++] == '\n';
    if (size - at < 2 || memcmp(text + at, "/*", 2) != 0) {
        fail(reader, line, "the file does not begin with a comment");
        return;
    }
    const char *end = memmem(text + at + 2, size - at - 2, "*/", 2);
    if (end == NULL) {
        fail(reader, line, "the comment has no end");
        return;
    }
    if ((size_t)(end - text) - at > MAX_HEADER) {
        fail(reader, line, "a header of more than 16 KiB");
        return;
    }
    read_comment(reader, text + at, end, line);
    check_complete(reader, line);
}

static int count_lines(const char *text, size_t size)
{
    int lines = size > 0 && text[size - 1] != '\n';

    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

char *lab_parse(const char *path, const char *text, size_t size,
                struct lab *lab)
{
    struct reader reader = {
        .name = short_name(path), .lab = lab, .open = WORDS};

    *lab = (struct lab){.output = OUTPUT_SEQPACKET};
    if (size > MAX_LAB_SIZE)
        fail(&reader, 0, "%s", too_large);
    if (reader.error == NULL)
        name_lab(&reader);
    if (reader.error == NULL)
        read_file(&reader, text, size);
    lab->lines = count_lines(text, size);
    if (reader.error != NULL)
        lab_free(lab);
    return reader.error;
}

char *lab_read(const char *path, struct lab *lab)
{
    size_t size;
    char *text = file_read_regular(path, MAX_LAB_SIZE, &size);

    *lab = (struct lab){0};
    if (text == NULL)
        return xasprintf("%s: %s", short_name(path),
                         errno == EINVAL  ? "is not a regular file"
                         : errno == EFBIG ? too_large
                                          : strerror(errno));
    char *error = lab_parse(path, text, size, lab);
    free(text);
    return error;
}

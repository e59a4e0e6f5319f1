/* SPDX-License-Identifier: MIT
 *
 * page: a report as one page of a terminal.
 *
 *     head       the lab and its sentence
 *     timeline   who wrote what, and when; see printers.h
 *     verdict    how it ended, and whether that was expected
 *     rows       who, where, lock, owner, why ... each under its label
 *     next       the next command
 *
 * The page is made line by line in memory: the timeline gets the lines that
 * the rest leaves. Every line passes add_line(), which lets nothing through
 * that a terminal could take for a command, and nothing that is too long.
 */
#define _GNU_SOURCE
#include "printers.h"

#include <ctype.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "judge.h"
#include "libc.h"

#define BOLD "1"
#define RED "1;31"
#define GREEN "32"
#define YELLOW "1;33"
#define CYAN "36"

/* ---- style ---- */

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0';
}

static int number_from(const char *name, int least, int most, int otherwise)
{
    const char *value = getenv(name);
    int number = value != NULL ? atoi(value) : 0;

    return number >= least && number <= most ? number : otherwise;
}

static bool wants_color(FILE *stream)
{
    const char *term = getenv("TERM");

    if (is_set("NO_COLOR"))
        return false;
    if (is_set("FORCE_COLOR") && (stream == stdout || stream == stderr))
        return true;
    return isatty(fileno(stream)) && term != NULL && strcmp(term, "dumb") != 0;
}

struct style style_for(FILE *stream)
{
    struct winsize window;
    int columns = 80;

    if (isatty(fileno(stream)) &&
        ioctl(fileno(stream), TIOCGWINSZ, &window) == 0 &&
        window.ws_col >= 40 && window.ws_col < 80)
        columns = window.ws_col;
    return (struct style){.columns = number_from("COLUMNS", 40, 200, columns),
                          .lines = number_from("LINES", 20, 200, 24),
                          .color = wants_color(stream)};
}

/* ---- clean text ---- */

/* The bytes of the printable character at text, and its width; 0 if there is
 * none. What has no width is refused: it hides, or turns the line round. */
static size_t printable(const char *text, size_t length, int *width)
{
    unsigned char byte = (unsigned char)text[0];
    mbstate_t state = {0};
    wchar_t character;

    *width = 1;
    if (byte < 0x80)
        return byte >= ' ' && byte < 0x7f;
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return 0;
    size_t size = mbrtowc(&character, text, length, &state);
    if (size == 0 || size > length || !iswprint((wint_t)character))
        return 0;
    *width = wcwidth(character);
    return *width > 0 ? size : 0;
}

char *text_clean(const char *text, size_t length)
{
    /* A tab takes up to 8 bytes, an escaped byte 4. */
    char *clean = xcalloc(length * 8 + 1, 1);
    size_t used = 0, column = 0, at = 0;
    int width;

    while (at < length) {
        size_t size = printable(text + at, length - at, &width);
        if (size > 0) {
            memcpy(clean + used, text + at, size);
            used += size;
            column += (size_t)width;
            at += size;
        } else if (text[at] == '\t') {
            size_t blanks = 8 - column % 8;
            memset(clean + used, ' ', blanks);
            used += blanks;
            column += blanks;
            at++;
        } else {
            used += (size_t)sprintf(clean + used, "\\x%02X",
                                    (unsigned char)text[at++]);
            column += 4;
        }
    }
    return clean;
}

/* The bytes that fit into width columns. */
static size_t bytes_within(const char *clean, size_t length, size_t width)
{
    size_t at = 0;
    int wide;

    while (at < length) {
        size_t size = printable(clean + at, length - at, &wide);
        if (size == 0 || (size_t)wide > width)
            break;
        width -= (size_t)wide;
        at += size;
    }
    return at;
}

size_t text_width(const char *clean)
{
    size_t length = strlen(clean), at = 0, sum = 0;
    int width;

    while (at < length) {
        size_t size = printable(clean + at, length - at, &width);
        if (size == 0) {
            size = 1;
            width = 1;
        }
        sum += (size_t)width;
        at += size;
    }
    return sum;
}

char *text_cut(const char *clean, size_t width)
{
    if (text_width(clean) <= width)
        return xstrdup(clean);
    size_t dots = width >= 4 ? 2 : 0;
    size_t bytes = bytes_within(clean, strlen(clean), width - dots);
    return xasprintf("%.*s%s", (int)bytes, clean, dots ? ".." : "");
}

size_t text_break(const char *clean, size_t width)
{
    size_t length = strlen(clean);
    size_t bytes = bytes_within(clean, length, width);
    int wide;

    if (bytes == length)
        return length;
    if (clean[bytes] != ' ')
        for (size_t at = bytes; at > 0; at--)
            if (clean[at - 1] == ' ' && strspn(clean, " ") < at)
                return at;
    if (bytes == 0)
        bytes = printable(clean, length, &wide);
    return bytes > 0 ? bytes : 1;
}

static size_t skip_blanks(const char *text)
{
    return strspn(text, " ");
}

/* Wraps a clean text: the second line and all others are indented. The last of
 * `most` lines is cut if there is more. */
static void wrap(struct strings *lines, const char *clean, size_t width,
                 size_t indent, size_t most)
{
    const char *rest = clean;

    do {
        size_t blank = lines->count > 0 ? indent : 0;
        size_t room = width > blank + 4 ? width - blank : 4;
        size_t bytes = text_break(rest, room);
        bool last = lines->count + 1 >= most;
        char *part =
            last ? text_cut(rest, room) : xasprintf("%.*s", (int)bytes, rest);
        char *line = xasprintf("%*s%s", (int)blank, "", part);
        strings_add(lines, line);
        free(line);
        free(part);
        rest = last ? "" : rest + bytes;
        rest += skip_blanks(rest);
    } while (*rest != '\0');
}

/* ---- the page in memory ---- */

struct span {
    size_t from, length; /* bytes */
    const char *color;
};

struct page_line {
    char *text;
    struct span span[2]; /* color NULL: none */
};

struct page {
    struct style style;
    struct page_line *line;
    size_t count;
};

/* Takes over text. Nothing gets onto a page but by here. */
static struct page_line *add_line(struct page *page, char *text)
{
    char *clean = text_clean(text, strlen(text));
    char *cut = text_cut(clean, (size_t)page->style.columns);
    size_t length = strlen(cut);

    free(text);
    free(clean);
    while (length > 0 && cut[length - 1] == ' ')
        cut[--length] = '\0';
    page->line = xrealloc(page->line, (page->count + 1) * sizeof(*page->line));
    page->line[page->count] = (struct page_line){.text = cut};
    return &page->line[page->count++];
}

static void add_blank(struct page *page)
{
    if (page->count > 0 && page->line[page->count - 1].text[0] != '\0')
        add_line(page, xstrdup(""));
}

static void tint(struct page_line *line, int which, size_t from, size_t length,
                 const char *color)
{
    size_t size = strlen(line->text);

    if (from >= size || length == 0)
        return;
    if (length > size - from)
        length = size - from;
    line->span[which] = (struct span){from, length, color};
}

/* left and, at the right margin, right; two lines where one is too short. */
static struct page_line *add_sides(struct page *page, const char *left,
                                   const char *right)
{
    size_t columns = (size_t)page->style.columns;
    size_t used = text_width(left) + text_width(right);

    if (used + 2 <= columns)
        return add_line(
            page, xasprintf("%s%*s%s", left, (int)(columns - used), "", right));
    size_t first = page->count;
    add_line(page, xstrdup(left));
    size_t width = text_width(right);
    add_line(page,
             xasprintf("%*s%s", width < columns ? (int)(columns - width) : 0,
                       "", right));
    return &page->line[first];
}

static void add_row_line(struct page *page, size_t label_width,
                         const char *label, const char *text)
{
    struct page_line *line =
        add_line(page, xasprintf("  %-*s%s", (int)label_width, label, text));

    tint(line, 0, 2, strlen(label), CYAN);
}

/* "  label   text", wrapped below text; at most `most` lines. The lines of the
 * text stay apart. */
static void add_row(struct page *page, size_t label_width, const char *label,
                    const char *text, size_t most)
{
    size_t width = (size_t)page->style.columns - label_width - 2;
    size_t shown = 0;

    do {
        size_t length = strcspn(text, "\n");
        char *clean = text_clean(text, length);
        struct strings lines = {0};
        wrap(&lines, clean, width, 0, most - shown);
        for (size_t i = 0; i < lines.count; i++)
            add_row_line(page, label_width, shown++ == 0 ? label : "",
                         lines.item[i]);
        strings_free(&lines);
        free(clean);
        text += length;
        text += strspn(text, "\n");
    } while (*text != '\0' && shown < most);
}

/* A list under one label, an item a line. */
static void add_rows(struct page *page, size_t label_width, const char *label,
                     const struct strings *list, size_t most)
{
    for (size_t i = 0; i < list->count; i++) {
        if (i + 1 == most && list->count > most) {
            char *text = xasprintf("and %zu more", list->count - i);
            add_row(page, label_width, "", text, 1);
            free(text);
            return;
        }
        const char *text = list->item[i][0] ? list->item[i] : "(an empty line)";
        add_row(page, label_width, i == 0 ? label : "", text, 1);
    }
}

static void print_line(FILE *stream, const struct page_line *line, bool color)
{
    size_t at = 0;

    for (int i = 0; color && i < 2; i++) {
        const struct span *span = &line->span[i];
        if (span->color == NULL || span->from < at)
            continue;
        fwrite(line->text + at, 1, span->from - at, stream);
        fprintf(stream, "\033[%sm%.*s\033[0m", span->color, (int)span->length,
                line->text + span->from);
        at = span->from + span->length;
    }
    fprintf(stream, "%s\n", line->text + at);
}

static void print_lines(FILE *stream, const struct page *page)
{
    for (size_t i = 0; i < page->count; i++)
        print_line(stream, &page->line[i], page->style.color);
}

static void page_free(struct page *page)
{
    for (size_t i = 0; i < page->count; i++)
        free(page->line[i].text);
    free(page->line);
}

/* "lab", "solution" ... ; a "process" was only looked at, not run. */
static bool is_variant(const struct report *report, const char *variant)
{
    return report->variant != NULL && strcmp(report->variant, variant) == 0;
}

/* ---- timeline: its columns ---- */

#define COLUMNS_MOST ((size_t)64)
#define NAME_MOST ((size_t)15) /* bytes of a thread's name */

struct column {
    const struct process_report *process; /* NULL: nobody knows the writer */
    char *name;   /* of the thread; NULL: the process itself */
    char *head;   /* "child (pid 3)" */
    char *brief;  /* "child" */
    char *end;    /* "[hang in pause]": how it was when the run was over */
    size_t place; /* from the left */
    size_t width;
};

struct event {
    double ms;
    size_t order; /* of events at the same time */
    size_t column;
    int stream; /* 1, 2; 0: seen by the runner */
    const char *text;
    size_t length;
    char *owned; /* text, if it is no part of a record */
    bool open;   /* its line end has not come yet */
};

struct timeline {
    const struct report *report;
    struct column *column;
    size_t columns;
    struct event *event;
    size_t events;
};

static size_t add_column(struct timeline *line,
                         const struct process_report *process, const char *name,
                         size_t length)
{
    size_t index = line->columns++;

    line->column =
        xrealloc(line->column, line->columns * sizeof(*line->column));
    line->column[index] = (struct column){
        .process = process,
        .name = name ? xasprintf("%.*s", (int)length, name) : NULL};
    return index;
}

/* The column of that thread (name NULL: of the process), made if need be. */
static size_t column_of(struct timeline *line,
                        const struct process_report *process, const char *name,
                        size_t length)
{
    for (size_t i = 0; i < line->columns; i++) {
        const struct column *column = &line->column[i];
        if (column->process != process ||
            (column->name == NULL) != (name == NULL))
            continue;
        if (name == NULL || (strlen(column->name) == length &&
                             memcmp(column->name, name, length) == 0))
            return i;
    }
    if (line->columns < COLUMNS_MOST || name == NULL)
        return add_column(line, process, name, length);
    return column_of(line, process, NULL, 0);
}

static bool same(const char *text, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(text, other, length) == 0;
}

/* "child" speaks for the role "child", and for "child 2" as well: two children
 * run the same source. */
static bool speaks_for(const char *name, size_t length, const char *role)
{
    return same(name, length, role) ||
           (strlen(role) > length && memcmp(name, role, length) == 0 &&
            role[length] == ' ' &&
            strspn(role + length + 1, "0123456789") ==
                strlen(role + length + 1));
}

static const struct thread_report *
thread_called(const struct process_report *process, const char *name,
              size_t length)
{
    for (size_t i = 0; process != NULL && i < process->thread_count; i++)
        if (same(name, length, process->threads[i].name))
            return &process->threads[i];
    return NULL;
}

/* The length of a NAME at the start of talk, "NAME: text"; 0 if there is none.
 * At most two words. */
static size_t speaker(const char *text, size_t length)
{
    size_t at = 0, blanks = 0;

    while (at < length && at <= NAME_MOST && blanks < 2 &&
           (isalnum((unsigned char)text[at]) ||
            (at > 0 && text[at] != '\0' && strchr(" -_", text[at]) != NULL)))
        blanks += text[at++] == ' ';
    return at > 0 && at <= NAME_MOST && at + 1 < length && text[at] == ':' &&
                   text[at + 1] == ' ' && isalpha((unsigned char)text[0])
               ? at
               : 0;
}

/* Who is it if only the name is known, as on a pipe? */
static const struct process_report *
process_called(const struct report *report, const char *name, size_t length)
{
    for (size_t i = 0; i < report->process_count; i++)
        if (same(name, length, report->processes[i].role))
            return &report->processes[i];
    for (size_t i = 0; i < report->process_count; i++)
        if (thread_called(&report->processes[i], name, length))
            return &report->processes[i];
    return NULL;
}

/* Threads that have ended are not in the report. In a lab whoever speaks says
 * its name first, so an unknown name is one of theirs ("lab" is die()'s). */
static bool may_be_thread(const struct report *report,
                          const struct process_report *process,
                          const char *name, size_t length)
{
    const struct process_report *other = process_called(report, name, length);

    return report->lab != 0 && !same(name, length, "lab") &&
           (other == NULL || other == process ||
            !same(name, length, other->role));
}

/* The column of a piece of talk; *name is the length of the name to drop. */
static size_t talk_column(struct timeline *line,
                          const struct process_report *process,
                          const char *text, size_t *name)
{
    size_t length = *name;
    const struct process_report *writer =
        process ? process : process_called(line->report, text, length);
    const struct thread_report *thread = thread_called(writer, text, length);

    if (writer != NULL && (speaks_for(text, length, writer->role) ||
                           (thread && thread->tid == writer->pid)))
        return column_of(line, writer, NULL, 0);
    if (thread != NULL || may_be_thread(line->report, writer, text, length))
        return column_of(line, writer, text, length);
    *name = 0;
    return column_of(line, process, NULL, 0);
}

/* ---- timeline: its events ---- */

static struct event *add_event(struct timeline *line)
{
    if ((line->events & (line->events - 1)) == 0)
        line->event =
            xrealloc(line->event, (line->events ? 2 * line->events : 1) *
                                      sizeof(*line->event));
    line->event[line->events] = (struct event){.order = line->events};
    return &line->event[line->events++];
}

/* So much of a line is more than a page can show. */
#define LINE_SHOWN ((size_t)400)

/* A piece of a line whose beginning came in the record before it. */
static bool join(struct timeline *line, const struct record *record,
                 const struct process_report *process, const char *text,
                 size_t length)
{
    struct event *last =
        line->events > 0 ? &line->event[line->events - 1] : NULL;

    if (last == NULL || !last->open || last->stream != record->stream ||
        line->column[last->column].process != process)
        return false;
    if (last->length + length > LINE_SHOWN)
        return true;
    char *whole = xcalloc(last->length + length + 1, 1);
    memcpy(whole, last->text, last->length);
    memcpy(whole + last->length, text, length);
    free(last->owned);
    last->text = last->owned = whole;
    last->length += length;
    return true;
}

static void add_text(struct timeline *line, const struct record *record,
                     const char *text, size_t length, bool open)
{
    const struct process_report *process =
        report_process(line->report, record->pid);
    size_t name = record->stream == 2 ? speaker(text, length) : 0;

    if (length > LINE_SHOWN)
        length = LINE_SHOWN;
    if (!open && length > 0 && text[length - 1] == '\r')
        length--; /* a terminal's line end is \r\n */
    if (join(line, record, process, text, length)) {
        line->event[line->events - 1].open = open;
        return;
    }
    if (length == 0 && record->stream == 2)
        return;
    size_t column = name > 0 ? talk_column(line, process, text, &name)
                             : column_of(line, process, NULL, 0);
    size_t drop = name > 0 ? name + 2 : 0;
    struct event *event = add_event(line);
    event->ms = record->ms;
    event->column = column;
    event->stream = record->stream;
    event->text = text + drop;
    event->length = length - drop;
    event->open = open;
}

static void add_record(struct timeline *line, const struct record *record)
{
    const char *text = record->text, *end = text + record->length;

    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        add_text(line, record, text, (size_t)((stop ? stop : end) - text),
                 stop == NULL);
        text = stop ? stop + 1 : end;
    }
}

static char *end_text(const struct process_report *process)
{
    const char *zombie = process->zombie ? ", zombie" : "";

    switch (process->end) {
    case END_EXIT:
        return xasprintf("[exit %d%s]", process->code, zombie);
    case END_KILLED:
        return xasprintf("[killed by %s%s]", signal_name(process->code),
                         zombie);
    case END_GONE:
        return xstrdup("[has ended]");
    default:
        return NULL;
    }
}

/* The end of a process is an event if its time is known. */
static void add_end(struct timeline *line, const struct process_report *process)
{
    char *text = end_text(process);

    if (text == NULL)
        return;
    size_t column = column_of(line, process, NULL, 0);
    if (process->ms_ended <= 0) {
        line->column[column].end = text;
        return;
    }
    struct event *event = add_event(line);
    event->ms = process->ms_ended;
    event->column = column;
    event->text = event->owned = text;
    event->length = strlen(text);
}

static int by_time(const void *one, const void *other)
{
    const struct event *a = one, *b = other;

    if (a->ms != b->ms)
        return a->ms < b->ms ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* ---- timeline: how it was at the end ---- */

static bool waits_for_client(const struct thread_report *thread)
{
    return !thread->stuck && thread->waits != NULL &&
           strcmp(thread->waits, "client") == 0;
}

static char *thread_state(const struct thread_report *thread)
{
    const char *function = thread->function ? thread->function : "?";

    if (thread->stuck && thread->root)
        return xasprintf("[hang in %s]", function);
    if (thread->stuck)
        return xasprintf("[waits in %s]", function);
    if (waits_for_client(thread))
        return xasprintf("[idle in %s]", function);
    if (thread->function != NULL)
        return xasprintf("[in %s]", function);
    return xstrdup("[alive]");
}

static int weight_of(const struct thread_report *thread)
{
    return thread->stuck && thread->root ? 4
           : thread->stuck               ? 3
           : waits_for_client(thread)    ? 2
           : thread->function != NULL    ? 1
                                         : 0;
}

/* What a process is doing, in one word: what its first thread does, or else
 * the one that says most, among those without a column. */
static char *process_state(struct timeline *line,
                           const struct process_report *process)
{
    const struct thread_report *most = NULL;

    for (size_t i = 0; i < process->thread_count; i++) {
        const struct thread_report *thread = &process->threads[i];
        bool own_column = false;
        for (size_t k = 0; k < line->columns; k++)
            own_column = own_column ||
                         (line->column[k].process == process &&
                          line->column[k].name != NULL &&
                          strcmp(line->column[k].name, thread->name) == 0 &&
                          thread->tid != process->pid);
        if (!own_column &&
            (most == NULL || weight_of(thread) > weight_of(most)))
            most = thread;
    }
    if (most != NULL)
        return thread_state(most);
    return xstrdup(process->left_behind ? "[left behind]" : "[alive]");
}

static bool is_there(const struct process_report *process)
{
    return process->end == END_ALIVE || process->end == END_STUCK;
}

static void note_states(struct timeline *line)
{
    for (size_t i = 0; i < line->columns; i++) {
        struct column *column = &line->column[i];
        if (column->process == NULL || !is_there(column->process))
            continue;
        const struct thread_report *thread =
            column->name ? thread_called(column->process, column->name,
                                         strlen(column->name))
                         : NULL;
        if (column->name == NULL)
            column->end = process_state(line, column->process);
        else if (thread != NULL)
            column->end = thread_state(thread);
    }
}

/* ---- timeline: heads and places ---- */

static char *head_of(const struct timeline *line, const struct column *column)
{
    const struct process_report *process = column->process;

    if (process == NULL)
        return xstrdup(column->name ? column->name : "output");
    if (column->name == NULL) {
        pid_t pid = process->inner_pid ? process->inner_pid : process->pid;
        return xasprintf("%s (pid %d)", process->role, (int)pid);
    }
    for (size_t i = 0; i < line->columns; i++)
        if (&line->column[i] != column && line->column[i].name != NULL &&
            strcmp(line->column[i].name, column->name) == 0)
            return xasprintf("%s of %s", column->name, process->role);
    return xstrdup(column->name);
}

static const char *name_of(const struct column *column)
{
    return column->name      ? column->name
           : column->process ? column->process->role
                             : "output";
}

/* For lines with one name each: the pid only where two have one name. */
static char *brief_of(const struct timeline *line, const struct column *column)
{
    const char *name = name_of(column);
    bool alone = true;

    for (size_t i = 0; i < line->columns && alone; i++)
        alone = &line->column[i] == column ||
                strcmp(name_of(&line->column[i]), name) != 0;
    return alone ? text_clean(name, strlen(name)) : xstrdup(column->head);
}

static size_t index_of(const struct report *report,
                       const struct process_report *process)
{
    return process ? (size_t)(process - report->processes)
                   : report->process_count;
}

/* In the order of birth: processes as the report has them, the threads of each
 * behind it in the order in which they spoke. */
static void place_columns(struct timeline *line)
{
    for (size_t i = 0; i < line->columns; i++) {
        struct column *column = &line->column[i];
        size_t mine = index_of(line->report, column->process);
        for (size_t k = 0; k < line->columns; k++) {
            const struct column *other = &line->column[k];
            size_t theirs = index_of(line->report, other->process);
            if (theirs < mine ||
                (theirs == mine &&
                 (other->name == NULL) > (column->name == NULL)) ||
                (theirs == mine &&
                 (other->name == NULL) == (column->name == NULL) && k < i))
                column->place++;
        }
        char *head = head_of(line, column);
        column->head = text_clean(head, strlen(head));
        column->brief = brief_of(line, column);
        free(head);
    }
}

static void make_timeline(struct timeline *line, const struct report *report)
{
    *line = (struct timeline){.report = report};
    for (size_t i = 0; i < report->process_count; i++)
        if (line->columns < COLUMNS_MOST)
            add_column(line, &report->processes[i], NULL, 0);
    for (size_t i = 0; i < report->record_count; i++)
        add_record(line, &report->records[i]);
    for (size_t i = 0; i < report->process_count; i++)
        add_end(line, &report->processes[i]);
    if (line->events > 0)
        qsort(line->event, line->events, sizeof(*line->event), by_time);
    note_states(line);
    place_columns(line);
}

static void timeline_free(struct timeline *line)
{
    for (size_t i = 0; i < line->columns; i++) {
        free(line->column[i].name);
        free(line->column[i].head);
        free(line->column[i].brief);
        free(line->column[i].end);
    }
    for (size_t i = 0; i < line->events; i++)
        free(line->event[i].owned);
    free(line->column);
    free(line->event);
}

/* ---- timeline: onto the page ---- */

#define MS_WIDTH 7 /* the times at the left, with two spaces */
#define GAP ((size_t)2)
#define COLUMN_LEAST ((size_t)14)
#define SIDE_BY_SIDE ((size_t)5) /* more columns are lines with a name each */

/* How the timeline is set. */
struct setting {
    bool side_by_side;
    bool decimals; /* of the milliseconds */
    size_t who;    /* width of the names, if not side by side */
    size_t wraps;  /* lines of one event at most */
};

static char *event_text(const struct event *event)
{
    char *clean = text_clean(event->text, event->length);

    if (event->stream != 1)
        return clean;
    char *marked = xasprintf("> %s", clean);
    free(clean);
    return marked;
}

static char *time_text(const struct setting *set, double ms)
{
    return xasprintf(set->decimals ? "%5.1f" : "%5.0f", ms);
}

static void widen(struct column *column, size_t width)
{
    if (column->width < width)
        column->width = width;
}

static size_t longest_word(const char *text)
{
    size_t longest = 0;

    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        longest = word > longest ? word : longest;
        text += word;
        text += skip_blanks(text);
    }
    return longest;
}

/* Each column as wide as what stands in it, and at most room; the state at the
 * end may be broken where that is cheap. Returns the sum with all gaps. */
static size_t natural_widths(struct timeline *line, size_t room, bool broken)
{
    size_t sum = line->columns > 0 ? (line->columns - 1) * GAP : 0;

    for (size_t i = 0; i < line->columns; i++) {
        struct column *column = &line->column[i];
        column->width = text_width(column->head);
        if (column->end != NULL)
            widen(column, broken ? longest_word(column->end) + 1
                                 : text_width(column->end));
    }
    for (size_t i = 0; i < line->events; i++) {
        const struct event *event = &line->event[i];
        size_t width = event->length + (event->stream == 1 ? 2 : 0);
        widen(&line->column[event->column], width < room ? width : room);
    }
    for (size_t i = 0; i < line->columns; i++)
        sum += line->column[i].width;
    return sum;
}

/* Makes the widest columns narrower until all fit. False if they cannot. */
static bool set_widths(struct timeline *line, size_t room)
{
    size_t sum = natural_widths(line, room, false);

    if (sum > room)
        sum = natural_widths(line, room, true);
    while (sum > room) {
        size_t widest = 0;
        for (size_t i = 1; i < line->columns; i++)
            if (line->column[i].width > line->column[widest].width)
                widest = i;
        if (line->column[widest].width <= COLUMN_LEAST)
            return false;
        line->column[widest].width--;
        sum--;
    }
    /* What is left over makes the gaps wider. */
    for (size_t i = 0; i + 1 < line->columns; i++) {
        size_t more = (room - sum) / line->columns;
        line->column[i].width += more < 6 ? more : 6;
    }
    return true;
}

static void set_timeline(struct timeline *line, const struct page *page,
                         struct setting *set)
{
    size_t room = (size_t)page->style.columns - MS_WIDTH;
    double last = line->events > 0 ? line->event[line->events - 1].ms : 0;

    *set = (struct setting){.decimals = last < 1000, .wraps = 3};
    set->side_by_side = line->columns <= SIDE_BY_SIDE &&
                        page->style.columns >= 60 && set_widths(line, room);
    for (size_t i = 0; i < line->columns; i++) {
        size_t width = text_width(line->column[i].brief);
        if (width > set->who)
            set->who = width;
    }
    if (set->who > room / 3)
        set->who = room / 3;
}

/* The column at that place from the left. */
static const struct column *at_place(const struct timeline *line, size_t place)
{
    for (size_t i = 0; i < line->columns; i++)
        if (line->column[i].place == place)
            return &line->column[i];
    return &line->column[0];
}

static size_t left_of(const struct timeline *line, const struct column *column)
{
    size_t sum = MS_WIDTH;

    for (size_t i = 0; i < line->columns; i++)
        if (line->column[i].place < column->place)
            sum += line->column[i].width + GAP;
    return sum;
}

/* One event as lines of the page. */
static void set_event(struct page *page, const struct timeline *line,
                      const struct setting *set, const struct column *column,
                      const char *time, const char *clean)
{
    struct strings lines = {0};
    size_t room = (size_t)page->style.columns - MS_WIDTH;

    if (set->side_by_side) {
        wrap(&lines, clean, column->width, 2, set->wraps);
        for (size_t i = 0; i < lines.count; i++)
            add_line(page, xasprintf("%5s%*s%s", i == 0 ? time : "",
                                     (int)left_of(line, column) - 5, "",
                                     lines.item[i]));
    } else {
        char *who = text_cut(column->brief, set->who);
        wrap(&lines, clean, room - set->who - GAP, 2, set->wraps);
        for (size_t i = 0; i < lines.count; i++) {
            size_t width = i == 0 ? text_width(who) : 0;
            add_line(page,
                     xasprintf("%5s  %s%*s%s", i == 0 ? time : "",
                               i == 0 ? who : "", (int)(set->who + GAP - width),
                               "", lines.item[i]));
        }
        free(who);
    }
    strings_free(&lines);
}

static void set_one(struct page *page, const struct timeline *line,
                    const struct setting *set, const struct event *event)
{
    char *clean = event_text(event);
    char *time = time_text(set, event->ms);

    set_event(page, line, set, &line->column[event->column], time, clean);
    free(clean);
    free(time);
}

static void set_heads(struct page *page, const struct timeline *line)
{
    char *text = xstrdup(is_variant(line->report, "process") ? "" : "   ms");

    for (size_t place = 0; place < line->columns; place++) {
        const struct column *column = at_place(line, place);
        char *head = text_cut(column->head, column->width);
        char *more = xasprintf("%s%*s%s", text,
                               (int)(left_of(line, column) - text_width(text)),
                               "", head);
        free(head);
        free(text);
        text = more;
    }
    tint(add_line(page, text), 0, 0, SIZE_MAX, BOLD);
}

/* The row below the events: what each one that is left is doing. */
static const char *end_label(const struct timeline *line)
{
    return is_variant(line->report, "process") ? "  now" : "  end";
}

static void set_states(struct page *page, const struct timeline *line)
{
    struct strings parts = {0};
    bool more = true;

    for (size_t row = 0; more && row < 3; row++) {
        char *text = xstrdup(row == 0 ? end_label(line) : "");
        bool any = false;
        more = false;
        for (size_t place = 0; place < line->columns; place++) {
            const struct column *column = at_place(line, place);
            if (column->end == NULL)
                continue;
            char *clean = text_clean(column->end, strlen(column->end));
            wrap(&parts, clean, column->width, 1, 3);
            if (row < parts.count) {
                char *longer =
                    xasprintf("%s%*s%s", text,
                              (int)(left_of(line, column) - text_width(text)),
                              "", parts.item[row]);
                free(text);
                text = longer;
                any = true;
            }
            more = more || row + 1 < parts.count;
            strings_free(&parts);
            free(clean);
        }
        if (any)
            add_line(page, text);
        else
            free(text);
    }
}

static void list_states(struct page *page, const struct timeline *line,
                        const struct setting *set, size_t most)
{
    struct setting brief = *set;
    size_t left = 0, shown = 0;

    brief.wraps = 1;
    for (size_t i = 0; i < line->columns; i++)
        left += line->column[i].end != NULL;
    for (size_t place = 0; place < line->columns; place++) {
        const struct column *column = at_place(line, place);
        if (column->end == NULL)
            continue;
        if (shown + 1 == most && left > most) {
            add_line(page, xasprintf("%5s  and %zu more", "", left - shown));
            return;
        }
        char *clean = text_clean(column->end, strlen(column->end));
        set_event(page, line, &brief, column,
                  shown == 0 ? end_label(line) + 2 : "", clean);
        free(clean);
        shown++;
    }
}

static void add_states(struct page *page, const struct timeline *line,
                       const struct setting *set, size_t most)
{
    if (set->side_by_side)
        set_states(page, line);
    else
        list_states(page, line, set, most);
}

static void take_back(struct page *page, size_t count)
{
    while (page->count > count)
        free(page->line[--page->count].text);
}

/* Sets all events with so many lines each at most; false, and nothing, if that
 * takes more than room lines. */
static bool fit_events(struct page *page, const struct timeline *line,
                       struct setting *set, size_t room, size_t wraps)
{
    size_t start = page->count;

    set->wraps = wraps;
    for (size_t i = 0; i < line->events && page->count <= start + room; i++)
        set_one(page, line, set, &line->event[i]);
    if (page->count <= start + room)
        return true;
    take_back(page, start);
    return false;
}

/* All events, or the first and the last ones of those that do not fit. */
static void add_events(struct page *page, const struct timeline *line,
                       struct setting *set, size_t room)
{
    if (line->events == 0)
        return;
    for (size_t wraps = 3; wraps > 0; wraps--)
        if (fit_events(page, line, set, room, wraps))
            return;
    size_t first = room / 2, last = room - first - 1;
    for (size_t i = 0; i < first; i++)
        set_one(page, line, set, &line->event[i]);
    add_line(page, xasprintf("%5s  %zu more lines", "...",
                             line->events - first - last));
    for (size_t i = line->events - last; i < line->events; i++)
        set_one(page, line, set, &line->event[i]);
}

/* How many lines the states would take. */
static size_t count_states(struct page *page, const struct timeline *line,
                           const struct setting *set, size_t most)
{
    struct page trial = {.style = page->style};

    add_states(&trial, line, set, most);
    size_t count = trial.count;
    page_free(&trial);
    return count;
}

/* The timeline in at most room lines. */
static void add_timeline(struct page *page, const struct report *report,
                         size_t room)
{
    struct timeline line;
    struct setting set;

    make_timeline(&line, report);
    set_timeline(&line, page, &set);
    size_t states_room = room / 3 > 2 ? room / 3 : 2;
    size_t heads = set.side_by_side && line.columns > 0;
    size_t states = count_states(page, &line, &set, states_room);
    bool silent = report->record_count == 0 && !is_variant(report, "process");
    if (heads)
        set_heads(page, &line);
    if (silent)
        add_line(page, xasprintf("%*s(it wrote nothing)", MS_WIDTH, ""));
    size_t used = heads + states + silent;
    add_events(page, &line, &set, room > used + 3 ? room - used : 3);
    add_states(page, &line, &set, states_room);
    timeline_free(&line);
}

/* ---- head ---- */

/* The file that ran, or was compiled to run: not the program in build/. */
static char *source_of(const struct report *report, const struct lab *lab)
{
    if (is_variant(report, "solution"))
        return xasprintf("solutions/%s.c", lab->stem);
    if (is_variant(report, "attempt"))
        return xasprintf("attempts/%s.c", lab->stem);
    if (is_variant(report, "program"))
        return xstrdup(report->program ? report->program : "");
    return xstrdup(lab->source);
}

static void add_lab_head(struct page *page, const struct report *report,
                         const struct lab *lab)
{
    const char *kind = report->variant && !is_variant(report, "program")
                           ? report->variant
                           : "lab";
    const char *with = libc_is_musl(report->machine.libc) ? " with musl" : "";
    char *left = xasprintf("%s %d%s: %s", kind, lab->number, with, lab->name);
    char *file = source_of(report, lab);
    char *source = text_clean(file, strlen(file));
    char *right = is_variant(report, "lab") && lab->lines > 0
                      ? xasprintf("%s (%d lines)", source, lab->lines)
                      : xstrdup(source);
    size_t columns = (size_t)page->style.columns;

    if (text_width(left) + text_width(right) + 2 > columns) {
        free(right);
        right = xstrdup(source);
    }
    if (text_width(left) + text_width(right) + 2 > columns)
        right[0] = '\0'; /* the name says which file it is */
    tint(add_sides(page, left, right), 0, 0, strlen(left), BOLD);
    free(left);
    free(file);
    free(source);
    free(right);
}

static void add_title(struct page *page, const struct report *report,
                      const struct lab *lab)
{
    bool hazard = report->variant == NULL || is_variant(report, "lab");
    char *title = xasprintf("%s%s", hazard ? "" : "The hazard: ", lab->title);
    struct strings lines = {0};

    title[0] = (char)toupper((unsigned char)title[0]);
    char *clean = text_clean(title, strlen(title));
    wrap(&lines, clean, (size_t)page->style.columns, 0, 2);
    for (size_t i = 0; i < lines.count; i++)
        add_line(page, xstrdup(lines.item[i]));
    strings_free(&lines);
    free(clean);
    free(title);
}

static void add_head(struct page *page, const struct report *report,
                     const struct lab *lab)
{
    if (lab != NULL) {
        add_lab_head(page, report, lab);
        add_title(page, report, lab);
        return;
    }
    char *what = is_variant(report, "process") && report->process_count > 0
                     ? xasprintf("process %d: ", (int)report->processes[0].pid)
                     : xstrdup("in the cage: ");
    size_t length = strlen(what);
    const char *command = report->program ? report->program : "";
    struct page_line *line = add_line(page, xasprintf("%s%s", what, command));
    tint(line, 0, length, SIZE_MAX, BOLD);
    free(what);
}

/* ---- verdict ---- */

static char *duration(double ms)
{
    return xasprintf(ms < 10     ? "%.1f ms"
                     : ms < 1000 ? "%.0f ms"
                                 : "%.1f s",
                     ms < 1000 ? ms : ms / 1000);
}

static char *time_of_verdict(const struct report *report)
{
    char *total = duration(report->ms_total);
    char *stuck = duration(report->ms_stuck_to_verdict);
    char *text;

    if (is_variant(report, "process"))
        text = xstrdup("");
    else if (report->verdict == VERDICT_HANG && report->ms_stuck_to_verdict > 0)
        text = xasprintf("proved after %s", stuck);
    else if (report->verdict == VERDICT_NO_PROGRESS ||
             report->verdict == VERDICT_RUNNING)
        text = xasprintf("deadline %g s", report->deadline_s);
    else
        text = xstrdup(total);
    free(total);
    free(stuck);
    return text;
}

/* What the outcome means to the one who asked; *good: it is as wanted. */
static const char *judgement(const struct report *report, bool *good)
{
    bool lab = report->variant == NULL || is_variant(report, "lab");
    bool solution = is_variant(report, "solution");

    *good = report->outcome ==
            (lab && !report->cured ? OUTCOME_HAZARD : OUTCOME_SAFE);
    switch (report->outcome) {
    case OUTCOME_HAZARD:
        return lab        ? "as expected"
               : solution ? "NOT as expected: the hazard"
                          : "the hazard is still there";
    case OUTCOME_SAFE:
        return lab && report->cured ? "safe: musl has cured it"
               : lab                ? "NOT as expected: safe"
               : solution           ? "safe, as expected"
                                    : "safe: the hazard is gone";
    case OUTCOME_BROKEN:
        return "BROKEN";
    default:
        return "";
    }
}

static const char *verdict_color(const struct report *report)
{
    switch (report->verdict) {
    case VERDICT_HANG:
    case VERDICT_KILLED:
        return RED;
    case VERDICT_EXIT:
        return BOLD;
    default:
        return YELLOW;
    }
}

static void add_verdict(struct page *page, const struct report *report)
{
    char title[64];
    bool good;
    const char *outcome = judgement(report, &good);
    char *time = time_of_verdict(report);

    verdict_title(report, title, sizeof(title));
    char *left = xasprintf("VERDICT  %s", title);
    char *right = xasprintf("%s%s%s", outcome, outcome[0] ? "   " : "", time);
    size_t first = page->count;
    add_sides(page, left, right);
    tint(&page->line[first], 0, strlen("VERDICT  "), strlen(title),
         verdict_color(report));
    struct page_line *last = &page->line[page->count - 1];
    const char *at = strstr(last->text, right);
    if (at != NULL)
        tint(last, 1, (size_t)(at - last->text), strlen(outcome),
             good ? GREEN : RED);
    free(left);
    free(right);
    free(time);
}

/* ---- rows ---- */

#define LABEL ((size_t)8)
#define LABEL_BROKEN ((size_t)12)

/* How much room the rows take. */
struct rows {
    struct page *page;
    size_t label;
    bool tight;
};

__attribute__((format(printf, 4, 5))) static void row(const struct rows *rows,
                                                      const char *label,
                                                      size_t most,
                                                      const char *format, ...)
{
    va_list values;
    char *text;

    va_start(values, format);
    int length = vasprintf(&text, format, values);
    va_end(values);
    if (length < 0)
        return;
    add_row(rows->page, rows->label, label, text, most);
    free(text);
}

static pid_t pid_shown(const struct process_report *process)
{
    return process->inner_pid ? process->inner_pid : process->pid;
}

static void add_who(const struct rows *rows, const struct report *report,
                    const struct process_report *process,
                    const struct thread_report *thread)
{
    int pid = (int)pid_shown(process);

    if (process->thread_count == 1)
        row(rows, "who", 2, "%s (pid %d), its only thread", process->role, pid);
    else if (thread_has_own_name(report, process, thread))
        row(rows, "who", 2, "%s (pid %d), thread %s, one of %zu", process->role,
            pid, thread->name, process->thread_count);
    else
        row(rows, "who", 2, "%s (pid %d), %s of its %zu threads", process->role,
            pid, thread->tid == process->pid ? "the first" : "one",
            process->thread_count);
}

static void add_where(const struct rows *rows, const char *label,
                      const struct thread_report *thread, const char *role)
{
    const char *function = thread->function ? thread->function : "?";

    if (thread->file != NULL && thread->line > 0)
        row(rows, label, 2, "%s%s%s, called at %s:%d", role,
            role[0] ? " in " : "", function, thread->file, thread->line);
    else
        row(rows, label, 1, "%s%s%s", role, role[0] ? " in " : "", function);
}

static bool is_lock(const char *waits)
{
    static const char *const locks[] = {"mutex",   "rwlock",    "condition",
                                        "barrier", "semaphore", "once",
                                        "futex",   "lock",      "file lock"};

    for (size_t i = 0; waits && i < sizeof(locks) / sizeof(*locks); i++)
        if (strcmp(waits, locks[i]) == 0)
            return true;
    return false;
}

static void add_object(const struct rows *rows,
                       const struct thread_report *thread)
{
    const char *waits = thread->waits ? thread->waits : "";
    bool lock = is_lock(thread->waits) || thread->owner_is != OWNER_NONE;

    if (thread->object == NULL && !lock)
        return;
    if (thread->object == NULL)
        row(rows, "lock", 1, "%s, its name is not known",
            waits[0] ? waits : "a lock");
    else if (is_lock(thread->waits))
        row(rows, "lock", 1, "%s (%s)", thread->object, waits);
    else
        row(rows, "what", 1, "%s%s%s", waits, waits[0] ? ", " : "",
            thread->object);
}

static void add_owner(const struct rows *rows,
                      const struct thread_report *thread)
{
    int owner = (int)thread->owner;

    switch (thread->owner_is) {
    case OWNER_NONE:
        break;
    case OWNER_UNKNOWN:
        row(rows, "owner", 1, "not known: this lock does not say");
        break;
    case OWNER_VANISHED:
        row(rows, "owner", 2,
            "thread %d, which is not here: fork copied the lock, not the "
            "thread",
            owner);
        break;
    case OWNER_SELF:
        row(rows, "owner", 1, "thread %d, itself", owner);
        break;
    case OWNER_FORKER:
        row(rows, "owner", 2,
            "thread %d, the one that called fork: it has another number here",
            owner);
        break;
    case OWNER_THREAD:
        row(rows, "owner", 1, "thread %d of the same process", owner);
        break;
    case OWNER_PROCESS:
        row(rows, "owner", 1, "process %d", owner);
        break;
    case OWNER_DEAD:
        row(rows, "owner", 1, "thread %d, which has ended without unlocking",
            owner);
        break;
    }
}

static void add_why(const struct rows *rows, const char *why)
{
    char *text = xstrdup(why);

    text[0] = (char)toupper((unsigned char)text[0]);
    size_t length = strlen(text);
    bool stop = length > 0 && strchr(".!?", text[length - 1]) != NULL;
    row(rows, "why", rows->tight ? 2 : 4, "%s%s", text, stop ? "" : ".");
    free(text);
}

/* The thread that the page tells about: stuck, or waiting for a client. */
static const struct thread_report *subject(const struct report *report,
                                           const struct process_report **owner)
{
    const struct thread_report *thread = report_culprit(report, owner);

    for (size_t i = 0; thread == NULL && i < report->process_count; i++) {
        const struct process_report *process = &report->processes[i];
        for (size_t k = 0;
             report->verdict == VERDICT_IDLE && k < process->thread_count; k++)
            if (thread == NULL && waits_for_client(&process->threads[k])) {
                thread = &process->threads[k];
                *owner = process;
            }
    }
    return thread;
}

/* What may still wake somebody, if anybody knows. */
static const char *help_of(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++)
        for (size_t k = 0; k < report->processes[i].thread_count; k++) {
            const struct thread_report *thread =
                &report->processes[i].threads[k];
            if (!thread->stuck && thread->why != NULL)
                return thread->why;
        }
    return "it may yet wake";
}

/* Why it is so, as the autopsy says, or else what the verdict means. The caller
 * frees it; NULL where there is nothing to say. */
static char *why_of(const struct report *report,
                    const struct thread_report *thread)
{
    if (report->why != NULL)
        return xstrdup(report->why);
    if (report->verdict == VERDICT_RUNNING && report->reason != NULL)
        return xstrdup(report->reason);
    switch (report->verdict) {
    case VERDICT_IDLE:
        return xstrdup(
            "all of it is asleep, and only a new client could wake it");
    case VERDICT_NO_PROGRESS:
        return xasprintf("nothing moved, but that is no proof: %s",
                         help_of(report));
    case VERDICT_RUNNING:
        return xstrdup(is_variant(report, "process")
                           ? "it is running, or about to"
                           : "it was still running, or about to, when the time "
                             "was up");
    default:
        return thread && thread->why ? xstrdup(thread->why) : NULL;
    }
}

static void add_subject(const struct rows *rows, const struct report *report,
                        const struct thread_report *thread,
                        const struct process_report *process)
{
    bool brief = rows->tight && report->outcome == OUTCOME_BROKEN;

    add_who(rows, report, process, thread);
    add_where(rows, "where", thread, "");
    if (!brief) {
        add_object(rows, thread);
        add_owner(rows, thread);
    }
}

static bool ended_by_deadline(const struct report *report)
{
    return report->verdict == VERDICT_NO_PROGRESS ||
           report->verdict == VERDICT_RUNNING;
}

/* Where everybody is who was still there at the deadline. */
static void add_places(const struct rows *rows, const struct report *report)
{
    size_t shown = 0, most = rows->tight ? 2 : 3;

    for (size_t i = 0; i < report->process_count; i++) {
        const struct process_report *process = &report->processes[i];
        if (!is_there(process) || process->thread_count == 0 ||
            process->threads[0].function == NULL)
            continue;
        if (shown < most)
            add_where(rows, shown == 0 ? "where" : "", &process->threads[0],
                      process->role);
        shown++;
    }
}

/* ---- facts ---- */

/* These show in the timeline or in the rows above. */
static bool told_already(const char *finding)
{
    static const char *const words[] = {"] exit ", "] killed by ", "] hang in ",
                                        "] idle in ", "] deadline"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strstr(finding, words[i]) != NULL)
            return true;
    return false;
}

/* So many different facts are told apart; a page shows fewer. */
#define DISTINCT ((size_t)64)

/* The same fact several times becomes one, with the count that a header has. */
static void collect(struct strings *list, const struct strings *facts, bool all)
{
    struct strings distinct = {0};
    size_t times[DISTINCT] = {0};

    for (size_t i = 0; i < facts->count; i++) {
        size_t at = 0;
        if (!all && told_already(facts->item[i]))
            continue;
        while (at < distinct.count &&
               strcmp(distinct.item[at], facts->item[i]) != 0)
            at++;
        if (at == DISTINCT)
            continue;
        if (at == distinct.count)
            strings_add(&distinct, facts->item[i]);
        times[at]++;
    }
    for (size_t i = 0; i < distinct.count; i++) {
        char *text = times[i] > 1
                         ? xasprintf("%zu %s", times[i], distinct.item[i])
                         : xstrdup(distinct.item[i]);
        strings_add(list, text);
        free(text);
    }
    strings_free(&distinct);
}

static void add_seen(const struct rows *rows, const struct report *report)
{
    bool ended =
        report->verdict == VERDICT_EXIT || report->verdict == VERDICT_KILLED;
    struct strings list = {0};

    if (report->outcome == OUTCOME_BROKEN)
        return;
    if (ended && report->outcome != OUTCOME_NONE)
        collect(&list, &report->evidence, true);
    collect(&list, &report->findings, ended && report->outcome != OUTCOME_NONE);
    add_rows(rows->page, rows->label, "seen", &list, rows->tight ? 3 : 5);
    strings_free(&list);
}

static void add_difference(const struct rows *rows, const struct report *report)
{
    size_t most = rows->tight ? 2 : 4;

    if (report->outcome != OUTCOME_BROKEN)
        return;
    if (report->reason != NULL)
        row(rows, "reason", 2, "%s", report->reason);
    if (report->missing.count == 0 && report->unexpected.count == 0)
        return;
    row(rows, "facts", 2,
        "not those of Hazard:, not those of Safe:; compared with %s:",
        report->nearest == OUTCOME_HAZARD ? "Hazard" : "Safe");
    add_rows(rows->page, rows->label, "missing", &report->missing, most);
    add_rows(rows->page, rows->label, "unexpected", &report->unexpected, most);
}

static void add_output(const struct rows *rows, const struct report *report)
{
    if (report->output_kept < report->output_bytes)
        row(rows, "output", 2, "%zu bytes; of them the first %zu are kept",
            report->output_bytes, report->output_kept);
}

static void add_left(const struct rows *rows, const struct report *report)
{
    int count = report->left_behind;

    if (is_variant(report, "process"))
        return; /* it is none of ours */
    if (report->still_there > 0)
        row(rows, "left", 2, "%d process%s could not be ended: see ps(1)",
            report->still_there, report->still_there == 1 ? "" : "es");
    else if (count > 0)
        row(rows, "left", 2, "nothing now; %d process%s outlived the first one",
            count, count == 1 ? "" : "es");
    else
        row(rows, "left", 1, "nothing: no process, no file");
}

/* ---- the whole ---- */

static void add_next(struct page *page, const char *next)
{
    if (next == NULL)
        return;
    add_blank(page);
    tint(add_line(page, xasprintf("    %s", next)), 0, 4, SIZE_MAX, BOLD);
}

/* Everything below the timeline. */
static void make_bottom(struct page *page, const struct report *report,
                        const char *next, bool tight)
{
    bool broken = report->outcome == OUTCOME_BROKEN;
    struct rows rows = {page, broken ? LABEL_BROKEN : LABEL, tight};
    const struct process_report *process;
    const struct thread_report *thread = subject(report, &process);

    add_verdict(page, report);
    add_line(page, xstrdup(""));
    add_difference(&rows, report);
    if (thread != NULL)
        add_subject(&rows, report, thread, process);
    else if (ended_by_deadline(report))
        add_places(&rows, report);
    char *why = why_of(report, thread);
    if (why != NULL)
        add_why(&rows, why);
    free(why);
    add_seen(&rows, report);
    add_output(&rows, report);
    add_left(&rows, report);
    add_next(page, next);
}

static void append(struct page *page, struct page *more)
{
    for (size_t i = 0; i < more->count; i++) {
        page->line =
            xrealloc(page->line, (page->count + 1) * sizeof(*page->line));
        page->line[page->count++] = more->line[i];
    }
    free(more->line);
    *more = (struct page){0};
}

/* The timeline should have so many lines; then the rows must be brief. */
#define TIMELINE_LEAST ((size_t)8)

/* The last resort, for narrow pages: the rows lose their last lines, those
 * above "left", an empty line and the next command. */
static void squeeze(struct page *bottom, size_t most)
{
    const size_t kept = 3;

    while (bottom->count > most && bottom->count > kept + 3) {
        size_t out = bottom->count - kept - 1;
        free(bottom->line[out].text);
        memmove(&bottom->line[out], &bottom->line[out + 1],
                kept * sizeof(*bottom->line));
        bottom->count--;
    }
}

/* What the timeline takes of that, if it is short. */
static size_t timeline_need(const struct page *page,
                            const struct report *report)
{
    struct page trial = {.style = page->style};

    add_timeline(&trial, report, TIMELINE_LEAST);
    size_t need = trial.count;
    page_free(&trial);
    return need;
}

static void make_run(struct page *page, const struct report *report,
                     const char *next)
{
    struct page bottom = {.style = page->style};
    size_t lines = (size_t)page->style.lines;

    add_line(page, xstrdup(""));
    make_bottom(&bottom, report, next, false);
    size_t most = lines - page->count - timeline_need(page, report) - 1;
    if (bottom.count > most) {
        page_free(&bottom);
        bottom = (struct page){.style = page->style};
        make_bottom(&bottom, report, next, true);
        squeeze(&bottom, most);
    }
    size_t used = page->count + 1 + bottom.count;
    add_timeline(page, report, lines > used ? lines - used : 0);
    add_line(page, xstrdup(""));
    append(page, &bottom);
}

/* A run that did not take place. */
static void make_reason(struct page *page, const struct report *report,
                        const struct lab *lab, const char *next)
{
    bool skip = report->outcome == OUTCOME_SKIP;
    struct rows rows = {page, LABEL, false};
    const char *word = skip ? "SKIP" : "NOT RUN";
    const char *reason = report->reason ? report->reason : "no reason given";
    char *needs = xstrdup("");

    add_line(page, xstrdup(""));
    struct page_line *line = add_line(
        page, xasprintf("VERDICT  %s%s", word,
                        skip ? ": it did not run, so it neither passed nor "
                               "failed"
                             : ""));
    tint(line, 0, strlen("VERDICT  "), strlen(word), YELLOW);
    add_line(page, xstrdup(""));
    row(&rows, "why", 6, "%s", reason);
    for (size_t i = 0; lab != NULL && i < lab->need_count; i++) {
        char *more = xasprintf("%s%s%s", needs, i ? ", " : "", lab->needs[i]);
        free(needs);
        needs = more;
    }
    if (needs[0] != '\0')
        row(&rows, "needs", 2, "%s", needs);
    free(needs);
    if (skip)
        row(&rows, "do", 2,
            "\"make setup\" installs what labs need; \"make doctor\" says what "
            "this machine can do");
    add_next(page, next);
}

void print_page(FILE *stream, struct style style, const struct report *report,
                const struct lab *lab, const char *next)
{
    struct page page = {.style = style};

    if (page.style.columns < 40)
        page.style.columns = 40;
    if (page.style.lines < 20)
        page.style.lines = 20;
    add_head(&page, report, lab);
    if (report->outcome == OUTCOME_SKIP ||
        (report->reason != NULL && report->process_count == 0))
        make_reason(&page, report, lab, next);
    else
        make_run(&page, report, next);
    print_lines(stream, &page);
    page_free(&page);
}

/* SPDX-License-Identifier: MIT
 *
 * timeline: see timeline.h. In this order: columns, events, how it was at the
 * end, heads and places, the lines.
 */
#define _GNU_SOURCE
#include "print/timeline.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/findings.h"

/* ---- columns ---- */

#define MAX_COLUMNS ((size_t)64)
#define MAX_NAME ((size_t)15) /* bytes of a thread's name */

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
    size_t *more; /* for each process: how many others share its column */
};

#define SHARES SIZE_MAX /* ... it is one of those, and has no column */

static size_t add_column(struct timeline *line,
                         const struct process_report *process, const char *name,
                         size_t length)
{
    size_t index = line->columns;

    GROW(line->column, line->columns);
    line->column[line->columns++] = (struct column){
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
    if (line->columns < MAX_COLUMNS || name == NULL)
        return add_column(line, process, name, length);
    return column_of(line, process, NULL, 0);
}

/* "child" speaks for the role "child", and for "child 2" as well: two children
 * run the same source. */
static bool speaks_for(const char *name, size_t length, const char *role)
{
    return text_same(name, length, role) ||
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
        if (text_same(name, length, process->threads[i].name))
            return &process->threads[i];
    return NULL;
}

/* The length of a NAME at the start of talk, "NAME: text"; 0 if there is none.
 * At most two words. */
static size_t speaker(const char *text, size_t length)
{
    size_t at = 0, blanks = 0;

    while (at < length && at <= MAX_NAME && blanks < 2 &&
           (isalnum((unsigned char)text[at]) ||
            (at > 0 && text[at] != '\0' && strchr(" -_", text[at]) != NULL)))
        blanks += text[at++] == ' ';
    return at > 0 && at <= MAX_NAME && at + 1 < length && text[at] == ':' &&
                   text[at + 1] == ' ' && isalpha((unsigned char)text[0])
               ? at
               : 0;
}

/* Who is it if only the name is known, as on a pipe? */
static const struct process_report *
process_called(const struct report *report, const char *name, size_t length)
{
    for (size_t i = 0; i < report->process_count; i++)
        if (text_same(name, length, report->processes[i].role))
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

    return report->lab != 0 && !text_same(name, length, "lab") &&
           (other == NULL || other == process ||
            !text_same(name, length, other->role));
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

/* ---- events ---- */

static struct event *add_event(struct timeline *line)
{
    GROW(line->event, line->events);
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

/* ---- how it was at the end ---- */

static char *thread_state(const struct thread_report *thread)
{
    const char *function = thread->function ? thread->function : "?";

    if (thread->stuck && thread->root)
        return xasprintf("[hang in %s]", function);
    if (thread->stuck)
        return xasprintf("[waits in %s]", function);
    if (report_waits_for_client(thread))
        return xasprintf("[idle in %s]", function);
    if (thread->function != NULL)
        return xasprintf("[in %s]", function);
    return xstrdup("[alive]");
}

static int weight_of(const struct thread_report *thread)
{
    return thread->stuck && thread->root     ? 4
           : thread->stuck                   ? 3
           : report_waits_for_client(thread) ? 2
           : thread->function != NULL        ? 1
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

static void note_states(struct timeline *line)
{
    for (size_t i = 0; i < line->columns; i++) {
        struct column *column = &line->column[i];
        if (column->process == NULL || !report_is_there(column->process))
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

/* ---- heads and places ---- */

static size_t index_of(const struct report *report,
                       const struct process_report *process)
{
    return process ? (size_t)(process - report->processes)
                   : report->process_count;
}

static char *head_of(const struct timeline *line, const struct column *column)
{
    const struct process_report *process = column->process;

    if (process == NULL)
        return xstrdup(column->name ? column->name : "output");
    if (column->name == NULL) {
        bool outside = line->report->variant == VARIANT_PROCESS;
        pid_t pid =
            process->inner_pid && !outside ? process->inner_pid : process->pid;
        size_t more = line->more[index_of(line->report, process)];
        return more == 0 ? xasprintf("%s (pid %d)", process->role, (int)pid)
                         : xasprintf("%zu x %s", more + 1, process->role);
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

/* So many are a crowd. */
#define CROWD ((size_t)5)

static bool wrote(const struct report *report,
                  const struct process_report *process)
{
    for (size_t i = 0; i < report->record_count; i++)
        if (report->records[i].pid == process->pid)
            return true;
    return false;
}

/* The first process called so that may share its column: it has done well, and
 * said nothing. Its own index if there is none before it. */
static size_t first_like(const struct timeline *line, size_t index)
{
    const struct process_report *all = line->report->processes;
    size_t first = 0;

    if (all[index].end != END_EXIT || all[index].code != 0 ||
        all[index].zombie || all[index].left_behind ||
        wrote(line->report, &all[index]))
        return index;
    while (first < index && (strcmp(all[first].role, all[index].role) != 0 ||
                             line->more[first] == 0))
        first++;
    return first;
}

/* Many helpers of one name need one column. First each process counts those
 * that are like it, itself too; where they are no crowd, nobody shares. */
static void share_columns(struct timeline *line)
{
    size_t count = line->report->process_count;
    size_t *like = xcalloc(count + 1, sizeof(*like));

    line->more = xcalloc(count + 1, sizeof(*line->more));
    for (size_t i = 0; i < count; i++)
        line->more[like[i] = first_like(line, i)]++;
    for (size_t i = count; i-- > 0;)
        if (like[i] == i)
            line->more[i] = line->more[i] >= CROWD ? line->more[i] - 1 : 0;
    for (size_t i = 0; i < count; i++)
        if (like[i] != i && line->more[like[i]] > 0)
            line->more[i] = SHARES;
    free(like);
}

static void make_timeline(struct timeline *line, const struct report *report)
{
    *line = (struct timeline){.report = report};
    share_columns(line);
    for (size_t i = 0; i < report->process_count; i++)
        if (line->columns < MAX_COLUMNS && line->more[i] != SHARES)
            add_column(line, &report->processes[i], NULL, 0);
    for (size_t i = 0; i < report->record_count; i++)
        if (!report->records[i].measured) /* they stand in a table */
            add_record(line, &report->records[i]);
    for (size_t i = 0; i < report->process_count; i++)
        if (line->more[i] != SHARES)
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
    free(line->more);
}

/* ---- the lines ---- */

#define MS_WIDTH 7 /* the times at the left, with two spaces */
#define GAP ((size_t)2)
#define MIN_COLUMN ((size_t)14)
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
        text += text_skip_blanks(text);
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
        if (line->column[widest].width <= MIN_COLUMN)
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

static void set_timeline(struct timeline *line, const struct sheet *page,
                         struct setting *set)
{
    size_t room = (size_t)page->style.columns - MS_WIDTH;
    double last = line->events > 0 ? line->event[line->events - 1].ms : 0;

    *set = (struct setting){.decimals = last < 1000, .wraps = 3};
    set->side_by_side = !page->style.plain && line->columns <= SIDE_BY_SIDE &&
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
static void set_event(struct sheet *page, const struct timeline *line,
                      const struct setting *set, const struct column *column,
                      const char *time, const char *clean)
{
    struct strings lines = {0};
    size_t room = (size_t)page->style.columns - MS_WIDTH;

    if (page->style.plain) {
        time += strspn(time, " ");
        const char *unit = isdigit((unsigned char)time[0]) ? " ms, "
                           : time[0] != '\0'               ? ", "
                                                           : "";
        sheet_add_line(
            page, xasprintf("%s%s%s: %s", time, unit, column->brief, clean));
    } else if (set->side_by_side) {
        text_wrap(&lines, clean, column->width, 2, set->wraps);
        for (size_t i = 0; i < lines.count; i++)
            sheet_add_line(page, xasprintf("%5s%*s%s", i == 0 ? time : "",
                                           (int)left_of(line, column) - 5, "",
                                           lines.item[i]));
    } else {
        char *who = text_cut(column->brief, set->who);
        text_wrap(&lines, clean, room - set->who - GAP, 2, set->wraps);
        for (size_t i = 0; i < lines.count; i++) {
            size_t width = i == 0 ? text_width(who) : 0;
            sheet_add_line(page, xasprintf("%5s  %s%*s%s", i == 0 ? time : "",
                                           i == 0 ? who : "",
                                           (int)(set->who + GAP - width), "",
                                           lines.item[i]));
        }
        free(who);
    }
    strings_free(&lines);
}

static void set_one(struct sheet *page, const struct timeline *line,
                    const struct setting *set, const struct event *event)
{
    char *clean = event_text(event);
    char *time = time_text(set, event->ms);

    set_event(page, line, set, &line->column[event->column], time, clean);
    free(clean);
    free(time);
}

static void set_heads(struct sheet *page, const struct timeline *line)
{
    char *text =
        xstrdup(line->report->variant == VARIANT_PROCESS ? "" : "   ms");

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
    sheet_tint(sheet_add_line(page, text), 0, 0, SIZE_MAX, BOLD);
}

/* The row below the events: what each one that is left is doing. */
static const char *end_label(const struct timeline *line)
{
    return line->report->variant == VARIANT_PROCESS ? "  now" : "  end";
}

static void set_states(struct sheet *page, const struct timeline *line)
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
            text_wrap(&parts, clean, column->width, 1, 3);
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
            sheet_add_line(page, text);
        else
            free(text);
    }
}

static void list_states(struct sheet *page, const struct timeline *line,
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
            sheet_add_line(page,
                           xasprintf("%5s  and %zu more", "", left - shown));
            return;
        }
        char *clean = text_clean(column->end, strlen(column->end));
        set_event(page, line, &brief, column,
                  shown == 0 ? end_label(line) + 2 : "", clean);
        free(clean);
        shown++;
    }
}

static void add_states(struct sheet *page, const struct timeline *line,
                       const struct setting *set, size_t most)
{
    if (set->side_by_side)
        set_states(page, line);
    else
        list_states(page, line, set, most);
}

static void take_back(struct sheet *page, size_t count)
{
    while (page->count > count)
        free(page->line[--page->count].text);
}

/* Sets all events with so many lines each at most; false, and nothing, if that
 * takes more than room lines. */
static bool fit_events(struct sheet *page, const struct timeline *line,
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
static void add_events(struct sheet *page, const struct timeline *line,
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
    sheet_add_line(page, xasprintf("%5s  %zu more lines", "...",
                                   line->events - first - last));
    for (size_t i = line->events - last; i < line->events; i++)
        set_one(page, line, set, &line->event[i]);
}

/* How many lines the states would take. */
static size_t count_states(struct sheet *page, const struct timeline *line,
                           const struct setting *set, size_t most)
{
    struct sheet trial = {.style = page->style};

    add_states(&trial, line, set, most);
    size_t count = trial.count;
    sheet_free(&trial);
    return count;
}

void timeline_add(struct sheet *page, const struct report *report, size_t room)
{
    struct timeline line;
    struct setting set;

    make_timeline(&line, report);
    set_timeline(&line, page, &set);
    size_t states_room = room / 3 > 2 ? room / 3 : 2;
    size_t heads = set.side_by_side && line.columns > 0;
    size_t states = count_states(page, &line, &set, states_room);
    bool silent =
        report->record_count == 0 && report->variant != VARIANT_PROCESS;
    if (heads)
        set_heads(page, &line);
    if (silent)
        sheet_add_line(page, xasprintf("%*s(it wrote nothing)", MS_WIDTH, ""));
    size_t used = heads + states + silent;
    add_events(page, &line, &set, room > used + 3 ? room - used : 3);
    add_states(page, &line, &set, states_room);
    timeline_free(&line);
}

/* SPDX-License-Identifier: MIT
 *
 * picture: see picture.h. Time runs down, a row for each moment: rows are in
 * the order of what happened, not to scale. In this order: rows, locks, lanes,
 * moments, all.
 */
#define _GNU_SOURCE
#include "site/picture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tongue.h"

enum {
    LEFT = 58,   /* of the first lane; left of it are the times */
    LANE = 196,  /* from one lane to the next */
    GAP = 14,    /* of it between them */
    TOP = 34,    /* of the lanes; above are their names */
    LINE = 16,   /* of text */
    CHARS = 22,  /* of a line */
    PADDING = 12 /* of a row */
};

struct drawing {
    FILE *stream;
    const struct trace *trace;
    int *row;    /* the middle of the first line of each moment */
    int end_row; /* ... of how it was at the end */
    int bottom;  /* of the lanes */
};

static int lane_x(size_t lane)
{
    return LEFT + (int)lane * LANE;
}

/* ---- rows ---- */

static struct strings wrapped(const char *text)
{
    struct strings lines = {0};

    text_wrap(&lines, text, CHARS, 0, 4);
    return lines;
}

static int lines_of(const char *text)
{
    struct strings lines = wrapped(text);
    int count = (int)lines.count;

    strings_free(&lines);
    return count > 0 ? count : 1;
}

static void set_rows(struct drawing *drawing)
{
    const struct trace *trace = drawing->trace;
    int y = TOP + 24, most = 1;

    drawing->row = xcalloc(trace->moments + 1, sizeof(*drawing->row));
    for (size_t i = 0; i < trace->moments; i++) {
        drawing->row[i] = y;
        y += lines_of(trace->moment[i].text) * LINE + PADDING;
    }
    drawing->end_row = y + 8;
    for (size_t i = 0; i < trace->lanes; i++)
        if (trace->lane[i].end != NULL && lines_of(trace->lane[i].end) > most)
            most = lines_of(trace->lane[i].end);
    drawing->bottom = drawing->end_row + most * LINE;
}

/* Where a process begins, and with it the lanes of its threads: where it was
 * forked, or in the row before its first moment; at the top if it has none. */
static int born(const struct drawing *drawing, size_t index)
{
    const struct trace *trace = drawing->trace;
    const struct lane *lane = &trace->lane[trace_process(trace, index)];
    size_t first = 0;

    if (lane->parent < 0)
        return TOP;
    if (lane->forked_at >= 0)
        return drawing->row[lane->forked_at] + 8;
    while (first < trace->moments &&
           trace->lane[trace->moment[first].lane].pid != lane->pid)
        first++;
    int y = first < trace->moments ? drawing->row[first] - 20 : TOP;
    return y > TOP ? y : TOP;
}

/* Where it ends: with its last moment if that is its end. */
static int gone(const struct drawing *drawing, size_t index)
{
    const struct trace *trace = drawing->trace;

    for (size_t i = 0; i < trace->moments; i++)
        if (trace->moment[i].ends &&
            trace->lane[trace->moment[i].lane].pid == trace->lane[index].pid)
            return drawing->row[i] + lines_of(trace->moment[i].text) * LINE - 6;
    return drawing->bottom;
}

/* ---- texts ---- */

static void say(FILE *stream, int x, int y, const char *class, const char *text)
{
    struct strings lines = wrapped(text);

    fprintf(stream, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
    for (size_t i = 0; i < lines.count; i++) {
        fprintf(stream, "<tspan x=\"%d\" dy=\"%d\">", x, i > 0 ? LINE : 0);
        escape_xml(stream, lines.item[i]);
        fputs("</tspan>", stream);
    }
    fputs("</text>\n", stream);
    strings_free(&lines);
}

/* ---- locks ---- */

/* How a thread says that it has a lock, and until when it has it then. */
enum holding { NOTHING, NAMED, UNTIL_NEXT, UNTIL_END };

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static bool ends(const char *text, const char *word)
{
    size_t length = strlen(text), tail = strlen(word);

    return length >= tail && strcmp(text + length - tail, word) == 0;
}

/* "locked lock" until it says "unlocks lock"; "is in malloc, holds its lock"
 * until it says something else; "has bank_lock" until the end. */
static enum holding holding_of(const struct moment *moment)
{
    const char *text = moment->text;

    if (moment->evidence || moment->ends)
        return NOTHING;
    if (begins(text, "locked ") || begins(text, "locks "))
        return NAMED;
    if (strstr(text, ", holds ") != NULL)
        return UNTIL_NEXT;
    return begins(text, "has ") && ends(text, "lock") ? UNTIL_END : NOTHING;
}

static bool releases(const struct moment *moment, const struct moment *first)
{
    enum holding holding = holding_of(first);

    if (moment->lane != first->lane)
        return false;
    return holding == UNTIL_NEXT ||
           (holding == NAMED &&
            (begins(moment->text, "unlocks ") ||
             begins(moment->text, "unlocked ")) &&
            ends(moment->text, strchr(first->text, ' ')));
}

bool picture_has_locks(const struct trace *trace)
{
    bool has = false;

    for (size_t i = 0; i < trace->moments; i++)
        has = has || holding_of(&trace->moment[i]) != NOTHING;
    for (size_t i = 0; i < trace->lanes; i++)
        has = has || trace->lane[i].lost_lock != NULL;
    return has;
}

/* From the moment in which a thread says that it has a lock to that in which it
 * says that it gives it back, or to the end. */
static void draw_lock(const struct drawing *drawing, size_t from)
{
    const struct trace *trace = drawing->trace;
    const struct moment *first = &trace->moment[from];
    int bottom = gone(drawing, first->lane);

    for (size_t i = trace->moments; i-- > from + 1;)
        if (releases(&trace->moment[i], first))
            bottom = drawing->row[i];
    fprintf(drawing->stream,
            "<rect class=\"lock\" x=\"%d\" y=\"%d\" width=\"8\" height=\"%d\" "
            "rx=\"4\"/>\n",
            lane_x(first->lane) + LANE - GAP - 14, drawing->row[from] - 4,
            bottom - drawing->row[from] + 4);
}

/* The copy of a lock whose owner was not copied: nobody ever has it. */
static void draw_lost(const struct drawing *drawing, size_t index)
{
    int top = born(drawing, index), bottom = gone(drawing, index);

    fprintf(drawing->stream,
            "<rect class=\"lost\" x=\"%d\" y=\"%d\" width=\"8\" height=\"%d\" "
            "rx=\"4\"/>\n",
            lane_x(index) + LANE - GAP - 14, top + 6, bottom - top - 12);
}

/* ---- lanes ---- */

/* From the line below what the parent said to the edge of the new lane. */
static void draw_fork(const struct drawing *drawing, size_t index)
{
    const struct lane *lane = &drawing->trace->lane[index];
    int from = lane_x((size_t)lane->parent) + 12, to = lane_x(index);
    int y = born(drawing, index), top = y + 10;

    if (to < from)
        to += LANE - GAP;
    fprintf(drawing->stream,
            "<path class=\"%s\" d=\"M%d %d Q%d %d %d %d H%d\"/>\n"
            "<path class=\"tip\" d=\"M%d %d l%d -5 v10 z\"/>\n",
            lane->forked_at >= 0 ? "fork" : "fork unsaid", from, y - 8, from,
            top, from + 14, top, to, to, top, to < from ? 7 : -7);
}

static void draw_lane(const struct drawing *drawing, size_t index)
{
    const struct trace *trace = drawing->trace;
    const struct lane *lane = &trace->lane[index];
    int top = born(drawing, index), bottom = gone(drawing, index);

    fprintf(drawing->stream,
            "<rect class=\"lane\" x=\"%d\" y=\"%d\" width=\"%d\" "
            "height=\"%d\" rx=\"6\"/>\n",
            lane_x(index), top, LANE - GAP, bottom - top + 8);
    say(drawing->stream, lane_x(index) + 8, top > TOP + 16 ? top - 6 : 22,
        "name", lane->name);
    if (lane->lost_lock != NULL)
        draw_lost(drawing, index);
    if (lane->end == NULL)
        return;
    int x = lane_x(index) + 8, last = TOP;
    for (size_t i = 0; i < trace->moments; i++)
        if (trace->moment[i].lane == index)
            last = drawing->row[i] + lines_of(trace->moment[i].text) * LINE;
    fprintf(drawing->stream, "<path class=\"%s\" d=\"M%d %d V%d\"/>\n",
            lane->stuck ? "wait stuck" : "wait", x + 4,
            last > top ? last : top + 8, drawing->end_row - 14);
    say(drawing->stream, x, drawing->end_row, lane->stuck ? "bad" : "soft",
        lane->end);
}

/* ---- moments ---- */

static void draw_moment(const struct drawing *drawing, size_t index)
{
    const struct moment *moment = &drawing->trace->moment[index];
    int x = lane_x(moment->lane), y = drawing->row[index];

    fprintf(drawing->stream,
            "<text x=\"%d\" y=\"%d\" class=\"ms\">%.*f</text>\n"
            "<circle cx=\"%d\" cy=\"%d\" r=\"4\"/>\n",
            LEFT - 10, y, moment->ms < 1000 ? 1 : 0, moment->ms, x + 12, y - 4);
    say(drawing->stream, x + 22, y, moment->evidence ? "out" : "talk",
        moment->text);
    if (holding_of(moment) != NOTHING)
        draw_lock(drawing, index);
}

/* ---- all ---- */

static void draw(const struct drawing *drawing)
{
    const struct trace *trace = drawing->trace;

    for (size_t i = 0; i < trace->lanes; i++)
        draw_lane(drawing, i);
    for (size_t i = 0; i < trace->lanes; i++)
        if (trace->lane[i].parent >= 0 &&
            (size_t)trace->lane[i].parent < trace->lanes)
            draw_fork(drawing, i);
    for (size_t i = 0; i < trace->moments; i++)
        draw_moment(drawing, i);
    fprintf(drawing->stream, "<text x=\"%d\" y=\"22\" class=\"ms\">ms</text>\n",
            LEFT - 10);
}

static void begin(struct drawing *drawing, const char *attributes,
                  const char *title)
{
    int width = lane_x(drawing->trace->lanes), height = drawing->bottom + 18;

    fprintf(drawing->stream, "<svg viewBox=\"0 0 %d %d\" %s><title>", width,
            height, attributes);
    escape_xml(drawing->stream, title);
    fputs("</title>\n", drawing->stream);
}

void picture_write(FILE *stream, const struct trace *trace, const char *title)
{
    struct drawing drawing = {.stream = stream, .trace = trace};

    set_rows(&drawing);
    char *attributes =
        xasprintf("role=\"img\" class=\"timeline\" "
                  "style=\"min-width:%dpx;max-width:%dpx\"",
                  lane_x(trace->lanes) * 4 / 5, lane_x(trace->lanes) * 5 / 4);
    begin(&drawing, attributes, title);
    draw(&drawing);
    fputs("</svg>\n", stream);
    free(attributes);
    free(drawing.row);
}

void picture_alone(FILE *stream, const struct trace *trace, const char *title)
{
    struct drawing drawing = {.stream = stream, .trace = trace};

    set_rows(&drawing);
    begin(&drawing,
          "xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\"",
          title);
    fputs("<style>text{font:13px sans-serif;fill:#1d1f21}.name{font-weight:700}"
          ".ms{fill:#5c6166;text-anchor:end}.bad{fill:#b3261e;font-weight:700}"
          ".lane{fill:#e9e6de}.unsaid{stroke-dasharray:5 "
          "4}.lock{fill:#d9822b}.lost{fill:#f3c99b;"
          "stroke:#b3261e;stroke-dasharray:4 3}.fork{fill:none;stroke:#1d1f21;"
          "stroke-width:2}.wait{stroke:#5c6166;stroke-width:2;"
          "stroke-dasharray:3 5}.stuck{stroke:#b3261e}</style>\n"
          "<rect x=\"-2000\" y=\"-2000\" width=\"6000\" height=\"6000\" "
          "fill=\"#fbfaf7\"/>\n",
          stream);
    draw(&drawing);
    fputs("</svg>\n", stream);
    free(drawing.row);
}

static void tell(FILE *stream, const struct trace *trace, size_t index)
{
    const struct moment *moment = &trace->moment[index];

    fprintf(stream, "<li>%.*f ms: ", moment->ms < 1000 ? 1 : 0, moment->ms);
    escape_xml(stream, trace->lane[moment->lane].name);
    fputs(moment->evidence ? " prints <code>" : " ", stream);
    escape_xml(stream, moment->text);
    fputs(moment->evidence ? "</code>" : "", stream);
    for (size_t i = 0; i < trace->lanes; i++)
        if (trace->lane[i].forked_at == (int)index) {
            fputs("; from here on there is ", stream);
            escape_xml(stream, trace->lane[i].name);
        }
    fputs("</li>\n", stream);
}

void picture_tell(FILE *stream, const struct trace *trace)
{
    fputs("<ol>\n", stream);
    for (size_t i = 0; i < trace->moments; i++)
        tell(stream, trace, i);
    for (size_t i = 0; i < trace->lanes; i++) {
        const struct lane *lane = &trace->lane[i];
        if (lane->end == NULL)
            continue;
        fputs("<li>At the end: ", stream);
        escape_xml(stream, lane->name);
        fputc(' ', stream);
        escape_xml(stream, lane->end);
        if (lane->lost_lock != NULL) {
            fputs("; it wants <code>", stream);
            escape_xml(stream, lane->lost_lock);
            fputs("</code>, which was copied locked, without its owner",
                  stream);
        }
        fputs("</li>\n", stream);
    }
    fputs("</ol>\n", stream);
    if (trace->left_out > 0)
        fprintf(stream, "<p>%zu more lines are left out here.</p>\n",
                trace->left_out);
}

void picture_verdict(FILE *stream, const struct trace *trace, const char *class)
{
    fprintf(stream, "<p class=\"verdict\"><b class=\"%s\">", class);
    escape_xml(stream, tr(trace->verdict));
    fputs("</b>", stream);
    if (trace->why != NULL) {
        fputs(tongue_name() ? ": <span lang=\"en\">" : ": ", stream);
        escape_xml(stream, trace->why);
        fputs(tongue_name() ? ".</span>" : ".", stream);
    }
    fputs("</p>\n", stream);
}

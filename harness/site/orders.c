/* SPDX-License-Identifier: MIT
 *
 * orders: "You are the thread". Two runs with their memory, of a program and of
 * its cure, as ordered lists. site.js makes of them a game: the reader chooses
 * who runs next, and where the runs part, the choice decides between them.
 */
#define _GNU_SOURCE
#include <string.h>

#include "base/escape.h"
#include "base/tongue.h"
#include "site/picture.h"
#include "site/site.h"

static void write_attribute(FILE *stream, const char *name, const char *value)
{
    fprintf(stream, " data-%s=\"", name);
    escape_xml(stream, value);
    fputc('"', stream);
}

/* Who is there from this moment on. */
static void write_forked(FILE *stream, const struct trace *trace, size_t index)
{
    for (size_t i = 0; i < trace->lanes; i++)
        if (trace->lane[i].forked_at == (int)index)
            write_attribute(stream, "forks", trace->lane[i].name);
}

static void write_step(FILE *stream, const struct trace *trace, size_t index)
{
    const struct moment *moment = &trace->moment[index];
    const char *who = trace->lane[moment->lane].name;
    const char *side = trace->lane[trace_process(trace, moment->lane)].name;

    fputs("<li", stream);
    write_attribute(stream, "who", who);
    write_attribute(stream, "side", side);
    write_forked(stream, trace, index);
    if (moment->ends)
        fputs(" data-ends", stream);
    fputs("><b>", stream);
    escape_xml(stream, who);
    fputs(moment->evidence ? "</b> prints <code class=\"said\">"
                           : "</b> <span class=\"said\">",
          stream);
    escape_xml(stream, moment->text);
    fputs(moment->evidence ? "</code>" : "</span>", stream);
    if (moment->memory != NULL) {
        fputs("<br><small>", stream);
        escape_xml(stream, side);
        fputs(" has: <span class=\"memory\">", stream);
        escape_xml(stream, moment->memory);
        fputs("</span></small>", stream);
    }
    fputs("</li>\n", stream);
}

/* How those are at the end that have not ended. */
static void write_end(FILE *stream, const struct lane *lane)
{
    fputs("<li class=\"end\"", stream);
    write_attribute(stream, "who", lane->name);
    fputs("><b>", stream);
    escape_xml(stream, lane->name);
    fprintf(stream, "</b> <span class=\"said%s\">", lane->stuck ? " bad" : "");
    escape_xml(stream, lane->end);
    if (lane->wants != NULL) {
        fputs(": ", stream);
        escape_xml(stream, lane->wants);
    }
    fputs("</span></li>\n", stream);
}

static void write_order(FILE *stream, const struct trace *trace,
                        const char *class, const char *title)
{
    fprintf(stream, "<h3 class=\"%s\">%s</h3>\n<ol class=\"steps\"", class,
            title);
    fputs(" data-lanes=\"", stream);
    for (size_t i = 0; i < trace->lanes; i++) {
        fputs(i > 0 ? "|" : "", stream);
        escape_xml(stream, trace->lane[i].name);
    }
    fputs("\">\n", stream);
    for (size_t i = 0; i < trace->moments; i++)
        write_step(stream, trace, i);
    for (size_t i = 0; i < trace->lanes; i++)
        if (trace->lane[i].end != NULL)
            write_end(stream, &trace->lane[i]);
    fputs("</ol>\n", stream);
    picture_verdict(stream, trace, class);
}

void write_orders(FILE *stream, const struct lab_page *lab)
{
    const struct trace *wrong = lab->order[0], *right = lab->order[1];

    if (wrong == NULL || right == NULL)
        return;
    bool hangs = strncmp(wrong->verdict, "HANG", 4) == 0;
    fputs(tongue_name() != NULL ? "<div lang=\"en\">\n" : "", stream);
    fputs(
        "<h2 id=\"you-are-the-thread\">You are the thread</h2>\n"
        "<p>Two recorded runs: of the program, and of its cure. They begin "
        "alike, until somebody else runs next.</p>\n"
        "<div id=\"game\" class=\"game\" role=\"group\" "
        "aria-labelledby=\"you-are-the-thread\" hidden>\n"
        "<p id=\"game-way\" class=\"sub\"></p>\n"
        "<div id=\"game-told\" role=\"status\"></div>\n"
        "<div id=\"game-sides\" class=\"sides\"></div>\n"
        "<p class=\"turns\"><b>Who runs next?</b> "
        "<span id=\"game-turns\"></span></p>\n"
        "<p class=\"turns\"><button type=\"button\" id=\"game-back\">one step "
        "back</button> <button type=\"button\" id=\"game-again\">start "
        "again</button> <small>Keys: 1, 2, 3 ... and Backspace</small></p>\n"
        "</div>\n<details id=\"orders\" open><summary>Both runs, step by step"
        "</summary>\n",
        stream);
    write_order(stream, wrong, "bad",
                hangs ? "The order that hangs" : "The order that goes wrong");
    write_order(stream, right, "good", "With the cure: an order that does not");
    fputs("</details>\n<p class=\"sub\">Recorded on ", stream);
    escape_xml(stream, wrong->machine);
    fputs(". Each line that a thread says also tells what its process had in "
          "memory at that moment.</p>\n",
          stream);
    fputs(tongue_name() != NULL ? "</div>\n" : "", stream);
}

/* SPDX-License-Identifier: MIT
 *
 * index: the first page, with all labs, and the index by symptom.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/tongue.h"
#include "site/frame.h"
#include "site/site.h"

/* ---- the first page ---- */

static void write_chapters(FILE *stream, const struct site *site)
{
    int chapter = -1;

    for (size_t i = 0; i < site->labs; i++) {
        const struct lab_page *lab = &site->lab[i];
        if (lab->number / 10 != chapter) {
            fputs(chapter < 0 ? "" : "</ul>\n", stream);
            chapter = lab->number / 10;
            fprintf(stream, "<h2 id=\"chapter-%d\">%d ", chapter, chapter);
            escape_xml(stream, tr(lab->chapter));
            fputs("</h2>\n<ul class=\"labs\">\n", stream);
        }
        fprintf(stream, "<li><a href=\"%s.html\">%02d ", lab->stem,
                lab->number);
        write_text(stream, lab->symptom);
        fputs("</a></li>\n", stream);
    }
    fputs("</ul>\n", stream);
}

/* The labs in which the reader chooses who runs next, if there are such. */
static void write_games(FILE *stream, const struct site *site)
{
    size_t count = 0;

    for (size_t i = 0; i < site->labs; i++) {
        const struct lab_page *lab = &site->lab[i];
        if (lab->order[0] == NULL || lab->order[1] == NULL)
            continue;
        if (count++ == 0)
            fprintf(stream, "<li>%s ",
                    tr("You are the thread: who runs next?"));
        else
            fputs(", ", stream);
        fprintf(stream, "<a href=\"%s.html#you-are-the-thread\">lab %02d</a>",
                lab->stem, lab->number);
    }
    fputs(count > 0 ? "</li>\n" : "", stream);
}

static void write_filter(FILE *stream, const char *what)
{
    fprintf(stream,
            "<p id=\"search\" hidden><label for=\"filter\">%s</label> <input "
            "id=\"filter\" type=\"search\" autocomplete=\"off\" "
            "spellcheck=\"false\"> <span id=\"found\" role=\"status\"></span>"
            "</p>\n",
            what);
}

void write_home(const struct site *site)
{
    struct frame frame = {
        .file = "index.html",
        .translated = true,
        .title = tr("What goes wrong with fork(2): a page for each symptom"),
        .description =
            tr("For each way in which fork() fails: what you see, why, a small "
               "program that proves it, the cure, and what does not help.")};
    struct fresh_file file;
    FILE *stream = frame_begin(site, &frame, &file);

    fprintf(stream, "<h1>%s</h1>\n<p>", tr("What goes wrong with fork(2)"));
    fprintf(stream,
            tr("%zu ways, a page for each: what you see, why it happens, a "
               "small program that shows it each time, its cure beside it, and "
               "real bugs. What the pages say was seen in runs."),
            site->labs);
    fprintf(stream,
            "</p>\n<ul class=\"doors\">\n"
            "<li><a href=\"%ssymptoms.html\">%s</a>: ",
            site->up, tr("I have an error message, or a frame of a stack"));
    fprintf(stream, tr("%zu symptoms"), site->symptoms);
    fprintf(stream,
            "</li>\n<li><a href=\"which.html\">%s</a>: %s</li>\n"
            "<li><a href=\"%smay-i-fork.html\">%s</a></li>\n"
            "<li><a href=\"%sfunctions.html\">%s</a></li>\n",
            tr("I do not know what it is"), tr("a few questions"), site->up,
            tr("I want to fork: may I, here?"), site->up,
            tr("Is this function safe after fork()?"));
    write_games(stream, site);
    fputs("</ul>\n", stream);
    write_chapters(stream, site);
    frame_end(&file);
}

/* ---- the symptoms ---- */

static void write_report(FILE *stream, const struct symptom *symptom)
{
    fprintf(stream, " %02d", symptom->lab->number);
    if (symptom->source == NULL)
        return;
    fputs(", <a href=\"", stream);
    escape_xml(stream, symptom->source);
    fputs("\">", stream);
    escape_xml(stream, symptom->software);
    fputs("</a>", stream);
}

/* The lab that the text leads to is its link. What else has the same text
 * stands behind it; returns how many symptoms that were. */
static size_t write_symptom(FILE *stream, const struct site *site, size_t index)
{
    const struct symptom *first = &site->symptom[index];
    size_t count = 0;

    fprintf(stream, "<li><a href=\"%s.html\">", first->lab->stem);
    escape_xml(stream, first->text);
    fputs("</a>", stream);
    while (index + count < site->symptoms &&
           strcasecmp(site->symptom[index + count].text, first->text) == 0) {
        const struct symptom *symptom = &site->symptom[index + count++];
        if (symptom->lab == first->lab || symptom->source != NULL)
            write_report(stream, symptom);
        else
            fprintf(stream, " <a href=\"%s.html\">%02d</a>", symptom->lab->stem,
                    symptom->lab->number);
    }
    fputs("</li>\n", stream);
    return count;
}

static int initial(const struct symptom *symptom)
{
    const char *at = symptom->text;

    while (*at != '\0' && !isalnum((unsigned char)*at))
        at++;
    return isalpha((unsigned char)*at) ? toupper((unsigned char)*at) : '0';
}

void write_symptoms(const struct site *site)
{
    struct frame frame = {
        .file = "symptoms.html",
        .title = "fork() symptoms: error messages and stack frames (forklab)",
        .description =
            "Error messages, functions in a stack and other symptoms "
            "of programs that fork, each with the page of its "
            "cause."};
    struct fresh_file file;
    FILE *stream = frame_begin(site, &frame, &file);
    int letter = -1;

    fputs(
        "<h1>Symptoms</h1>\n<p>What people see and paste: from the pages, and "
        "from public reports. Punctuation at the start does not count in the "
        "order.</p>\n",
        stream);
    write_filter(stream, "Filter:");
    for (size_t i = 0; i < site->symptoms;) {
        int now = initial(&site->symptom[i]);
        if (now != letter) {
            fputs(letter < 0 ? "" : "</ul>\n</section>\n", stream);
            fprintf(stream,
                    "<section><h2 id=\"letter-%c\">%s%c</h2>\n<ul "
                    "class=\"filtered symptoms\">\n",
                    now, now == '0' ? "0-9" : "", now == '0' ? ' ' : now);
            letter = now;
        }
        i += write_symptom(stream, site, i);
    }
    fputs("</ul>\n</section>\n", stream);
    frame_end(&file);
}

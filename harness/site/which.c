/* SPDX-License-Identifier: MIT
 *
 * which: "Which of these do I have?", a page of questions from labs/WHICH.md,
 * and the box "First" on the page of a lab, from the question that leads to it.
 * Without JavaScript all questions stand below each other; with it, one.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/tongue.h"
#include "site/frame.h"
#include "site/site.h"

/* ---- answers ---- */

/* The address of the last link of an answer; NULL: it has none. */
static const char *leads_to(cmark_node *item)
{
    cmark_node *text = cmark_node_first_child(item);

    for (cmark_node *at = text ? cmark_node_last_child(text) : NULL; at != NULL;
         at = cmark_node_previous(at))
        if (cmark_node_get_type(at) == CMARK_NODE_LINK)
            return cmark_node_get_url(at);
    return NULL;
}

static bool leads_to_lab(cmark_node *item, const struct lab_page *lab)
{
    const char *url = leads_to(item);
    size_t length = strlen(lab->stem);

    return url != NULL && strncmp(url, lab->stem, length) == 0 &&
           strcmp(url + length, ".html") == 0;
}

static cmark_node *list_of(const struct section *question)
{
    cmark_node *node = cmark_node_first_child(question->body);

    while (node != NULL && cmark_node_get_type(node) != CMARK_NODE_LIST)
        node = cmark_node_next(node);
    return node;
}

static cmark_node *answer_for(const struct section *question,
                              const struct lab_page *lab)
{
    cmark_node *list = list_of(question);
    cmark_node *item = list ? cmark_node_first_child(list) : NULL;

    while (item != NULL && !leads_to_lab(item, lab))
        item = cmark_node_next(item);
    return item;
}

/* ---- the box ---- */

/* The answer without its link: this page is where that leads. */
static void write_here(FILE *stream, cmark_node *item)
{
    cmark_node *text = cmark_node_first_child(item);
    cmark_node *last = text ? cmark_node_last_child(text) : NULL;
    char *html = text ? markdown_inlines(text) : xstrdup("");
    char *link = last ? cmark_render_html(last, CMARK_OPT_UNSAFE, NULL) : NULL;
    size_t length = strlen(html), cut = link ? strlen(link) : 0;

    while (cut > 0 && (link[cut - 1] == '\n'))
        cut--;
    while (length > 0 && html[length - 1] == '\n')
        length--;
    length = length > cut ? length - cut : length;
    while (length > 0 && strchr(" :\n", html[length - 1]) != NULL)
        length--;
    fwrite(html, 1, length, stream);
    free(link);
    free(html);
}

/* What else the answer may be; those that lead to more questions, too. */
static void write_look_alikes(FILE *stream, cmark_node *list, cmark_node *mine)
{
    fprintf(stream, "<details><summary>%s</summary>\n<ul>\n",
            tr("If not: the look-alikes"));
    for (cmark_node *item = cmark_node_first_child(list); item != NULL;
         item = cmark_node_next(item)) {
        const char *url = leads_to(item);
        if (item == mine || url == NULL)
            continue;
        fputs("<li>", stream);
        write_here(stream, item);
        fprintf(stream, ": <a href=\"%s%s\">", *url == '#' ? "which.html" : "",
                url);
        if (*url == '#')
            fputs(tr("more questions"), stream);
        else
            fprintf(stream, "lab %.2s", url);
        fputs("</a></li>\n", stream);
    }
    fputs("</ul></details>\n", stream);
}

void write_first(FILE *stream, const struct site *site,
                 const struct lab_page *lab)
{
    for (size_t i = 0; i < site->which->count; i++) {
        const struct section *question = &site->which->section[i];
        cmark_node *mine = answer_for(question, lab);
        if (mine == NULL)
            continue;
        fprintf(stream, "<div class=\"first\"><p><b>%s ", tr("First:"));
        escape_xml(stream, tr(question->name));
        fprintf(stream, "</b> %s ", tr("You are here if:"));
        write_here(stream, mine);
        fprintf(stream, "%s</p>\n", tr("."));
        write_look_alikes(stream, list_of(question), mine);
        fputs("</div>\n", stream);
        return;
    }
}

/* ---- the page ---- */

static void write_question(FILE *stream, const struct section *question)
{
    char *anchor = markdown_anchor(question->name);

    fprintf(stream, "<section class=\"question\" id=\"%s\"><h2>", anchor);
    escape_xml(stream, tr(question->name));
    fputs("</h2>\n", stream);
    markdown_write(stream, question->body);
    fputs("</section>\n", stream);
    free(anchor);
}

void write_which(const struct site *site)
{
    struct frame frame = {
        .file = "which.html",
        .translated = true,
        .title = tr("Which fork() bug do I have? A few questions (forklab)"),
        .description =
            tr("Is it stuck, wrong, leaking or slow? A few questions lead to "
               "the page of the bug, with its proof and cure.")};
    struct fresh_file file;
    FILE *stream = frame_begin(site, &frame, &file);

    fprintf(stream, "<h1>%s</h1>\n<p>", tr("Which of these do I have?"));
    fprintf(stream,
            tr("Each answer leads to the next question, or to a lab. If you "
               "know the words of an error message, look them up in the <a "
               "href=\"%ssymptoms.html\">symptoms</a>."),
            site->up);
    fprintf(stream,
            "</p>\n<p id=\"way\" hidden><button type=\"button\" id=\"again\">"
            "%s</button> <button type=\"button\" id=\"back\">%s</button></p>\n"
            "<div id=\"questions\">\n",
            tr("start again"), tr("one question back"));
    for (size_t i = 0; i < site->which->count; i++)
        write_question(stream, &site->which->section[i]);
    fputs("</div>\n", stream);
    frame_end(&file);
}

/* SPDX-License-Identifier: MIT
 *
 * lab: the page of a lab. In this order: questions, parts, the page.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/pieces.h"
#include "base/tongue.h"
#include "site/frame.h"
#include "site/picture.h"
#include "site/site.h"

/* ---- questions ---- */

static cmark_node *html_block(const char *text)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_HTML_BLOCK);

    cmark_node_set_literal(node, text);
    return node;
}

/* "*(because ...)*" at the end of a question is its answer: it is folded. */
static void fold_answer(cmark_node *item)
{
    cmark_node *question = cmark_node_first_child(item);
    cmark_node *last = question ? cmark_node_last_child(question) : NULL;

    if (last == NULL || cmark_node_get_type(last) != CMARK_NODE_EMPH)
        return;
    char *text = markdown_text(last);
    if (*text == '(') {
        cmark_node *answer = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_unlink(last);
        cmark_node_append_child(answer, last);
        cmark_node_append_child(
            item, html_block("<details><summary>answer</summary>\n"));
        cmark_node_append_child(item, answer);
        cmark_node_append_child(item, html_block("</details>\n"));
    }
    free(text);
}

static void fold_answers(cmark_node *body)
{
    for (cmark_node *list = cmark_node_first_child(body); list != NULL;
         list = cmark_node_next(list))
        if (cmark_node_get_type(list) == CMARK_NODE_LIST)
            for (cmark_node *item = cmark_node_first_child(list); item != NULL;
                 item = cmark_node_next(item))
                fold_answer(item);
}

/* ---- parts ---- */

static void heading(FILE *stream, const char *name)
{
    char *anchor = markdown_anchor(name);

    fprintf(stream, "<h2 id=\"%s\">", anchor);
    escape_xml(stream, tr(name));
    fputs("</h2>\n", stream);
    free(anchor);
}

/* What is not translated says so, for who has it read aloud. */
static void write_part(FILE *stream, const struct section *part, bool english)
{
    fputs(english ? "<div lang=\"en\">\n" : "", stream);
    markdown_write(stream, part->body);
    fputs(english ? "</div>\n" : "", stream);
}

/* A section of the page under its own name; nothing if it has none. */
static void section(FILE *stream, const struct lab_page *lab, const char *name)
{
    struct section *found = document_section(lab->page, name);

    if (found == NULL)
        return;
    heading(stream, name);
    write_part(stream, found, tongue_name() != NULL && !pieces_of_lab(name));
}

static void folded(FILE *stream, const struct lab_page *lab, const char *name,
                   const char *summary)
{
    struct section *found = document_section(lab->page, name);

    if (found == NULL)
        return;
    fprintf(stream, "<details><summary>%s</summary>\n", tr(summary));
    write_part(stream, found, tongue_name() != NULL);
    fputs("</details>\n", stream);
}

static void write_title(FILE *stream, const struct lab_page *lab)
{
    fputs("<h1>", stream);
    write_text(stream, lab->symptom);
    fputs("</h1>\n<p class=\"sub\">", stream);
    if (lab->string != NULL) {
        fputs("<code>", stream);
        escape_xml(stream, lab->string);
        fputs("</code><br>", stream);
    }
    fprintf(stream, "Lab %02d, ", lab->number);
    escape_xml(stream, lab->stem + 3);
    fprintf(stream, "%s <a href=\"index.html#chapter-%d\">", tr(", in"),
            lab->number / 10);
    escape_xml(stream, tr(lab->chapter));
    fputs("</a></p>\n", stream);
}

/* Without a run here the page's own timeline stands for the picture. */
static void write_timeline(FILE *stream, const struct lab_page *lab)
{
    if (lab->trace == NULL) {
        section(stream, lab, "The timeline");
        return;
    }
    heading(stream, N_("What happens"));
    char *title = xasprintf("Timeline of a run of lab %02d", lab->number);
    fputs("<figure>\n<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
          "aria-label=\"timeline\">\n",
          stream);
    picture_write(stream, lab->trace, title);
    fprintf(stream, "</div>\n<details><summary>%s</summary>\n<div lang=\"en\">",
            tr("The same in words"));
    picture_tell(stream, lab->trace);
    fprintf(stream, "</div></details>\n<figcaption>%s ",
            tr("Drawn from a run:"));
    escape_xml(stream, lab->trace->machine);
    fputs(tr(". Time runs down; rows are in order, not to scale."), stream);
    if (picture_has_locks(lab->trace))
        fputs(
            tr(" A bar: a lock that is held; dashed: the child's copy, locked "
               "by a thread that it does not have."),
            stream);
    fputs("</figcaption>\n</figure>\n", stream);
    free(title);
}

static void write_questions(FILE *stream, const struct lab_page *lab)
{
    struct section *found = document_section(lab->page, "Three questions");

    if (found != NULL)
        fold_answers(found->body);
    section(stream, lab, "Three questions");
}

static void neighbour(FILE *stream, const struct lab_page *lab, const char *rel)
{
    bool next = strcmp(rel, "next") == 0;

    fprintf(stream, "<a rel=\"%s\" href=\"%s.html\">%s%02d ", rel, lab->stem,
            next ? "" : "&larr; ", lab->number);
    write_text(stream, lab->symptom);
    fprintf(stream, "%s</a>\n", next ? " &rarr;" : "");
}

static void write_ways(FILE *stream, const struct site *site, size_t index)
{
    const struct lab_page *lab = &site->lab[index];
    char *file = xasprintf("%s.html", lab->stem);
    char *address = frame_address(site, file);

    fputs("<nav class=\"next\" aria-label=\"other labs\">\n", stream);
    if (index > 0)
        neighbour(stream, &site->lab[index - 1], "prev");
    if (index + 1 < site->labs)
        neighbour(stream, &site->lab[index + 1], "next");
    fprintf(stream,
            "</nav>\n<p class=\"sub\">%s <a href=\"%s\">%s</a>. %s</p>\n",
            tr("Permalink:"), file, *address != '\0' ? address : file,
            tr("Its number is never given to another lab."));
    free(address);
    free(file);
}

/* ---- the page ---- */

static void write_body(FILE *stream, const struct site *site, size_t index)
{
    const struct lab_page *lab = &site->lab[index];

    write_title(stream, lab);
    if (lab->trace != NULL)
        picture_verdict(stream, lab->trace, "bad");
    section(stream, lab, "You see");
    section(stream, lab, "In short");
    write_first(stream, site, lab);
    write_timeline(stream, lab);
    write_orders(stream, lab);
    heading(stream, N_("Program and cure"));
    write_pair(stream, site, lab);
    folded(stream, lab, "The run", N_("The run, as the runner explains it"));
    section(stream, lab, "Cures and their cost");
    section(stream, lab, "What does not help");
    section(stream, lab, "In your language");
    section(stream, lab, "What is really going on");
    section(stream, lab, "Seen in the wild");
    section(stream, lab, "Measured on");
    section(stream, lab, "Which tool would have told?");
    write_questions(stream, lab);
    folded(stream, lab, "Teach", N_("For teachers: ten minutes at a board"));
    write_ways(stream, site, index);
}

static void write_picture(const struct site *site, const struct lab_page *lab,
                          const char *name)
{
    struct fresh_file file;
    FILE *stream = site_open(site, name, &file);

    picture_alone(stream, lab->trace, lab->symptom);
    site_close(&file);
}

static char *plain(const char *text)
{
    char *copy = xstrdup(text);
    size_t length = 0;

    for (const char *at = text; *at != '\0'; at++)
        if (*at != '`')
            copy[length++] = *at;
    copy[length] = '\0';
    return copy;
}

void write_lab(const struct site *site, size_t index)
{
    const struct lab_page *lab = &site->lab[index];
    char *name = xasprintf("%s.html", lab->stem);
    char *symptom = plain(lab->symptom);
    char *title =
        xasprintf("%s%s%s (forklab %02d)", symptom, lab->string ? ": " : "",
                  lab->string ? lab->string : "", lab->number);
    char *picture = lab->trace ? xasprintf("%s.svg", lab->stem) : NULL;
    struct frame frame = {name, title, lab->brief, picture, true, true};
    struct fresh_file file;
    FILE *stream = frame_begin(site, &frame, &file);

    write_body(stream, site, index);
    frame_end(&file);
    if (picture != NULL)
        write_picture(site, lab, picture);
    free(picture);
    free(title);
    free(symptom);
    free(name);
}

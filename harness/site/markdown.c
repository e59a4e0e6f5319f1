/* SPDX-License-Identifier: MIT
 *
 * markdown: see markdown.h. In this order: links, sections, HTML, text.
 */
#define _GNU_SOURCE
#include "site/markdown.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <cmark-gfm-core-extensions.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/pieces.h"
#include "base/tongue.h"
#include "site/links.h"
#include "site/site.h"

#define OPTIONS (CMARK_OPT_UNSAFE | CMARK_OPT_VALIDATE_UTF8)

static cmark_node *parse(const char *text)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(OPTIONS);
    cmark_syntax_extension *table = cmark_find_syntax_extension("table");

    if (table != NULL)
        cmark_parser_attach_syntax_extension(parser, table);
    cmark_parser_feed(parser, text, strlen(text));
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

/* ---- sections ---- */

static bool is_comment(cmark_node *node)
{
    const char *text = cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK
                           ? cmark_node_get_literal(node)
                           : NULL;

    return text != NULL && strncmp(text, "<!--", 4) == 0;
}

static cmark_node *begin_section(struct document *document, cmark_node *heading)
{
    GROW(document->section, document->count);
    struct section *section = &document->section[document->count++];

    *section = (struct section){markdown_text(heading),
                                cmark_node_new(CMARK_NODE_DOCUMENT)};
    return section->body;
}

/* Where a node goes: into the section that it is below, or nowhere. */
static void place(struct document *document, cmark_node *node,
                  cmark_node **into)
{
    int level = cmark_node_get_type(node) == CMARK_NODE_HEADING
                    ? cmark_node_get_heading_level(node)
                    : 0;

    if (level == 1 && document->title == NULL)
        document->title = markdown_text(node);
    else if (level == 2)
        *into = begin_section(document, node);
    else if (!is_comment(node)) {
        cmark_node_unlink(node);
        cmark_node_append_child(*into, node);
        return;
    }
    cmark_node_unlink(node);
    cmark_node_free(node);
}

struct document *document_read(const char *root, const char *name)
{
    char *path = xasprintf("%s/%s", root, name);
    char *text = file_read(path, NULL);
    struct document *document = xcalloc(1, sizeof(*document));
    cmark_node *into = cmark_node_new(CMARK_NODE_DOCUMENT);

    if (text == NULL)
        site_die("%s cannot be read", path);
    if (tongue_name() != NULL) {
        char *translated = pieces_translate(text);
        free(text);
        text = translated;
    }
    cmark_node *whole = parse(text);
    links_lead_to_pages(whole);
    document->before = into;
    for (cmark_node *node = cmark_node_first_child(whole), *next; node != NULL;
         node = next) {
        next = cmark_node_next(node);
        place(document, node, &into);
    }
    if (document->title == NULL)
        site_die("%s has no heading", path);
    cmark_node_free(whole);
    free(text);
    free(path);
    return document;
}

void document_free(struct document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        free(document->section[i].name);
        cmark_node_free(document->section[i].body);
    }
    free(document->section);
    cmark_node_free(document->before);
    free(document->title);
    free(document);
}

struct section *document_section(const struct document *document,
                                 const char *name)
{
    for (size_t i = 0; i < document->count; i++)
        if (strcmp(document->section[i].name, name) == 0)
            return &document->section[i];
    return NULL;
}

/* ---- HTML ---- */

/* What the library writes, and what stands for it. These tags come from it
 * alone: in a text it writes &lt; for <. */
static const struct {
    const char *tag, *ours;
} changed[] = {
    {"<pre>", "<pre tabindex=\"0\">"},
    {"<table>", "<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
                "aria-label=\"table\"><table>"},
    {"</table>", "</table></div>"},
    {"<th></th>", "<td></td>"}, /* a corner heads nothing */
    {"<th>", "<th scope=\"col\">"},
    {"<br />", "<br>"},
};

static void write_changed(FILE *stream, const char *html)
{
    while (*html != '\0') {
        size_t i = 0, count = sizeof(changed) / sizeof(*changed);
        while (i < count &&
               strncmp(html, changed[i].tag, strlen(changed[i].tag)) != 0)
            i++;
        if (i < count) {
            fputs(changed[i].ours, stream);
            html += strlen(changed[i].tag);
        } else
            fputc(*html++, stream);
    }
}

void markdown_write(FILE *stream, cmark_node *body)
{
    char *html = cmark_render_html(body, OPTIONS, NULL);

    write_changed(stream, html);
    free(html);
}

char *markdown_inlines(cmark_node *node)
{
    char *all = xstrdup("");

    for (cmark_node *child = cmark_node_first_child(node); child != NULL;
         child = cmark_node_next(child)) {
        char *html = cmark_render_html(child, OPTIONS, NULL);
        char *longer = xasprintf("%s%s", all, html);
        free(html);
        free(all);
        all = longer;
    }
    return all;
}

/* ---- text ---- */

static void add_text(FILE *stream, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
        fputs(cmark_node_get_literal(node), stream);
        break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        fputc(' ', stream);
        break;
    default:
        break;
    }
}

char *markdown_text(cmark_node *node)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    cmark_iter *iter = cmark_iter_new(node);
    cmark_event_type event;

    if (stream == NULL)
        site_die("no memory");
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *at = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER)
            add_text(stream, at);
        else if (at != node && cmark_node_get_type(at) == CMARK_NODE_PARAGRAPH)
            fputc(' ', stream);
    }
    cmark_iter_free(iter);
    fclose(stream);
    while (size > 0 && text[size - 1] == ' ')
        text[--size] = '\0';
    return text;
}

char *markdown_anchor(const char *heading)
{
    char *anchor = xstrdup(heading);
    size_t length = 0;

    for (const char *at = heading; *at != '\0'; at++)
        if (isalnum((unsigned char)*at) || *at == '_' || *at == '-')
            anchor[length++] = (char)tolower((unsigned char)*at);
        else if (*at == ' ')
            anchor[length++] = '-';
    anchor[length] = '\0';
    return anchor;
}

/* SPDX-License-Identifier: MIT
 *
 * links: see links.h.
 */
#define _GNU_SOURCE
#include "site/links.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tongue.h"

static const char *const *stems;

void links_labs(const char *const stem[100])
{
    stems = stem;
}

/* The pages of the site that are no labs, by their names in labs/, and whether
 * they are translated. */
static const struct {
    const char *markdown, *html;
    bool translated;
} others[] = {
    {"WHICH.md", "which.html", true},
    {"LABS.md", "index.html", true},
    {"CLAIMS.md", "claims.html", false},
    {"README.md#depths", "depths.html", false},
};

static bool is_lab(const char *url, size_t length)
{
    for (size_t i = 0; stems != NULL && i < 100; i++)
        if (stems[i] != NULL && strlen(stems[i]) == length &&
            memcmp(stems[i], url, length) == 0)
            return true;
    return false;
}

/* NULL: the site has no such page. The caller frees it. */
static char *page_of(const char *url)
{
    const char *end = strstr(url, ".md");

    if (*url == '#' || strncmp(url, "http", 4) == 0)
        return xstrdup(url);
    if (strncmp(url, "labs/", 5) == 0)
        return page_of(url + 5);
    if (end != NULL && is_lab(url, (size_t)(end - url)))
        return xasprintf("%.*s.html%s", (int)(end - url), url, end + 3);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (strcmp(others[i].markdown, url) == 0)
            return xasprintf(
                "%s%s", tongue_name() && !others[i].translated ? "../" : "",
                others[i].html);
    return NULL;
}

/* A link that leads nowhere becomes the text that it is. */
static void dissolve(cmark_node *link)
{
    for (cmark_node *child = cmark_node_first_child(link), *next; child != NULL;
         child = next) {
        next = cmark_node_next(child);
        cmark_node_unlink(child);
        cmark_node_insert_before(link, child);
    }
    cmark_node_unlink(link);
    cmark_node_free(link);
}

static cmark_node *text_node(const char *text, size_t length)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);
    char *copy = xasprintf("%.*s", (int)length, text);

    cmark_node_set_literal(node, copy);
    free(copy);
    return node;
}

/* "lab 31" at text: the number; -1: it is none, or of no lab. */
static int lab_at(const char *text)
{
    if (strncmp(text, "lab ", 4) != 0 || !isdigit((unsigned char)text[4]) ||
        !isdigit((unsigned char)text[5]) || isalnum((unsigned char)text[6]))
        return -1;
    int number = (text[4] - '0') * 10 + text[5] - '0';
    return stems != NULL && stems[number] != NULL ? number : -1;
}

static void link_labs_of(cmark_node *node)
{
    const char *text = cmark_node_get_literal(node), *from = text;

    for (const char *at = text; *at != '\0'; at++) {
        int number = lab_at(at);
        if (number < 0 || (at > text && isalnum((unsigned char)at[-1])))
            continue;
        cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
        char *url = xasprintf("%s.html", stems[number]);
        cmark_node_set_url(link, url);
        free(url);
        cmark_node_append_child(link, text_node(at, 6));
        cmark_node_insert_before(node, text_node(from, (size_t)(at - from)));
        cmark_node_insert_before(node, link);
        from = at + 6;
        at += 5;
    }
    char *rest = xstrdup(from);
    cmark_node_set_literal(node, rest);
    free(rest);
}

static void change(cmark_node *node, cmark_node_type type)
{
    if (type == CMARK_NODE_TEXT) {
        link_labs_of(node);
        return;
    }
    char *url = page_of(cmark_node_get_url(node));
    if (url != NULL)
        cmark_node_set_url(node, url);
    else
        dissolve(node);
    free(url);
}

static cmark_node *next_of(cmark_node *node)
{
    cmark_node *next = cmark_node_next(node);

    if (cmark_node_get_type(node) == CMARK_NODE_LINK)
        change(node, CMARK_NODE_LINK);
    else if (cmark_node_get_type(node) == CMARK_NODE_TEXT)
        change(node, CMARK_NODE_TEXT);
    else
        links_lead_to_pages(node);
    return next;
}

void links_lead_to_pages(cmark_node *node)
{
    for (cmark_node *child = cmark_node_first_child(node); child != NULL;)
        child = next_of(child);
}

/* SPDX-License-Identifier: MIT
 *
 * load: reads what the site is made of. In this order: labs, symptoms, all.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/tongue.h"
#include "site/links.h"
#include "site/site.h"

static const char *stem_of[100];

/* ---- labs ---- */

static cJSON *json_read(const char *path)
{
    char *text = file_read(path, NULL);

    if (text == NULL)
        return NULL;
    cJSON *json = cJSON_Parse(text);
    if (json == NULL)
        site_die("%s is no JSON", path);
    free(text);
    return json;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text != NULL ? text : "";
}

static void list_labs(struct site *site)
{
    char *path = xasprintf("%s/labs.json", site->data);
    cJSON *list = json_read(path), *item;

    if (!cJSON_IsArray(list))
        site_die("%s has no labs", path);
    cJSON_ArrayForEach(item, list)
    {
        int number = cJSON_GetObjectItemCaseSensitive(item, "number")->valueint;
        GROW(site->lab, site->labs);
        site->lab[site->labs++] = (struct lab_page){
            .number = number,
            .stem = xasprintf("%02d-%s", number, text_of(item, "name")),
            .chapter = xstrdup(text_of(item, "chapter"))};
        if (number < 0 || number > 99)
            site_die("there is no lab %d", number);
        stem_of[number] = site->lab[site->labs - 1].stem;
    }
    cJSON_Delete(list);
    free(path);
}

/* The symptoms of a page: the list in You see that is folded. */
static cmark_node *symptom_list(const struct document *page)
{
    struct section *see = document_section(page, "You see");
    bool folded = false;

    for (cmark_node *node = see ? cmark_node_first_child(see->body) : NULL;
         node != NULL; node = cmark_node_next(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK)
            folded = strstr(cmark_node_get_literal(node), "Symptoms") != NULL;
        if (folded && type == CMARK_NODE_LIST)
            return node;
    }
    return NULL;
}

/* The first code of a symptom that the title does not have. */
static char *string_of(cmark_node *list, const char *title)
{
    for (cmark_node *item = list ? cmark_node_first_child(list) : NULL;
         item != NULL; item = cmark_node_next(item)) {
        cmark_node *text = cmark_node_first_child(item);
        for (cmark_node *at = text ? cmark_node_first_child(text) : NULL;
             at != NULL; at = cmark_node_next(at))
            if (cmark_node_get_type(at) == CMARK_NODE_CODE &&
                strstr(title, cmark_node_get_literal(at)) == NULL)
                return xstrdup(cmark_node_get_literal(at));
    }
    return NULL;
}

/* A sentence begins with a capital, a name of C does not: read(), io_uring. */
static void capitalise(char *text)
{
    size_t word = strcspn(text, " ");
    size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz-,");

    if (letters >= word)
        text[0] = (char)toupper((unsigned char)text[0]);
}

/* runs/31.json, orders/31-labs.json. NULL: there is none with that outcome. */
static struct trace *read_trace(const struct site *site,
                                const struct lab_page *lab,
                                const char *directory, const char *tail,
                                const char *expected)
{
    char *name = xasprintf("%s/%s/%02d%s.json", site->data, directory,
                           lab->number, tail);
    cJSON *json = json_read(name);
    struct trace *trace = json ? trace_read(json, expected) : NULL;

    cJSON_Delete(json);
    free(name);
    return trace;
}

static void read_lab(const struct site *site, struct lab_page *lab)
{
    char *name = xasprintf("labs/%s.md", lab->stem);

    lab->page = document_read(site->root, name);
    const char *colon = strstr(lab->page->title, ": ");
    struct section *brief = document_section(lab->page, "In short");
    if (colon == NULL || brief == NULL)
        site_die("%s has no symptom in its title, or no In short", name);
    lab->symptom = xstrdup(colon + 2);
    if (tongue_name() == NULL)
        capitalise(lab->symptom);
    lab->string = string_of(symptom_list(lab->page), lab->symptom);
    lab->brief = markdown_text(brief->body);
    lab->trace = read_trace(site, lab, "runs", "", "hazard");
    lab->order[0] = read_trace(site, lab, "orders", "-labs", "hazard");
    lab->order[1] = read_trace(site, lab, "orders", "-solutions", "safe");
    free(name);
}

/* ---- symptoms ---- */

static void add_symptom(struct site *site, const struct lab_page *lab,
                        char *text, char *software, char *source)
{
    GROW(site->symptom, site->symptoms);
    site->symptom[site->symptoms++] =
        (struct symptom){text, software, source, lab};
}

static void symptoms_of_page(struct site *site, const struct lab_page *lab)
{
    cmark_node *list = symptom_list(lab->page);

    for (cmark_node *item = list ? cmark_node_first_child(list) : NULL;
         item != NULL; item = cmark_node_next(item))
        add_symptom(site, lab, markdown_text(item), NULL, NULL);
}

/* string TAB labs TAB software TAB source */
static void symptom_of_line(struct site *site, char *line)
{
    char *field[4];

    for (size_t i = 0; i < 4; i++) {
        field[i] = strsep(&line, "\t");
        if (field[i] == NULL)
            return;
    }
    const struct lab_page *lab = site_lab(site, atoi(field[1]));
    if (lab == NULL)
        site_die("strings.tsv: no lab %s", field[1]);
    add_symptom(site, lab, xstrdup(field[0]), xstrdup(field[2]),
                xstrdup(field[3]));
}

static void read_strings(struct site *site)
{
    char *path = xasprintf("%s/labs/strings.tsv", site->root);
    char *text = file_read(path, NULL), *rest = text, *line;

    if (text == NULL)
        site_die("%s cannot be read", path);
    while ((line = strsep(&rest, "\n")) != NULL)
        if (*line != '\0')
            symptom_of_line(site, line);
    free(text);
    free(path);
}

/* As a reader looks for it: quotes and underlines do not count at the start. */
static const char *sorted_by(const char *text)
{
    const char *at = text;

    while (*at != '\0' && !isalnum((unsigned char)*at))
        at++;
    return *at != '\0' ? at : text;
}

static int by_text(const void *one, const void *other)
{
    const struct symptom *a = one, *b = other;
    int order = strcasecmp(sorted_by(a->text), sorted_by(b->text));

    return order != 0 ? order : strcmp(a->text, b->text);
}

/* ---- all ---- */

const struct lab_page *site_lab(const struct site *site, int number)
{
    for (size_t i = 0; i < site->labs; i++)
        if (site->lab[i].number == number)
            return &site->lab[i];
    return NULL;
}

void site_load(struct site *site)
{
    list_labs(site);
    links_labs(stem_of);
    for (size_t i = 0; i < site->labs; i++)
        read_lab(site, &site->lab[i]);
    for (size_t i = 0; i < site->labs; i++)
        symptoms_of_page(site, &site->lab[i]);
    read_strings(site);
    qsort(site->symptom, site->symptoms, sizeof(*site->symptom), by_text);
    site->which = document_read(site->root, "labs/WHICH.md");
}

static void free_symptom(const struct symptom *symptom)
{
    free(symptom->text);
    free(symptom->software);
    free(symptom->source);
}

void site_free(struct site *site)
{
    for (size_t i = 0; i < site->labs; i++) {
        struct lab_page *lab = &site->lab[i];
        document_free(lab->page);
        trace_free(lab->trace);
        trace_free(lab->order[0]);
        trace_free(lab->order[1]);
        free(lab->stem);
        free(lab->chapter);
        free(lab->symptom);
        free(lab->string);
        free(lab->brief);
    }
    for (size_t i = 0; i < site->symptoms; i++)
        free_symptom(&site->symptom[i]);
    document_free(site->which);
    free(site->lab);
    free(site->symptom);
}

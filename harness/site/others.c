/* SPDX-License-Identifier: MIT
 *
 * others: the pages that are Markdown as a whole, the files beside the pages,
 * and sitemap.xml.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "site/frame.h"
#include "site/site.h"

static void write_whole(const struct site *site, const struct document *page,
                        const struct frame *frame, const char *only)
{
    struct fresh_file file;
    FILE *stream = frame_begin(site, frame, &file);

    fputs("<h1>", stream);
    escape_xml(stream, only ? only : page->title);
    fputs("</h1>\n", stream);
    if (only == NULL)
        markdown_write(stream, page->before);
    for (size_t i = 0; i < page->count; i++) {
        const struct section *section = &page->section[i];
        char *anchor = markdown_anchor(section->name);
        if (only == NULL) {
            fprintf(stream, "<h2 id=\"%s\">", anchor);
            escape_xml(stream, section->name);
            fputs("</h2>\n", stream);
        }
        if (only == NULL || strcmp(section->name, only) == 0)
            markdown_write(stream, section->body);
        free(anchor);
    }
    frame_end(&file);
}

void write_may_i_fork(const struct site *site)
{
    struct document *page =
        document_read(site->root, "harness/site/may-i-fork.md");
    struct frame frame = {
        .file = "may-i-fork.html",
        .title = "May I fork here? Before you call fork() (forklab)",
        .description =
            "Five questions to ask before you call fork(): exec, "
            "threads, descriptors, exits, cost. Each answer with the "
            "program that shows what happens otherwise."};

    write_whole(site, page, &frame, NULL);
    document_free(page);
}

static void copy(const struct site *site, const char *name)
{
    char *from = xasprintf("%s/harness/site/%s", site->root, name);
    char *text = file_read(from, NULL);
    struct fresh_file file;

    if (text == NULL)
        site_die("%s cannot be read", from);
    fputs(text, site_open(site, name, &file));
    site_close(&file);
    free(text);
    free(from);
}

void write_others(const struct site *site)
{
    struct document *claims = document_read(site->root, "labs/CLAIMS.md");
    struct document *readme = document_read(site->root, "labs/README.md");
    struct frame of_claims = {
        .file = "claims.html",
        .title = "What is claimed of fork(), and which lab shows it (forklab)",
        .description = "What two texts claim of fork(), claim by claim, with "
                       "the program that shows it."};
    struct frame of_depths = {
        .file = "depths.html",
        .title = "Hazards of fork() that have no program here (forklab)",
        .description = "What goes wrong with fork() in depths where no small "
                       "program can show it, and reports of it."};

    write_whole(site, claims, &of_claims, NULL);
    write_whole(site, readme, &of_depths, "Depths");
    copy(site, "style.css");
    copy(site, "site.js");
    document_free(claims);
    document_free(readme);
}

static void write_location(FILE *stream, const struct site *site,
                           const char *language, const char *name)
{
    char *address = frame_address_in(site, language, name);

    fputs("<url><loc>", stream);
    escape_xml(stream, address);
    fputs("</loc></url>\n", stream);
    free(address);
}

static void write_locations(FILE *stream, const struct site *site,
                            const char *language)
{
    for (size_t i = 0; i < site->labs; i++) {
        char *name = xasprintf("%s.html", site->lab[i].stem);
        write_location(stream, site, language, name);
        free(name);
    }
}

/* https://www.sitemaps.org: whole addresses, so none without a base. */
void write_sitemap(const struct site *site)
{
    static const char *const pages[] = {
        "index.html",     "symptoms.html", "which.html", "may-i-fork.html",
        "functions.html", "claims.html",   "depths.html"};
    struct fresh_file file;

    if (*site->base == '\0')
        return;
    FILE *stream = site_open(site, "sitemap.xml", &file);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
          stream);
    for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
        write_location(stream, site, NULL, pages[i]);
    write_locations(stream, site, NULL);
    for (char **language = site->languages; *language != NULL; language++) {
        write_location(stream, site, *language, "index.html");
        write_location(stream, site, *language, "which.html");
        write_locations(stream, site, *language);
    }
    fputs("</urlset>\n", stream);
    site_close(&file);
}

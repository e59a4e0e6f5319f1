/* SPDX-License-Identifier: MIT
 *
 * frame: see frame.h.
 */
#define _GNU_SOURCE
#include "site/frame.h"

#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/tongue.h"

FILE *site_open(const struct site *site, const char *name,
                struct fresh_file *file)
{
    char *path = xasprintf("%s/%s", site->out, name);

    if (!fresh_open(file, path))
        site_die("%s cannot be written", path);
    free(path);
    return file->stream;
}

void site_close(struct fresh_file *file)
{
    if (!fresh_close(file))
        site_die("a page cannot be written: is the disk full?");
}

char *frame_address_in(const struct site *site, const char *language,
                       const char *name)
{
    size_t length = strlen(site->base);

    if (length == 0)
        return xstrdup("");
    return xasprintf("%s%s%s%s%s", site->base,
                     site->base[length - 1] == '/' ? "" : "/",
                     language ? language : "", language ? "/" : "", name);
}

char *frame_address(const struct site *site, const char *name)
{
    return frame_address_in(site, tongue_name(), name);
}

/* What a language calls itself. */
static const char *called(const char *language)
{
    static const char *const names[][2] = {{"en", "English"}, {"ja", "日本語"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(names[i][0], language) == 0)
            return names[i][1];
    return language;
}

/* From this page to the same in that language. Caller frees. */
static char *way_to(const struct site *site, const char *language,
                    const char *name)
{
    bool english = strcmp(language, "en") == 0;

    return xasprintf("%s%s%s%s", site->up, english ? "" : language,
                     english ? "" : "/", name);
}

/* https://html.spec.whatwg.org, link type "alternate": each names all. */
static void write_alternate(FILE *stream, const struct site *site,
                            const char *language, const char *name)
{
    bool english = strcmp(language, "en") == 0;
    char *address = frame_address_in(site, english ? NULL : language, name);
    char *way = way_to(site, language, name);

    fprintf(stream, "<link rel=\"alternate\" hreflang=\"%s\" href=\"%s\">\n",
            language, *address != '\0' ? address : way);
    free(way);
    free(address);
}

static void write_alternates(FILE *stream, const struct site *site,
                             const struct frame *frame)
{
    if (!frame->translated || site->languages[0] == NULL)
        return;
    write_alternate(stream, site, "en", frame->file);
    for (size_t i = 0; site->languages[i] != NULL; i++)
        write_alternate(stream, site, site->languages[i], frame->file);
}

/* The way to the other languages; of what is in English only, to their first
 * page. */
static void write_language(FILE *stream, const struct site *site,
                           const struct frame *frame, const char *language)
{
    const char *mine = tongue_name() ? tongue_name() : "en";
    char *way =
        way_to(site, language, frame->translated ? frame->file : "index.html");

    if (strcmp(language, mine) != 0)
        fprintf(stream, "<a href=\"%s\" hreflang=\"%s\" lang=\"%s\">%s</a>\n",
                way, language, language, called(language));
    free(way);
}

static void write_languages(FILE *stream, const struct site *site,
                            const struct frame *frame)
{
    write_language(stream, site, frame, "en");
    for (size_t i = 0; site->languages[i] != NULL; i++)
        write_language(stream, site, frame, site->languages[i]);
}

void write_text(FILE *stream, const char *text)
{
    bool code = false;
    char *copy = xstrdup(text), *rest = copy, *part;

    while ((part = strsep(&rest, "`")) != NULL) {
        fputs(code ? "<code>" : "", stream);
        escape_xml(stream, part);
        fputs(code ? "</code>" : "", stream);
        code = !code;
    }
    free(copy);
}

static void write_meta(FILE *stream, const char *key, const char *name,
                       const char *value)
{
    if (*value == '\0')
        return;
    fprintf(stream, "<meta %s=\"%s\" content=\"", key, name);
    escape_xml(stream, value);
    fputs("\">\n", stream);
}

/* https://schema.org/TechArticle. The text between the tags is JSON, in which
 * a < would end it. */
static void write_linked_data(FILE *stream, const struct frame *frame,
                              const char *address)
{
    cJSON *data = cJSON_CreateObject();

    cJSON_AddStringToObject(data, "@context", "https://schema.org");
    cJSON_AddStringToObject(data, "@type", "TechArticle");
    cJSON_AddStringToObject(data, "headline", frame->title);
    cJSON_AddStringToObject(data, "description", frame->description);
    cJSON_AddStringToObject(data, "inLanguage",
                            tongue_name() ? tongue_name() : "en");
    cJSON_AddStringToObject(data, "license",
                            "https://spdx.org/licenses/MIT.html");
    if (*address != '\0')
        cJSON_AddStringToObject(data, "url", address);
    char *text = cJSON_PrintUnformatted(data);
    fputs("<script type=\"application/ld+json\">", stream);
    for (const char *at = text; *at != '\0'; at++)
        if (*at == '<')
            fputs("\\u003c", stream);
        else
            fputc(*at, stream);
    fputs("</script>\n", stream);
    free(text);
    cJSON_Delete(data);
}

static void write_head(FILE *stream, const struct site *site,
                       const struct frame *frame)
{
    char *address = frame_address(site, frame->file);
    char *picture =
        frame->picture ? frame_address(site, frame->picture) : xstrdup("");

    fprintf(stream, "<!doctype html>\n<html lang=\"%s\">\n<head>\n",
            tongue_name() ? tongue_name() : "en");
    fputs("<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" "
          "content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          stream);
    escape_xml(stream, frame->title);
    fputs("</title>\n", stream);
    write_meta(stream, "name", "description", frame->description);
    write_meta(stream, "property", "og:title", frame->title);
    write_meta(stream, "property", "og:description", frame->description);
    write_meta(stream, "property", "og:type", "article");
    write_meta(stream, "property", "og:url", address);
    write_meta(stream, "property", "og:image", picture);
    if (*address != '\0')
        fprintf(stream, "<link rel=\"canonical\" href=\"%s\">\n", address);
    write_alternates(stream, site, frame);
    fprintf(stream,
            "<link rel=\"stylesheet\" href=\"%sstyle.css\">\n"
            "<link rel=\"icon\" href=\"data:,\">\n"
            "<script src=\"%ssite.js\" defer></script>\n",
            site->up, site->up);
    if (frame->article)
        write_linked_data(stream, frame, address);
    fputs("</head>\n", stream);
    free(address);
    free(picture);
}

FILE *frame_begin(const struct site *site, const struct frame *frame,
                  struct fresh_file *file)
{
    static const struct {
        const char *file, *name;
        bool translated;
    } pages[] = {
        {"index.html", "forklab", true},
        {"symptoms.html", N_("symptoms"), false},
        {"which.html", N_("which of these do I have?"), true},
        {"may-i-fork.html", N_("may I fork here?"), false},
        {"functions.html", N_("safe after fork()?"), false},
    };
    FILE *stream = site_open(site, frame->file, file);

    write_head(stream, site, frame);
    fprintf(stream,
            "<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n"
            "<header><nav aria-label=\"%s\">\n",
            tr("to the text"), tr("site"));
    for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
        fprintf(stream, "<a href=\"%s%s\"%s>%s</a>\n",
                pages[i].translated ? "" : site->up, pages[i].file,
                strcmp(pages[i].file, frame->file) == 0
                    ? " aria-current=\"page\""
                    : "",
                tr(pages[i].name));
    write_languages(stream, site, frame);
    fputs("</nav></header>\n<main id=\"main\">\n", stream);
    return stream;
}

void frame_end(struct fresh_file *file)
{
    fprintf(file->stream,
            "</main>\n<footer><p>%s</p></footer>\n</body>\n</html>\n",
            tr("forklab: what goes wrong with fork(2), in small programs that "
               "you can run. MIT."));
    site_close(file);
}

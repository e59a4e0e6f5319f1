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

char *frame_address(const struct site *site, const char *name)
{
    size_t length = strlen(site->base);

    if (length == 0)
        return xstrdup("");
    return xasprintf("%s%s%s", site->base,
                     site->base[length - 1] == '/' ? "" : "/", name);
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
    cJSON_AddStringToObject(data, "inLanguage", "en");
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

    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n"
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
    fputs("<link rel=\"stylesheet\" href=\"style.css\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n"
          "<script src=\"site.js\" defer></script>\n",
          stream);
    if (frame->article)
        write_linked_data(stream, frame, address);
    fputs("</head>\n", stream);
    free(address);
    free(picture);
}

FILE *frame_begin(const struct site *site, const struct frame *frame,
                  struct fresh_file *file)
{
    static const char *const pages[][2] = {
        {"index.html", "forklab"},
        {"symptoms.html", "symptoms"},
        {"which.html", "which of these do I have?"},
        {"may-i-fork.html", "may I fork here?"},
        {"functions.html", "safe after fork()?"},
    };
    FILE *stream = site_open(site, frame->file, file);

    write_head(stream, site, frame);
    fputs("<body>\n<a class=\"skip\" href=\"#main\">to the text</a>\n"
          "<header><nav aria-label=\"site\">\n",
          stream);
    for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
        fprintf(stream, "<a href=\"%s\"%s>%s</a>\n", pages[i][0],
                strcmp(pages[i][0], frame->file) == 0 ? " aria-current=\"page\""
                                                      : "",
                pages[i][1]);
    fputs("</nav></header>\n<main id=\"main\">\n", stream);
    return stream;
}

void frame_end(struct fresh_file *file)
{
    fputs("</main>\n<footer><p>forklab: what goes wrong with fork(2), in small "
          "programs that you can run. MIT.</p></footer>\n</body>\n</html>\n",
          file->stream);
    site_close(file);
}

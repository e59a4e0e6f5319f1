/* SPDX-License-Identifier: MIT
 *
 * pair: a program and its cure side by side, with what the diff adds and takes
 * away marked. In this order: lines, what both have, HTML.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/tongue.h"
#include "site/site.h"

struct source {
    char *text; /* cut into lines */
    struct strings line;
    bool *common; /* does the other one have it, too? */
};

/* ---- lines ---- */

static struct source source_read(const struct site *site, const char *directory,
                                 const struct lab_page *lab)
{
    struct source source = {0};
    char *path = xasprintf("%s/%s/%s.c", site->root, directory, lab->stem);
    char *rest, *line;

    source.text = file_read(path, NULL);
    if (source.text == NULL)
        site_die("%s cannot be read", path);
    rest = source.text;
    while ((line = strsep(&rest, "\n")) != NULL)
        if (rest != NULL || *line != '\0')
            strings_add(&source.line, line);
    source.common = xcalloc(source.line.count + 1, sizeof(bool));
    free(path);
    return source;
}

static void source_free(struct source *source)
{
    strings_free(&source->line);
    free(source->common);
    free(source->text);
}

/* ---- what both have ---- */

/* The longest common subsequence. length[i * width + k] is its length from line
 * i of one and line k of the other on. */
static size_t *lengths(const struct source *one, const struct source *other)
{
    size_t width = other->line.count + 1;
    size_t *length = xcalloc((one->line.count + 1) * width, sizeof(*length));

    for (size_t i = one->line.count; i-- > 0;)
        for (size_t k = other->line.count; k-- > 0;) {
            size_t down = length[(i + 1) * width + k];
            size_t right = length[i * width + k + 1];
            if (strcmp(one->line.item[i], other->line.item[k]) == 0)
                length[i * width + k] = length[(i + 1) * width + k + 1] + 1;
            else
                length[i * width + k] = down > right ? down : right;
        }
    return length;
}

static void compare(struct source *one, struct source *other)
{
    size_t *length = lengths(one, other);
    size_t width = other->line.count + 1, i = 0, k = 0;

    while (i < one->line.count && k < other->line.count)
        if (strcmp(one->line.item[i], other->line.item[k]) == 0)
            one->common[i++] = other->common[k++] = true;
        else if (length[(i + 1) * width + k] >= length[i * width + k + 1])
            i++;
        else
            k++;
    free(length);
}

/* ---- HTML ---- */

/* The comment at the head is for the runner: folded, where it is the same. */
static size_t after_head(const struct source *source)
{
    for (size_t i = 0; i < source->line.count; i++)
        if (strcmp(source->line.item[i], " */") == 0)
            return i + 1;
    return 0;
}

static void write_source(FILE *stream, const struct source *source,
                         const char *id, const char *tag)
{
    fprintf(stream, "<pre id=\"%s\" class=\"code\" tabindex=\"0\"><code>", id);
    for (size_t i = after_head(source); i < source->line.count; i++) {
        const char *text = source->line.item[i];
        if (!source->common[i])
            fprintf(stream, "<%s>", tag);
        escape_xml(stream, text);
        if (!source->common[i])
            fprintf(stream, "</%s>", tag);
        fputc('\n', stream);
    }
    fputs("</code></pre>\n", stream);
}

/* The file beside the page, whole: with it the reader compiles. */
static void copy(const struct site *site, const char *directory,
                 const char *name)
{
    char *from = xasprintf("%s/%s/%s", site->root, directory, name);
    char *to = xasprintf("%s/src/%s/%s", site->out, directory, name);
    char *slash, *text = file_read(from, NULL);
    struct fresh_file file;

    slash = strrchr(to, '/');
    *slash = '\0';
    if (text == NULL || !directories_make(to))
        site_die("%s cannot be copied", from);
    *slash = '/';
    if (!fresh_open(&file, to))
        site_die("%s cannot be written", to);
    fputs(text, file.stream);
    if (!fresh_close(&file))
        site_die("%s cannot be written", to);
    free(text);
    free(from);
    free(to);
}

static void write_half(FILE *stream, const struct site *site,
                       const struct lab_page *lab, const char *directory,
                       const struct source *source)
{
    bool cure = strcmp(directory, "solutions") == 0;
    char *name = xasprintf("%s.c", lab->stem);

    if (tongue_name() == NULL)
        copy(site, directory, name);
    fprintf(stream,
            "<div class=\"half\"><h3 class=\"%s\">%s</h3>\n"
            "<p class=\"tools\"><button type=\"button\" hidden "
            "data-copy=\"%s\" data-copied=\"%s\" data-refused=\"%s\">%s"
            "</button> "
            "<a href=\"%ssrc/%s/%s\" download>%s</a></p>\n",
            cure ? "good" : "bad", cure ? tr("the cure") : tr("the program"),
            directory, tr("copied"), tr("not allowed"), tr("copy"), site->up,
            directory, name, tr("download"));
    write_source(stream, source, directory, cure ? "ins" : "del");
    fputs("</div>\n", stream);
    free(name);
}

/* The headers of ours that it includes; lab.h includes stage.h. */
static void write_headers(FILE *stream, const struct site *site,
                          const struct source *source)
{
    static const char include[] = "#include \"";
    size_t count = 0;

    for (size_t i = 0; i < source->line.count; i++) {
        const char *text = source->line.item[i];
        if (strncmp(text, include, sizeof(include) - 1) != 0)
            continue;
        text += sizeof(include) - 1;
        char *name = xasprintf("%.*s", (int)strcspn(text, "\""), text);
        if (tongue_name() == NULL)
            copy(site, "labs", name);
        fprintf(stream, "%s<a href=\"%ssrc/labs/%s\" download>%s</a>",
                count++ > 0 ? ", " : tr(" Ours among the headers: "), site->up,
                name, name);
        free(name);
    }
    if (count > 0)
        fprintf(stream,
                ", <a href=\"%ssrc/labs/stage.h\" download>stage.h</a>%s",
                site->up, tr("."));
    if (tongue_name() == NULL)
        copy(site, "labs", "stage.h");
}

void write_pair(FILE *stream, const struct site *site,
                const struct lab_page *lab)
{
    struct source program = source_read(site, "labs", lab);
    struct source cure = source_read(site, "solutions", lab);

    compare(&program, &cure);
    fputs("<div class=\"pair\">\n", stream);
    write_half(stream, site, lab, "labs", &program);
    write_half(stream, site, lab, "solutions", &cure);
    fprintf(stream, "</div>\n<p>%s",
            tr("Marked: what the cure takes away, and what it adds."));
    write_headers(stream, site, &program);
    fprintf(stream,
            tr(" In forklab: <code>make lab-%02d</code>, <code>make "
               "solution-%02d</code>, and <code>make try-%02d</code> for an "
               "attempt of yours."),
            lab->number, lab->number, lab->number);
    fputs("</p>\n", stream);
    source_free(&program);
    source_free(&cure);
}

/* SPDX-License-Identifier: MIT
 *
 * messages: the texts of labs/ that are translated, as a template of gettext(1)
 * without its head; for harness/scripts/po.sh.
 *
 *   build/messages >build/labs.pot
 *
 * Those of the C sources are found by xgettext(1).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/pieces.h"
#include "oracle/labs.h"

static void give_up(const char *path, const char *why)
{
    fprintf(stderr, "error: messages: %s: %s\n", path, why);
    exit(1);
}

/* Where it stands, and below which heading, for who translates it. */
static void put(const char *file, const char *section, const char *text)
{
    printf("#. %s\n#: %s\nmsgid \"", section, file);
    for (const char *at = text; *at != '\0'; at++)
        printf(*at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    printf("\"\nmsgstr \"\"\n\n");
}

static const char *put_piece(const char *piece, const char *section, void *file)
{
    put(file, section ? section : "title", piece);
    return piece;
}

static void put_page(char *path)
{
    char *text = file_read(path, NULL);

    if (text == NULL)
        give_up(path, strerror(errno));
    free(pieces_turn(text, put_piece, path));
    free(text);
    free(path);
}

int main(void)
{
    struct lab_list list;
    char *error = labs_find(".", &list);

    if (error != NULL)
        give_up("labs", error);
    for (size_t i = 0; i < list.count; i++) {
        put(list.lab[i].source, "what goes wrong", list.lab[i].title);
        put_page(xasprintf("labs/%s.md", list.lab[i].stem));
    }
    put_page(xstrdup("labs/WHICH.md"));
    labs_free(&list);
    return 0;
}

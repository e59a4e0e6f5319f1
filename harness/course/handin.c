/* SPDX-License-Identifier: MIT
 *
 * handin: see handin.h.
 */
#define _GNU_SOURCE
#include "course/handin.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/files.h"
#include "base/next.h"
#include "base/sha256.h"
#include "base/tar.h"
#include "course/attempts.h"
#include "course/progress.h"
#include "course/sources.h"

#define ARCHIVE "attempts/handin.tar"

/* What is packed, and the lines of SHA256SUMS so far. */
struct pack {
    const char *root;
    FILE *archive;
    FILE *sums;
    size_t files, attempts;
};

/* ---- what goes in ---- */

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* "31-x.c", and the older "31-x.c.2". */
static bool is_attempt(const char *name)
{
    const char *end = strstr(name, ".c");

    return isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) &&
           name[2] == '-' && end != NULL &&
           (end[2] == '\0' || (end[2] == '.' && is_number(end + 3)));
}

static int is_ours(const struct dirent *entry)
{
    const char *name = entry->d_name;

    return is_attempt(name) || strcmp(name, "progress") == 0 ||
           strcmp(name, ".hints") == 0 || strcmp(name, ".answers") == 0 ||
           strcmp(name, ".predictions") == 0;
}

static bool add(struct pack *pack, const char *name, const char *text,
                size_t size, time_t modified)
{
    char hex[SHA256_HEX];

    sha256_hex(text, size, hex);
    if (pack->sums != NULL)
        fprintf(pack->sums, "%s  %s\n", hex, name);
    pack->files++;
    return tar_add(pack->archive, name, text, size, modified);
}

/* A link, a FIFO or a file of more than MAX_SOURCE bytes is left out:
 * nothing of it could be checked, and a link may lead to what is not to be
 * handed in. */
static bool add_file(FILE *stream, struct pack *pack, const char *file)
{
    char *name = xasprintf("attempts/%s", file);
    char *path = xasprintf("%s/%s", pack->root, name);
    struct stat info;
    size_t size = 0;
    bool plain = lstat(path, &info) == 0 && S_ISREG(info.st_mode);
    char *text = plain ? file_read_regular(path, MAX_SOURCE, &size) : NULL;
    bool good = true;

    if (text == NULL)
        fprintf(stream, "left out: %s is no regular file of at most 1 MiB\n",
                name);
    else
        good = add(pack, name, text, size, info.st_mtime);
    pack->attempts += text != NULL && is_attempt(file);
    free(text);
    free(path);
    free(name);
    return good;
}

static bool add_attempts(FILE *stream, struct pack *pack)
{
    char *directory = xasprintf("%s/attempts", pack->root);
    struct dirent **entries;
    int count = scandir(directory, &entries, is_ours, alphasort);
    bool good = true;

    free(directory);
    for (int i = 0; i < count; i++) {
        good = good && add_file(stream, pack, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return good;
}

/* The sums come last: they are of all that is before them. */
static bool add_all(FILE *stream, struct pack *pack, const char *doctor)
{
    char *sums = NULL;
    size_t size = 0;
    time_t now = time(NULL);

    pack->sums = open_memstream(&sums, &size);
    bool good = pack->sums != NULL && add_attempts(stream, pack) &&
                add(pack, "doctor.txt", doctor, strlen(doctor), now);
    if (pack->sums != NULL)
        fclose(pack->sums);
    pack->sums = NULL;
    good = good && add(pack, "SHA256SUMS", sums, size, now) &&
           tar_end(pack->archive);
    free(sums);
    return good;
}

/* ---- what is said ---- */

static void say(FILE *stream, const struct pack *pack,
                const struct lab_list *labs, const char *data, size_t size)
{
    struct standing standing = progress_standing(pack->root, labs);
    char *shown = project_path(pack->root, ARCHIVE);
    char hex[SHA256_HEX];

    sha256_hex(data, size, hex);
    fprintf(stream,
            "%s\n\n  %zu files: %zu attempts and older versions, what is known "
            "of your\n  progress (%zu of %zu labs cured), and doctor.txt\n"
            "  sha256  %s\n\nNothing was sent anywhere: hand in this file.\n",
            shown, pack->files, pack->attempts, standing.safe, labs->count,
            hex);
    free(shown);
}

/* "there is no attempt yet; start one: make try-01" */
static char *nothing_there(const struct lab_list *labs)
{
    char *try = next_verb("try", labs->count > 0 ? labs->lab[0].number : 1);
    char *text = xasprintf("there is no attempt yet; start one: %s", try);

    free(try);
    return text;
}

/* False with errno; what was there is then as it was. */
static bool write_archive(const char *path, const char *data, size_t size)
{
    struct fresh_file file;

    if (fresh_open(&file, path))
        fwrite(data, 1, size, file.stream);
    return fresh_close(&file);
}

char *handin_pack(FILE *stream, const char *root, const struct lab_list *labs,
                  const char *doctor)
{
    struct standing standing = progress_standing(root, labs);
    struct pack pack = {.root = root};
    char *data = NULL, *error = NULL;
    size_t size = 0;

    if (standing.safe + standing.tried == 0)
        return nothing_there(labs);
    char *path = xasprintf("%s/" ARCHIVE, root);
    pack.archive = open_memstream(&data, &size);
    bool good = pack.archive != NULL && add_all(stream, &pack, doctor);
    if (pack.archive != NULL)
        good = fclose(pack.archive) == 0 && good;
    if (!good || !write_archive(path, data, size))
        error = xasprintf("cannot write %s: %s", path, strerror(errno));
    else
        say(stream, &pack, labs, data, size);
    free(data);
    free(path);
    return error;
}

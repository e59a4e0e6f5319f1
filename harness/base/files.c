/* SPDX-License-Identifier: MIT
 *
 * files: see files.h.
 */
#define _GNU_SOURCE
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

char *file_read(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "re");
    char *text = NULL;
    size_t room = 0;

    if (stream == NULL)
        return NULL;
    /* No text has a NUL in it, so this is all of it. A directory gives EISDIR.
     */
    errno = 0;
    ssize_t got = getdelim(&text, &room, '\0', stream);
    int error = errno;
    if (got == -1 || ferror(stream)) {
        free(text);
        text = error == 0 ? calloc(1, 1) : NULL; /* an empty file */
        got = 0;
    }
    if (size != NULL)
        *size = (size_t)got;
    fclose(stream);
    errno = error ? error : ENOMEM;
    return text;
}

bool directories_make(const char *path)
{
    char *part = xstrdup(path);
    bool good = true;

    for (char *at = part + 1; good && *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        good = mkdir(part, 0777) == 0 || errno == EEXIST;
        *at = '/';
    }
    good = good && (mkdir(part, 0777) == 0 || errno == EEXIST);
    free(part);
    return good;
}

char *file_in_path(const char *list, const char *name)
{
    char *directories = xstrdup(list), *rest = directories, *directory;
    char *found = NULL;

    while (found == NULL && (directory = strsep(&rest, ":")) != NULL) {
        struct stat info;
        found = xasprintf("%s/%s", directory[0] ? directory : ".", name);
        if (stat(found, &info) == 0 && S_ISREG(info.st_mode) &&
            access(found, X_OK) == 0)
            continue;
        free(found);
        found = NULL;
    }
    free(directories);
    return found;
}

/* Reads until the end of the file, or until *size is room. */
static bool read_all(int fd, char *bytes, size_t room, size_t *size)
{
    ssize_t got = 1;

    for (*size = 0; got != 0 && *size < room; *size += (size_t)got) {
        do
            got = read(fd, bytes + *size, room - *size);
        while (got == -1 && errno == EINTR);
        if (got == -1)
            return false;
    }
    return true;
}

/* The bytes of an open file, NUL added; NULL with errno, EFBIG where there are
 * more than `most`. */
static char *content_of(int fd, off_t length, size_t most, size_t *size)
{
    size_t room =
        (unsigned long long)length < most ? (size_t)length + 1 : most + 1;
    char *bytes = xcalloc(room + 1, 1);

    if (read_all(fd, bytes, room, size) && *size <= most)
        return bytes;
    if (*size > most)
        errno = EFBIG;
    int error = errno;
    free(bytes);
    errno = error;
    return NULL;
}

char *file_read_regular(const char *path, size_t most, size_t *size)
{
    /* A FIFO or a terminal must neither block nor become ours. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    char *bytes = NULL;

    if (fd == -1)
        return NULL;
    if (fstat(fd, &status) == -1 || !S_ISREG(status.st_mode))
        errno = EINVAL;
    else
        bytes = content_of(fd, status.st_size, most, size);
    int error = errno;
    close(fd);
    errno = error;
    return bytes;
}

static bool write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t done = write(fd, text, size);
        if (done == -1 && errno == EINTR)
            continue;
        if (done == -1)
            return false;
        text += done;
        size -= (size_t)done;
    }
    return true;
}

int files_by_name(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

bool file_new(const char *path, const char *text, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd == -1)
        return false;
    bool good = write_all(fd, text, size);
    int error = errno;
    /* Network file systems tell only now that there is no space. */
    if (close(fd) == -1 && good) {
        good = false;
        error = errno;
    }
    if (!good)
        unlink(path);
    errno = error;
    return good;
}

/* Does the file lack the newline at its end, as if edited by hand? */
static bool lacks_newline(int fd, off_t size)
{
    char last = '\n';

    return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

bool file_add_line(const char *path, const char *line)
{
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    struct stat status;
    char *text;

    if (fd == -1)
        return false;
    if (fstat(fd, &status) == -1 ||
        asprintf(&text, "%s%s\n", lacks_newline(fd, status.st_size) ? "\n" : "",
                 line) == -1) {
        close(fd);
        return false;
    }
    /* One write, so that two of us do not mix their lines. */
    size_t size = strlen(text);
    ssize_t done = write(fd, text, size);
    int error = errno;
    if (done >= 0 && (size_t)done < size) {
        error = ENOSPC;
        if (ftruncate(fd, status.st_size) == -1)
            error = errno;
    }
    free(text);
    close(fd);
    errno = error;
    return done >= 0 && (size_t)done == size;
}

bool fresh_open(struct fresh_file *file, const char *path)
{
    file->path = strdup(path);
    file->fresh = NULL;
    file->stream = NULL;
    if (file->path == NULL || asprintf(&file->fresh, "%s.new", path) == -1) {
        file->fresh = NULL;
        return false;
    }
    file->stream = fopen(file->fresh, "we");
    return file->stream != NULL;
}

bool fresh_close(struct fresh_file *file)
{
    bool good = file->stream != NULL;

    if (good) {
        good = fflush(file->stream) == 0 && !ferror(file->stream);
        good = fclose(file->stream) == 0 && good;
        good = good && rename(file->fresh, file->path) == 0;
        int error = errno;
        if (!good)
            unlink(file->fresh);
        errno = error;
    }
    free(file->fresh);
    free(file->path);
    return good;
}

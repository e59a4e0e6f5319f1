/* SPDX-License-Identifier: MIT
 *
 * mounts: see mounts.h.
 */
#define _GNU_SOURCE
#include "cage/mounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/report.h"

/* Of a directory with more entries than this only those are bound that the
 * command needs: a mount takes some 25 us of a start that has a few ms. */
#define MAX_ENTRIES 32

static const char *const directories[] = {"/tmp", "/var/tmp"};

/* Sets the note, unless there is one already. Keeps errno. */
__attribute__((format(printf, 2, 3))) static void
set_note(struct mounts *mounts, const char *format, ...)
{
    va_list arguments;
    int error = errno;

    if (mounts->note[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(mounts->note, sizeof(mounts->note), format, arguments);
    va_end(arguments);
    errno = error;
}

/* ---- which entries are needed ---- */

/* Adds a path as it is, and without symbolic links. */
static void add_path(struct strings *texts, const char *path)
{
    char *real = realpath(path, NULL);

    strings_add(texts, path);
    if (real != NULL)
        strings_add(texts, real);
    free(real);
}

/* All texts that may name a file which the command needs. */
static struct strings needed_texts(const struct mounts_spec *spec)
{
    struct strings texts = {0};
    char here[PATH_MAX];

    strings_add(&texts, spec->directory);
    if (getcwd(here, sizeof(here)) != NULL)
        strings_add(&texts, here);
    for (char *const *word = spec->argv; *word != NULL; word++)
        add_path(&texts, *word);
    if (spec->project != NULL)
        add_path(&texts, spec->project);
    for (char *const *variable = environ; *variable != NULL; variable++)
        strings_add(&texts, *variable);
    for (char *const *more = spec->more_env; more && *more != NULL; more++)
        strings_add(&texts, *more);
    return texts;
}

/* A directory that gets a tmpfs over it. */
struct covered {
    int real;          /* open on it: by its path it can no longer be reached */
    const char *where; /* without symbolic links */
    const char *name;  /* "/tmp", "/var/tmp" */
};

static bool bring_along(const struct covered *covered, const char *name);

/* Binds the entry that a path below the directory begins with. In the middle of
 * a text it is unknown where its name ends: both are tried, the first character
 * that separates words, and the slash. */
static bool bring_first(const struct covered *covered, const char *path)
{
    static const char *const ends[] = {"/", "/ \t\n:;,=<>|&()'\""};
    bool done = true;

    for (size_t i = 0; i < 2; i++) {
        char name[NAME_MAX + 1];
        size_t length = strcspn(path, ends[i]);
        if (length == 0 || length >= sizeof(name))
            continue;
        memcpy(name, path, length);
        name[length] = '\0';
        done = bring_along(covered, name) && done;
    }
    return done;
}

/* Binds all entries of the directory that the text names. */
static bool bring_named(const struct covered *covered, const char *text)
{
    const char *const names[] = {covered->name, covered->where};
    bool done = true;

    for (size_t i = 0; i < 2; i++)
        for (const char *at = text; (at = strstr(at, names[i])) != NULL;) {
            at += strlen(names[i]);
            if (*at == '/')
                done = bring_first(covered, at + strspn(at, "/")) && done;
        }
    return done;
}

/* ---- one entry ---- */

/* Makes the same link, and binds its target. */
static bool bring_link(const struct covered *covered, const char *name,
                       const char *to)
{
    char target[PATH_MAX];
    ssize_t length =
        readlinkat(covered->real, name, target, sizeof(target) - 1);

    target[length > 0 ? length : 0] = '\0';
    if (symlink(target, to) == -1)
        return errno == EEXIST;
    return target[0] == '/' ? bring_named(covered, target)
                            : bring_first(covered, target);
}

/* Binds one entry of the directory into the tmpfs, if it exists. */
static bool bring_along(const struct covered *covered, const char *name)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct stat info;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        fstatat(covered->real, name, &info, AT_SYMLINK_NOFOLLOW) == -1)
        return true; /* it has just gone */
    snprintf(from, sizeof(from), "/proc/self/fd/%d/%s", covered->real, name);
    snprintf(to, sizeof(to), "%s/%s", covered->where, name);
    if (S_ISLNK(info.st_mode))
        return bring_link(covered, name, to);
    if (S_ISDIR(info.st_mode) ? mkdir(to, 0700) : mknod(to, S_IFREG | 0600, 0))
        return errno == EEXIST;
    if (mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0)
        return true;
    /* It may be gone by now: other runs make directories here, too. */
    int error = errno;
    if (S_ISDIR(info.st_mode))
        rmdir(to);
    else
        unlink(to);
    errno = error;
    return error == ENOENT;
}

/* ---- the directories ---- */

/* It is not read to its end: that takes the longer the more there are. */
static bool has_many_entries(const char *where)
{
    DIR *directory = opendir(where);
    size_t count = 0;

    while (directory != NULL && count <= MAX_ENTRIES + 2 /* . and .. */ &&
           readdir(directory) != NULL)
        count++;
    if (directory != NULL)
        closedir(directory);
    return count > MAX_ENTRIES + 2;
}

static bool bring_all(const struct covered *covered)
{
    int fd = openat(covered->real, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd == -1 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    bool done = directory != NULL;

    while (done && (entry = readdir(directory)) != NULL)
        done = bring_along(covered, entry->d_name);
    int error = errno;
    if (directory != NULL)
        closedir(directory);
    errno = error;
    return done;
}

static bool cover(const char *where)
{
    return mount("tmpfs", where, "tmpfs", MS_NOSUID | MS_NODEV,
                 "mode=1777,size=25%") == 0;
}

static void note_device(struct mounts *mounts, const char *where)
{
    struct stat info;

    if (stat(where, &info) == 0)
        mounts->devices[mounts->device_count++] = info.st_dev;
}

/* What the command needs. */
struct needed {
    struct strings texts; /* they may name it */
    bool nothing_else;    /* no other entry is wanted */
};

/* Binds all entries, or those that are needed, or covers nothing. */
static bool fill(const struct covered *covered, const struct needed *needed,
                 struct mounts *mounts)
{
    bool many = !needed->nothing_else && has_many_entries(covered->where);
    bool done = cover(covered->where);

    if (!done)
        set_note(mounts, "%s is not private: no tmpfs: %s", covered->name,
                 strerror(errno));
    if (!done || (!needed->nothing_else && !many && bring_all(covered)))
        return done;
    int error = errno;
    /* Entries that are bound already stay. */
    for (size_t i = 0; done && i < needed->texts.count; i++)
        done = bring_named(covered, needed->texts.item[i]);
    if (done && needed->nothing_else)
        return true;
    if (done && many)
        set_note(mounts,
                 "%s has more than %d entries: only those the command "
                 "names are visible",
                 covered->name, MAX_ENTRIES);
    else if (done)
        set_note(mounts,
                 "%s: not each entry can be mounted (%s): only those that the "
                 "command names are visible",
                 covered->name, strerror(error));
    else
        set_note(mounts, "%s is not private: its entries cannot be mounted: %s",
                 covered->name, strerror(errno));
    if (!done)
        umount2(covered->where, MNT_DETACH);
    return done;
}

/* Covers a directory with a tmpfs and binds its entries into that. The
 * directory below is read through a descriptor that was opened before: its path
 * now leads to the tmpfs. False: it is not covered. */
static bool make_fresh(size_t which, const struct needed *needed,
                       struct mounts *mounts)
{
    const char *name = directories[which];
    char *where = realpath(name, NULL);
    int real = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct covered covered = {.real = real, .where = where, .name = name};
    bool done = errno == ENOENT;

    if (real != -1 && where != NULL) {
        done = mounts->over[which] = fill(&covered, needed, mounts);
        if (done)
            note_device(mounts, where);
    } else if (!done) {
        set_note(mounts, "%s is not private: %s", name, strerror(errno));
    }
    if (real != -1)
        close(real);
    free(where);
    return done;
}

/* Is the path below the directory? */
static bool lies_in(const char *path, const char *directory)
{
    char *where = realpath(directory, NULL);
    size_t length = where ? strlen(where) : 0;
    bool in = length > 0 && strncmp(path, where, length) == 0 &&
              (path[length] == '/' || path[length] == '\0');

    free(where);
    return in;
}

/* The current directory is entered again if its path now leads to a tmpfs. */
static bool fresh_directories(const struct needed *needed,
                              struct mounts *mounts)
{
    char here[PATH_MAX];
    bool covered =
        getcwd(here, sizeof(here)) != NULL &&
        (lies_in(here, directories[0]) || lies_in(here, directories[1]));
    bool done = make_fresh(0, needed, mounts);

    done = make_fresh(1, needed, mounts) && done;
    if (!covered || chdir(here) == 0)
        return done;
    set_note(mounts, "/tmp is not private: cannot enter %.60s anew: %s", here,
             strerror(errno));
    return false;
}

/* Makes the run's directory where the tmpfs now is: then it is gone when the
 * namespace is. On a disk it takes 0.4 ms to make and to remove it. */
static bool make_directory(struct mounts *mounts, const char *directory)
{
    struct stat made, around;

    if (mkdir(directory, 0700) == -1)
        return false;
    mounts->own_directory = mounts->over[0] && stat(directory, &made) == 0 &&
                            stat(directories[0], &around) == 0 &&
                            made.st_dev == around.st_dev;
    return true;
}

int mounts_make(struct mounts *mounts, const struct mounts_spec *spec)
{
    *mounts = (struct mounts){0};
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              NULL) == -1)
        return errno;
    mounts->own_shm = mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV,
                            "mode=1777,size=25%") == 0;
    if (mounts->own_shm)
        note_device(mounts, "/dev/shm");
    struct needed needed = {.texts = needed_texts(spec),
                            .nothing_else = spec->only_needed};
    mounts->fresh_tmp = fresh_directories(&needed, mounts);
    strings_free(&needed.texts);
    if (spec->make_directory && !make_directory(mounts, spec->directory))
        return errno;
    /* A mount point keeps its name: rename(2), EBUSY. */
    mount(spec->directory, spec->directory, NULL, MS_BIND, NULL);
    return 0;
}

void mounts_undo(const struct mounts *mounts, const char *directory)
{
    while (umount2(directory, MNT_DETACH) == 0)
        ;
    for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
        if (mounts->over[i])
            umount2(directories[i], MNT_DETACH);
}

/* SPDX-License-Identifier: MIT
 *
 * onsave: see onsave.h.
 */
#define _GNU_SOURCE
#include "course/onsave.h"

#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "course/attempts.h"
#include "report/report.h"

#define LOOK_MS 500

/* What changes with a save, whether the editor writes into the file or puts
 * another one in its place. */
struct version {
    ino_t inode;
    off_t size;
    struct timespec time;
};

static struct version version_of(const char *path)
{
    struct stat info = {0};

    /* Some editors take the file away for a moment: then it is all zero. */
    stat(path, &info);
    return (struct version){info.st_ino, info.st_size, info.st_mtim};
}

static bool same_version(const struct version *a, const struct version *b)
{
    return a->inode == b->inode && a->size == b->size &&
           a->time.tv_sec == b->time.tv_sec &&
           a->time.tv_nsec == b->time.tv_nsec;
}

/* Tells of saves in the directory: the file itself may be replaced. -1: it does
 * not work here. */
static int listen_to(const char *directory)
{
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

    if (fd != -1 &&
        inotify_add_watch(fd, directory, IN_CLOSE_WRITE | IN_MOVED_TO) == -1) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Sleeps until something happens in the directory, or for LOOK_MS. */
static void doze(int fd)
{
    struct pollfd events = {.fd = fd, .events = POLLIN};
    char buffer[4096];

    poll(&events, 1, LOOK_MS); /* an fd of -1 is none */
    while (fd != -1 && read(fd, buffer, sizeof(buffer)) > 0)
        ; /* what it is does not matter: the file tells */
}

static char *run_check(const struct lab *lab)
{
    char number[16];
    char *argv[] = {"forklab", "check", number, NULL};
    int status, error;
    pid_t child;

    snprintf(number, sizeof(number), "%d", lab->number);
    error = posix_spawn(&child, "/proc/self/exe", NULL, NULL, argv, environ);
    if (error != 0)
        return xasprintf("cannot start the check: %s", strerror(error));
    while (waitpid(child, &status, 0) == -1 && errno == EINTR)
        ; /* it gets the same Ctrl-C, and ends by it */
    return NULL;
}

static void say_time(FILE *stream, const char *what)
{
    time_t now = time(NULL);
    char when[16] = "";
    struct tm parts;

    if (localtime_r(&now, &parts) != NULL)
        strftime(when, sizeof(when), "%H:%M:%S", &parts);
    fprintf(stream, "\n---- %s  %s\n\n", when, what);
    fflush(stream);
}

char *check_on_save(FILE *stream, const char *root, const struct lab *lab,
                    volatile sig_atomic_t *interrupted)
{
    char *directory = xasprintf("%s/attempts", root);
    char *path = xasprintf("%s/%s.c", directory, lab->stem);
    char *name = xasprintf("attempts/%s.c", lab->stem);
    char *shown = project_path(root, name);
    char *error = NULL;
    int fd = listen_to(directory);
    struct version last = {0}, none = {0};

    if (access(path, R_OK) == -1)
        error = attempt_missing(lab);
    while (error == NULL && !*interrupted) {
        struct version now = version_of(path);
        if (same_version(&now, &last) || same_version(&now, &none)) {
            doze(fd);
            continue;
        }
        say_time(stream, shown);
        error = run_check(lab);
        last = now; /* what was saved meanwhile is checked next */
        if (!*interrupted) {
            fputs("\nEach save is checked. Ctrl-C ends this.\n", stream);
            fflush(stream);
        }
    }
    if (fd != -1)
        close(fd);
    free(shown);
    free(name);
    free(path);
    free(directory);
    return error;
}

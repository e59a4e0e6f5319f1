/* SPDX-License-Identifier: MIT
 *
 * proc: see proc.h.
 */
#define _GNU_SOURCE
#include "linux/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

ssize_t proc_read(char *text, size_t size, const char *format, ...)
{
    char path[128];
    va_list values;

    va_start(values, format);
    vsnprintf(path, sizeof(path), format, values);
    va_end(values);
    text[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return -1;
    ssize_t got = read(fd, text, size - 1);
    int error = errno;
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    errno = error;
    return got;
}

unsigned long proc_number(const char *text, const char *label)
{
    const char *at = strstr(text, label);

    return at ? strtoul(at + strlen(label), NULL, 10) : 0;
}

pid_t proc_of_thread(pid_t tid)
{
    char text[4096];

    if (proc_read(text, sizeof(text), "/proc/%d/status", (int)tid) <= 0)
        return 0;
    return (pid_t)proc_number(text, "\nTgid:");
}

void pids_add(struct pids *list, pid_t pid)
{
    GROW(list->pid, list->count);
    list->pid[list->count++] = pid;
}

void pids_free(struct pids *list)
{
    free(list->pid);
    *list = (struct pids){0};
}

/* Appends all entries of a directory whose names begin with a digit. */
static void numbers_in(const char *path, struct pids *list)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;

    if (directory == NULL)
        return;
    while ((entry = readdir(directory)) != NULL)
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
            pids_add(list, (pid_t)atol(entry->d_name));
    closedir(directory);
}

/* The links of the directory task are "." and "..", the one from above, and one
 * for each thread. */
bool proc_has_one_thread(pid_t pid)
{
    char path[64];
    struct stat info;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    return stat(path, &info) == 0 && info.st_nlink == 3;
}

/* That of one thread need not be listed, which takes five calls. */
void proc_threads(pid_t pid, struct pids *list)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    if (proc_has_one_thread(pid))
        pids_add(list, pid);
    else
        numbers_in(path, list);
}

void proc_descriptors(pid_t pid, struct pids *list)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    numbers_in(path, list);
}

void proc_all(struct pids *list)
{
    numbers_in("/proc", list);
}

/* The name in parentheses may contain parentheses: the fields begin after the
 * last one. */
const char *proc_stat_field(const char *text, int field)
{
    const char *at = strrchr(text, ')');

    for (int i = 2; at != NULL && i < field; i++)
        at = strchr(at + 1, ' ');
    return at;
}

/* The same as a number, of a process; 0 if it is not there. */
static unsigned long long stat_number(pid_t pid, int field)
{
    char text[1024];
    const char *at = NULL;

    if (proc_read(text, sizeof(text), "/proc/%d/stat", (int)pid) > 0)
        at = proc_stat_field(text, field);
    return at ? strtoull(at, NULL, 10) : 0;
}

pid_t proc_parent(pid_t pid)
{
    return (pid_t)stat_number(pid, 4);
}

unsigned long proc_stack(pid_t pid)
{
    unsigned long start = (unsigned long)stat_number(pid, 28);

    return start > 1 ? start : 0; /* 1 where the kernel hides it */
}

static void search_children(pid_t pid, struct pids *list)
{
    struct pids all = {0};

    proc_all(&all);
    for (size_t i = 0; i < all.count; i++)
        if (proc_parent(all.pid[i]) == pid)
            pids_add(list, all.pid[i]);
    pids_free(&all);
}

/* The file may be longer than `text`: it is read in parts. */
bool proc_children_of_thread(pid_t pid, pid_t tid, struct pids *list)
{
    char path[64], text[4096];
    size_t kept = 0;
    ssize_t got;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
             (int)tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return false;
    while ((got = read(fd, text + kept, sizeof(text) - 1 - kept)) > 0) {
        size_t used = kept + (size_t)got;
        char *at = text;
        text[used] = '\0';
        /* Each number ends with a space; one without it is cut by `text`. */
        for (char *end; (end = strchr(at, ' ')) != NULL; at = end + 1)
            pids_add(list, (pid_t)atol(at));
        kept = used - (size_t)(at - text);
        memmove(text, at, kept);
    }
    close(fd);
    return true;
}

/* Does this kernel have files `children`? Looks once. */
static bool have_children_files(void)
{
    static int have = -1;

    if (have == -1) {
        char path[64];
        snprintf(path, sizeof(path), "/proc/self/task/%d/children",
                 (int)gettid());
        have = access(path, R_OK) == 0;
    }
    return have;
}

void proc_children(pid_t pid, struct pids *list)
{
    struct pids threads = {0};

    if (!have_children_files()) {
        search_children(pid, list);
        return;
    }
    proc_threads(pid, &threads);
    for (size_t i = 0; i < threads.count; i++)
        proc_children_of_thread(pid, threads.pid[i], list);
    pids_free(&threads);
}

pid_t proc_forked_by(pid_t parent, pid_t child)
{
    struct pids tids = {0}, children = {0};
    pid_t found = 0;

    proc_threads(parent, &tids);
    for (size_t i = 0; found == 0 && i < tids.count; i++) {
        children.count = 0;
        proc_children_of_thread(parent, tids.pid[i], &children);
        for (size_t k = 0; k < children.count; k++)
            if (children.pid[k] == child)
                found = tids.pid[i];
    }
    pids_free(&tids);
    pids_free(&children);
    return found;
}

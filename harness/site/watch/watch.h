/* SPDX-License-Identifier: MIT
 *
 * watch: a lab whose lines also say what its process has in memory then. The
 * lab's file is included as it is: NN.c in this directory includes this header,
 * the lab (with -DCURE its solution), and defines memory(). What the site shows
 * of memory comes from runs of these programs, see harness/scripts/site.sh.
 *
 * A line gets a tail, in the same write(2) where it is talk, in one of its own
 * where it is evidence, which must stay as it is:
 *
 *   worker: locked lock | memory: threads main, worker; orders 1; lock worker
 */
#ifndef FORKLAB_WATCH_H
#define FORKLAB_WATCH_H

#include "lab.h"

#include <dirent.h>
#include <sys/syscall.h>

struct watch {
    char text[300];
    size_t used;
};

/* Of each NN.c: what to show besides the threads. */
static void memory(struct watch *watch);

static inline void watch_text(struct watch *watch, const char *text)
{
    lab_append(watch->text, sizeof(watch->text) - 1, &watch->used, text);
}

static inline void watch_number(struct watch *watch, const char *name,
                                long value)
{
    watch_text(watch, "; ");
    watch_text(watch, name);
    watch_text(watch, " ");
    lab_append_number(watch->text, sizeof(watch->text) - 1, &watch->used, value,
                      10);
}

/* The name of a thread of this process; false: there is no such thread. The
 * first one has the program's name, unless it is called otherwise. */
static inline bool watch_thread(struct watch *watch, long tid)
{
    char path[64] = "", name[32] = "";
    size_t used = 0;

    lab_append(path, sizeof(path) - 1, &used, "/proc/self/task/");
    lab_append_number(path, sizeof(path) - 1, &used, tid, 10);
    lab_append(path, sizeof(path) - 1, &used, "/comm");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return false;
    ssize_t length = read(fd, name, sizeof(name) - 1);
    close(fd);
    if (length <= 0)
        return false;
    name[length - 1] = '\0'; /* the newline */
    watch_text(watch, tid == getpid() ? "main" : name);
    return true;
}

/* Who holds a lock, by the number in it: 0 is nobody. */
static inline void watch_owner(struct watch *watch, const char *lock, int tid)
{
    watch_text(watch, "; ");
    watch_text(watch, lock);
    watch_text(watch, tid == 0 ? " is free" : " is held by ");
    if (tid == 0 || watch_thread(watch, tid))
        return;
    watch_text(watch, "a thread that is not here");
}

/* opendir(3) allocates memory: not in a child of a threaded program. */
static inline void watch_threads(struct watch *watch)
{
    char entries[1024];
    int fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long length = syscall(SYS_getdents64, fd, entries, sizeof(entries)), at;
    const char *before = " | memory: threads ";

    for (at = 0; at < length;) {
        const struct dirent *entry = (const void *)(entries + at);
        at += entry->d_reclen;
        if (entry->d_name[0] == '.')
            continue;
        watch_text(watch, before);
        before = ", ";
        watch_thread(watch, atoi(entry->d_name));
    }
    close(fd);
}

static inline const char *watch_all(struct watch *watch)
{
    int error = errno;

    watch_threads(watch);
    memory(watch);
    errno = error;
    return watch->text;
}

/* From here on, in the lab. In parentheses it is the function of lab.h. */
#define WATCHED watch_all(&(struct watch){.used = 0})
#define say(format, ...) (say)(format "%s", ##__VA_ARGS__, WATCHED)
#define show(...) ((show)(__VA_ARGS__), (say)("%s", WATCHED))

#endif

/* SPDX-License-Identifier: MIT
 *
 * proc: reading small files of /proc. See proc(5).
 */
#ifndef FORKLAB_PROC_H
#define FORKLAB_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads a file by a printf-like path into text (NUL added; cut at size - 1).
 * Returns the number of bytes, -1 on errors with errno as of open(2), read(2).
 */
ssize_t proc_read(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A growing list of pids. Start with {0}; give back with pids_free(). */
struct pids {
    pid_t *pid;
    size_t count, room;
};
void pids_add(struct pids *list, pid_t pid);
void pids_free(struct pids *list);

/* Appends all processes that /proc shows. */
void proc_all(struct pids *list);

/* Appends the numbers in the folder /proc/PID/task, or nothing. */
void proc_threads(pid_t pid, struct pids *list);

/* Appends the numbers of its open descriptors, or nothing. */
void proc_descriptors(pid_t pid, struct pids *list);

/* Appends the children of a process: those of all its threads, also zombies.
 * Where the kernel has no `children` file (CONFIG_PROC_CHILDREN), all of /proc
 * is searched for processes whose parent it is. */
void proc_children(pid_t pid, struct pids *list);

/* The same for the children that one thread has made. False where the kernel
 * has no such file. */
bool proc_children_of_thread(pid_t pid, pid_t tid, struct pids *list);

#endif

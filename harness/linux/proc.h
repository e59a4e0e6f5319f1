/* SPDX-License-Identifier: MIT
 *
 * proc: reading small files of /proc. See proc(5).
 */
#ifndef FORKLAB_PROC_H
#define FORKLAB_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads a file, whose path is given as to printf(3), into `text`, by one
 * read(2): at most size - 1 bytes and a NUL. A file of /proc/PID that is no
 * list comes whole. Returns the number of bytes, or -1 with errno as of open(2)
 * and read(2). */
ssize_t proc_read(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A list of pids, or of other numbers that /proc has as names. An empty one is
 * {0}; pids_free() leaves one. */
struct pids {
    pid_t *pid;
    size_t count;
};
void pids_add(struct pids *list, pid_t pid);
void pids_free(struct pids *list);

/* Appends the pids of all processes that /proc shows. */
void proc_all(struct pids *list);

/* Appends the tids of its threads; nothing if there is no such process. */
void proc_threads(pid_t pid, struct pids *list);

/* The number after a label in the text of such a file ("\nPPid:"); 0 where it
 * is not there. */
unsigned long proc_number(const char *text, const char *label);

/* The process that a thread belongs to; 0 if there is no such thread. */
pid_t proc_of_thread(pid_t tid);

/* A field of the text of a stat file, from the third on, as proc_pid_stat(5)
 * counts them, with what follows; NULL: it has none. The second, a name, may
 * have blanks and parentheses. */
const char *proc_stat_field(const char *text, int field);

/* The parent of a process by /proc/PID/stat, as of now; 0 if it has ended. */
pid_t proc_parent(pid_t pid);

/* Where the stack of a process began when its program was executed: a fork has
 * its parent's, one that has called execve(2) another one, by chance. 0: it is
 * not there, or the kernel hides it. */
unsigned long proc_stack(pid_t pid);

/* Is only the thread left that it began with? False where we cannot tell. */
bool proc_has_one_thread(pid_t pid);

/* Appends its open descriptors; nothing if we may not read /proc/PID/fd. */
void proc_descriptors(pid_t pid, struct pids *list);

/* Appends the children of all threads of a process, zombies too. Where the
 * kernel has no file `children` (CONFIG_PROC_CHILDREN), all of /proc is
 * searched for processes of which it is the parent. */
void proc_children(pid_t pid, struct pids *list);

/* The same for the children that one thread has made. False where the kernel
 * has no such file. */
bool proc_children_of_thread(pid_t pid, pid_t tid, struct pids *list);

/* The thread of the parent that has made this child; 0: not known. */
pid_t proc_forked_by(pid_t parent, pid_t child);

#endif

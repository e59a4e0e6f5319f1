/* SPDX-License-Identifier: MIT
 *
 * filelocks: who holds a file lock, from /proc/locks; see proc_locks(5).
 */
#ifndef FORKLAB_FILELOCKS_H
#define FORKLAB_FILELOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The process that holds the lock on a file for which the process `waiter`
 * waits: -1 if it is a lock of an open file description, 0 if none is named, or
 * several are (several threads wait). */
pid_t filelocks_holder(pid_t waiter, ino_t inode);

/* A line of /proc/locks, or one of the lines "lock:" of /proc/PID/fdinfo/FD
 * after that word: a lock that is held, or the wait for one. */
struct filelock {
    long number; /* a wait has the number of the lock that it waits for */
    bool waits;
    char kind[8]; /* "POSIX" is a process's, "FLOCK" and "OFDLCK" an open file
                     description's */
    char mode[8]; /* READ or WRITE */
    pid_t pid;    /* -1: OFDLCK; 0: in another PID namespace */
    ino_t inode;
    unsigned long long from, to; /* ULLONG_MAX: to the end of the file */
};

/* Reads such a line. False if it is none. */
bool filelock_parse(const char *line, struct filelock *lock);

/* All locks and waits for locks on the files with this inode. The caller frees
 * the list. */
struct filelock *filelocks_of(ino_t inode, size_t *count);

#endif

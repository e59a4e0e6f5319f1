/* SPDX-License-Identifier: MIT
 *
 * filelocks: who holds a file lock, from /proc/locks; see proc_locks(5).
 */
#ifndef FORKLAB_FILELOCKS_H
#define FORKLAB_FILELOCKS_H

#include <sys/types.h>

/* The process that holds the lock on a file for which the process `waiter`
 * waits: -1 if it is a lock of an open file description, 0 if none is named, or
 * several are (several threads wait). */
pid_t filelocks_holder(pid_t waiter, ino_t inode);

/* How many locks of open file descriptions (flock(2) and F_OFD_SETLK) are held
 * on the file with this inode, by any process. */
size_t filelocks_count_ofd(ino_t inode);

#endif

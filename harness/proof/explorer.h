/* SPDX-License-Identifier: MIT
 *
 * explorer: what the files that explore a snapshot share. Internal to proof/:
 * read snapshot.h first.
 *
 *   descriptors.c  who has what open
 *   objects.c      what it is that they have open
 *   memory.c       who can reach a word of memory, and who may have changed it
 *   waited_on.c    what a descriptor that a thread waits on stands for
 *   former.c       ... where its number may mean another file by now
 *   fds.c          which descriptors a call names
 *   polling.c      what poll(2) and select(2) wait for
 *   opening.c      whom open(2) of a named pipe waits for
 *   futexes.c      who can reach the word of a futex
 *   connecting.c   whom connect(2) waits for
 *   filelock.c     who holds the lock of a file
 *   background.c   what the kernel does for a process by itself
 *   outside.c      what somebody outside may send: signals
 *   outsiders.c    who outside has what a thread waits for
 *   waits.c        the other kinds of wait, and snapshot_explore()
 *   part.c         what a proof of a part takes
 */
#ifndef FORKLAB_EXPLORER_H
#define FORKLAB_EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

#include "linux/sockets.h"
#include "proof/link.h"
#include "proof/snapshot.h"

/* A line of /proc/PID/maps. */
struct mapping {
    unsigned long from, to;
    enum reach reach; /* REACH_PROCESS: it is private */
    bool writable;
    bool shared; /* by MAP_SHARED */
    ino_t inode; /* of the file; 0: there is none */
    dev_t device;
};

/* That a process has a file open: what all of its descriptors of it allow. */
struct holder {
    ino_t inode;
    dev_t device;
    mode_t mode;
    size_t process;
    bool can_read, can_write;
    size_t object; /* of the first holder of a file: its index in the snapshot,
                      plus 1; 0: it has none yet. See object_of() */
};

/* One run of snapshot_explore(). A tree may have a hundred thousand
 * descriptors: nothing here goes through all of them for each of them. */
struct explorer {
    struct snapshot *shot;
    const struct knowledge *known;
    struct link *links; /* by process and number */
    size_t link_count;
    struct holder *holders; /* by inode, device and process */
    size_t holder_count;
    dev_t pipes,
        sockets_device; /* of all pipes, and sockets; 0: not known yet */
    bool late;          /* known->until has passed: the rest is not looked at */
    struct sockets sockets;
    struct mapping *mappings; /* of one process, the last that was asked for */
    size_t mapping_count, mapping_process;
};

/* ---- descriptors.c ---- */

/* A thread of the process that has not ended; its pid if there is none.
 * /proc/PID/fd and maps are empty once the first thread has exited. */
pid_t living_tid(const struct explorer *x, size_t process);

/* Lists all descriptors of all processes: x->links and x->holders, which the
 * caller frees. */
void list_descriptors(struct explorer *x);

/* Reads one descriptor of a process, whose /proc/PID/fd is open as `directory`.
 * False if it cannot be read. */
bool read_link(struct explorer *x, int directory, int fd, struct link *link);

/* Makes x->holders from x->links: part of the former. */
void list_holders(struct explorer *x);

/* Has the time passed that the caller has for it? Then nothing may be proved,
 * and what takes long is left out. */
bool is_late(struct explorer *x);

/* Those who have a file with this inode open, in the order of the devices and
 * processes; *count gets how many. */
struct holder *holders_of(const struct explorer *x, ino_t inode, size_t *count);

/* The descriptor of that number; NULL if the process does not have it. */
const struct link *find_link(const struct explorer *x, size_t process, int fd);

/* Reads /proc/PID/fdinfo/FD into text, cut at size - 1. False if it cannot be
 * read. */
bool read_fdinfo(const struct explorer *x, size_t process, int fd, char *text,
                 size_t size);

/* Adds something unknown to what the thread waits on: anybody may end it. */
void wait_on_unknown(struct explorer *x, struct thread_shot *thread, int fd);

/* Can only the tree reach files of this file system, or this file? True for
 * file systems that were mounted for this run, and below its own directory. */
bool private_device(const struct explorer *x, dev_t device);
bool private_file(const struct explorer *x, const char *path, dev_t device);

/* Does the text start with the other one? */
static inline bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* ---- objects.c ---- */

/* Appends an object, and returns its index. */
size_t add_object(struct snapshot *shot, const struct object *object);

/* The index in the snapshot of the object that a descriptor leads to, which is
 * added where it is new. The descriptors of one pipe or socket have one object;
 * each of those with an anonymous inode (eventfd, timerfd ...) has its own,
 * since they all share one inode number. */
size_t object_of(struct explorer *x, const struct link *link);

/* May somebody outside have the same open file, since the tree passed it? */
bool is_passed(const struct explorer *x, const struct link *link);

/* Has a process of the tree the socket with this inode open, and nobody
 * outside? */
bool socket_is_ours(const struct explorer *x, ino_t inode);

/* ---- polling.c, opening.c ---- */

/* Add what a thread waits for in poll(2), select(2), and open(2). */
void wait_on_poll(struct explorer *x, struct thread_shot *thread);
void wait_on_select(struct explorer *x, struct thread_shot *thread);
void wait_on_open(struct explorer *x, struct thread_shot *thread);

/* ---- futexes.c ---- */

/* Adds the word that a thread waits for in futex(2) or futex_waitv(2), and who
 * can reach it. */
void explore_futex(struct explorer *x, struct thread_shot *thread);

/* ---- connecting.c ---- */

/* Adds what a thread in connect(2) waits for. Changes thread->wait to WAIT_TIME
 * where the call gives up by itself. */
void wait_on_connect(struct explorer *x, struct thread_shot *thread);

/* ---- filelock.c ---- */

/* Adds the file whose lock a thread waits for, and who holds that. */
void explore_lock(struct explorer *x, struct thread_shot *thread);

/* ---- background.c ---- */

/* Does the kernel work for this process in the background, by io_uring(7) or
 * aio, or send it a signal when a descriptor becomes ready, O_ASYNC? */
bool asynchronous(const struct explorer *x, size_t process);

/* May a descriptor with O_ASYNC be where nobody can look: on its way, or
 * outside? Whom it sends a signal to may be in the tree. */
bool hidden_async(const struct explorer *x);

/* Is it a ring of io_uring(7) in which nothing was ever submitted? Then no
 * completion comes from the kernel: somebody who has the ring must submit
 * first. False also where the kernel does not tell. */
bool is_idle_ring(const struct explorer *x, const struct link *link);

/* Has the process a timer of timer_create(2) that tells somebody when its time
 * has come? True also where the kernel does not show them. */
bool has_timers(pid_t pid);

/* ---- outside.c ---- */

/* Notes for each thread whether a signal could end its wait, and somebody
 * outside may send it. */
void see_signals(struct explorer *x);

/* ---- outsiders.c ---- */

/* Searches all of /proc for processes outside of the tree that have what its
 * threads wait on, and opens that to the world. What may not be looked into
 * counts as such a process. */
void see_outsiders(struct explorer *x);

/* ---- memory.c ---- */

/* Which processes can reach the word at this address of a process? */
enum reach reach_of(struct explorer *x, size_t process, unsigned long address);

/* How much memory a process has now that was mapped with MAP_SHARED. */
uint64_t shared_bytes(struct explorer *x, size_t process);

/* What is mapped there; NULL: nothing, or it cannot be read. It lives until
 * another process is asked about. */
const struct mapping *mapping_at(struct explorer *x, size_t process,
                                 unsigned long address);

/* Has the process never had another thread than the one that it has, nor shared
 * its memory? Then nobody can have changed anything while that one sleeps.
 * False where this cannot be told. */
bool always_alone(const struct explorer *x, size_t process);

/* Is what the kernel copied from memory when the thread's call began still
 * there (call_regions())? False where somebody may have written there since. */
bool memory_holds(struct explorer *x, const struct thread_shot *thread);

/* ---- waited_on.c ---- */

/* Does the number still mean what it meant when the thread fell asleep? */
bool number_holds(const struct explorer *x, const struct thread_shot *thread,
                  int fd);

/* Is it known of all its numbers whether they do? */
bool numbers_are_known(const struct explorer *x,
                       const struct thread_shot *thread);

/* Have all threads of the process one table of descriptors? A thread made
 * without CLONE_FILES has its own. */
bool has_common_table(const struct explorer *x,
                      const struct thread_shot *thread);

/* Adds an object to those that the thread waits on; fd -1: by no descriptor of
 * its own. */
void wait_on_object(struct explorer *x, struct thread_shot *thread, int fd,
                    size_t object);

/* Adds what a descriptor number means now to what the thread waits on: for an
 * epoll descriptor, the members of its set. */
void wait_on_number(struct explorer *x, struct thread_shot *thread, int fd);

/* Adds a file that no number may lead to any more. */
void wait_on_file(struct explorer *x, struct thread_shot *thread,
                  const struct link *link);

/* The same for epoll_wait(2): the members of this set, and not what else the
 * number may mean. See former.c. */
void wait_on_set(struct explorer *x, struct thread_shot *thread, int fd);

/* ---- former.c ---- */

/* Adds a descriptor to those that the thread waits on. What the number meant
 * when the thread fell asleep counts: all that it may have been is added, and
 * where that is not known, something unknown. */
void wait_on(struct explorer *x, struct thread_shot *thread, int fd);

/* Adds the files that numbers from low to high may have meant then, and do not
 * mean now; with `polled`, only those that may become ready. False if not all
 * of them are known. */
bool wait_on_formers(struct explorer *x, struct thread_shot *thread,
                     unsigned low, unsigned high, bool polled);

/* ---- fds.c ---- */

/* Adds all descriptors that the thread's call names. Changes thread->wait where
 * they tell more: WAIT_CLIENT, WAIT_SIGNAL. */
void explore_fds(struct explorer *x, struct thread_shot *thread);

/* ---- part.c ---- */

/* Is a descriptor on its way, by SCM_RIGHTS, which nobody has received yet? */
bool fds_are_in_flight(const struct explorer *x);

/* Adds process_shot.reaches, thread_shot.word_shared and
 * snapshot.fds_in_flight. */
void explore_part(struct explorer *x);

#endif

/* SPDX-License-Identifier: MIT
 *
 * snapshot: what /proc says about a tree of processes.
 *
 * A snapshot is read in two steps. snapshot_take() notes for each thread
 * whether it runs, in which system call it sleeps, and its two context switch
 * counters: cheap enough to be repeated all the time. If two snapshots one
 * after the other are the same (snapshot_same), there was an instant between
 * them at which all of it was true at once: a thread cannot run without one of
 * its counters changing, switching to R, or leaving its system call.
 *
 * snapshot_explore() then adds what each sleeping thread waits for. From there
 * on nobody asks the kernel: the autopsy is a pure function of a snapshot.
 */
#ifndef FORKLAB_SNAPSHOT_H
#define FORKLAB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "linux/proc.h"

/* What a thread waits for. */
enum wait_kind {
    WAIT_NOTHING, /* it runs, or wants to */
    WAIT_TIME,    /* sleeps until a time: it will wake by itself */
    WAIT_KERNEL,  /* in the kernel's hands, or in a call we do not know */
    WAIT_FUTEX,   /* a lock or another futex(2) word */
    WAIT_FDS,     /* data, room or an event on descriptors */
    WAIT_CLIENT,  /* accept(2), or poll(2) with a listening socket */
    WAIT_CHILD,   /* wait4(2), waitid(2) */
    WAIT_VFORK,   /* its vfork(2) child has neither ended nor called exec */
    WAIT_LOCK,    /* flock(2), fcntl(2) record locks */
    WAIT_SIGNAL,  /* pause(2), sigwait(3) ... */
    WAIT_IPC,     /* System V or POSIX message queue or semaphore */
    WAIT_STOPPED, /* stopped by a signal */
    WAIT_TRACED,  /* stopped by its tracer */
};

/* From how far away a futex word can be reached. */
enum reach {
    REACH_PROCESS, /* private: threads of the same process only */
    REACH_TREE,    /* anonymous shared memory: made in this tree */
    REACH_WORLD,   /* a file that others may map too */
};

/* Whose doing could end a wait on a descriptor. */
enum object_kind {
    OBJECT_UNKNOWN, /* a terminal, a device, inotify ...: the outside */
    OBJECT_PIPE,
    OBJECT_FIFO, /* has a name: others may open it */
    OBJECT_UNIX,
    OBJECT_TCP,
    OBJECT_LISTENER,
    OBJECT_EVENTFD,
    OBJECT_TIMERFD,
    OBJECT_SIGNALFD,
    OBJECT_EPOLL,
    OBJECT_PIDFD,
    OBJECT_FILE,
};

struct thread_shot {
    pid_t tid;
    pid_t nspid;    /* tid in its own PID namespace */
    size_t process; /* index */
    char name[16];
    char state; /* as in proc(5): R S D T t Z X I */
    long call;  /* number of the system call; -1 outside of one */
    unsigned long args[6];
    unsigned long sp, pc;
    unsigned long voluntary, forced; /* context switches */
    uint64_t pending, blocked;       /* signals, bit 0 is signal 1 */

    /* From snapshot_explore(): */
    enum wait_kind wait;
    const char *call_name; /* static: "futex", "read" ... */
    unsigned long futex;   /* address */
    enum reach reach;
    pid_t child;               /* the one it waits for (our numbers), -1 any */
    ino_t inode;               /* of the locked file */
    pid_t locker;              /* who blocks the file lock; 0 unknown */
    size_t first_fd, fd_count; /* in snapshot->waited_on */
    bool for_write;            /* waits for room, not for data */
};

/* A descriptor that a thread waits on, as index into snapshot->objects. */
struct waited_on {
    int fd;
    size_t object;
};

struct object {
    enum object_kind kind;
    dev_t device;
    ino_t inode;
    ino_t peer;         /* the socket at the other end; 0 unknown */
    pid_t target;       /* pidfd: the process */
    bool open_to_world; /* somebody outside may hold or open the other end */
    bool armed;         /* timerfd: it will fire; socket: data under way */
    bool in_flight; /* the kernel may deliver later: look again after 10 ms */
};

/* One descriptor of one process that points to one of the objects. */
struct holding {
    size_t process;
    size_t object;
    int fd;
    bool can_read, can_write;
    bool peer; /* it is the socket at the other end */
};

struct process_shot {
    pid_t pid;
    pid_t nspid;
    pid_t parent;    /* our numbers */
    pid_t forked_by; /* the thread that made it, while it is known; or 0 */
    unsigned long long start; /* clock ticks since boot */
    char state;               /* of its first thread */
    bool ended;               /* a zombie with no thread left */
    int exit_code; /* of a zombie, as of waitpid(2); -1 if not told */
    size_t first_thread, thread_count;
    bool silent; /* its end sends no signal: clone(2) without SIGCHLD */
    bool changed_while_reading;      /* a thread ended while we looked: see
                                        snapshot_same() */
    uint64_t shared_pending, caught; /* signals, bit 0 is signal 1 */
    uint64_t ignored;
    unsigned long rss_kib;
    char name[16];

    /* From snapshot_explore(): */
    bool timers;        /* it has POSIX timers, timer_create(2) */
    bool alarmed;       /* it may have an alarm clock (the witness says so) */
    bool alarm_ends_it; /* it may have one, which would only end it */
    bool shares_memory; /* with another process, vfork(2) or CLONE_VM */
    bool async;         /* io_uring, aio, O_ASYNC: the kernel may wake it */
};

struct snapshot {
    int64_t time; /* clock_now() when it was begun */
    struct process_shot *process;
    size_t process_count;
    struct thread_shot *thread;
    size_t thread_count;
    bool unreadable; /* a thread's system call, or another thing that may wake
                        somebody, was hidden from us */
    bool too_many;   /* ... for they were more processes than are read */
    bool changed_while_reading; /* a process ended while we looked */

    /* From snapshot_explore(): */
    bool explored;
    bool timeouts;    /* a socket in the tree may have a time limit */
    bool open_world;  /* others may send signals to the tree */
    bool private_ipc; /* System V and POSIX IPC cannot be seen from outside */
    struct waited_on *waited_on;
    size_t waited_on_count;
    struct object *objects;
    size_t object_count;
    struct holding *holdings;
    size_t holding_count;
};

/* What the caller knows and /proc does not. */
struct knowledge {
    const struct pids *alarmed; /* processes with an alarm clock, or NULL */
    bool alarms_heard;          /* the witness hears of each alarm clock */
    bool timeouts;              /* a socket got a time limit */
    bool timeouts_heard;        /* the witness would have heard of one */
    bool strange;               /* something is at work that is hidden */
    bool private_ipc;
    bool open_world;      /* we did not start it: others know it */
    const char *folder;   /* named pipes below it are out of others' reach */
    const dev_t *devices; /* ... and all in these file systems */
    size_t device_count;
};

/* Reads all processes below `root` (without root itself). Never fails: an empty
 * snapshot says that nobody is there. The caller frees it. */
void snapshot_take(struct snapshot *shot, pid_t root);

/* The same for these processes and all below them. */
void snapshot_take_all(struct snapshot *shot, const pid_t *pids, size_t count);

/* The same for one process alone. */
void snapshot_one(struct snapshot *shot, pid_t pid);

/* Nothing has moved between two snapshots: same processes and threads, all
 * asleep in the same calls, counters unchanged. Not so if somebody ended while
 * one of them was taken: who waits for that one may have been read before, and
 * is awake now. */
bool snapshot_same(const struct snapshot *a, const struct snapshot *b);

/* The same for one process of theirs, whatever the others do. */
bool snapshot_same_process(const struct snapshot *a, const struct snapshot *b,
                           pid_t pid);

/* True if a thread runs, sleeps until a time, or is in the kernel's hands, as
 * far as that can be told without exploring. *who gets its index. */
bool snapshot_alive(const struct snapshot *shot, size_t *who);

/* Adds what each thread waits for, and the objects that it takes. */
void snapshot_explore(struct snapshot *shot, const struct knowledge *known);

struct process_shot *snapshot_process(const struct snapshot *shot, pid_t pid);

void snapshot_free(struct snapshot *shot);

/* The thread of any process that knows itself by this tid, or NULL. */
const struct thread_shot *snapshot_thread_by_nspid(const struct snapshot *shot,
                                                   pid_t nspid);

/* Does a process other than the waiter's hold what could end the wait? For a
 * pipe: the other end of it. *who gets its index. */
bool snapshot_other_holder(const struct snapshot *shot,
                           const struct thread_shot *thread, size_t *who);

#endif

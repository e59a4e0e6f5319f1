/* SPDX-License-Identifier: MIT
 *
 * snapshot: what /proc says about a tree of processes.
 *
 * The header to read first in this directory. A snapshot is read in two steps.
 * snapshot_take() notes for each thread whether it runs, in which system call
 * it sleeps, and its two context switch counters: cheap enough to be repeated
 * all the time. If two snapshots in succession are the same (snapshot_same),
 * there was an instant between them at which all of it was true at once: a
 * thread cannot run without a change of one of its counters, its state or its
 * system call; of those that slept all the time, /proc/PID/task/TID/schedstat
 * tells it soonest. That is the double collect of Y. Afek et al., Atomic
 * Snapshots of Shared Memory, Journal of the ACM 40(4), 1993. One consistent
 * state is enough, for a deadlock is stable: once true, it stays true.
 *
 * snapshot_explore() then adds what each sleeping thread waits for. From there
 * on the kernel is not asked any more: verdict.h is a pure function of an
 * explored snapshot.
 */
#ifndef FORKLAB_SNAPSHOT_H
#define FORKLAB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "linux/fileid.h"
#include "linux/proc.h"

/* What a thread waits for. */
enum wait_kind {
    WAIT_NOTHING, /* it runs, or is ready to run */
    WAIT_TIME,    /* sleeps until a time: it will wake by itself */
    WAIT_KERNEL,  /* uninterruptible (state D), or in an unknown call */
    WAIT_FUTEX,   /* a lock or another futex(2) word */
    WAIT_FDS,     /* data, space or an event on descriptors */
    WAIT_CLIENT,  /* accept(2), or poll(2) with a listening socket */
    WAIT_CHILD,   /* wait4(2), waitid(2) */
    WAIT_VFORK,   /* its vfork(2) child has neither ended nor called exec */
    WAIT_LOCK,    /* flock(2), fcntl(2) record locks */
    WAIT_SIGNAL,  /* pause(2), sigwait(3) ... */
    WAIT_IPC,     /* System V or POSIX message queue or semaphore */
    WAIT_STOPPED, /* stopped by a signal */
    WAIT_TRACED,  /* stopped by its tracer */
};

/* Which processes can reach a futex word. */
enum reach {
    REACH_PROCESS, /* private: only threads of the same process */
    REACH_TREE,    /* anonymous shared memory: made in this tree */
    REACH_WORLD,   /* a file that others may map too */
};

/* What a descriptor leads to. */
enum object_kind {
    OBJECT_UNKNOWN, /* a terminal, a device, inotify ...: others may act */
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
    OBJECT_RING, /* of io_uring(7), in which nothing was ever submitted */
};

struct thread_shot {
    pid_t tid;
    pid_t nspid;    /* tid in its own PID namespace: NSpid of proc(5) */
    size_t process; /* index */
    char name[16];
    bool old_name; /* as of a snapshot before: another may have changed it */
    char state;    /* as in proc(5): R S D T t Z X I */
    long call;     /* number of the system call; -1 outside of one */
    unsigned long args[6];
    unsigned long sp, pc;
    unsigned long voluntary, forced; /* context switches */
    uint64_t ran;                    /* nanoseconds that it had a processor, */
    unsigned long turns;       /* and how often it got one; 0: not known */
    uint64_t pending, blocked; /* signals, bit 0 is signal 1 */

    /* From snapshot_follow(): */
    uint64_t call_key;   /* equal: it may be the same call as before */
    int64_t awake_at;    /* clock_now(): its call began later than that */
    int64_t absent_at;   /* ... and the thread was made later than that */
    int64_t still_since; /* at this look it slept already, and has not moved
                            since; 0: unknown */

    /* From snapshot_explore(): */
    enum wait_kind wait;
    const char *call_name;     /* static: "futex", "read" ... */
    unsigned long futex;       /* address */
    enum reach reach;          /* of its futex word, or its message queue */
    pid_t child;               /* whose end it waits for (our pid), -1 any */
    pid_t locker;              /* the holder of the file lock, LOCKER_ENDED;
                                  else 0 or less: unknown */
    size_t first_fd, fd_count; /* in snapshot->waited_on */
    bool for_write;            /* waits for space, not for data */
    bool heeds_signals; /* a signal could end its wait, or its process has a
                           handler for one, which may do anything */
    bool signalled;     /* ... and somebody outside may send it */
    bool by_table;  /* by any descriptor of its process: its set is unknown */
    bool by_set;    /* by an epoll set, to which others may add members */
    bool by_former; /* its number may have meant another file */
    bool
        word_shared; /* its futex word is in memory that others may map, so that
                        they can change it, though not wake who waits there */
};

/* A descriptor that a thread waits on, or -1, and its index in
 * snapshot->objects. */
struct waited_on {
    int fd;
    size_t object;
};

struct object {
    enum object_kind kind;
    dev_t device;
    ino_t inode;
    ino_t peer;         /* the socket at the other end; 0 unknown */
    bool datagram;      /* unix: it may send to others than its peer */
    pid_t target;       /* pidfd: the process */
    bool open_to_world; /* a process outside may have or open the other end */
    bool timed;         /* socket: it has or had a time limit */
    bool armed;         /* timerfd: it will fire; socket: data in transit */
    bool in_flight;     /* the kernel may still have to deliver something: what
                           is seen must hold for 10 ms */
};

/* One descriptor of one process that points to one of the objects. */
struct holding {
    size_t process;
    size_t object;
    bool can_read, can_write;
    bool peer; /* the socket at the other end, not the object itself */
};

/* Who took the lock has ended; its pid is not known. */
#define LOCKER_ENDED (-2)

#define PID_LEVELS 8

struct process_shot {
    pid_t pid;
    pid_t nspid;     /* pid in its own PID namespace: NSpid of proc(5) */
    unsigned levels; /* of PID namespaces from ours to its own one, at most
                        PID_LEVELS; 0 unknown */
    pid_t at_level[PID_LEVELS]; /* its pid in each of them */
    ino_t pid_namespace;        /* its own one; 0: it may not be looked at */
    pid_t parent;               /* our number for it */
    pid_t forked_by;            /* the thread that made it; 0 where unknown */
    unsigned long long start;   /* clock ticks since boot */
    char state;                 /* of its first thread */
    bool ended;                 /* a zombie: all threads have ended */
    int exit_code; /* a zombie's status as of waitpid(2); -1 if hidden */
    size_t first_thread, thread_count;
    bool silent; /* its end sends no signal: clone(2) without SIGCHLD */
    bool changed_while_reading; /* a thread ended meanwhile: snapshot_same() */
    uint64_t shared_pending, caught; /* signals, bit 0 is signal 1 */
    uint64_t ignored;
    char name[16];

    /* From snapshot_explore() or snapshot_note_programs(): the file that it
     * executes; inode 0 where that cannot be read. */
    dev_t exe_device;
    ino_t exe_inode;

    /* From snapshot_explore(): */
    bool timers;        /* it has POSIX timers, timer_create(2) */
    bool alarmed;       /* it may have an alarm clock, alarm(2) */
    bool alarm_ends_it; /* it may have one, whose signal would end it */
    bool shares_memory; /* with another process, vfork(2) or CLONE_VM */
    bool async;         /* io_uring, aio, O_ASYNC: the kernel may wake it */
    bool reaches;       /* it may trace or write into another process, or take a
                           descriptor from it: ptrace(2) ... */
    bool memory_outside; /* ... and one outside of the tree has its memory */

    /* From the caller, who looks at it for another one's sake: nobody has asked
     * about it. */
    bool unasked;
};

/* A process outside of the tree that can end a wait, as far as /proc tells;
 * that has mapped a futex word, also one of the tree. */
struct outsider {
    enum {
        OUTSIDE_DESCRIPTOR, /* it has the object open, or its other end */
        OUTSIDE_MAPPING,    /* it has mapped the thread's futex word */
        OUTSIDE_MEMORY,     /* it runs in the memory of the process */
    } has;
    size_t index; /* of that object, thread or process */
    pid_t pid;
    int fd; /* -1: none */
    bool can_read, can_write;
    bool peer; /* the other end of a socket */
    char name[16];
};

struct snapshot {
    int64_t time; /* clock_now() when it was begun */
    struct process_shot *process;
    size_t process_count;
    struct thread_shot *thread;
    size_t thread_count;
    bool unreadable; /* something that may wake a thread is hidden: a system
                        call, or what snapshot_explore() cannot look into */
    bool too_many;   /* ... since there are more processes than are read */
    bool too_long;   /* ... since it took longer than knowledge.until */
    bool changed_while_reading; /* a process ended meanwhile */

    bool followed; /* by snapshot_follow() */

    /* For snapshot_take(), while it reads: */
    const struct snapshot *before;
    size_t before_at; /* its next thread */

    /* From snapshot_explore(): */
    bool explored;
    bool timeouts;    /* a socket in the tree may have a time limit */
    bool open_world;  /* others may send signals to the tree */
    bool private_ipc; /* System V and POSIX IPC have a namespace of their own */
    bool part_explored; /* with knowledge.part: reaches, word_shared ... */
    bool
        fds_in_flight; /* a descriptor was sent and not received yet, unix(7) */
    struct waited_on *waited_on;
    size_t waited_on_count;
    struct object *objects;
    size_t object_count;
    struct holding *holdings;
    size_t holding_count;
    /* With knowledge.open_world: */
    struct outsider *outsiders;
    size_t outsider_count;
    size_t hidden_count; /* processes into which we may not look */
    pid_t hidden;        /* ... one of them */
    char hidden_name[16];
};

/* What the tree has passed to somebody outside, or got from there, by
 * SCM_RIGHTS: unix(7). */
struct passed {
    struct fileids files;
    bool anonymous; /* an eventfd, timerfd or the like */
    bool any;       /* unknown what */
};

struct changes; /* see changes.h */

/* What the caller knows and /proc does not tell. */
struct knowledge {
    int64_t until; /* clock_now() at which to give up, unproved; 0: never */
    bool async;    /* somebody has set O_ASYNC, fcntl(2), or may have: then all
                      descriptors are asked for it */
    /* What was heard that changes the meaning of numbers and memory; NULL: they
     * are taken as they are. Takes a snapshot that was followed. */
    const struct changes *changes;
    bool changes_heard;          /* ... that is all of it: a witness listens */
    bool numbers_heard;          /* ... also of close(2) and the like */
    const struct pids *alarmed;  /* processes with an alarm clock, or NULL */
    bool alarms_heard;           /* `alarmed` is complete: a witness listens */
    const struct fileids *timed; /* sockets that got a time limit, or NULL */
    bool timeouts;               /* ... a socket did, unknown which */
    bool timeouts_heard;         /* all that is known: a witness listens */
    ino_t output[2];             /* the runner's ends of the program's stdout
                                    and stderr, all of which it has read; or 0 */
    const struct pids *ringing;  /* processes with a timer of timer_create(2)
                                    that may yet fire, or NULL */
    bool timers_heard;           /* ... that is all of them */
    size_t rings;                /* so often io_uring or aio was set up */
    size_t aio;                  /* contexts of aio that there may be: who has
                                    unmapped its ring does not show one */
    const struct passed
        *passed;          /* what may be open outside, or NULL: nothing */
    bool passing_heard;   /* that is known: a witness listens */
    bool signals_outside; /* others see the tree's pids: plain mode */
    bool alone;           /* there was never more than one thread */
    bool strange;         /* what /proc hides is in use: dnotify ... */
    bool private_ipc;
    bool open_world;       /* we did not start it: others may signal it */
    bool part;             /* explore also what a proof of a part takes */
    const char *directory; /* only the tree can reach files below it; or NULL */
    const dev_t *devices;  /* ... and files in these file systems */
    size_t device_count;
};

/* Reads all descendants of `root`, without root itself. Never fails: an empty
 * snapshot means that there are none. The caller calls snapshot_free(). Less is
 * read of a thread that has not run since `before`, another snapshot of them;
 * or NULL. */
void snapshot_take(struct snapshot *shot, pid_t root,
                   const struct snapshot *before);

/* ... and the names of threads that may have got another one since. */
void snapshot_name_threads(struct snapshot *shot);

/* snapshot_take() for these processes and all of their descendants. */
void snapshot_take_all(struct snapshot *shot, const pid_t *pids, size_t count);

/* The same for one process alone. */
void snapshot_one(struct snapshot *shot, pid_t pid);

/* What the first thread's files tell of a process, without its threads. False:
 * it is not there. */
bool snapshot_head(struct process_shot *process, pid_t pid);

/* Adds one process alone to a snapshot, as unasked. */
void snapshot_add_unasked(struct snapshot *shot, pid_t pid);

/* Has nothing moved between two snapshots: the same processes and threads, all
 * in the same state and system call, with the same counters? False if a process
 * or a thread ended while one of them was taken: a thread that waited for it
 * may have been read before, and be awake now. */
bool snapshot_same(const struct snapshot *a, const struct snapshot *b);

/* The same for one thread. */
bool snapshot_same_thread(const struct thread_shot *a,
                          const struct thread_shot *b);

/* The same for one process, whatever the others do. False if it is not in both.
 */
bool snapshot_same_process(const struct snapshot *a, const struct snapshot *b,
                           pid_t pid);

/* Adds since when each thread of `shot` may be in its call: `before` is the
 * last snapshot of the same tree, or an empty one with a time. */
void snapshot_follow(struct snapshot *shot, const struct snapshot *before);

/* What a system call has read from the memory of its process, when it began. */
struct region {
    unsigned long address;
    size_t size; /* bytes; of a string unknown: 1 */
};
#define CALL_REGIONS 3
size_t call_regions(const struct thread_shot *thread,
                    struct region regions[CALL_REGIONS]);

/* Does a thread run, sleep until a time, or wait uninterruptibly, as far as
 * that can be told without exploring? *who gets its index. */
bool snapshot_alive(const struct snapshot *shot, size_t *who);

/* Adds the file that each process executes, where it is not noted yet. */
void snapshot_note_programs(struct snapshot *shot);

/* Do two processes execute the same file? Unknown where one of them has ended
 * or may not be looked at, and before their programs have been noted. */
enum program_is { PROGRAM_UNKNOWN, PROGRAM_SAME, PROGRAM_OTHER };
enum program_is snapshot_compare_programs(const struct process_shot *a,
                                          const struct process_shot *b);

/* Adds what each thread waits for, and the objects, descriptors and processes
 * that matter for that. Does not fail: what cannot be read counts as open to
 * the world, or as unreadable. */
void snapshot_explore(struct snapshot *shot, const struct knowledge *known);

/* The process with this pid, or NULL. */
struct process_shot *snapshot_process(const struct snapshot *shot, pid_t pid);

/* Frees all that it has, not *shot, which is empty then. */
void snapshot_free(struct snapshot *shot);

/* Are two processes in one PID namespace, as far as that can be told? */
bool snapshot_same_numbers(const struct process_shot *a,
                           const struct process_shot *b);

/* The thread that has this tid in the PID namespace of the process `of`, where
 * it is one of that namespace; or NULL. A thread of `of` comes first. */
const struct thread_shot *
snapshot_thread_by_nspid(const struct snapshot *shot,
                         const struct process_shot *of, pid_t nspid);

/* The process that has this pid in the PID namespace of the process `of`: it
 * may be in one below. NULL if there is none. */
const struct process_shot *
snapshot_process_by_nspid(const struct snapshot *shot,
                          const struct process_shot *of, pid_t nspid);

/* Does another process have a descriptor by which it could end the thread's
 * wait: for a pipe or a socket, the other end of it? *who gets its index. */
bool snapshot_other_holder(const struct snapshot *shot,
                           const struct thread_shot *thread, size_t *who);

#endif

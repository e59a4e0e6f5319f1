/* SPDX-License-Identifier: MIT
 *
 * witness: the system calls of a program of which /proc shows no trace.
 *
 * /proc has no exit status of a child that its own parent reaped, no alarm
 * clock (ITIMER_REAL) and no socket timeout. A seccomp filter stops
 * exactly these system calls until the runner has heard of them, and then lets
 * them continue: SECCOMP_RET_USER_NOTIF, seccomp(2), Linux 5.5. A process that
 * waits in exit_group(2) still has its descriptors and its memory.
 *
 * Calls: exit_group; kill and the like, before the target has ended;
 * alarm, setitimer(ITIMER_REAL), timer_create, timer_settime; fcntl with
 * F_SETLEASE or F_NOTIFY (the kernel will send a signal), or O_ASYNC;
 * setsockopt with SO_RCVTIMEO or SO_SNDTIMEO; io_uring_setup, io_uring_enter
 * that submits something, io_setup, io_destroy, userfaultfd; fcntl with
 * F_SETOWN; unshare with CLONE_FILES; prctl with PR_SET_CHILD_SUBREAPER,
 * PR_SET_PDEATHSIG or PR_SET_MM; sendmsg
 * and recvmsg, which may pass descriptors; what changes the meaning of what
 * /proc shows of a thread that sleeps (close, dup2, dup3, close_range,
 * FUTEX_REQUEUE, mmap with MAP_SHARED, symlink, mount; ptrace,
 * process_vm_writev, pidfd_getfd; clone of a process with the same memory,
 * descriptors or directory); a second seccomp listener; and all calls that are
 * not of this architecture. Where no namespaces hold the program, also those
 * that make processes, names and IPC objects: see ledger.h.
 *
 * A call that is heard takes 15 us more, or 20 to 100 where the machine is
 * busy. close(2) is the only one of them that is frequent. Until the runner has
 * received it, a signal interrupts the call as no other: see enum hearing.
 */
#ifndef FORKLAB_WITNESS_H
#define FORKLAB_WITNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* What a program was heard to do. */
enum work {
    WORK_THREAD = 1,  /* started a thread */
    WORK_PIPE = 2,    /* made a pipe or a pair of sockets */
    WORK_SOCKET = 4,  /* bound a socket to an address */
    WORK_PROGRAM = 8, /* executed another program */
};

/* In the cage no descriptor has this number or a higher one: RLIMIT_NOFILE,
 * which a program there cannot raise. A close(2) of those is not heard, as
 * programs close hundreds of thousands that are not open. */
#define MAX_DESCRIPTORS 1024U

enum testimony_kind {
    HEARD_EXIT,  /* the process calls exit_group; value is its status */
    HEARD_KILL,  /* a signal is about to be sent; value is to whom, as of
                    kill(2), and 0 by pidfd_send_signal(2) */
    HEARD_ALARM, /* an alarm clock was set: value is the milliseconds until it
                    rings, -1 if it rings again and again, 0 if cleared */
    HEARD_TIMER, /* a POSIX timer was made, or another source of signals */
    HEARD_TIMER_SET, /* that of number args[0] was set: value as HEARD_ALARM */
    HEARD_TIMEOUT,   /* a socket got a time limit for sending or receiving */
    HEARD_PASSING,   /* descriptors may be passed: sendmsg, recvmsg ... */
    HEARD_RING,      /* io_uring or aio is set up, or aio taken down */
    HEARD_ASYNC,     /* a descriptor may get the flag O_ASYNC */
    HEARD_STRANGE, /* a call that lets the kernel do work in the background, or
                      that hides what a thread waits for; or any call of a
                      32-bit program */
    HEARD_WORK,    /* only what stands in `work` */
    HEARD_MAKING,  /* a process, a name or an IPC object is about to be made */
    HEARD_NUMBERS, /* descriptors low to high are about to be closed, or used
                      for other files */
    HEARD_REACH,   /* a process traces another, writes to its memory, or takes a
                      descriptor from it */
    HEARD_REQUEUE, /* waiters on a futex move to another one, that may be shared
                    */
    HEARD_LISTENER,    /* a seccomp listener: the kernel allows one, and that is
                          ours */
    HEARD_OWNER,       /* a descriptor gets somebody to send its signals to */
    HEARD_SHARED,      /* memory is mapped that others may map, too: the file is
                          descriptor args[4] of mmap(2) */
    HEARD_MOVE,        /* memory of the process is moved: mremap(2) */
    HEARD_PLACES,      /* mounts, or what a path begins with, change */
    HEARD_REAPER,      /* the process becomes a child subreaper, or is none any
                          more: value */
    HEARD_PARENT_ENDS, /* it wants the signal `value` when the thread that made
                          it ends; 0: none */
};

struct testimony {
    enum testimony_kind kind;
    pid_t tid; /* the thread that calls, as the runner sees it */
    int value;
    unsigned work;      /* what of enum work the call does; 0: nothing of it */
    unsigned low, high; /* HEARD_NUMBERS */
    unsigned clone_shares; /* CLONE_VM, CLONE_FILES, CLONE_FS: what a process
                              that is about to be made, and is no thread, has in
                              common with its maker for good */
    int call;              /* its number, SYS_... */
    uint64_t args[6];
    uint64_t id; /* the kernel's cookie, for witness_release() */
};

/* How a call is answered. */
struct call_answer {
    bool proceed; /* execute it; else it is not executed: */
    long value;   /* what it returns, if error is 0 */
    int error;    /* an errno */
};

/* Flags for a sendmsg(2) and a recvmsg(2) of our own that are not heard: they
 * pass the listener to the runner, who can hear nothing before. The kernel
 * ignores these flags, and no program sets them. */
#define WITNESS_UNHEARD (MSG_CONFIRM | MSG_SYN | MSG_RST)

struct filter; /* see filter.h */

/* What it tells of, beside what each proof must know. */
struct witness_rules {
    bool making;  /* processes, names and IPC objects */
    bool work;    /* enum work */
    bool numbers; /* what changes which file a number means: close, dup2 ...;
                     or where memory is */
};

/* The filter of witness_install(). False if it is too long. */
bool witness_filter(struct filter *filter, struct witness_rules rules);

/* Called by the program's process before exec: installs the filter for itself
 * and all that it will start (sets no_new_privs). Returns the listener, a
 * descriptor for the runner, or -1 where the kernel or the sandbox that we are
 * in does not offer it. */
int witness_install(struct witness_rules rules);

/* Whoever waits for a call is woken on the processor of the thread that makes
 * it, which sleeps next: so it is at first. Or, if not `here`, where the kernel
 * sees fit: better for one who does not sleep. Before Linux 6.6 it is always
 * so, and calls take longer. */
void witness_wakes_here(int listener, bool here);

/* What there was to hear. */
enum hearing {
    HEARING_CALL,    /* a call, that the caller must release */
    HEARING_SILENCE, /* nothing */
    HEARING_LOSS, /* a call was not made, and we never learn which: its thread
                     was killed, or a signal came before we had received the
                     call. If the handler of that is without SA_RESTART, then
                     the program was told EINTR where it never is without us */
};

/* Receives the next call that waits for an answer. It waits for one: to be
 * called when poll(2) says that there is one. */
enum hearing witness_hear(int listener, struct testimony *testimony);

/* The same without waiting for longer than some 100 microseconds. Whether a
 * call was lost is to be learnt only by this: poll(2) does not tell. */
enum hearing witness_hear_now(int listener, struct testimony *testimony);

/* Answers the call; nothing happens if its thread was killed meanwhile. */
void witness_release(int listener, const struct testimony *testimony,
                     struct call_answer answer);

#endif

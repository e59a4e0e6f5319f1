/* SPDX-License-Identifier: MIT
 *
 * report: everything that was seen of one run, in one value.
 *
 * The watcher and the autopsy fill it, the judge adds the outcome, and the
 * printers turn it into a page, JSON or a row of a table. Nobody asks the
 * kernel again once a report exists.
 *
 * Ownership: a report owns every string and array that it points to, unless a
 * comment says "static". report_free() gives all of it back.
 */
#ifndef FORKLAB_REPORT_H
#define FORKLAB_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/memory.h"
#include "report/fact.h"

#define ROLE_SIZE 32

/* What was run. See variant_word(). */
enum variant {
    VARIANT_NONE, /* not said */
    VARIANT_LAB,
    VARIANT_SOLUTION,
    VARIANT_ATTEMPT,
    VARIANT_PROGRAM, /* a lab's, at a path that was given */
    VARIANT_COMMAND, /* any command, without a lab */
    VARIANT_PROCESS, /* was looked at, and not run */
};

/* How the run ended. See verdict_word() and verdict_title(). */
enum verdict {
    VERDICT_EXIT,        /* all has ended; the first process exited */
    VERDICT_KILLED,      /* all has ended; a signal killed the first process */
    VERDICT_HANG,        /* nothing that is left can ever run again: proved */
    VERDICT_IDLE,        /* at rest: only a new client could wake it */
    VERDICT_NO_PROGRESS, /* the deadline came, nothing moved, not proved */
    VERDICT_RUNNING,     /* the deadline came, it was still moving */
};

enum outcome {
    OUTCOME_NONE, /* no lab, hence nothing to compare with */
    OUTCOME_HAZARD,
    OUTCOME_SAFE,
    OUTCOME_BROKEN,
    OUTCOME_SKIP,
};

/* Where the thread is that a waiting thread needs. */
enum owner_is {
    OWNER_NONE,     /* this kind of wait has no owner */
    OWNER_UNKNOWN,  /* the lock does not say */
    OWNER_VANISHED, /* a thread of an ancestor, which fork did not copy */
    OWNER_SELF,     /* the waiting thread itself */
    OWNER_FORKER,   /* the thread that forked: it is this one, renumbered */
    OWNER_THREAD,   /* another thread of the same process */
    OWNER_PROCESS,  /* another process of the tree */
    OWNER_DEAD,     /* a thread that has ended without unlocking */
};

/* What a thread waits for. See waits_word() and waits_is_lock(). */
enum waits {
    WAITS_UNKNOWN,
    WAITS_MUTEX,
    WAITS_RWLOCK,
    WAITS_CONDITION,
    WAITS_SEMAPHORE,
    WAITS_BARRIER,
    WAITS_ONCE,         /* pthread_once(3), or the like in C++ */
    WAITS_FUTEX,        /* a bare one: nothing more is known */
    WAITS_LIBRARY_LOCK, /* inside libc or another library */
    WAITS_FILE_LOCK,
    WAITS_JOIN, /* the end of a thread */
    WAITS_PIPE,
    WAITS_NAMED_PIPE,
    WAITS_SOCKET,
    WAITS_EVENTFD,
    WAITS_TIMERFD,
    WAITS_SIGNALFD,
    WAITS_PIDFD,
    WAITS_DESCRIPTOR, /* one of another kind */
    WAITS_POLL,       /* an event on several descriptors */
    WAITS_CLIENT,     /* a connection from outside */
    WAITS_CHILD,
    WAITS_SIGNAL,
    WAITS_QUEUE, /* System V or POSIX IPC */
    WAITS_TIME,
    WAITS_STOPPED, /* by a signal or a tracer */
};

struct frame {
    char *function;  /* NULL where no symbol is known */
    char *file;      /* source file as the program names it, or NULL */
    int line;        /* 0 where unknown */
    bool in_program; /* the program's own code, not a library's */
    char *library;   /* the library's file without its directory, or NULL */
    bool in_libc; /* that is the C library, or this is code of a static one */
};

/* A process that can end a wait, since it has the other end of what is waited
 * for, or the same memory. */
struct other {
    pid_t pid; /* as the runner sees it */
    char name[16];
    int fd;        /* its descriptor; -1: by memory */
    bool asked;    /* it is one of the report's processes */
    bool same_end; /* it has a copy of the descriptor itself, of a socket */
};

struct thread_report {
    pid_t tid; /* as the runner sees it */
    char name[16];
    bool stuck;       /* can never run again */
    bool spins;       /* was running, round and round, when the time was up */
    bool root;        /* ... and does not merely wait for another stuck one */
    enum waits waits; /* what it waits for */
    char *function;   /* the library function it waits in, or NULL */
    char *file;       /* the place in the program that called it, or NULL */
    int line;         /* 0 where unknown */
    char *object;     /* name of the lock, or of the descriptor, or NULL */
    char *detail;     /* what the object says beyond its owner, or NULL */
    pid_t owner;      /* as the program sees it; 0 where there is none. Of a
                         process that we did not start, as the runner does, if
                         the owner is there; then inner_owner has the other */
    pid_t inner_owner;
    enum owner_is owner_is;
    char *why;    /* one sentence for a student, or NULL */
    char *told;   /* the same in the language of tongue.h; NULL: as it is */
    bool suspect; /* not proved stuck, but the likely cause; autopsy only */
    struct other *others; /* who can end the wait; autopsy only */
    size_t other_count;
    struct frame *stack;
    size_t frames;
    struct frame *script; /* ... of the script that it runs; autopsy only */
    size_t script_frames;
    const char
        *language; /* of that: "Python", "PHP", "Ruby", or NULL; static */
};

enum process_end {
    END_ALIVE,  /* it was there when the run was over, and could go on */
    END_STUCK,  /* it was there when the run was over, and stuck */
    END_EXIT,   /* code is its exit status */
    END_KILLED, /* code is the signal */
    END_GONE,   /* it has ended, not by exit_group(2); nobody saw how */
};

struct process_report {
    pid_t pid;            /* as the runner sees it */
    pid_t inner_pid;      /* as the program sees it (its own PID namespace) */
    pid_t parent;         /* the pid, as the runner sees it, that made it */
    char role[ROLE_SIZE]; /* "parent", "child 2", or the name it took */
    char name[16];        /* its command, as ps(1) shows it */
    bool unasked;         /* looked at for another one's sake; autopsy only */
    enum process_end end;
    int code;            /* exit status or signal, by `end` */
    bool zombie;         /* ended, but its parent has not waited for it */
    pid_t reparented_to; /* a zombie's parent now; `parent` may have ended */
    bool executed;       /* another program, as far as it was seen to end */
    bool left_behind;    /* was alive when the first process had ended */
    double ms_ended;     /* since the start of the run; 0 where unknown */
    struct thread_report *threads;
    size_t thread_count;
    struct facts extra; /* findings of it, by the watcher, one each */
};

/* One write(2) of the program: who and when come from the kernel. */
struct record {
    double ms;  /* since the start of the run */
    pid_t pid;  /* the writer, as the runner sees it; 0 where unknown */
    int stream; /* 1 stdout (evidence), 2 stderr (talk) */
    char *text; /* the bytes as written, NUL added after them */
    size_t length;
    bool measured; /* a point of the plot */
};

/* What a lab with a Plot: line has measured; see measured.h. */
struct point {
    double x, y;
};

struct curve {
    char *name; /* "fork, 4 KiB pages" */
    struct point *point;
    size_t count;
};

struct plot {
    char *x_unit, *y_unit; /* "MiB", "us" */
    struct curve *curve;   /* in the order of their first points */
    size_t count;
    char *file; /* where it was drawn: build/lab-70.svg; NULL: nowhere */
};

/* One look at a thread: what a proof compares. */
struct look {
    pid_t pid, tid; /* as the runner sees them */
    char name[16];
    char state;       /* as in proc(5) */
    const char *call; /* static: "futex"; NULL: none, or an unknown one */
    long number;      /* of the call; -1: none */
    unsigned long args[6], sp, pc;
    unsigned long voluntary, forced; /* context switches */
};

struct looks {
    struct look *item;
    size_t count;
};

/* What --falsify found after a proof. */
struct falsified {
    double seconds;  /* for so long it was watched on; 0: it was not */
    bool part;       /* ... only that part of the tree which was proved */
    char *moved;     /* what did, in words: the proof was wrong; or NULL */
    double after_ms; /* the last look, since the verdict */
    struct looks before, after; /* the proof's snapshot, and the one that
                                   differs; empty where nothing has moved */
};

struct report {
    /* What was run. */
    int lab;       /* 0: a command, no lab */
    char *stem;    /* "31-lock-nobody-holds", or NULL */
    char *title;   /* "the child waits for a thread ...", or NULL */
    char *program; /* path or command line */
    enum variant variant;

    /* What was seen. */
    enum verdict verdict;
    bool proved; /* true with VERDICT_HANG only */
    int code;    /* exit status or signal of the first process */
    double ms_total;
    /* From the last moment at which it was not yet stuck, as far as was seen,
     * to the verdict; and of that, the last look with its proof. 0: no hang. */
    double ms_stuck_to_verdict, ms_autopsy;
    double ms_verdict_at; /* on the monotonic clock: for whoever measures us */
    bool lost_call; /* a signal interrupted a call before we had heard it */
    bool wants_listener; /* it made a seccomp listener: not below our own */
    unsigned work;       /* enum work of witness.h: what it was heard to do */
    char *n; /* the number of the run, {n} in the lab's lines; NULL: its lines
                have none */
    double deadline_s;
    struct falsified falsified;
    char *limit;        /* of ours, that ended the run: "256 processes"; NULL */
    bool out_of_memory; /* the kernel killed somebody meanwhile to get some */
    char *why;          /* the root cause in one sentence, or NULL */
    char *told;   /* the same in the language of tongue.h; NULL: as it is */
    char *unless; /* the assumption that a proof of a hang leans on:
                     "somebody outside signals it"; or NULL */
    struct strings notes; /* what else is to be said of those that were asked
                             for, in sentences without a full stop */
    struct process_report *processes; /* the first process is processes[0] */
    size_t process_count;
    struct record *records; /* in the order of their times */
    size_t record_count;
    size_t output_bytes; /* all that was written */
    size_t output_kept;  /* ... and how much of it the records hold */
    int left_behind;     /* processes alive when the first had ended */
    int still_there;     /* processes left after the cage was cleared: 0 */
    char *not_removed;   /* what of its files is left, and why; NULL: nothing */
    bool tmp_shared;     /* files that it made in /tmp are not looked at */
    bool ipc_shared;     /* ... nor IPC objects */
    bool apart;          /* other runs can meet it in the network only */
    char *tmp_note;      /* why, or what of /tmp it could not see; or NULL */
    char *layers;        /* what held the program, e.g. "pid+ipc namespace" */
    struct strings evidence; /* the lines on stdout, in order */
    struct facts extra;      /* findings of no process, by the watcher:
                                "[server] connection of parent and child" */
    struct facts findings;   /* all of them, in order of the processes */
    struct plot plot;        /* count 0: nothing was measured */

    /* What the judge made of it. */
    enum outcome outcome;
    bool cured; /* the program's C library, or the kernel, has cured the lab's
                   hazard: the lab, too, is to be safe */
    char cured_by[16]; /* then: "musl", "Linux 4.19" */
    char *reason; /* of a skip, of a run that could not start, or of a broken
                     one where the facts alone do not tell; or NULL */
    enum outcome nearest;    /* the list that missing and unexpected are
                                about: OUTCOME_SAFE or OUTCOME_HAZARD */
    struct facts missing;    /* its facts that did not show */
    struct facts unexpected; /* what was seen, but is not in that list */

    /* What a check of an attempt adds, see check.h; else NULL. */
    struct {
        char *file;   /* that was compiled */
        char *run;    /* "3 of 20, with seed 3, on one CPU" */
        char *wanted; /* "child saw 1 1; [child] exit 42" */
        char *where;  /* "child in f, at attempts/31-x.c:44", or NULL: the
                         place of a crash, from a run of its own */
        int crash;    /* the signal of that crash; 0: none is known */
        char crashed[ROLE_SIZE]; /* the role of who crashed; "": unknown */
        char *likely;            /* why it is not that, in a sentence or two */
    } check;

    struct {
        char *libc;
        char *kernel;
        char *arch;
    } machine;
};

/* "lab", "solution", "attempt", "program", "command", "process"; NULL for
 * VARIANT_NONE. */
const char *variant_word(enum variant variant);

/* "exit", "killed", "hang", "idle", "no-progress", "running": stable names. */
const char *verdict_word(enum verdict verdict);

/* "hazard", "safe", "broken", "skip"; "" for OUTCOME_NONE. */
const char *outcome_word(enum outcome outcome);

/* "mutex", "library lock", "pipe" ...; NULL for WAITS_UNKNOWN. */
const char *waits_word(enum waits waits);

/* The name of what it waits for, object, to be read: ours are translated, those
 * of the program's variables are not. NULL: it has none. */
const char *report_object(const struct thread_report *thread);

/* Is it a lock, or another thing that threads meet at: a mutex, a barrier ...;
 * not the end of a thread. */
bool waits_is_lock(enum waits waits);

/* "vanished", "self" ...; NULL for OWNER_NONE. */
const char *owner_word(enum owner_is owner);

/* "alive", "stuck", "exit", "killed", "gone". */
const char *end_word(enum process_end end);

/* Writes "EXIT 42", "KILLED by SIGSEGV", "HANG (proved)" ... into text. */
void verdict_title(const struct report *report, char *text, size_t size);

/* "SIGSEGV" for 11; "signal 99" where there is no name. Static storage. */
const char *signal_name(int signal);

/* Does this signal tell of a fault in the program itself (SIGSEGV, SIGABRT
 * ...), so that there is a place in the source where it happened? */
bool signal_is_crash(int signal);

/* What limit a process reached that this signal ended: "a file reached the
 * limit of its size ..."; NULL for other signals. Static. */
const char *signal_limit(int signal);

/* The process with this pid (as the runner sees it), or NULL. */
struct process_report *report_process(const struct report *report, pid_t pid);

/* The first process that somebody has asked about; NULL if there is none. */
const struct process_report *report_asked(const struct report *report);

/* The thread to talk about first: stuck, root, and the youngest process of
 * those; NULL where nothing is stuck. *owner gets its process. */
const struct thread_report *report_culprit(const struct report *report,
                                           const struct process_report **owner);

/* Fills report->machine with libc, kernel and architecture of this machine;
 * libc is the runner's, see libc.h for a program's. */
void report_machine(struct report *report);

void report_free(struct report *report);

/* Was it still there when the run was over? */
bool report_is_there(const struct process_report *process);

bool report_waits_for_client(const struct thread_report *thread);

#endif

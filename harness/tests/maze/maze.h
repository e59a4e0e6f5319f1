/* SPDX-License-Identifier: MIT
 *
 * maze: a random program, made from a seed.
 *
 * A plan has up to 12 actors in up to 6 processes: an actor is a thread, and
 * has a short script of steps. Most steps come in pairs, a wait of one actor
 * and what ends it by another, so that some programs end by themselves and some
 * never do; nobody knows which before they run. What sleeps, and each timer and
 * timeout, is short: what has not ended after some seconds never ends.
 *
 *   plan.c    makes the plan: the same seed, the same plan
 *   pairs.c   the kinds of pairs
 *   text.c    writes and reads it, to keep one, or to cut one down
 *   things.c  the descriptors, locks and other things that steps are about
 *   files.c   steps on descriptors
 *   locks.c   steps on locks and other things that threads meet at
 *   actors.c  steps on threads, processes and signals; runs a script
 *   main.c    the command line
 */
#ifndef MAZE_H
#define MAZE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MAX_ACTORS 12
#define MAX_PROCESSES 6
#define MAX_STEPS 32

/* ---- what steps are about ---- */

/* Descriptors are named by their slot: slot n is descriptor SLOT_BASE + n, in
 * each process until a step changes that. Those of a pair are neighbours. */
#define SLOT_BASE 200
enum {
    SLOT_PIPE = 0, /* four pipes: the read end, then the write end */
    PIPES = 4,
    SLOT_PAIR = SLOT_PIPE + 2 * PIPES, /* socket pairs */
    PAIRS = 3,
    SLOT_TCP = SLOT_PAIR + 2 * PAIRS, /* both ends of a connection */
    SLOT_LISTENER = SLOT_TCP + 2,     /* where it was accepted */
    SLOT_EVENT = SLOT_LISTENER + 1,   /* eventfd(2), two */
    SLOT_TIMER = SLOT_EVENT + 2,      /* timerfd_create(2), two */
    SLOT_EPOLL = SLOT_TIMER + 2,      /* epoll_create(2), two */
    SLOT_SIGNAL = SLOT_EPOLL + 2,     /* signalfd(2), for SIGUSR2 */
    SLOT_FILE = SLOT_SIGNAL + 1,      /* two descriptions of one file */
    SLOT_SPARE = SLOT_FILE + 2,       /* for what is received, two */
    SLOT_PIDFD = SLOT_SPARE + 2,
    SLOTS
};

#define MUTEXES 4
#define CONDITIONS 2
#define SEMAPHORES 3
#define RWLOCKS 2
#define WORDS 2

/* One set for each process, copied by fork(2), and one that all share. */
struct meeting {
    pthread_mutex_t mutex[MUTEXES];
    pthread_cond_t condition[CONDITIONS];
    sem_t semaphore[SEMAPHORES];
    pthread_rwlock_t rwlock[RWLOCKS];
    pthread_barrier_t barrier; /* of two */
    uint32_t word[WORDS];      /* bare futexes */
};

/* ---- steps ---- */

/* Each has two numbers, a and b. `where` 0: the process's own set of locks, 1:
 * the one that all share; it is in b of the steps on locks. */
#define STEPS(STEP)                                                            \
    STEP(SLEEP)         /* a ms */                                             \
    STEP(WRITE)         /* to slot a, b bytes */                               \
    STEP(READ)          /* from slot a, up to b bytes */                       \
    STEP(DRAIN)         /* slot a, b bytes in all */                           \
    STEP(POLL)          /* slot a and b; the array is on the stack */          \
    STEP(POLL_COMMON)   /* the array that all threads of the process have */   \
    STEP(POLL_CHANGE)   /* ... which gets slot a at place b */                 \
    STEP(POLL_LIMIT)    /* slot a, b ms */                                     \
    STEP(SELECT)        /* slot a or b */                                      \
    STEP(EPOLL)         /* waits at slot a, b ms; 0: for ever */               \
    STEP(EPOLL_ADD)     /* to slot a, slot b */                                \
    STEP(EPOLL_TAKE)    /* from slot a, slot b */                              \
    STEP(CLOSE)         /* slot a */                                           \
    STEP(DUP)           /* slot a over slot b */                               \
    STEP(SEND_SLOT)     /* by socket a, slot b: SCM_RIGHTS */                  \
    STEP(TAKE_SLOT)     /* from socket a, into slot b */                       \
    STEP(SHUTDOWN)      /* slot a, for writing */                              \
    STEP(RECEIVE_LIMIT) /* slot a, SO_RCVTIMEO of b ms */                      \
    STEP(CONNECT)       /* to the listener, into slot b */                     \
    STEP(ACCEPT)        /* at the listener, into slot b */                     \
    STEP(ARM)           /* the timerfd in slot a, b ms; 0: disarm */           \
    STEP(FLOCK)         /* slot a */                                           \
    STEP(FLOCK_DROP)    /* slot a */                                           \
    STEP(OFD)           /* slot a, byte b */                                   \
    STEP(OFD_DROP)      /* slot a, byte b */                                   \
    STEP(RECORD)        /* slot a, byte b: fcntl(2), F_SETLKW */               \
    STEP(RECORD_DROP)   /* slot a, byte b */                                   \
    STEP(LOCK)          /* mutex a */                                          \
    STEP(UNLOCK)        /* mutex a */                                          \
    STEP(LOCK_LIMIT)    /* mutex a, 30 ms */                                   \
    STEP(WAIT)          /* condition a, with mutex a */                        \
    STEP(WAIT_LIMIT)    /* ... 40 ms */                                        \
    STEP(NOTIFY)        /* condition a, one */                                 \
    STEP(NOTIFY_ALL)    /* condition a */                                      \
    STEP(SEM_WAIT)      /* semaphore a */                                      \
    STEP(SEM_LIMIT)     /* semaphore a, 30 ms */                               \
    STEP(SEM_POST)      /* semaphore a */                                      \
    STEP(READ_LOCK)     /* rwlock a */                                         \
    STEP(WRITE_LOCK)    /* rwlock a */                                         \
    STEP(RW_UNLOCK)     /* rwlock a */                                         \
    STEP(BARRIER)       /* of two */                                           \
    STEP(FUTEX_WAIT)    /* word a, whatever its value is */                    \
    STEP(FUTEX_WAKE)    /* word a */                                           \
    STEP(FUTEX_REQUEUE) /* from word a to the other one */                     \
    STEP(FORK)          /* actor a, a process */                               \
    STEP(START)         /* actor a, a thread */                                \
    STEP(WAIT_CHILD)    /* the process of actor a; -1: any child */            \
    STEP(JOIN)          /* the thread of actor a */                            \
    STEP(OPEN_PIDFD)    /* of actor a's process, into SLOT_PIDFD */            \
    STEP(SIGNAL)        /* b to actor a's process */                           \
    STEP(SIGNAL_THREAD) /* b to the thread of actor a */                       \
    STEP(HANDLE)        /* signal a: what its handler does, enum handling */   \
    STEP(BLOCK)         /* signal a */                                         \
    STEP(SIGWAIT)       /* signal a */                                         \
    STEP(PAUSE)                                                                \
    STEP(SUSPEND)      /* with no signal blocked */                            \
    STEP(ALARM)        /* setitimer(2), in a ms */                             \
    STEP(POSIX_TIMER)  /* SIGUSR1 in a ms; b: SIGEV_NONE */                    \
    STEP(TIMER_THREAD) /* a thread of timer_create(2) posts semaphore a */     \
    STEP(QUEUE_SEND)   /* a byte to the System V queue */                      \
    STEP(QUEUE_TAKE)                                                           \
    STEP(VFORK) /* whose child sleeps for a ms */                              \
    STEP(EXEC)  /* of a program that sleeps for a ms */                        \
    STEP(EXIT_THREAD)                                                          \
    STEP(EXIT)

enum op {
#define NUMBER(name) OP_##name,
    STEPS(NUMBER)
#undef NUMBER
        OPS
};

enum handling { HANDLE_NOTHING, HANDLE_POST, HANDLE_WRITE, HANDLE_EXIT };

struct step {
    enum op op;
    int a, b;
    int where; /* of locks; see above */
};

struct actor {
    bool is_process; /* the first thread of one */
    int parent;      /* which actor makes it; -1: the first one has none */
    int process;     /* the actor that is the first thread of its process */
    struct step step[MAX_STEPS];
    int count;
    int started_at; /* the step of its parent that makes it */
};

struct plan {
    struct actor actor[MAX_ACTORS];
    int count;
    int mutex_type[MUTEXES]; /* 0 normal, 1 recursive, 2 error check, 3 robust,
                                4 priority inheritance */
    int pair_type[PAIRS];    /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET */
    int event_flags;
    bool uses[SLOTS]; /* these are opened, each pair as one */
};

/* What all processes of one run share. */
struct common {
    int queue; /* msgget(2) */
    struct meeting meeting;
    pid_t pid[MAX_ACTORS], tid[MAX_ACTORS];
};

extern struct plan plan;
extern struct common *common;
extern struct meeting own; /* this process's */

void plan_make(unsigned long seed);

/* On stdout, as plan_read() reads it. */
void plan_print(void);
void plan_read(const char *path);

/* First of all: the shared memory, and the queue, which stays until it is
 * removed. */
void common_make(void);
void things_open(void);
void meeting_make(struct meeting *meeting, bool shared);
struct meeting *meeting_of(const struct step *step);

/* What does each step; NULL: it is in another of these tables. All of them go
 * on whatever the kernel says. */
typedef void doing(const struct step *step);
extern doing *const do_file[OPS], *const do_lock[OPS], *const do_actor[OPS];

/* Runs the script of an actor to its end. */
void *play(void *actor);

#endif

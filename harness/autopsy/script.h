/* SPDX-License-Identifier: MIT
 *
 * script: where a thread of an interpreter is in its script, and for which lock
 * of the language it waits, read from the interpreter's memory, without
 * attaching to it and without debug packages.
 *
 *   python.c   CPython 3.9 to 3.13: the script
 *   php.c      PHP 8.2, not thread-safe: the script
 *   ruby.c     Ruby 3.1: the script and its mutexes
 *   java.c     HotSpot: monitors
 *
 * Each knows the layout of these versions, and asks the interpreter for its
 * version first. Each object is checked before it is believed: of anything else
 * nothing is said, rather than something wrong.
 */
#ifndef FORKLAB_SCRIPT_H
#define FORKLAB_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "autopsy/symbols.h"
#include "report/report.h"

#define SCRIPT_FRAMES 64 /* at most so many frames are read */

/* A thread of a process. */
struct scripted {
    pid_t tid;    /* as in its own PID namespace */
    bool main;    /* it is the first one of its process */
    bool only;    /* ... and the process has no other */
    bool running; /* what is read may change meanwhile */
};

struct interpreter;

/* A lock of the language. */
struct awaited {
    const char *name; /* static: "a Mutex of Ruby" */
    pid_t owner;      /* a thread, as in its own PID namespace; 0 unknown */
};

/* What HotSpot says of itself, see java.c. */
enum java_field {
    JAVA_LIST,
    JAVA_LENGTH,
    JAVA_THREADS,
    JAVA_PENDING,
    JAVA_OSTHREAD,
    JAVA_STACK_BASE,
    JAVA_STACK_SIZE,
    JAVA_OWNER_ID,
    JAVA_TID,
    JAVA_OWNER,
    JAVA_OBJECT, /* those from here on are not in all versions */
    JAVA_LOCK_STACK,
    JAVA_TOP,
    JAVA_BASE,
    JAVA_FIELDS
};

struct java {
    bool looked;
    bool known[JAVA_FIELDS];
    unsigned long at[JAVA_FIELDS]; /* an offset; of JAVA_LIST the address */
};

/* The memory of a process. */
struct script {
    const struct image *image;
    pid_t pid;
    const struct interpreter *interpreter; /* NULL: none that is known */
    unsigned long symbol[2];               /* the addresses of its symbols */
    struct java java;
};

/* Finds out whose memory that is. The image must stay where it is. */
void script_open(struct script *script, const struct image *image);

/* The frames of a thread, the innermost first: function, file and line. A
 * function of the interpreter itself has no file. Returns how many; 0 if it is
 * no thread of a known interpreter. The caller frees *frames with
 * frames_free(). */
size_t script_frames(const struct script *script, const struct scripted *thread,
                     struct frame **frames);

/* Does the thread wait for a lock of the language? Then *awaited tells. */
bool script_awaits(struct script *script, const struct scripted *thread,
                   struct awaited *awaited);

/* "Python", or NULL: static. */
const char *script_language(const struct script *script);

/* Is it a frame of an interpreter's own library, rather than of somebody's
 * script? */
bool script_is_standard(const struct frame *frame);

/* ---- for the files above ---- */

bool script_read(const struct script *script, unsigned long address,
                 void *value, size_t size);
/* 0 where it cannot be read. */
unsigned long script_pointer(const struct script *script,
                             unsigned long address);
/* So many bytes of text, without control characters; NULL where that is not
 * there. The caller frees it. */
char *script_text(const struct script *script, unsigned long address,
                  size_t length);

/* Is it the thread of which the C library has this pthread_t? */
bool script_is_thread(const struct script *script, unsigned long number,
                      pid_t tid);

/* script_frames() of one interpreter. *frames is NULL before. */
size_t python_frames(const struct script *script, const struct scripted *thread,
                     struct frame **frames);
size_t php_frames(const struct script *script, const struct scripted *thread,
                  struct frame **frames);
size_t ruby_frames(const struct script *script, const struct scripted *thread,
                   struct frame **frames);

/* script_awaits() of one interpreter. */
bool ruby_awaits(struct script *script, const struct scripted *thread,
                 struct awaited *awaited);
bool java_awaits(struct script *script, const struct scripted *thread,
                 struct awaited *awaited);

/* The kernel's number of the thread of which glibc has this pthread_t; 0: it
 * cannot be read. */
pid_t script_tid(const struct script *script, unsigned long number);

#endif

/* SPDX-License-Identifier: MIT
 *
 * script: where a thread of an interpreter is in its script, read from the
 * interpreter's memory, without attaching to it and without debug packages.
 *
 *   python.c   CPython 3.9 to 3.13
 *   php.c      PHP 8.2, not thread-safe
 *   ruby.c     Ruby 3.1
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

/* The memory of a process. */
struct script {
    const struct image *image;
    pid_t pid;
    const struct interpreter *interpreter; /* NULL: none that is known */
    unsigned long symbol[2];               /* the addresses of its symbols */
};

/* Finds out whose memory that is. The image must stay where it is. */
void script_open(struct script *script, const struct image *image);

/* The frames of a thread, the innermost first: function, file and line. A
 * function of the interpreter itself has no file. Returns how many; 0 if it is
 * no thread of a known interpreter. The caller frees *frames with
 * frames_free(). */
size_t script_frames(const struct script *script, const struct scripted *thread,
                     struct frame **frames);

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

#endif

/* SPDX-License-Identifier: MIT
 *
 * python: where a thread of CPython is in its script, read from its memory.
 *
 * The interpreter keeps a list of its threads, and for each the chain of its
 * frames. They are found by the symbol _PyRuntime, and read with the layouts of
 * CPython 3.9 to 3.13. Each object is checked for its type: of another
 * layout nothing is said, rather than something wrong.
 */
#ifndef FORKLAB_PYTHON_H
#define FORKLAB_PYTHON_H

#include <stddef.h>
#include <sys/types.h>

#include "autopsy/symbols.h"
#include "report/report.h"

/* The frames of a thread, the innermost first: function, file and line. `tid`
 * is its number in its own PID namespace, `only`: its process has no other
 * thread. Returns how many; 0 if it is none of a known CPython. The caller
 * frees *frames with frames_free(). */
size_t python_frames(const struct image *image, pid_t tid, bool only,
                     struct frame **frames);

#endif

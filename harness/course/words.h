/* SPDX-License-Identifier: MIT
 *
 * words: a line of an error message, of a stack or of a page as a bag of words,
 * so that two lines that mean the same have the same words.
 *
 * Lower case; without the ending of a plural or a verb (zombies, forked), the
 * underscores and __GI_ in front of a name, colours, numbers and addresses.
 * Words that stand in any message are left out. An error number of Linux is a
 * word however it is written: "[Errno 98]", EADDRINUSE and "Address already in
 * use" all have eaddrinuse.
 */
#ifndef FORKLAB_WORDS_H
#define FORKLAB_WORDS_H

#include "base/memory.h"

/* The words of a line, each once, in their order. The caller frees them. */
struct strings words_of(const char *line);

#endif

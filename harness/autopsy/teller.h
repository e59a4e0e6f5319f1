/* SPDX-License-Identifier: MIT
 *
 * teller: what the files share that put the state of a thread into words.
 * Internal to autopsy/: read explainer.h first.
 *
 *   teller.c   who they are, and what those others do
 *   locked.c   what a thread waits for in futex(2), and who has that
 *   state.c    all other waits, and the sentence
 *   wakers.c   who could wake it
 */
#ifndef FORKLAB_TELLER_H
#define FORKLAB_TELLER_H

#include "autopsy/explainer.h"

struct teller {
    const struct explainer *x;
    const struct snapshot *shot;
    const struct thread_shot *thread;
    const struct thread_report *seen;
    size_t index;
};

/* ---- teller.c ---- */

/* Appends to *text, and frees `more`. */
void append(char **text, char *more);

/* "child (pid 4711)", or "sleep (pid 24247)" of one that is not looked at. The
 * caller frees it. */
char *who(const struct teller *t, pid_t pid, const char *name);

/* "itself and sleep (pid 4712) as fd 1", of those that have the other end, or
 * with `same` a copy of the descriptor. "" where there is none. The caller
 * frees it. */
char *others_text(const struct teller *t, bool same);

/* ---- locked.c ---- */

/* Is it a lock of a language, for which its runtime sleeps elsewhere? */
bool is_lock_of_script(const struct teller *t);

/* "waits for the mutex lock, locked by ...". The caller frees it. */
char *lock_text(const struct teller *t);

/* "; it has no other thread": who could release it, where the lock names
 * nobody; "" if nothing is to be said. The caller frees it. */
char *threads_text(const struct teller *t);

/* The same of who waits for what no other process has open; "" if nothing is to
 * be said. The caller frees it. */
char *descriptor_threads_text(const struct teller *t);

/* ---- wakers.c ---- */

/* "; only a signal could wake it: it handles HUP": what was not named already;
 * "" if nothing is to be said. The caller frees it. */
char *waker(const struct teller *t);

#endif

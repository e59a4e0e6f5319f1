/* SPDX-License-Identifier: MIT
 *
 * submissions: what the students of a class have handed in: who there is, where
 * the C files of each lie, and who is graded already.
 *
 *     SUBMISSIONS/NAME/31-lock-nobody-holds.c     or in attempts/ in there
 *     OUT/students/NAME/stamp                     of the files that were graded
 */
#ifndef FORKLAB_SUBMISSIONS_H
#define FORKLAB_SUBMISSIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/sha256.h"

/* The directory in which the C files of a submission are: its attempts/,
 * itself, or, where an archive was unpacked too deep, one of those below it
 * that have a file called as a lab is: the first attempts/ of these, or the
 * first one, in the order of their bytes. A symbolic link is not followed: it
 * may lead to another student's, or to the whole machine. The caller frees it.
 */
char *submission_place(const char *submission);

/* In `names` is what ends with .c in there, in the order of bytes. */
struct submission {
    char *place;
    struct strings names;
};

/* Reads the names there; none if it cannot be read. submission_free() frees
 * what the submission has, the place, too. */
struct submission submission_in(char *place);
void submission_free(struct submission *submission);

/* The SHA-256 of the names and bytes of its C files, and of what they are
 * graded with. */
void submission_stamp(const struct submission *submission, const char *with,
                      char stamp[SHA256_HEX]);

/* Does OUT hold grades made with that stamp? submission_graded() notes that it
 * does (false with errno), submission_ungraded() that it does not. */
bool submission_is_graded(const char *out, const char *stamp);
bool submission_graded(const char *out, const char *stamp);
void submission_ungraded(const char *out);

/* Part 3 of 100 are the 3rd, the 103rd, ... of a class. 1 of 1 is all of it. */
struct part {
    int which, of;
};

/* Writes the names of those students who are not graded with `with`, each ended
 * by a NUL, in the order of their bytes; and to `notes` which entries are not
 * directories, and which students have no C file. Returns NULL, or why it could
 * not be done, which the caller frees. */
char *submissions_ungraded(FILE *names, FILE *notes, const char *submissions,
                           const char *out, const char *with, struct part part);

#endif

/* SPDX-License-Identifier: MIT
 *
 * header: the strict reader of a lab's header, and its grammar.
 *
 * What a run of a lab must show stands in the comment at the top of its file,
 * one fact a line:
 *
 *      * Hazard:  [child] hang in pthread_mutex_lock, owner vanished
 *      * Safe:    child saw 1 1
 *      *          [child] exit 42
 *      * Work:    thread
 *      * Needs:   mariadb
 *      * Number:  1
 *      * Output:  pipe
 *      * Plot:    us at MiB
 *
 * Where a run with musl shows something else than one with glibc, a list of its
 * own says so; the C library of the program that runs chooses:
 *
 *      * Hazard (musl):  [child] hang in pthread_mutex_lock
 *      * Safe (musl):    2 [child] exit 42
 *
 * "Hazard (musl): none" is a hazard that musl has cured: there the lab, too,
 * must show what is Safe. "Needs: glibc" is a lab that musl cannot run at all.
 * "Hazard (glibc 2.43):" is what is shown from that version on, "Hazard (Linux
 * 4.19): none" what that version of the kernel has cured.
 *
 * The grammar. The file begins with the comment, its first line is the SPDX
 * line, then comes "NN-name: title." with the file's own stem; the title may go
 * on in the next lines. A word stands where the text of the comment starts, its
 * first fact after it; further facts are indented to the column of the first,
 * with no empty line between. Each word at most once; Hazard: and Safe: are
 * there and differ. What stands in the names, titles and facts is plain ASCII.
 *
 * A fact that starts with [ is a finding, in words of vocabulary.h. A number
 * and one space before a fact is its count: "3 hello" is hello three times.
 * Evidence that starts with a number and a space is written with its count: "1
 * 2 3" is once "2 3". A fact that stands twice in a list counts twice.
 *
 * Work: is what the program must do besides, so that it is not enough to print
 * what is Safe: "thread", it starts one; "pipe", it makes one, or a pair of
 * sockets; "socket", it binds one to an address; "program", it starts another
 * one by exec.
 *
 * "program:sh" says besides that [sh] is the role of a process that executed
 * another program, and did not only take that name.
 *
 * A finding of [any] is one that at least one process must show, whatever its
 * role: who serves may be the parent or a worker.
 *
 * Number: is {n}, see number.h, in a run that nobody hands a number.
 *
 * A finding of Safe: in parentheses, "(2 [worker] exit 42)", may show, up to so
 * often: there are cures of another shape than the solution's.
 */
#ifndef FORKLAB_HEADER_H
#define FORKLAB_HEADER_H

#include <stddef.h>

#include "oracle/lab.h"

/* A file of more bytes is no lab. */
#define MAX_LAB_SIZE ((size_t)1 << 20)

/* Reads the header of one C file into *lab (number and stem come from the
 * file's name). Returns NULL, or what is wrong as "labs/x.c:5: ..." (the
 * caller frees it); *lab is then empty. Every `Word:` that is not part of the
 * grammar is an error which names the line: a misspelt Safe: must not vanish.
 */
char *lab_read(const char *path, struct lab *lab);

/* The same for a file whose content is in memory; path is only its name. */
char *lab_parse(const char *path, const char *text, size_t size,
                struct lab *lab);

#endif
